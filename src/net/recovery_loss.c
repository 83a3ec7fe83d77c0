#include "net/recovery_priv.h"

#define THRESHOLD_MAX 128	/* packets, where the path reorders */
#define THRESHOLD_RTTS 16	/* for so long after the last spurious loss (as RFC 8985) */
#define LOST_PTOS 3		/* a lost packet may still turn up within so many */

/*
 * The path reorders more than we thought: wait for as many packets as would
 * have spared us the mistake (RFC 9002 section 6.1.1 allows it, RFC 8985 shows
 * that it pays). The time threshold stands, so this costs at most 1/8 of a
 * round trip.
 */
void
recovery_spurious(struct rd_recovery *r, const struct rd_sent *p, uint64_t now_ns)
{
	r->count.spurious++;
	if (p->number < r->path_first)
		return;
	uint64_t needed = r->largest_acked - p->number + 1;
	if (needed > r->threshold)
		r->threshold = needed < THRESHOLD_MAX ? needed : THRESHOLD_MAX;
	r->threshold_until_ns = now_ns + THRESHOLD_RTTS * r->rtt.smoothed_ns;
}

static void
lose(struct rd_recovery *r, uint64_t pos, uint64_t now_ns, struct rd_cc_lost *l)
{
	struct rd_ledger_slot *s = rd_ledger_at(&r->ledger, pos);

	rd_ledger_done(&r->ledger, pos);
	recovery_leave_flight(r, &s->p);
	if (!s->p.probe && s->p.number >= r->path_first) {
		l->bytes += s->p.bytes;
		l->sent_ns = s->p.sent_ns;
	}
	rd_lost_push(&r->lost, &s->p, now_ns + LOST_PTOS * rd_rtt_pto(&r->rtt));
	r->count.lost++;
	r->ops->lost(r->ctx, &s->p);
}

/* RFC 9002 section 6.1. */
void
recovery_detect(struct rd_recovery *r, uint64_t now_ns)
{
	uint64_t delay = rd_rtt_loss_delay(&r->rtt);
	struct rd_cc_lost l = {.smoothed_rtt_ns = r->rtt.smoothed_ns, .now_ns = now_ns};

	r->loss_ns = RECOVERY_NONE;
	if (r->lossless || r->largest_acked == RECOVERY_NONE)
		return;
	for (uint64_t pos = r->ledger.head; pos < r->ledger.tail;) {
		const struct rd_sent *p = &rd_ledger_at(&r->ledger, pos)->p;
		if (p->number > r->largest_acked)
			break;
		if (r->largest_acked - p->number >= r->threshold || p->sent_ns + delay <= now_ns)
			lose(r, pos, now_ns, &l);
		else if (p->sent_ns + delay < r->loss_ns)
			r->loss_ns = p->sent_ns + delay;
		pos = rd_ledger_out(&r->ledger, pos + 1);
	}
	l.in_flight = r->in_flight;
	if (l.bytes > 0)
		r->cc->ops->lost(r->cc, &l);
}

void
rd_recovery_give_up(struct rd_recovery *r, uint64_t now_ns)
{
	struct rd_cc_lost unseen = {0};
	for (uint64_t pos = r->ledger.head; pos < r->ledger.tail;) {
		lose(r, pos, now_ns, &unseen);
		pos = rd_ledger_out(&r->ledger, pos + 1);
	}
	r->loss_ns = RECOVERY_NONE;
	r->ptos = 0;
}

static uint64_t
pto_deadline(const struct rd_recovery *r)
{
	uint64_t pto = rd_rtt_pto(&r->rtt), most = RD_RECOVERY_PTO_MAX_NS;
	uint64_t wait = pto;

	for (unsigned i = 0; i < r->ptos && wait < most; i++)
		wait *= 2;
	if (wait > most)
		wait = pto > most ? pto : most;
	return r->pto_from_ns + wait;
}

uint64_t
rd_recovery_deadline(const struct rd_recovery *r)
{
	if (r->loss_ns != RECOVERY_NONE)
		return r->loss_ns;
	return recovery_empty(r) ? RECOVERY_NONE : pto_deadline(r);
}

unsigned
rd_recovery_tick(struct rd_recovery *r, uint64_t now_ns)
{
	if (now_ns < rd_recovery_deadline(r))
		return 0;
	if (r->loss_ns != RECOVERY_NONE) {
		recovery_detect(r, now_ns);
		return 0;
	}
	if (r->ptos < UINT8_MAX)
		r->ptos++;
	r->pto_from_ns = now_ns;
	return r->lossless || r->ledger.tail - r->ledger.head == 1 ? 1 : 2;
}
