#ifndef TESTS_NET_CC_RIVAL_H
#define TESTS_NET_CC_RIVAL_H

/*
 * Somebody else on the link: TCP with CUBIC (RFC 9438 sections 4.1 to 4.6), as
 * greedy as it comes: it fills every buffer until packets are lost.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "net/cc.h"

struct rival {
	struct rd_cc base;
	double window, most, k;		/* bytes, bytes, seconds */
	uint64_t epoch_ns;		/* of the last loss */
};

static inline void
rival_close(struct rd_cc *cc)
{
	free(cc);
}

static inline void
rival_sent(struct rd_cc *cc, const struct rd_cc_sent *s)
{
	(void)cc, (void)s;
}

static inline void
rival_acked(struct rd_cc *cc, const struct rd_cc_acked *a)
{
	struct rival *r = (struct rival *)cc;
	double rtt = (double)a->smoothed_rtt_ns / 1e9;
	double t = (double)(a->now_ns - r->epoch_ns) / 1e9;

	if (r->most <= 0) {
		r->window += a->bytes;
		return;
	}
	double want = RD_CC_MSS * 0.4 * pow(t + rtt - r->k, 3) + r->most;
	want = fmax(want, 0.7 * r->most + RD_CC_MSS * 0.53 * t / rtt);
	if (want > r->window)
		r->window += fmin((want - r->window) / r->window, 0.5) * a->bytes;
}

static inline void
rival_lost(struct rd_cc *cc, const struct rd_cc_lost *l)
{
	struct rival *r = (struct rival *)cc;

	if (l->sent_ns < r->epoch_ns)
		return;
	r->epoch_ns = l->now_ns;
	r->most = r->window;
	r->window = fmax(0.7 * r->window, 2 * RD_CC_MSS);
	r->k = cbrt(0.3 * r->most / RD_CC_MSS / 0.4);
}

static inline void
rival_new_path(struct rd_cc *cc)
{
	(void)cc;
}

static inline uint64_t
rival_window(const struct rd_cc *cc)
{
	return (uint64_t)((const struct rival *)cc)->window;
}

static inline uint64_t
rival_bps(const struct rd_cc *cc)
{
	(void)cc;
	return UINT64_MAX;
}

static const struct rd_cc_ops rival_ops = {
	.name = "cubic",
	.close = rival_close,
	.sent = rival_sent,
	.acked = rival_acked,
	.lost = rival_lost,
	.new_path = rival_new_path,
	.window = rival_window,
	.pacing_bps = rival_bps,
	.target_bps = rival_bps,
};

static inline struct rd_cc *
rival_open(void)
{
	struct rival *r = calloc(1, sizeof(*r));

	r->base.ops = &rival_ops;
	r->window = RD_CC_INITIAL_WINDOW;
	return &r->base;
}

#endif
