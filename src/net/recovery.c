#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/recovery_priv.h"

struct rd_recovery *
rd_recovery_new(const struct rd_recovery_ops *ops, void *ctx, struct rd_cc *cc)
{
	struct rd_recovery *r = xcalloc(1, sizeof(*r));

	r->ops = ops;
	r->ctx = ctx;
	r->cc = cc;
	r->largest_acked = r->loss_ns = RECOVERY_NONE;
	r->threshold = RD_RECOVERY_PACKET_THRESHOLD;
	return r;
}

void
rd_recovery_free(struct rd_recovery *r)
{
	if (!r)
		return;
	rd_ledger_finish(&r->ledger);
	rd_lost_finish(&r->lost);
	free(r);
}

void
rd_recovery_lossless(struct rd_recovery *r, bool lossless)
{
	r->lossless = lossless;
	if (lossless)
		r->loss_ns = RECOVERY_NONE;
}

void
rd_recovery_new_path(struct rd_recovery *r)
{
	r->rtt = (struct rd_rtt){0};
	r->path_first = r->next;
	r->in_flight = 0;
	r->ptos = 0;
	r->threshold = RD_RECOVERY_PACKET_THRESHOLD;
	r->cc->ops->new_path(r->cc);
}

void
rd_recovery_expect(struct rd_recovery *r, uint64_t rtt_ns)
{
	if (rtt_ns && !r->rtt.smoothed_ns)
		rd_rtt_sample(&r->rtt, rtt_ns, 0);
}

bool
rd_recovery_room(const struct rd_recovery *r)
{
	return r->ledger.tail - r->ledger.head < RD_RECOVERY_MAX_OUTSTANDING;
}

void
rd_recovery_sent(struct rd_recovery *r, const struct rd_sent *p)
{
	assert(p->number >= r->next);
	if (p->number > r->next)
		rd_skipped_push(&r->skipped, r->next, p->number - 1);
	r->next = p->number + 1;
	if (!p->eliciting) {
		rd_quiet_push(&r->quiet, p->number, p->sent_ns, r->in_flight);
		return;
	}
	r->count.sent++;
	r->in_flight += p->bytes;
	r->pto_from_ns = p->sent_ns;
	rd_ledger_push(&r->ledger, p, r->in_flight);
	struct rd_cc_sent s = {p->bytes, r->in_flight, p->sent_ns};
	r->cc->ops->sent(r->cc, &s);
}

const struct rd_sent *
rd_recovery_out_from(struct rd_recovery *r, uint64_t number)
{
	if (r->lossless)
		return NULL;
	uint64_t pos = rd_ledger_out(&r->ledger, rd_ledger_find(&r->ledger, number));
	return pos < r->ledger.tail ? &rd_ledger_at(&r->ledger, pos)->p : NULL;
}

const struct rd_rtt *
rd_recovery_rtt(const struct rd_recovery *r)
{
	return &r->rtt;
}

uint64_t
rd_recovery_pto_ns(const struct rd_recovery *r)
{
	return rd_rtt_pto(&r->rtt);
}

uint64_t
rd_recovery_in_flight(const struct rd_recovery *r)
{
	return r->in_flight;
}

uint64_t
rd_recovery_oldest_ns(const struct rd_recovery *r)
{
	return recovery_empty(r) ? 0 : rd_ledger_at(&r->ledger, r->ledger.head)->p.sent_ns;
}

struct rd_recovery_count
rd_recovery_count(const struct rd_recovery *r)
{
	return r->count;
}
