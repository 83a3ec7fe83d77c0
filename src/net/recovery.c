#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/recovery.h"
#include "net/recovery_ledger.h"
#include "net/recovery_rtt.h"

#define NONE UINT64_MAX
#define THRESHOLD_MAX 128	/* packets, where the path reorders */
#define THRESHOLD_RTTS 16	/* for so long after the last spurious loss (as RFC 8985) */
#define LOST_PTOS 3		/* a lost packet may still turn up within so many */

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
	uint64_t largest_acked;		/* NONE: nothing was */
	uint64_t in_flight;		/* bytes, on this path */
	uint64_t loss_ns;		/* something counts as lost then; NONE */
	uint64_t pto_from_ns;		/* last eliciting packet sent, or last probe timeout */
	unsigned ptos;			/* probe timeouts since the last answer */
	uint64_t threshold;		/* packets */
	uint64_t threshold_until_ns;
};

struct rd_recovery *
rd_recovery_new(const struct rd_recovery_ops *ops, void *ctx, struct rd_cc *cc)
{
	struct rd_recovery *r = xcalloc(1, sizeof(*r));

	r->ops = ops;
	r->ctx = ctx;
	r->cc = cc;
	r->largest_acked = r->loss_ns = NONE;
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
		r->loss_ns = NONE;
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

static bool
empty(const struct rd_recovery *r)
{
	return r->ledger.head == r->ledger.tail;
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
leave_flight(struct rd_recovery *r, const struct rd_sent *p)
{
	if (p->number < r->path_first)
		return;
	assert(r->in_flight >= p->bytes);
	r->in_flight -= p->bytes;
}

static void
take_range(struct rd_recovery *r, uint64_t first, uint64_t last, struct news *n)
{
	uint64_t pos = r->ledger.head;

	/* Most ranges of most ACKs name only what has long been done with. */
	if (empty(r) || last < rd_ledger_at(&r->ledger, pos)->p.number)
		return;
	pos = rd_ledger_out(&r->ledger, rd_ledger_find(&r->ledger, first));
	for (; pos < r->ledger.tail; pos = rd_ledger_out(&r->ledger, pos)) {
		struct rd_ledger_slot *s = rd_ledger_at(&r->ledger, pos);
		if (s->p.number > last)
			return;
		rd_ledger_done(&r->ledger, pos);
		leave_flight(r, &s->p);
		n->any = true;
		n->bytes += s->p.number >= r->path_first ? s->p.bytes : 0;
		n->sent_ns = s->p.sent_ns;
		n->in_flight = s->in_flight;
		n->largest = s->p.number == last;
		r->count.acked++;
		r->ops->acked(r->ctx, &s->p);
	}
}

/*
 * The path reorders more than we thought: wait for as many packets as would
 * have spared us the mistake (RFC 9002 section 6.1.1 allows it, RFC 8985 shows
 * that it pays). The time threshold stands, so this costs at most 1/8 of a
 * round trip.
 */
static void
note_spurious(struct rd_recovery *r, const struct rd_sent *p, uint64_t now_ns)
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
take_late(struct rd_recovery *r, const struct rd_ack *ack, uint64_t now_ns)
{
	uint64_t pos = 0;

	rd_lost_forget(&r->lost, now_ns);
	if (r->lost.head == r->lost.tail)
		return;
	for (unsigned i = ack->count; i-- > 0;) {
		struct rd_sent *p;
		while ((p = rd_lost_find(&r->lost, ack->range[i].first, ack->range[i].last, &pos))) {
			note_spurious(r, p, now_ns);
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
lose(struct rd_recovery *r, uint64_t pos, uint64_t now_ns, struct rd_cc_lost *l)
{
	struct rd_ledger_slot *s = rd_ledger_at(&r->ledger, pos);

	rd_ledger_done(&r->ledger, pos);
	leave_flight(r, &s->p);
	if (!s->p.probe && s->p.number >= r->path_first) {
		l->bytes += s->p.bytes;
		l->sent_ns = s->p.sent_ns;
	}
	rd_lost_push(&r->lost, &s->p, now_ns + LOST_PTOS * rd_rtt_pto(&r->rtt));
	r->count.lost++;
	r->ops->lost(r->ctx, &s->p);
}

/* RFC 9002 section 6.1. */
static void
detect(struct rd_recovery *r, uint64_t now_ns)
{
	uint64_t delay = rd_rtt_loss_delay(&r->rtt);
	struct rd_cc_lost l = {.smoothed_rtt_ns = r->rtt.smoothed_ns, .now_ns = now_ns};

	r->loss_ns = NONE;
	if (r->lossless || r->largest_acked == NONE)
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

int
rd_recovery_ack(struct rd_recovery *r, const struct rd_ack *ack, uint64_t now_ns)
{
	struct news n = {0};

	if (!plausible(r, ack))
		return -EPROTO;
	for (unsigned i = ack->count; i-- > 0;) {
		n.largest = false;
		take_range(r, ack->range[i].first, ack->range[i].last, &n);
	}
	if (n.any && !n.largest) {
		const struct rd_quiet_slot *q = rd_quiet_acked(&r->quiet, ack->largest);
		if (q) {
			n.largest = true;
			n.sent_ns = q->sent_ns;
			n.in_flight = q->in_flight;
		}
	}
	if (r->largest_acked == NONE || ack->largest > r->largest_acked)
		r->largest_acked = ack->largest;
	take_late(r, ack, now_ns);
	bool sample = take_rtt(r, ack, &n, now_ns);
	if (r->threshold_until_ns <= now_ns)
		r->threshold = RD_RECOVERY_PACKET_THRESHOLD;
	detect(r, now_ns);
	if (n.any)
		r->ptos = 0;
	if (n.bytes > 0)
		tell_acked(r, ack, &n, sample, now_ns);
	return 0;
}

void
rd_recovery_expect(struct rd_recovery *r, uint64_t rtt_ns)
{
	if (rtt_ns && !r->rtt.smoothed_ns)
		rd_rtt_sample(&r->rtt, rtt_ns, 0);
}

void
rd_recovery_give_up(struct rd_recovery *r, uint64_t now_ns)
{
	struct rd_cc_lost unseen = {0};
	for (uint64_t pos = r->ledger.head; pos < r->ledger.tail;) {
		lose(r, pos, now_ns, &unseen);
		pos = rd_ledger_out(&r->ledger, pos + 1);
	}
	r->loss_ns = NONE;
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
	if (r->loss_ns != NONE)
		return r->loss_ns;
	return empty(r) ? NONE : pto_deadline(r);
}

unsigned
rd_recovery_tick(struct rd_recovery *r, uint64_t now_ns)
{
	if (now_ns < rd_recovery_deadline(r))
		return 0;
	if (r->loss_ns != NONE) {
		detect(r, now_ns);
		return 0;
	}
	if (r->ptos < UINT8_MAX)
		r->ptos++;
	r->pto_from_ns = now_ns;
	return r->lossless || r->ledger.tail - r->ledger.head == 1 ? 1 : 2;
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
	return empty(r) ? 0 : rd_ledger_at(&r->ledger, r->ledger.head)->p.sent_ns;
}

struct rd_recovery_count
rd_recovery_count(const struct rd_recovery *r)
{
	return r->count;
}
