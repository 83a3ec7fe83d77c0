#include <math.h>

#include "net/cc_scream.h"

#define START_QUEUE (RD_SCREAM_TARGET / 2)
#define SEND_AHEAD 1.25			/* of the window may be in flight: sources are uneven */
#define BRAKE_QUEUE (2 * RD_SCREAM_TARGET + 20.0 * (double)RD_NS_PER_MS)
#define BRAKE_FACTOR 0.3
#define BRAKE_MOST_NS (2 * RD_NS_PER_S)
#define DRAIN_FACTOR 0.75
#define DRAIN_RTTS 2
#define RIVAL_DRAIN_NS (5 * RD_NS_PER_S)
#define RIVAL_SAME 3			/* drains that leave as much as the one before */
#define EMPTY_NS (2 * RD_NS_PER_MS)	/* a queue so short is none */

static void
enter(struct rd_scream *s, enum rd_scream_mode mode, uint64_t now_ns)
{
	s->mode = mode;
	s->mode_ns = now_ns;
}

void
rd_scream_leave_start(struct rd_scream *s, uint64_t now_ns)
{
	double fits = rd_scream_carried(s, s->use.bps);

	rd_scream_congestion(s, now_ns);
	if (fits > 0 && fits < s->window)
		rd_scream_set_window(s, fits);
	s->empty_ns = now_ns;
	enter(s, RD_SCREAM_STEADY, now_ns);
}

static void
brake(struct rd_scream *s, uint64_t now_ns)
{
	double queue = (double)s->delay.queue_ns;

	/* While packets queue that long, what is delivered is what the path carries. */
	if (queue > 2 * RD_SCREAM_TARGET)
		s->brake_bps = s->use.bps;
	if (queue >= RD_SCREAM_TARGET && now_ns - s->mode_ns <= BRAKE_MOST_NS)
		return;
	rd_scream_set_window(s, 0.9 * rd_scream_carried(s, s->brake_bps));
	rd_scream_congestion(s, now_ns);
	s->delay.average_ns = fmin(s->delay.average_ns, (double)s->delay.queue_ns);
	enter(s, RD_SCREAM_STEADY, now_ns);
}

static bool
broke_in(const struct rd_scream *s)
{
	return (double)s->delay.queue_ns > BRAKE_QUEUE &&
		s->use.bps < 0.75 * rd_scream_window_bps(s);
}

static void
start_drain(struct rd_scream *s, uint64_t now_ns)
{
	s->drain_rival = s->mode == RD_SCREAM_RIVAL;
	s->empty_ns = now_ns;
	enter(s, RD_SCREAM_DRAIN, now_ns);
}

/* The path has become longer: look at it anew. */
static void
start_anew(struct rd_scream *s, uint64_t now_ns)
{
	rd_scream_delay_forget(&s->delay);
	rd_scream_rival_forget(&s->rival);
	enter(s, RD_SCREAM_START, now_ns);
}

static void
steady(struct rd_scream *s, enum rd_scream_why why, uint64_t now_ns)
{
	if (why == RD_SCREAM_LONGER) {
		start_anew(s, now_ns);
	} else if (why == RD_SCREAM_OTHERS) {
		enter(s, RD_SCREAM_RIVAL, now_ns);
	} else if (broke_in(s)) {
		enter(s, RD_SCREAM_BRAKE, now_ns);
	} else if (now_ns - s->empty_ns > RD_SCREAM_DRAIN_NS) {
		start_drain(s, now_ns);
	}
}

/* Our own queue has gone; what is left is the rival's, or is none. */
static void
drained_rival(struct rd_scream *s, uint64_t now_ns)
{
	double left = (double)s->delay.queue_ns;
	bool same = fabs(left - s->drained) < RD_SCREAM_STILL / 3;

	s->drained = left;
	s->drained_same = same ? s->drained_same + 1 : 0;
	if (left <= RD_SCREAM_TARGET) {
		rd_scream_rival_forget(&s->rival);
		rd_scream_set_window(s, rd_scream_carried(s, s->use.bps));
		enter(s, RD_SCREAM_STEADY, now_ns);
	} else if (s->drained_same >= RIVAL_SAME) {
		s->drained_same = 0;
		start_anew(s, now_ns);
	} else {
		enter(s, RD_SCREAM_RIVAL, now_ns);
	}
}

/*
 * Who has filled a queue without pause has never seen the path without it, or
 * not for long: the least delay known is then too long (clocks drift, and a flow
 * that came later took our queue for the path), and two flows never come to an
 * even share. So now and then we stand back for two round trips. It also tells
 * whether the rival of RIVAL is still there.
 */
static void
drain(struct rd_scream *s, uint64_t now_ns)
{
	bool over = (double)(now_ns - s->mode_ns) >= DRAIN_RTTS * s->rtt;

	if (!s->drain_rival && broke_in(s))
		enter(s, RD_SCREAM_BRAKE, now_ns);
	else if (over && s->drain_rival)
		drained_rival(s, now_ns);
	else if (over)
		enter(s, RD_SCREAM_STEADY, now_ns);
}

void
rd_scream_choose_mode(struct rd_scream *s, uint64_t now_ns)
{
	enum rd_scream_why why = rd_scream_rival_why(&s->rival, s->delay.queue_ns, s->use.bps,
		now_ns);

	if (s->delay.raw_ns < EMPTY_NS)
		s->empty_ns = now_ns;
	switch (s->mode) {
	case RD_SCREAM_START:
		if ((double)s->delay.raw_ns > START_QUEUE)
			rd_scream_leave_start(s, now_ns);
		break;
	case RD_SCREAM_STEADY:
		steady(s, why, now_ns);
		break;
	case RD_SCREAM_BRAKE:
		brake(s, now_ns);
		break;
	case RD_SCREAM_RIVAL:
		if (now_ns - s->mode_ns > RIVAL_DRAIN_NS || s->delay.queue_ns < EMPTY_NS)
			start_drain(s, now_ns);
		break;
	case RD_SCREAM_DRAIN:
		drain(s, now_ns);
		break;
	}
}

double
rd_scream_allowed(const struct rd_scream *s)
{
	switch (s->mode) {
	case RD_SCREAM_BRAKE:
		return fmax(BRAKE_FACTOR * rd_scream_carried(s, s->brake_bps), RD_CC_MIN_WINDOW);
	case RD_SCREAM_DRAIN:
		return fmax(DRAIN_FACTOR * rd_scream_carried(s, s->use.bps), RD_CC_MIN_WINDOW);
	default:
		return fmax(SEND_AHEAD * s->window, s->window + RD_SCREAM_MSS);
	}
}
