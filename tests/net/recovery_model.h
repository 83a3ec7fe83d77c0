#ifndef TESTS_NET_RECOVERY_MODEL_H
#define TESTS_NET_RECOVERY_MODEL_H

/*
 * Recovery beside the plainest model of it: a table of all packets. Bytes say
 * what happens: packets of every kind are sent, numbers left out, acknowledgements
 * come, true and false ones, time passes, the path changes. After each step
 * both must agree; where they do not, the program aborts.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/recovery.h"

#define MODEL_PACKETS 2048
#define MODEL_STEPS 1024
#define MODEL_SKIPS 16	/* so many ranges of left-out numbers are remembered for sure */

#define MODEL_TRUE(x) \
	((x) ? (void)0 : (fprintf(stderr, "model: line %d: %s\n", __LINE__, #x), abort()))

enum model_state { MODEL_SKIPPED, MODEL_QUIET, MODEL_OUT, MODEL_ACKED, MODEL_LOST, MODEL_LATE };

struct model {
	struct rd_cc cc;	/* must be first */
	const uint8_t *p, *end;
	struct rd_recovery *r;
	struct {
		enum model_state state;
		uint32_t bytes;
		bool probe;
		uint64_t sent_ns;
	} packet[MODEL_PACKETS];
	uint64_t next, path_first, now_ns, in_flight, largest;
	unsigned skips;
	bool any_acked, lossless;
	const struct rd_ack *ack;	/* while it is being taken */
	uint64_t cc_sent, cc_acked, cc_lost;	/* bytes it was told */
	uint64_t acked, lost;			/* bytes that it should be told */
	unsigned paths;
	struct rd_recovery_count count;
};

static inline struct model *
model_of(struct rd_cc *cc)
{
	return (struct model *)cc;
}

static inline void
model_cc_sent(struct rd_cc *cc, const struct rd_cc_sent *s)
{
	struct model *m = model_of(cc);

	m->cc_sent += s->bytes;
	MODEL_TRUE(s->now_ns == m->now_ns);
	MODEL_TRUE(s->in_flight == m->in_flight);
}

static inline void
model_cc_acked(struct rd_cc *cc, const struct rd_cc_acked *a)
{
	struct model *m = model_of(cc);

	m->cc_acked += a->bytes;
	MODEL_TRUE(a->bytes > 0);
	MODEL_TRUE(a->in_flight == m->in_flight);
	MODEL_TRUE(a->rtt_ns == 0 || a->received_ns == m->ack->received_us * 1000);
	MODEL_TRUE(a->rtt_ns == 0 || m->now_ns - a->sent_ns == a->rtt_ns ||
		(a->rtt_ns == 1 && a->sent_ns == m->now_ns));
	MODEL_TRUE(a->rtt_ns == 0 || m->packet[m->ack->largest].sent_ns == a->sent_ns);
}

static inline void
model_cc_lost(struct rd_cc *cc, const struct rd_cc_lost *l)
{
	struct model *m = model_of(cc);

	m->cc_lost += l->bytes;
	MODEL_TRUE(l->bytes > 0);
	MODEL_TRUE(l->in_flight == m->in_flight);
	MODEL_TRUE(l->sent_ns <= m->now_ns);
}

static inline void
model_cc_new_path(struct rd_cc *cc)
{
	model_of(cc)->paths++;
}

static const struct rd_cc_ops model_cc_ops = {
	.name = "model",
	.sent = model_cc_sent,
	.acked = model_cc_acked,
	.lost = model_cc_lost,
	.new_path = model_cc_new_path,
};

static inline bool
model_named(const struct rd_ack *a, uint64_t number)
{
	for (unsigned i = 0; i < a->count; i++)
		if (number >= a->range[i].first && number <= a->range[i].last)
			return true;
	return false;
}

static inline void
model_acked(void *ctx, const struct rd_sent *p)
{
	struct model *m = ctx;

	MODEL_TRUE(m->ack && model_named(m->ack, p->number));
	MODEL_TRUE(p->count == p->number % (RD_SENT_FRAMES + 1));
	for (unsigned i = 0; i < p->count; i++)
		MODEL_TRUE(p->frames[i].id == p->number && p->frames[i].offset == i);
	if (m->packet[p->number].state == MODEL_LOST) {
		m->packet[p->number].state = MODEL_LATE;
		m->count.spurious++;
		return;
	}
	MODEL_TRUE(m->packet[p->number].state == MODEL_OUT);
	m->packet[p->number].state = MODEL_ACKED;
	m->count.acked++;
	if (p->number >= m->path_first) {
		m->in_flight -= p->bytes;
		m->acked += p->bytes;
	}
}

static inline void
model_lost(void *ctx, const struct rd_sent *p)
{
	struct model *m = ctx;

	MODEL_TRUE(!m->lossless && m->any_acked);
	MODEL_TRUE(m->packet[p->number].state == MODEL_OUT);
	MODEL_TRUE(p->number < m->largest);
	MODEL_TRUE(m->largest - p->number >= RD_RECOVERY_PACKET_THRESHOLD ||
		m->now_ns >= p->sent_ns + RD_RECOVERY_GRANULARITY_NS);
	m->packet[p->number].state = MODEL_LOST;
	m->count.lost++;
	if (p->number >= m->path_first) {
		m->in_flight -= p->bytes;
		m->lost += p->probe ? 0 : p->bytes;
	}
}

static inline unsigned
model_byte(struct model *m)
{
	return m->p < m->end ? *m->p++ : 0;
}

static inline void
model_send(struct model *m, bool eliciting, bool probe)
{
	struct rd_sent p = {.number = m->next, .sent_ns = m->now_ns, .eliciting = eliciting,
		.probe = probe, .bytes = 40 + 5 * model_byte(m),
		.count = (uint8_t)(m->next % (RD_SENT_FRAMES + 1))};

	if (m->next >= MODEL_PACKETS)
		return;
	for (unsigned i = 0; i < p.count; i++)
		p.frames[i] = (struct rd_sent_frame){.id = m->next, .offset = i};
	m->packet[m->next].state = eliciting ? MODEL_OUT : MODEL_QUIET;
	m->packet[m->next].bytes = p.bytes;
	m->packet[m->next].probe = probe;
	m->packet[m->next].sent_ns = m->now_ns;
	m->next++;
	if (eliciting) {
		m->in_flight += p.bytes;
		m->count.sent++;
	}
	rd_recovery_sent(m->r, &p);
}

static inline void
model_skip(struct model *m)
{
	if (m->skips >= MODEL_SKIPS || m->next + 4 > MODEL_PACKETS)
		return;
	m->skips++;
	m->next += 1 + model_byte(m) % 3;
	model_send(m, true, false);	/* a gap is known by what follows it */
}

/* Made of bytes, so mostly well formed and often wrong. */
static inline void
model_make_ack(struct model *m, struct rd_ack *a)
{
	unsigned want = 1 + model_byte(m) % (RD_FRAME_ACK_RANGES + 1), back = model_byte(m);

	memset(a, 0, sizeof(*a));
	a->received_us = (m->now_ns + 77 * UINT64_C(1000000000)) / 1000;
	a->delay_us = 100u * model_byte(m);
	uint64_t last = m->next - 1 > back ? m->next - 1 - back : 0;
	a->largest = last;
	while (a->count < want) {
		unsigned len = model_byte(m) % 24, gap = 1 + model_byte(m) % 6;
		uint64_t first = last > len ? last - len : 0;
		a->range[a->count].first = first;
		a->range[a->count++].last = last;
		if (first <= gap)
			break;
		last = first - gap - 1;
	}
	switch (model_byte(m)) {
	case 1: a->largest = a->range[0].last = m->next + model_byte(m); break;
	case 2: a->range[a->count - 1].first = a->range[a->count - 1].last + 1; break;
	case 3: a->range[0].last++; break;
	case 4: a->received_us = UINT64_MAX / 999; break;
	case 5: a->count = 0; break;
	case 6: a->count = RD_FRAME_ACK_RANGES + 2; break;
	case 7: a->delay_us = UINT64_MAX; break;
	}
}

static inline bool
model_good(const struct model *m, const struct rd_ack *a)
{
	if (a->count < 1 || a->count > RD_FRAME_ACK_RANGES + 1 || a->largest >= m->next ||
		a->range[0].last != a->largest || a->received_us > UINT64_MAX / 1000)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		if (a->range[i].first > a->range[i].last ||
			(i > 0 && a->range[i].last >= a->range[i - 1].first))
			return false;
		for (uint64_t n = a->range[i].first; n <= a->range[i].last; n++)
			if (m->packet[n].state == MODEL_SKIPPED)
				return false;
	}
	return true;
}

static inline void
model_ack(struct model *m)
{
	struct rd_ack a;

	if (m->next == 0)
		return;
	model_make_ack(m, &a);
	bool good = model_good(m, &a);
	if (good && (!m->any_acked || a.largest > m->largest)) {
		m->largest = a.largest;
		m->any_acked = true;
	}
	m->ack = &a;
	MODEL_TRUE(rd_recovery_ack(m->r, &a, m->now_ns) == (good ? 0 : -EPROTO));
	m->ack = NULL;
	if (!good)
		return;
	for (unsigned i = 0; i < a.count; i++)
		for (uint64_t n = a.range[i].first; n <= a.range[i].last; n++)
			MODEL_TRUE(m->packet[n].state != MODEL_OUT);
	/* Whatever was reordered: what is so far behind is lost. */
	for (uint64_t n = 0; !m->lossless && n + 128 <= m->largest; n++)
		MODEL_TRUE(m->packet[n].state != MODEL_OUT);
}

static inline void
model_tick(struct model *m)
{
	uint64_t at = rd_recovery_deadline(m->r);
	unsigned probes = 0;

	/* A session that hears nothing for half a minute is over. */
	if (at > m->now_ns + UINT64_C(30000000000))
		return;
	m->now_ns = at > m->now_ns ? at : m->now_ns;
	for (unsigned i = 0; rd_recovery_deadline(m->r) <= m->now_ns; i++) {
		MODEL_TRUE(i < 3);
		unsigned n = rd_recovery_tick(m->r, m->now_ns);
		MODEL_TRUE(n <= 2);
		probes += n;
	}
	while (probes-- > 0 && m->p < m->end)
		model_send(m, true, false);
}

static inline void
model_new_path(struct model *m)
{
	m->path_first = m->next;
	m->in_flight = 0;
	unsigned before = m->paths;
	rd_recovery_new_path(m->r);
	MODEL_TRUE(m->paths == before + 1);
	MODEL_TRUE(rd_recovery_rtt(m->r)->smoothed_ns == 0);
}

static inline void
model_check_out_from(const struct model *m, uint64_t number)
{
	const struct rd_sent *p = rd_recovery_out_from(m->r, number);

	while (number < m->next && m->packet[number].state != MODEL_OUT)
		number++;
	MODEL_TRUE(!p == (m->lossless || number >= m->next));
	MODEL_TRUE(!p || (p->number == number && p->bytes == m->packet[number].bytes));
}

static inline void
model_check(const struct model *m)
{
	struct rd_recovery_count c = rd_recovery_count(m->r);
	const struct rd_rtt *rtt = rd_recovery_rtt(m->r);
	uint64_t oldest = 0;
	bool out = false;

	for (uint64_t n = 0; n < m->next && !out; n++)
		if (m->packet[n].state == MODEL_OUT) {
			oldest = m->packet[n].sent_ns;
			out = true;
		}
	MODEL_TRUE(rd_recovery_in_flight(m->r) == m->in_flight);
	MODEL_TRUE(rd_recovery_oldest_ns(m->r) == oldest);
	model_check_out_from(m, 0);
	model_check_out_from(m, m->path_first);
	model_check_out_from(m, m->next / 2);
	MODEL_TRUE((rd_recovery_deadline(m->r) != UINT64_MAX) == out);
	MODEL_TRUE(memcmp(&c, &m->count, sizeof(c)) == 0);
	MODEL_TRUE(m->cc_acked == m->acked && m->cc_lost == m->lost);
	MODEL_TRUE(rd_recovery_pto_ns(m->r) >= RD_RECOVERY_PTO_FLOOR_NS);
	MODEL_TRUE(rtt->smoothed_ns == 0 || (rtt->min_ns > 0 && rtt->min_ns <= rtt->latest_ns));
}

static inline void
model_step(struct model *m)
{
	unsigned what = model_byte(m) % 32;

	if (what < 12)
		model_send(m, true, false);
	else if (what < 14)
		model_send(m, false, false);
	else if (what < 15)
		model_send(m, true, true);
	else if (what < 16)
		model_skip(m);
	else if (what < 19)
		m->now_ns += UINT64_C(200000) * model_byte(m);
	else if (what < 27)
		model_ack(m);
	else if (what < 30)
		model_tick(m);
	else if (what < 31 && model_byte(m) < 32)
		model_new_path(m);
	else if (what == 31 && model_byte(m) < 32)
		rd_recovery_lossless(m->r, m->lossless = !m->lossless);
}

static inline void
model_run(const uint8_t *data, size_t size)
{
	static const struct rd_recovery_ops ops = {model_acked, model_lost};
	struct model *m = calloc(1, sizeof(*m));

	MODEL_TRUE(m != NULL);
	m->cc.ops = &model_cc_ops;
	m->p = data;
	m->end = data + size;
	m->now_ns = UINT64_C(1000000000);
	m->r = rd_recovery_new(&ops, m, &m->cc);
	for (unsigned i = 0; i < MODEL_STEPS && m->p < m->end; i++) {
		model_step(m);
		model_check(m);
	}
	rd_recovery_free(m->r);
	free(m);
}

#endif
