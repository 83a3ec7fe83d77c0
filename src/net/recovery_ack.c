#include <errno.h>

#include "net/recovery_priv.h"

static bool
plausible(const struct rd_recovery *r, const struct rd_ack *ack)
{
	if (ack->count < 1 || ack->count > RD_FRAME_ACK_RANGES + 1 || ack->largest >= r->next ||
		ack->range[0].last != ack->largest || ack->received_us > UINT64_MAX / 1000)
		return false;
	for (unsigned i = 0; i < ack->count; i++) {
		uint64_t first = ack->range[i].first, last = ack->range[i].last;
		if (first > last || (i > 0 && last >= ack->range[i - 1].first) ||
			(r->skipped.count > 0 && rd_skipped_within(&r->skipped, first, last)))
			return false;
	}
	return true;
}

/* What one ACK brought. */
struct news {
	bool any;		/* eliciting packets are newly acknowledged */
	uint32_t bytes;		/* of those that went this path */
	bool largest;		/* the largest it names is new, and when that was sent: */
	uint64_t sent_ns, in_flight;
};

static void
take_range(struct rd_recovery *r, uint64_t first, uint64_t last, struct news *n)
{
	uint64_t pos = r->ledger.head;

	/* Most ranges of most ACKs name only what has long been done with. */
	if (recovery_empty(r) || last < rd_ledger_at(&r->ledger, pos)->p.number)
		return;
	pos = rd_ledger_out(&r->ledger, rd_ledger_find(&r->ledger, first));
	for (; pos < r->ledger.tail; pos = rd_ledger_out(&r->ledger, pos)) {
		struct rd_ledger_slot *s = rd_ledger_at(&r->ledger, pos);
		if (s->p.number > last)
			return;
		rd_ledger_done(&r->ledger, pos);
		recovery_leave_flight(r, &s->p);
		n->any = true;
		n->bytes += s->p.number >= r->path_first ? s->p.bytes : 0;
		n->sent_ns = s->p.sent_ns;
		n->in_flight = s->in_flight;
		n->largest = s->p.number == last;
		r->count.acked++;
		r->ops->acked(r->ctx, &s->p);
	}
}

static void
take_late(struct rd_recovery *r, const struct rd_ack *ack, uint64_t now_ns)
{
	uint64_t pos = 0;

	rd_lost_forget(&r->lost, now_ns);
	if (r->lost.head == r->lost.tail)
		return;
	for (unsigned i = ack->count; i-- > 0;) {
		struct rd_sent *p;
		while ((p = rd_lost_find(&r->lost, ack->range[i].first, ack->range[i].last, &pos))) {
			recovery_spurious(r, p, now_ns);
			r->ops->acked(r->ctx, p);
		}
	}
}

/* RFC 9002 section 5.1. False when this ACK gives no sample. */
static bool
take_rtt(struct rd_recovery *r, const struct rd_ack *ack, const struct news *n, uint64_t now_ns)
{
	if (!n->largest || ack->largest < r->path_first)
		return false;
	uint64_t latest = now_ns > n->sent_ns ? now_ns - n->sent_ns : 0;
	uint64_t delay = RD_RECOVERY_MAX_ACK_DELAY_NS;
	if (ack->delay_us < delay / 1000)
		delay = ack->delay_us * 1000;
	rd_rtt_sample(&r->rtt, latest, delay);
	return true;
}

static void
tell_acked(struct rd_recovery *r, const struct rd_ack *ack, const struct news *n, bool sample,
	uint64_t now_ns)
{
	struct rd_cc_acked a = {
		.bytes = n->bytes,
		.in_flight = r->in_flight,
		.smoothed_rtt_ns = r->rtt.smoothed_ns,
		.min_rtt_ns = r->rtt.min_ns,
		.now_ns = now_ns,
	};

	if (sample) {
		a.rtt_ns = r->rtt.latest_ns;
		a.sent_ns = n->sent_ns;
		a.received_ns = ack->received_us * 1000;
		a.largest_sent_at_in_flight = n->in_flight;
	}
	r->cc->ops->acked(r->cc, &a);
}

/* Its ranges, the oldest first, so that what is told last is of its largest number. */
static void
take_ranges(struct rd_recovery *r, const struct rd_ack *ack, struct news *n)
{
	for (unsigned i = ack->count; i-- > 0;) {
		n->largest = false;
		take_range(r, ack->range[i].first, ack->range[i].last, n);
	}
	if (!n->any || n->largest)
		return;
	const struct rd_quiet_slot *q = rd_quiet_acked(&r->quiet, ack->largest);
	if (!q)
		return;
	n->largest = true;
	n->sent_ns = q->sent_ns;
	n->in_flight = q->in_flight;
}

int
rd_recovery_ack(struct rd_recovery *r, const struct rd_ack *ack, uint64_t now_ns)
{
	struct news n = {0};

	if (!plausible(r, ack))
		return -EPROTO;
	take_ranges(r, ack, &n);
	if (r->largest_acked == RECOVERY_NONE || ack->largest > r->largest_acked)
		r->largest_acked = ack->largest;
	take_late(r, ack, now_ns);
	bool sample = take_rtt(r, ack, &n, now_ns);
	if (r->threshold_until_ns <= now_ns)
		r->threshold = RD_RECOVERY_PACKET_THRESHOLD;
	recovery_detect(r, now_ns);
	if (n.any)
		r->ptos = 0;
	if (n.bytes > 0)
		tell_acked(r, ack, &n, sample, now_ns);
	return 0;
}
