#ifndef RD_NET_CANDIDATE_H
#define RD_NET_CANDIDATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "net/addr.h"
#include "net/relay_msg.h"

/*
 * Candidates (RFC 8445 section 5.1): addresses by which an end may be reached,
 * and what its NAT does with new connections. Each end tells its own in the
 * session (frame CANDIDATES of rd-session(5)).
 */
enum rd_candidate_kind {
	RD_CANDIDATE_HOST = 0,		/* of an interface of its own */
	RD_CANDIDATE_MAPPED = 1,	/* a port its router opened for it: PCP, NAT-PMP, UPnP */
	RD_CANDIDATE_REFLEXIVE = 2,	/* as a relay saw it */
	RD_CANDIDATE_PEER = 3,		/* learnt from a packet; never told */
	RD_CANDIDATE_PREDICTED = 4,	/* worked out; never told */
};

/* RFC 4787 section 4.1, and in which way ports are chosen where that matters. */
enum rd_nat_mapping {
	RD_NAT_UNKNOWN = 0,
	RD_NAT_NONE = 1,		/* the address seen is one of its own */
	RD_NAT_INDEPENDENT = 2,		/* one port towards everybody */
	RD_NAT_ADDRESS = 3,		/* another port towards another address */
	RD_NAT_SEQUENTIAL = 4,		/* another port towards each place, in steps */
	RD_NAT_RANDOM = 5,		/* … at random */
	RD_NAT_BLOCKED = 6,		/* no answer: UDP does not get through */
};
const char *rd_nat_mapping_name(enum rd_nat_mapping m);	/* "independent", … */

struct rd_nat {
	enum rd_nat_mapping mapping;
	int16_t step;			/* SEQUENTIAL: from one new port to the next */
	struct rd_addr seen;		/* the newest address; its port + step is next */
};

/* It uses another port towards another place, so that its next port has to be guessed. */
bool rd_nat_is_hard(const struct rd_nat *n);

#define RD_CANDIDATES 24
struct rd_candidate { enum rd_candidate_kind kind; struct rd_addr addr; };
struct rd_candidates {
	uint32_t generation;		/* grows with each change */
	bool pending;			/* found out anew just now, not to be told yet; never sent */
	enum rd_path_policy policy;	/* of this end: RELAY: does not want to be probed */
	struct rd_nat nat;		/* IPv4 */
	unsigned count;
	struct rd_candidate list[RD_CANDIDATES];
};

/*
 * {u32 generation, u8 policy, u8 mapping, i16 step, addr seen, u8 count,
 * count * {u8 kind, addr}}; addr as rd_addr_pack. Parsing leaves out what
 * nobody can be at: multicast, unspecified, broadcast, port 0, kinds never told.
 */
#define RD_CANDIDATES_BYTES 540
void rd_candidates_pack(struct rd_buf *b, const struct rd_candidates *c);
int rd_candidates_parse(struct rd_candidates *c, const uint8_t *data, size_t len);
/* Adds it unless it is there or the list is full. */
void rd_candidates_add(struct rd_candidates *c, enum rd_candidate_kind kind,
	const struct rd_addr *a);
/* They tell the same, whatever their generations. */
bool rd_candidates_same(const struct rd_candidates *a, const struct rd_candidates *b);

#endif
