#include "net/cc_scream.h"

#define BLOCK_NS (200 * RD_NS_PER_MS)	/* at least, and at least a round trip */
#define BLOCK_BYTES (64.0 * RD_CC_MSS)	/* fewer tell nothing of a loss of one in a hundred */
#define OLD_NS (10 * RD_NS_PER_S)
#define BASE_NS (4.0 * (double)RD_NS_PER_S)
#define BASE_MOST 0.10
#define EXTRA 0.005			/* beyond 1.5 times the base; more while we know little */
#define EXTRA_UNSURE 0.015
#define EXTRA_START 0.06		/* who overshoots by half loses much more */
#define SEVERE (1.5 * BASE_MOST + EXTRA + EXTRA_UNSURE)
#define TRIAL_BYTES (100.0 * RD_CC_MSS)

static double
share(double lost, double all)
{
	return lost / (all > BLOCK_BYTES ? all : BLOCK_BYTES);
}

static double
limit(const struct rd_scream_loss *l)
{
	double all = l->now.all + l->before.all;

	return 1.5 * l->base + EXTRA +
		EXTRA_UNSURE * (all > BLOCK_BYTES ? BLOCK_BYTES / all : 1);
}

static double
recent(const struct rd_scream_loss *l)
{
	return share(l->now.lost + l->before.lost, l->now.all + l->before.all);
}

/*
 * The base is learnt where we surely do not fill the path; where we may, it
 * only falls: otherwise the loss we cause ourselves would soon seem normal.
 */
static void
learn(struct rd_scream_loss *l, bool below_edge, uint64_t age_ns)
{
	double block = share(l->now.lost, l->now.all), gain = (double)age_ns / BASE_NS;

	if (!below_edge && block >= l->base)
		return;
	l->blocks++;
	if (gain < 1.0 / l->blocks)
		gain = 1.0 / l->blocks;
	l->base += (gain < 1 ? gain : 1) * (block - l->base);
	if (l->base > BASE_MOST)
		l->base = BASE_MOST;
}

void
rd_scream_loss_note(struct rd_scream_loss *l, uint32_t acked, uint32_t lost,
	uint64_t smoothed_rtt_ns, bool below_edge, uint64_t now_ns)
{
	uint64_t age = now_ns - l->now.from_ns;

	if (age >= OLD_NS) {
		l->now.all = l->now.lost = l->before.all = l->before.lost = 0;
		l->now.from_ns = now_ns;
	} else if (l->now.all >= BLOCK_BYTES && age >= BLOCK_NS && age >= smoothed_rtt_ns) {
		learn(l, below_edge, age);
		l->before = l->now;
		l->now.all = l->now.lost = 0;
		l->now.from_ns = now_ns;
	}
	l->now.all += (double)acked + lost;
	l->now.lost += lost;
	if (l->trial && now_ns >= l->trial_ns) {
		l->trial_all += (double)acked + lost;
		l->trial_lost += lost;
	}
}

bool
rd_scream_loss_congested(const struct rd_scream_loss *l, bool starting, bool queue_long)
{
	double r = recent(l);

	if (l->trial)
		return r > SEVERE;
	if (starting)
		return r > limit(l) + EXTRA_START;
	return r > limit(l) || (queue_long && r > l->base);
}

void
rd_scream_loss_reacted(struct rd_scream_loss *l, double window, uint64_t smoothed_rtt_ns,
	uint64_t now_ns)
{
	l->edge = window;
	l->trial = true;
	l->trial_ns = now_ns + smoothed_rtt_ns;
	l->trial_level = recent(l);
	l->trial_all = l->trial_lost = 0;
	l->now.all = l->now.lost = l->before.all = l->before.lost = 0;
	l->now.from_ns = now_ns;
}

/*
 * We sent less: had we caused the loss, it would be gone. If it goes on as
 * before, it is the path's.
 */
bool
rd_scream_loss_acquitted(struct rd_scream_loss *l)
{
	if (!l->trial || l->trial_all < TRIAL_BYTES)
		return false;
	double still = l->trial_lost / l->trial_all;

	l->trial = false;
	if (still < l->trial_level / 2 || still > SEVERE)
		return false;
	l->base = still < BASE_MOST ? still : BASE_MOST;
	return true;
}
