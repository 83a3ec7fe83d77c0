#ifndef TESTS_NET_CC_LINK_H
#define TESTS_NET_CC_LINK_H

/*
 * One bottleneck on a virtual clock: a rate, a way to get there and back, a
 * buffer that drops what does not fit, and chance. Flows over it are the real
 * recovery, congestion control, pacer and acknowledgements; only packets are
 * made up. The receivers' clocks are far off and may drift.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/cc.h"
#include "net/received.h"
#include "net/recovery.h"

#define MS RD_NS_PER_MS
#define SECOND_NS RD_NS_PER_S
#define LINK_FLOWS 2
#define LINK_QUEUE_MS 2000	/* of the histogram */

struct link {
	double bps, loss;
	uint64_t way_ns;	/* each way */
	uint64_t jitter_ns;	/* up to so much more, without reordering */
	double buffer;		/* bytes */
	double free_ns;		/* the line is busy until then */
	uint64_t random;
	uint64_t queue_ms[LINK_QUEUE_MS + 1]; /* packets that waited so long */
	uint64_t dropped;
};

struct travel { uint64_t at_ns, number, bytes; struct rd_ack ack; };
/* What is on its way, in order. */
struct pipe { struct travel *t; size_t cap, head, tail; };

enum source { GREEDY, MEDIA, SILENT };

struct flow {
	struct link *link;
	enum source source;
	struct rd_cc *cc;
	struct rd_recovery *recovery;
	struct rd_pacer pacer;
	struct rd_received received;
	struct pipe out, back;
	uint64_t number, probes;
	double backlog;		/* bytes the source waits to send */
	uint64_t frame_ns;	/* next frame of MEDIA */
	uint64_t start_ns, arrived, delivered, burst;
	uint64_t arrived_ns;	/* the newest arrival planned */
	double drift;		/* of the receiver's clock, per second */
	uint64_t pace_ns;
};

struct net { struct flow *flow[LINK_FLOWS]; unsigned flows; uint64_t now_ns; };

static inline double
chance(struct link *l)
{
	uint64_t z = l->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static inline struct travel *
pipe_push(struct pipe *p)
{
	if (p->cap == 0 || p->tail - p->head == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 64;
		struct travel *t = calloc(cap, sizeof(*t));
		assert(t);
		for (size_t i = p->head; i < p->tail; i++)
			t[i & (cap - 1)] = p->t[i & (p->cap - 1)];
		free(p->t);
		p->t = t;
		p->cap = cap;
	}
	return &p->t[p->tail++ & (p->cap - 1)];
}

static inline struct travel *
pipe_first(const struct pipe *p)
{
	return p->head == p->tail ? NULL : &p->t[p->head & (p->cap - 1)];
}

static inline uint64_t
pipe_due(const struct pipe *p)
{
	return p->head == p->tail ? UINT64_MAX : pipe_first(p)->at_ns;
}

/* The receiver's time: another zero, and another speed. */
static inline uint64_t
peer_clock(const struct flow *f, uint64_t now_ns)
{
	return now_ns + 5000 * SECOND_NS + (uint64_t)(int64_t)((double)now_ns * f->drift);
}

static inline void
flow_acked(void *ctx, const struct rd_sent *p)
{
	((struct flow *)ctx)->delivered += p->bytes;
}

static inline void
flow_lost(void *ctx, const struct rd_sent *p)
{
	(void)ctx, (void)p;
}

static inline void
flow_open(struct flow *f, struct link *l, enum source source, struct rd_cc *cc)
{
	static const struct rd_recovery_ops ops = {flow_acked, flow_lost};

	memset(f, 0, sizeof(*f));
	f->link = l;
	f->source = source;
	f->cc = cc;
	assert(f->cc);
	f->recovery = rd_recovery_new(&ops, f, f->cc);
	rd_received_init(&f->received);
}

static inline void
flow_close(struct flow *f)
{
	rd_recovery_free(f->recovery);
	rd_cc_close(f->cc);
	free(f->out.t);
	free(f->back.t);
}

/* Into the buffer, or not. */
static inline void
flow_put(struct flow *f, uint64_t number, uint32_t bytes, uint64_t now_ns)
{
	struct link *l = f->link;

	if (l->free_ns < (double)now_ns)
		l->free_ns = (double)now_ns;
	double wait = l->free_ns - (double)now_ns;
	uint64_t ms = (uint64_t)(wait / 1e6);
	l->queue_ms[ms < LINK_QUEUE_MS ? ms : LINK_QUEUE_MS]++;
	if (wait * l->bps / 8e9 + bytes > l->buffer) {
		l->dropped++;
		return;
	}
	l->free_ns += bytes * 8e9 / l->bps;
	if (chance(l) < l->loss)
		return;
	uint64_t at = (uint64_t)l->free_ns + l->way_ns;
	if (l->jitter_ns)
		at += (uint64_t)(chance(l) * (double)l->jitter_ns);
	if (at < f->arrived_ns)
		at = f->arrived_ns;
	f->arrived_ns = at;
	struct travel *t = pipe_push(&f->out);
	t->at_ns = at;
	t->number = number;
	t->bytes = bytes;
}

static inline void
flow_send(struct flow *f, uint32_t bytes, uint64_t now_ns)
{
	struct rd_sent p = {.number = f->number++, .sent_ns = now_ns, .bytes = bytes, .eliciting = true};

	rd_pacer_sent(&f->pacer, bytes);
	rd_recovery_sent(f->recovery, &p);
	flow_put(f, p.number, bytes, now_ns);
}

static inline uint32_t
flow_next(const struct flow *f)
{
	if (f->source == GREEDY || f->backlog >= RD_CC_MSS)
		return RD_CC_MSS;
	return (uint32_t)f->backlog;
}

/* When it could send something; UINT64_MAX: not before something else happens. */
static inline uint64_t
flow_ready(struct flow *f, uint64_t now_ns)
{
	uint32_t bytes = flow_next(f);

	if (now_ns < f->start_ns)
		return f->start_ns;
	if (f->probes)
		return now_ns;
	if (bytes == 0 || !rd_recovery_room(f->recovery) ||
		rd_recovery_in_flight(f->recovery) + bytes > f->cc->ops->window(f->cc))
		return UINT64_MAX;
	return rd_pacer_when(&f->pacer, f->cc->ops->pacing_bps(f->cc), bytes, now_ns);
}

static inline void
flow_frame(struct flow *f, uint64_t now_ns)
{
	double bps = (double)f->cc->ops->target_bps(f->cc), noise = 0;

	for (int i = 0; i < 4; i++)
		noise += chance(f->link) - 0.5;
	f->frame_ns = now_ns + SECOND_NS / 60;
	if (bps == 0)
		bps = 300e3;
	/* A frame that would queue behind more than three is skipped. */
	if (f->backlog < bps / 8 / 20)
		f->backlog += bps / 8 / 60 * (1 + noise * 0.35);
}

static inline void
flow_acknowledge(struct flow *f, uint64_t now_ns)
{
	uint64_t there = peer_clock(f, now_ns);
	struct travel *t = pipe_push(&f->back);

	t->at_ns = now_ns + f->link->way_ns;
	rd_received_ack(&f->received, 0, there, &t->ack);
	rd_received_sent(&f->received);
}

/* The receiver's deadline on our clock. */
static inline uint64_t
flow_ack_due(const struct flow *f, uint64_t now_ns)
{
	uint64_t due = rd_received_deadline(&f->received), there = peer_clock(f, now_ns);

	return due == UINT64_MAX ? due : due > there ? now_ns + (due - there) : now_ns;
}

static inline uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t
flow_deadline(struct flow *f, uint64_t now_ns)
{
	uint64_t at = least(pipe_due(&f->out), pipe_due(&f->back));

	at = least(at, rd_recovery_deadline(f->recovery));
	at = least(at, flow_ack_due(f, now_ns));
	at = least(at, f->pace_ns = flow_ready(f, now_ns));
	if (f->source == MEDIA)
		at = least(at, f->frame_ns > f->start_ns ? f->frame_ns : f->start_ns);
	return at;
}

static inline void
flow_step(struct flow *f, uint64_t now_ns)
{
	struct travel *t;

	while ((t = pipe_first(&f->out)) && t->at_ns <= now_ns) {
		f->arrived += t->bytes;
		rd_received_packet(&f->received, t->number, true, peer_clock(f, now_ns));
		f->out.head++;
		if (rd_received_due(&f->received, peer_clock(f, now_ns)))
			flow_acknowledge(f, now_ns);
	}
	if (rd_received_due(&f->received, peer_clock(f, now_ns)))
		flow_acknowledge(f, now_ns);
	while ((t = pipe_first(&f->back)) && t->at_ns <= now_ns) {
		int e = rd_recovery_ack(f->recovery, &t->ack, now_ns);
		assert(e == 0);
		(void)e;
		f->back.head++;
	}
	f->probes += rd_recovery_tick(f->recovery, now_ns);
	if (f->source == MEDIA && now_ns >= f->start_ns && now_ns >= f->frame_ns)
		flow_frame(f, now_ns);
	f->burst = 0;
	while (flow_ready(f, now_ns) <= now_ns && now_ns >= f->start_ns) {
		uint32_t bytes = flow_next(f);
		if (f->probes) {
			f->probes--;
			bytes = bytes ? bytes : 100;
		}
		f->backlog = f->backlog > bytes ? f->backlog - bytes : 0;
		f->burst += bytes;
		flow_send(f, bytes, now_ns);
	}
}

static inline void
net_run(struct net *n, uint64_t until_ns)
{
	for (;;) {
		uint64_t at = UINT64_MAX;
		for (unsigned i = 0; i < n->flows; i++)
			at = least(at, flow_deadline(n->flow[i], n->now_ns));
		if (at > until_ns)
			break;
		n->now_ns = at > n->now_ns ? at : n->now_ns;
		for (unsigned i = 0; i < n->flows; i++)
			flow_step(n->flow[i], n->now_ns);
	}
	n->now_ns = until_ns;
}

/* Milliseconds that so many of a hundred packets did not wait longer than. */
static inline unsigned
link_queue(const struct link *l, double percent)
{
	double all = 0, sum = 0;

	for (unsigned i = 0; i <= LINK_QUEUE_MS; i++)
		all += (double)l->queue_ms[i];
	for (unsigned i = 0; i <= LINK_QUEUE_MS; i++)
		if ((sum += (double)l->queue_ms[i]) >= all * percent / 100)
			return i;
	return LINK_QUEUE_MS;
}

static inline void
link_forget(struct link *l)
{
	memset(l->queue_ms, 0, sizeof(l->queue_ms));
	l->dropped = 0;
}

#endif
