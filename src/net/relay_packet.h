#ifndef RD_NET_RELAY_PACKET_H
#define RD_NET_RELAY_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/ticket.h"

/*
 * The datagrams of rd-relay(5) that are no session's: what a relay forwards,
 * and how an address is bound to a leg. Their first byte is 0x20 or more, that
 * of rd-session(5)'s below 0x10, and STUN is told by its cookie; so all share
 * a port. Little endian. Through TLS each is {u16 length, bytes}, as in TCP.
 *
 * RELAYED	{u8 0x20 | CE << 3 | class, u8 0, handle[6]}, payload
 * BIND		{u8 0x30, u8 0, u16 0, u32 mark, ticket[RD_TICKET], cookie[16], zeros to 160}
 * CHALLENGED	{u8 0x31, u8 0, u16 0, u32 mark, cookie[16]}
 * BOUND	{u8 0x32, u8 why, u16 0, u32 mark, handle[6], u16 0}
 * GONE		{u8 0x33, u8 0, handle[6]}	nobody has that handle any more; proves nothing
 *
 * A handle names a leg: the one that sends it (to the relay), the one that
 * receives it (from the relay). class: 0 control and input, 1 sound, 2 picture,
 * 3 bulk: what a relay may drop first. CE: the leg's queue is long. mark: any
 * number; the answer has the same.
 */
#define RD_HANDLE 6
#define RD_RELAYED_HEADER 8
#define RD_BIND_SIZE 160
#define RD_RELAY_COOKIE 16
#define RD_RELAYED_CLASS 0x03	/* of its first byte */
#define RD_RELAYED_CE 0x08

enum rd_relay_packet_type {
	RD_RELAY_RELAYED = 0x20,
	RD_RELAY_BIND = 0x30,
	RD_RELAY_CHALLENGED = 0x31,
	RD_RELAY_BOUND = 0x32,
	RD_RELAY_GONE = 0x33,
};

enum rd_bound { RD_BOUND_OK = 0, RD_BOUND_TICKET = 1 /* no ticket of ours, or too old */,
	RD_BOUND_FULL = 2, RD_BOUND_TAKEN = 3 /* the leg's place is another's */ };

struct rd_relay_packet {
	enum rd_relay_packet_type type;
	uint8_t traffic_class;		/* RELAYED */
	bool congested;			/* RELAYED: CE */
	uint8_t why;			/* BOUND: enum rd_bound */
	uint32_t mark;
	const uint8_t *handle;		/* borrowed, RD_HANDLE bytes */
	const uint8_t *ticket;		/* RD_TICKET bytes */
	const uint8_t *cookie;		/* RD_RELAY_COOKIE bytes */
	const uint8_t *payload;		/* RELAYED */
	size_t payload_len;
};

bool rd_relay_packet_is(const uint8_t *data, size_t len);
/* RELAYED, with something behind its header: all that who forwards it looks at. */
bool rd_relayed_is(const uint8_t *data, size_t len);
/* 0, or -EPROTO. Borrows `data`. */
int rd_relay_packet_parse(struct rd_relay_packet *p, const uint8_t *data, size_t len);
/* Appends it; RELAYED: its header only. */
void rd_relay_packet_pack(struct rd_buf *b, const struct rd_relay_packet *p);
/* The header of RELAYED, in front of a payload. */
void rd_relayed_put(uint8_t out[static RD_RELAYED_HEADER], unsigned traffic_class,
	bool congested, const uint8_t handle[static RD_HANDLE]);
/* The class of a datagram whose most urgent content is of that enum rd_traffic. */
unsigned rd_relayed_class(uint8_t traffic);

#endif
