#ifndef RD_NET_PORTMAP_PCP_H
#define RD_NET_PORTMAP_PCP_H

#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"

/*
 * A client of PCP, the Port Control Protocol (RFC 6887), for one mapping of one
 * UDP port. Time and datagrams in, datagrams and deadlines out. Pure.
 *
 *	request		{u8 version 2, u8 opcode, u16 0, u32 lifetime, client[16]}
 *	answer		{u8 version 2, u8 0x80 | opcode, u8 0, u8 result, u32 lifetime,
 *			 u32 epoch, 0[12]}
 *	MAP, in both	{nonce[12], u8 protocol, 0[3], u16 internal port,
 *			 u16 external port, external address[16]}
 *
 * Big endian; lifetimes in seconds; an IPv4 address is mapped into IPv6.
 */
#define RD_PCP_PORT 5351		/* NAT-PMP's, too */
#define RD_PCP_SIZE 60			/* of a MAP without options */
#define RD_PCP_MAX 1100			/* of any message (section 7) */
#define RD_PCP_NONCE 12
#define RD_PCP_LIFETIME_S 7200

struct rd_pcp_map {
	uint8_t nonce[RD_PCP_NONCE];
	uint16_t internal;		/* ports */
	uint16_t external;		/* 0: any */
	struct rd_addr outside;		/* its ip alone; family 0: any IPv4 address */
	uint32_t lifetime_s;		/* 0: no more */
};

/* A request to map. client: our address towards the router. */
void rd_pcp_request_put(uint8_t out[static RD_PCP_SIZE], const struct rd_addr *client,
	const struct rd_pcp_map *map);

struct rd_pcp_answer {
	uint8_t result;			/* enum rd_pcp_result */
	uint32_t epoch_s;
	struct rd_pcp_map map;
};
enum rd_pcp_result { RD_PCP_OK = 0, RD_PCP_UNSUPPORTED_VERSION = 1 };
/*
 * 0: an answer to MAP (with an error its map may be zeros); -EPROTO; -EOPNOTSUPP:
 * whoever says that knows NAT-PMP, or another PCP than ours.
 */
int rd_pcp_answer_parse(struct rd_pcp_answer *a, const uint8_t *data, size_t len);

enum rd_pcp_news {
	RD_PCP_NOTHING,
	RD_PCP_MAPPED,		/* `map` says to what, perhaps another than before */
	RD_PCP_LOST,		/* it ran out, or is refused now */
	RD_PCP_REFUSED,		/* `result` */
	RD_PCP_UNSUPPORTED,	/* ask by NAT-PMP */
	RD_PCP_RELEASED,
};

enum rd_pcp_state { RD_PCP_IDLE, RD_PCP_ASKING, RD_PCP_HOLDING, RD_PCP_RELEASING };

struct rd_pcp {
	enum rd_pcp_state state;
	struct rd_addr client;
	struct rd_pcp_map map;		/* asked for; as granted when HOLDING */
	uint8_t result;
	uint64_t due_ns;		/* of the next request; UINT64_MAX: none */
	uint64_t wait_ns;		/* from the last to it */
	uint64_t expires_ns;		/* HOLDING */
	unsigned tries;			/* RELEASING */
	uint32_t dice;
};

/* client has our IPv4 address; the nonce must be one that nobody guesses. */
void rd_pcp_want(struct rd_pcp *p, const struct rd_addr *client, uint16_t port,
	const uint8_t nonce[static RD_PCP_NONCE], uint64_t now_ns);
/* Takes the mapping back: news of RD_PCP_RELEASED, with or without an answer. */
void rd_pcp_release(struct rd_pcp *p, uint64_t now_ns);
/* The request that is due now: RD_PCP_SIZE, or 0. */
size_t rd_pcp_send(struct rd_pcp *p, uint64_t now_ns, uint8_t out[static RD_PCP_SIZE]);
enum rd_pcp_news rd_pcp_receive(struct rd_pcp *p, uint64_t now_ns, const uint8_t *data, size_t len);
enum rd_pcp_news rd_pcp_tick(struct rd_pcp *p, uint64_t now_ns);
uint64_t rd_pcp_deadline(const struct rd_pcp *p);

#endif
