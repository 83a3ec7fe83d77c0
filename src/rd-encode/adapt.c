#include "rd-encode/adapt.h"

/* In per cent of the time a frame has. */
#define OVER_PERCENT 90
#define EASY_PERCENT 60
/* New frames weigh 1/8 in the smoothed cost: one key frame is no overload. */
#define SMOOTHING 8

static const struct step {
	unsigned divisor;	/* of the rate */
	int quarters;		/* of the size */
} steps[] = {
	{1, 4},
	{2, 4},
	{3, 4},
	{3, 3},
	{3, 2},
};
#define LAST_STEP (sizeof(steps) / sizeof(steps[0]) - 1)

void
adapt_init(struct adapt *a, uint64_t wanted_ns)
{
	*a = (struct adapt){.wanted_ns = wanted_ns, .patience_ns = ADAPT_PATIENCE_NS};
}

/* What a frame would cost at another step: cost goes by area. */
static uint64_t
cost_at(const struct adapt *a, unsigned level)
{
	uint64_t was = (uint64_t)steps[a->level].quarters;
	uint64_t is = (uint64_t)steps[level].quarters;
	return a->cost_ns * is * is / (was * was);
}

static bool
above(const struct adapt *a, unsigned level, unsigned percent)
{
	return cost_at(a, level) * 100 > a->wanted_ns * steps[level].divisor * percent;
}

static void
step_to(struct adapt *a, unsigned level)
{
	a->cost_ns = cost_at(a, level);
	a->level = level;
	a->over_ns = a->easy_ns = 0;
	a->over_frames = a->easy_frames = 0;
	a->settling = true;
}

static bool
step_down(struct adapt *a, uint64_t now_ns)
{
	if (a->over_ns == 0)
		a->over_ns = now_ns;
	a->over_frames++;
	if (a->level == LAST_STEP || a->over_frames < ADAPT_FRAMES ||
			now_ns - a->over_ns < ADAPT_OVER_NS)
		return false;
	if (a->eased_ns && now_ns - a->eased_ns < 2 * a->patience_ns)
		a->patience_ns *= 2;
	if (a->patience_ns > ADAPT_PATIENCE_MAX_NS)
		a->patience_ns = ADAPT_PATIENCE_MAX_NS;
	step_to(a, a->level + 1);
	return true;
}

static bool
step_up(struct adapt *a, uint64_t now_ns)
{
	if (a->easy_ns == 0)
		a->easy_ns = now_ns;
	a->easy_frames++;
	if (a->easy_frames < ADAPT_FRAMES || now_ns - a->easy_ns < a->patience_ns)
		return false;
	a->eased_ns = now_ns;
	step_to(a, a->level - 1);
	return true;
}

bool
adapt_frame(struct adapt *a, uint64_t cost_ns, uint64_t now_ns)
{
	bool paused = now_ns - a->last_ns > cost_ns + ADAPT_PAUSE_NS;
	a->last_ns = now_ns;
	if (paused) {
		a->over_ns = 0;
		a->over_frames = 0;
	}
	if (a->settling) {
		a->settling = false;
		return false;
	}
	a->cost_ns = a->cost_ns ? (a->cost_ns * (SMOOTHING - 1) + cost_ns) / SMOOTHING : cost_ns;
	if (above(a, a->level, OVER_PERCENT)) {
		a->easy_ns = 0;
		a->easy_frames = 0;
		return step_down(a, now_ns);
	}
	a->over_ns = 0;
	a->over_frames = 0;
	if (a->level > 0 && !above(a, a->level - 1, EASY_PERCENT))
		return step_up(a, now_ns);
	a->easy_ns = 0;
	a->easy_frames = 0;
	return false;
}

bool
adapt_rest(struct adapt *a)
{
	unsigned level = a->level;
	while (level > 0 && steps[level].quarters < ADAPT_QUARTERS)
		level--;
	if (level == a->level)
		return false;
	step_to(a, level);
	return true;
}

uint64_t
adapt_interval(const struct adapt *a)
{
	return a->level ? a->wanted_ns * steps[a->level].divisor : 0;
}

int
adapt_quarters(const struct adapt *a)
{
	return steps[a->level].quarters;
}
