#ifndef RD_RELAY_WHERE_H
#define RD_RELAY_WHERE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "net/addr.h"

/*
 * An address as four words: small for those who keep 100 000 of them, and fit
 * for atomics. Zeros are nowhere. What is only for sending (hops, traffic) and
 * whether it is relayed are left out: a relay is not reached through relays.
 */
struct where { uint64_t w[4]; };	/* ip; carrier, port, stream, family; scope */

static inline struct where
where_of(const struct rd_addr *a)
{
	struct where at;
	memcpy(at.w, a->ip, 16);
	at.w[2] = (uint64_t)a->carrier << 32 | (uint64_t)a->port << 16 | (uint64_t)a->stream << 8 |
		a->family;
	at.w[3] = a->scope;
	return at;
}

static inline struct rd_addr
where_addr(const struct where *at)
{
	struct rd_addr a = {.family = (uint8_t)at->w[2], .stream = at->w[2] >> 8 & 1,
		.port = (uint16_t)(at->w[2] >> 16), .carrier = (uint32_t)(at->w[2] >> 32),
		.scope = (uint32_t)at->w[3]};
	memcpy(a.ip, at->w, 16);
	return a;
}

static inline bool
where_equal(const struct where *a, const struct where *b)
{
	return a->w[0] == b->w[0] && a->w[1] == b->w[1] && a->w[2] == b->w[2] && a->w[3] == b->w[3];
}

static inline bool
where_nowhere(const struct where *at)
{
	return at->w[2] == 0;
}

static inline bool
where_stream(const struct where *at)
{
	return at->w[2] >> 8 & 1;
}

static inline uint32_t
where_carrier(const struct where *at)
{
	return (uint32_t)(at->w[2] >> 32);
}

#endif
