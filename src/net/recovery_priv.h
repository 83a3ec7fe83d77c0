#ifndef RD_NET_RECOVERY_PRIV_H
#define RD_NET_RECOVERY_PRIV_H

#include <assert.h>

#include "net/recovery.h"
#include "net/recovery_ledger.h"
#include "net/recovery_rtt.h"

/*
 * Inside loss recovery, for recovery*.c only:
 *
 *	recovery.c		the object, what is sent, the path, what is known
 *	recovery_ack.c		what an ACK says: what arrived, the round trip
 *	recovery_loss.c		what counts as lost, and when: by later packets, by
 *				time, by probe timeouts
 *	recovery_ledger.c	what is kept of packets
 *	recovery_rtt.c		the round trip
 *
 * recovery_ack.c calls recovery_loss.c, and both the last two.
 */
#define RECOVERY_NONE UINT64_MAX

struct rd_recovery {
	const struct rd_recovery_ops *ops;
	void *ctx;
	struct rd_cc *cc;
	bool lossless;
	struct rd_ledger ledger;
	struct rd_lost lost;
	struct rd_quiet quiet;
	struct rd_skipped skipped;
	struct rd_rtt rtt;
	struct rd_recovery_count count;
	uint64_t next;			/* above all numbers sent */
	uint64_t path_first;		/* numbers below went another path */
	uint64_t largest_acked;		/* RECOVERY_NONE: nothing was */
	uint64_t in_flight;		/* bytes, on this path */
	uint64_t loss_ns;		/* something counts as lost then; RECOVERY_NONE */
	uint64_t pto_from_ns;		/* last eliciting packet sent, or last probe timeout */
	unsigned ptos;			/* probe timeouts since the last answer */
	uint64_t threshold;		/* packets */
	uint64_t threshold_until_ns;
};

static inline bool
recovery_empty(const struct rd_recovery *r)
{
	return r->ledger.head == r->ledger.tail;
}

/* What is done with is no longer in flight, if it was: it may have gone another path. */
static inline void
recovery_leave_flight(struct rd_recovery *r, const struct rd_sent *p)
{
	if (p->number < r->path_first)
		return;
	assert(r->in_flight >= p->bytes);
	r->in_flight -= p->bytes;
}

/* Declares lost what the newest acknowledgement and the time say, and tells cc. */
void recovery_detect(struct rd_recovery *r, uint64_t now_ns);
/* What has been declared lost was acknowledged after all. */
void recovery_spurious(struct rd_recovery *r, const struct rd_sent *p, uint64_t now_ns);

#endif
