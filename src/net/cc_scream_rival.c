#include <math.h>

#include "net/cc_scream.h"

#define QUARTER_NS (RD_NS_PER_S / 4)
#define RISE 0.25			/* of what we are used to, a quarter of a second */
#define FALL (1.0 / 40)			/* 10 s */
#define OTHERS (1.25 * RD_SCREAM_TARGET) /* more than flows of our own kind leave standing */
#define LONGER (RD_SCREAM_TARGET / 2)
#define LONGER_NS (RD_SCREAM_DRAIN_NS + 2 * RD_NS_PER_S)

void
rd_scream_rival_forget(struct rd_scream_rival *r)
{
	r->count = 0;
	r->still_ns = r->from_ns;
}

static void
next_quarter(struct rd_scream_rival *r, uint64_t queue_ns, double bps, uint64_t now_ns)
{
	double last = (double)r->low[r->at];
	bool silence = now_ns - r->from_ns >= RD_SCREAM_QUARTERS * QUARTER_NS;

	if (silence || fabs(last - r->still) > RD_SCREAM_STILL) {
		r->still = last;
		r->still_ns = now_ns;
	}
	if (silence)
		r->count = 0;
	r->from_ns = now_ns;
	r->at = (r->at + 1) % RD_SCREAM_QUARTERS;
	r->low[r->at] = queue_ns;
	if (r->count < RD_SCREAM_QUARTERS)
		r->count++;
	r->stable_bps += (bps > r->stable_bps ? RISE : FALL) * (bps - r->stable_bps);
}

static bool
others(const struct rd_scream_rival *r, double bps)
{
	double least = (double)r->low[0], most = least;

	if (r->count < RD_SCREAM_QUARTERS || bps >= r->stable_bps / 2)
		return false;
	for (unsigned i = 1; i < RD_SCREAM_QUARTERS; i++) {
		least = fmin(least, (double)r->low[i]);
		most = fmax(most, (double)r->low[i]);
	}
	return least > OTHERS && least > 0.6 * most;
}

enum rd_scream_why
rd_scream_rival_why(struct rd_scream_rival *r, uint64_t queue_ns, double bps, uint64_t now_ns)
{
	if (now_ns - r->from_ns >= QUARTER_NS)
		next_quarter(r, queue_ns, bps, now_ns);
	else if (queue_ns < r->low[r->at])
		r->low[r->at] = queue_ns;
	if (r->still > LONGER && now_ns - r->still_ns > LONGER_NS)
		return RD_SCREAM_LONGER;
	return others(r, bps) ? RD_SCREAM_OTHERS : RD_SCREAM_NOTHING;
}
