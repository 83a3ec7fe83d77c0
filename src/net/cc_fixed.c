#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/cc.h"

/*
 * A rate that never changes. The window only has to be out of its way: what the
 * rate sends in a round trip and a tenth of a second.
 */
#define BPS_MIN 8000
#define BPS_MAX UINT64_C(100000000000)
#define SLACK_NS (100 * RD_NS_PER_MS)
#define RTT_MAX_NS (10 * RD_NS_PER_S)

struct fixed {
	struct rd_cc base;
	uint64_t bps, rtt_ns;
};

static const struct fixed *
self(const struct rd_cc *cc)
{
	return (const struct fixed *)cc;
}

static struct rd_cc *
fixed_open(uint64_t bps)
{
	struct fixed *f = xcalloc(1, sizeof(*f));

	f->base.ops = &rd_cc_fixed;
	f->bps = bps < BPS_MIN ? BPS_MIN : bps > BPS_MAX ? BPS_MAX : bps;
	return &f->base;
}

static void
fixed_close(struct rd_cc *cc)
{
	free(cc);
}

static void
fixed_sent(struct rd_cc *cc, const struct rd_cc_sent *s)
{
	(void)cc, (void)s;
}

static void
fixed_acked(struct rd_cc *cc, const struct rd_cc_acked *a)
{
	struct fixed *f = (struct fixed *)cc;

	f->rtt_ns = a->smoothed_rtt_ns < RTT_MAX_NS ? a->smoothed_rtt_ns : RTT_MAX_NS;
}

static void
fixed_lost(struct rd_cc *cc, const struct rd_cc_lost *l)
{
	(void)cc, (void)l;
}

static void
fixed_new_path(struct rd_cc *cc)
{
	((struct fixed *)cc)->rtt_ns = 0;
}

static uint64_t
fixed_window(const struct rd_cc *cc)
{
	const struct fixed *f = self(cc);
	/* In microseconds, so that 100 Gbit/s for 10 s fits. */
	uint64_t bytes = f->bps / 8 * ((f->rtt_ns + SLACK_NS) / 1000) / 1000000;

	return bytes > RD_CC_INITIAL_WINDOW ? bytes : RD_CC_INITIAL_WINDOW;
}

static uint64_t
fixed_bps(const struct rd_cc *cc)
{
	return self(cc)->bps;
}

const struct rd_cc_ops rd_cc_fixed = {
	.name = "fixed",
	.open = fixed_open,
	.close = fixed_close,
	.sent = fixed_sent,
	.acked = fixed_acked,
	.lost = fixed_lost,
	.new_path = fixed_new_path,
	.window = fixed_window,
	.pacing_bps = fixed_bps,
	.target_bps = fixed_bps,
};
