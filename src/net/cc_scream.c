#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/cc_scream.h"

#define PACE 1.5		/* of the window in a round trip */
#define START_PACE 2.0
#define UNKNOWN_RTT (100.0 * (double)RD_NS_PER_MS)

static struct rd_scream *
self(struct rd_cc *cc)
{
	return (struct rd_scream *)cc;
}

static const struct rd_scream *
look(const struct rd_cc *cc)
{
	return (const struct rd_scream *)cc;
}

static void
forget(struct rd_scream *s, double start_bps)
{
	*s = (struct rd_scream){
		.base = s->base,
		.mode = RD_SCREAM_START,
		.window = RD_CC_INITIAL_WINDOW,
		.start_bps = start_bps,
	};
}

static struct rd_cc *
scream_open(uint64_t bps)
{
	struct rd_scream *s = xcalloc(1, sizeof(*s));

	s->base.ops = &rd_cc_scream;
	forget(s, (double)bps);
	return &s->base;
}

static void
scream_close(struct rd_cc *cc)
{
	free(cc);
}

static void
scream_new_path(struct rd_cc *cc)
{
	forget(self(cc), 0);
}

static void
scream_sent(struct rd_cc *cc, const struct rd_cc_sent *sent)
{
	struct rd_scream *s = self(cc);
	unsigned seconds = rd_scream_use_sent(&s->use, sent->in_flight, sent->now_ns);

	if (seconds > 0)
		rd_scream_fade(s, seconds);
}

/* What is lost now is not lost because we fill the path. */
static bool
below_edge(const struct rd_scream *s)
{
	double used = fmin(s->window, rd_scream_use_most(&s->use, 1));

	return s->delay.average_ns < RD_SCREAM_TARGET / 2 &&
		(s->loss.edge <= 0 || used < 0.9 * s->loss.edge);
}

static void
first_rtt(struct rd_scream *s)
{
	if (s->start_bps > 0)
		rd_scream_set_window(s, fmax(s->window, s->start_bps / 8e9 * s->rtt));
}

static void
acquitted(struct rd_scream *s)
{
	if (s->mode != RD_SCREAM_STEADY)
		return;
	rd_scream_set_window(s, fmax(s->window, s->loss.edge));
	if (s->start_again)
		s->mode = RD_SCREAM_START;
}

static void
scream_acked(struct rd_cc *cc, const struct rd_cc_acked *a)
{
	struct rd_scream *s = self(cc);
	bool first = s->rtt <= 0;

	if (a->smoothed_rtt_ns == 0)
		return;
	s->rtt = (double)a->smoothed_rtt_ns;
	if (first)
		first_rtt(s);
	rd_scream_use_acked(&s->use, a->bytes, a->smoothed_rtt_ns, a->now_ns);
	rd_scream_loss_note(&s->loss, a->bytes, 0, a->smoothed_rtt_ns, below_edge(s), a->now_ns);
	if (rd_scream_loss_acquitted(&s->loss))
		acquitted(s);
	if (a->rtt_ns > 0) {
		rd_scream_delay_sample(&s->delay, a);
		rd_scream_choose_mode(s, a->now_ns);
	}
	if ((double)(a->now_ns - s->reacted_ns) >= fmin(RD_SCREAM_VIRTUAL_RTT, s->rtt)) {
		s->reacted_ns = a->now_ns;
		rd_scream_delay_average(&s->delay);
		rd_scream_react_to_delay(s, a->now_ns);
	}
	rd_scream_grow(s, a->bytes, a->now_ns);
}

static void
scream_lost(struct rd_cc *cc, const struct rd_cc_lost *l)
{
	struct rd_scream *s = self(cc);

	rd_scream_loss_note(&s->loss, 0, l->bytes, l->smoothed_rtt_ns, below_edge(s), l->now_ns);
	rd_scream_react_to_loss(s, l);
}

static uint64_t
scream_window(const struct rd_cc *cc)
{
	return (uint64_t)rd_scream_allowed(look(cc));
}

static uint64_t
scream_pacing_bps(const struct rd_cc *cc)
{
	const struct rd_scream *s = look(cc);
	double rtt = s->rtt > 0 ? s->rtt : UNKNOWN_RTT;

	return (uint64_t)((s->mode == RD_SCREAM_START ? START_PACE : PACE) * 8e9 * s->window / rtt);
}

static uint64_t
scream_target_bps(const struct rd_cc *cc)
{
	const struct rd_scream *s = look(cc);

	if (s->mode == RD_SCREAM_BRAKE)
		return (uint64_t)(8e9 * rd_scream_allowed(s) / s->rtt);
	return (uint64_t)(rd_scream_window_bps(s) / (1.1 + 0.1 * rd_scream_excess(s)));
}

const struct rd_cc_ops rd_cc_scream = {
	.name = "scream",
	.open = scream_open,
	.close = scream_close,
	.sent = scream_sent,
	.acked = scream_acked,
	.lost = scream_lost,
	.new_path = scream_new_path,
	.window = scream_window,
	.pacing_bps = scream_pacing_bps,
	.target_bps = scream_target_bps,
};
