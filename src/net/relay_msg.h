#ifndef RD_NET_RELAY_MSG_H
#define RD_NET_RELAY_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "net/addr.h"
#include "net/key.h"
#include "net/ticket.h"

/*
 * What an end and a relay say to each other, in a session of their own: Noise IK
 * to the relay's key, prologue RD_RELAY_PROLOGUE, with the INIT, RESPONSE, COOKIE,
 * ASK, TELL and DATA of rd-session(5). INIT's payload is {u64 time, u16 version,
 * u8 role}, RESPONSE's {u16 version, u32 lifetime in seconds}. A DATA carries one
 * message, not frames: {u8 type, u8 0, u16 request}, body. An end repeats its
 * request until the answer with its number has come; every request may come
 * twice and has the same effect once. Numbers of DATA are never used twice; a
 * relay keeps a window of 64 of them (RFC 6479).
 *
 *	REGISTER	{u8 flags, proof[32], u32 program}	a host; flags 1: there is a proof,
 *							2: it is there for a code
 *	KEEP		{}				also renews the address
 *	SLOT		{}				a host wants a code's slot
 *	UNSLOT		{u32 slot, u8 why}		enum rd_slot_over
 *	CONNECT		{u8 how, u32 slot or key[32], u16 n, datagram[n], u32 program}
 *	BYE		{}
 *	REGISTERED	{u32 lifetime_s, policy u8, addr}
 *	KEPT		{addr}
 *	SLOT_IS		{u32 slot, u32 lifetime_s}
 *	UNSLOTTED	{}
 *	CONNECTED	{u8 policy, handle[6], ticket, u32 program}
 *	OFFER		{u32 slot, viewer's key[32], handle[6], ticket, u16 n, datagram[n]}; request 0
 *	NO		{u8 request's type, u8 why, u32 retry_s}
 *	DRAIN		{u32 seconds}; request 0
 *
 * addr: as rd_addr_pack. datagram: the first one for the other end (ASK or INIT
 * of rd-session(5)), so that meeting costs one round trip.
 * proof: BLAKE2b-256 keyed with the join key of ("rd-join" || hash of this
 * handshake): the join key itself is never sent.
 * program: a number that a host's program has drawn for itself, so that several of
 * one key are not taken for each other; CONNECT by key asks for one of these. 0, any
 * or unknown, is not written, and read where nothing stands.
 */
#define RD_RELAY_PROLOGUE "rd-relay 1"
#define RD_RELAY_VERSION 1
#define RD_RELAY_PORT 21120		/* UDP and TLS; STUN on the next port, too */
#define RD_RELAY_FIRST_MAX 1000		/* bytes of a first datagram */
#define RD_RELAY_MSG_MAX 1136		/* bytes of a message: an OFFER */
#define RD_JOIN_KEY 32
#define RD_RELAY_KEEP_NS (UINT64_C(25) * 1000000000)	/* ± 10 % */
#define RD_SLOT_LIFE_NS (UINT64_C(600) * 1000000000)

enum rd_relay_role { RD_ROLE_VIEWER = 0, RD_ROLE_HOST = 1 };
enum rd_relay_msg_type {
	RD_RELAY_REGISTER = 1, RD_RELAY_KEEP = 2, RD_RELAY_SLOT = 3, RD_RELAY_UNSLOT = 4,
	RD_RELAY_CONNECT = 5, RD_RELAY_BYE = 6,
	RD_RELAY_REGISTERED = 0x81, RD_RELAY_KEPT = 0x82, RD_RELAY_SLOT_IS = 0x83,
	RD_RELAY_UNSLOTTED = 0x84, RD_RELAY_CONNECTED = 0x85, RD_RELAY_OFFER = 0x86,
	RD_RELAY_NO = 0x87, RD_RELAY_DRAIN = 0x88,
};
enum rd_slot_over { RD_SLOT_USED = 1, RD_SLOT_BURNT = 2, RD_SLOT_WITHDRAWN = 3 };
/* Why a relay says NO. On the wire for ever. */
enum rd_relay_no {
	RD_NO_ADMISSION = 1,	/* neither a proof nor a place in its list */
	RD_NO_JOIN_KEY = 2,	/* the proof is of another join key */
	RD_NO_SLOT = 3,		/* there is none of that number, and was none lately */
	RD_NO_SLOT_USED = 4, RD_NO_SLOT_BURNT = 5, RD_NO_SLOT_EXPIRED = 6,
	RD_NO_HOST = 7,		/* nobody of that key, or of that slot, is registered now */
	RD_NO_BUSY = 8,		/* a limit; retry_s says when again */
	RD_NO_DRAINING = 9,
	RD_NO_NOT_REGISTERED = 10,
};
/* What a relay wishes for paths; an end's own configuration decides. */
enum rd_path_policy { RD_PATH_AUTO = 0, RD_PATH_DIRECT = 1, RD_PATH_RELAY = 2 };

struct rd_relay_msg {
	enum rd_relay_msg_type type;
	uint16_t request;
	bool has_proof, by_key;
	bool by_code;			/* REGISTER */
	uint32_t program;		/* REGISTER, CONNECT by key, CONNECTED; 0: none */
	uint8_t proof[32];
	uint32_t slot, seconds;		/* seconds: lifetime, retry or until it ends */
	uint8_t why;			/* UNSLOT, NO */
	uint8_t of;			/* NO: the request's type */
	uint8_t policy;			/* enum rd_path_policy */
	struct rd_key key;		/* CONNECT by key: the host's; OFFER: the viewer's */
	struct rd_addr addr;		/* as the relay sees us */
	uint8_t handle[6];
	uint8_t ticket[RD_TICKET];
	const uint8_t *datagram;	/* borrowed; at most RD_RELAY_FIRST_MAX bytes */
	size_t datagram_len;
};

/*
 * 0 or -EPROTO; unknown types are -EPROTO, what follows a known body is passed
 * over, an unknown policy is RD_PATH_AUTO, an unknown NO is kept.
 */
int rd_relay_msg_parse(struct rd_relay_msg *m, const uint8_t *data, size_t len);
void rd_relay_msg_pack(struct rd_buf *b, const struct rd_relay_msg *m);
/*
 * {u8 family, u8 0, u16 port, ip[4 or 16]}: without scope, carrier, stream. Family
 * 0, nowhere, is port 0 and no ip. 0 or -EPROTO: also IPv4 written as IPv6.
 */
void rd_addr_pack(struct rd_buf *b, const struct rd_addr *a);
int rd_addr_unpack(struct rd_reader *r, struct rd_addr *a);
void rd_join_proof(const uint8_t join[static RD_JOIN_KEY], const uint8_t hash[static 64],
	uint8_t out[static 32]);

#endif
