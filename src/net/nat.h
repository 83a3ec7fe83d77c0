#ifndef RD_NET_NAT_H
#define RD_NET_NAT_H

#include "net/candidate.h"
#include "net/stun.h"

/*
 * What kind of NAT is in between, from STUN answers of several places (two
 * ports of a relay, two addresses where it has them), by a subset of RFC 5780's
 * rules: the same port from all: INDEPENDENT; it differs by address only:
 * ADDRESS; steps of one size: SEQUENTIAL; else RANDOM. Pure: one socket's
 * requests and answers. A request is repeated after 50, 100, 200 ms (RFC 8489
 * section 6.2.1 with a shorter RTO, as all of this has 250 ms).
 */
#define RD_NAT_SERVERS 6
#define RD_NAT_BUDGET_NS (UINT64_C(250) * 1000000)

struct rd_nat_probe {
	struct {
		struct rd_addr to, seen;	/* seen.family 0: no answer yet */
		uint8_t id[RD_STUN_ID];
		unsigned sent;
		uint64_t due_ns, sent_ns, rtt_ns;
	} server[RD_NAT_SERVERS];
	unsigned count;
	uint64_t begun_ns;
};

/* Servers in the order in which they are asked; `carrier` of each is the socket's. */
void rd_nat_begin(struct rd_nat_probe *p, const struct rd_addr *servers, unsigned count,
	uint64_t now_ns);
size_t rd_nat_send(struct rd_nat_probe *p, struct rd_addr *to, uint8_t out[static RD_STUN_MAX],
	uint64_t now_ns);
/* True: it was an answer to one of ours. */
bool rd_nat_receive(struct rd_nat_probe *p, const struct rd_addr *from, const uint8_t *data,
	size_t len, uint64_t now_ns);
uint64_t rd_nat_deadline(const struct rd_nat_probe *p);
/* All have answered, or the budget is spent. */
bool rd_nat_done(const struct rd_nat_probe *p, uint64_t now_ns);
/* All that were asked of that family have answered. */
bool rd_nat_complete(const struct rd_nat_probe *p, uint8_t family);
/* Of one family's answers; `own`: this machine's addresses, by which NONE is known. */
void rd_nat_judge(const struct rd_nat_probe *p, uint8_t family, const struct rd_addr *own,
	unsigned own_count, struct rd_nat *out);

#endif
