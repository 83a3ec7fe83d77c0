#include <math.h>

#include "net/cc_scream.h"

#define MOST (64.0 * 1024 * 1024)	/* bytes a window may have */
#define RIVAL_TARGET (400.0 * (double)RD_NS_PER_MS)
#define LOSS_FACTOR 0.7
#define RIVAL_LOSS_FACTOR 0.8
#define GROWTH 0.02			/* of the window, a round trip */
#define CALM_RTTS 100			/* after congestion until growth is bold again … */
#define CALM_MOST (2.5 * (double)RD_NS_PER_S) /* … but no longer than this (A3) */
#define LONG_RTT (50.0 * (double)RD_NS_PER_MS)
#define INFLECTION_RTTS 10
#define FADE 0.99			/* a second */

double
rd_scream_clamp(double x, double least, double most)
{
	return fmin(fmax(x, least), most);
}

void
rd_scream_set_window(struct rd_scream *s, double bytes)
{
	s->window = rd_scream_clamp(bytes, RD_CC_MIN_WINDOW, MOST);
}

void
rd_scream_congestion(struct rd_scream *s, uint64_t now_ns)
{
	if (!s->any_congestion || s->window > s->inflection ||
		(double)(now_ns - s->congestion_ns) > INFLECTION_RTTS * s->rtt)
		s->inflection = s->window;
	s->any_congestion = true;
	s->congestion_ns = now_ns;
}

static double
target(const struct rd_scream *s)
{
	return s->mode == RD_SCREAM_RIVAL ? RIVAL_TARGET : RD_SCREAM_TARGET;
}

double
rd_scream_excess(const struct rd_scream *s)
{
	double half = target(s) / 2;

	return rd_scream_clamp((s->delay.average_ns - half) / half, 0, 1);
}

double
rd_scream_window_bps(const struct rd_scream *s)
{
	return s->rtt > 0 ? 8e9 * s->window / s->rtt : 0;
}

double
rd_scream_carried(const struct rd_scream *s, double bps)
{
	return bps / 8e9 * (s->delay.any ? (double)s->delay.rtt_ns : s->rtt);
}

/* Bold again, 0 to 1, as congestion lies back. */
static double
calm(const struct rd_scream *s, uint64_t now_ns)
{
	if (!s->any_congestion)
		return 1;
	double since = (double)(now_ns - s->congestion_ns);
	return rd_scream_clamp(since / fmin(CALM_RTTS * s->rtt, CALM_MOST), 0, 1);
}

/* Small where congestion was last, 1 away from there. */
static double
apart(const struct rd_scream *s)
{
	if (s->inflection <= 0)
		return 1;
	double d = 8 * (s->window - s->inflection) / s->inflection;

	return rd_scream_clamp(d * d, 0.1, 1);
}

static double
step(const struct rd_scream *s, double acked, uint64_t now_ns)
{
	double share = acked * fmin(1, RD_SCREAM_MSS / s->window), a = apart(s);

	if (s->mode == RD_SCREAM_START)
		return acked / 2;
	if (s->mode == RD_SCREAM_RIVAL)
		return 2 * share;
	double growth = share * fmin(1, s->rtt / RD_SCREAM_VIRTUAL_RTT) * fmax(0.25, a) *
		fmax(0.1, 1 - s->delay.jitter_ns / RD_SCREAM_TARGET) *
		(1 + GROWTH * s->window / RD_SCREAM_MSS * calm(s, now_ns) * a);

	/* Long round trips would grow slower than short ones (A3). */
	if (s->delay.average_ns < RD_SCREAM_TARGET / 3)
		growth *= rd_scream_clamp(s->rtt / LONG_RTT, 1, 4);
	return growth;
}

/* A window that is not used proves nothing: it does not grow. */
void
rd_scream_grow(struct rd_scream *s, double acked, uint64_t now_ns)
{
	double most = RD_SCREAM_MSS + 1.5 * rd_scream_use_most(&s->use, 2);

	if (s->mode != RD_SCREAM_BRAKE && s->mode != RD_SCREAM_DRAIN && s->window < most)
		rd_scream_set_window(s, fmin(s->window + step(s, acked, now_ns), most));
}

void
rd_scream_react_to_delay(struct rd_scream *s, uint64_t now_ns)
{
	double over = rd_scream_excess(s);

	if (over <= 0 || (s->mode != RD_SCREAM_STEADY && s->mode != RD_SCREAM_RIVAL))
		return;
	rd_scream_congestion(s, now_ns);
	rd_scream_set_window(s,
		s->window * (1 - over / (2 * fmax(1, s->rtt / RD_SCREAM_VIRTUAL_RTT))));
}

void
rd_scream_react_to_loss(struct rd_scream *s, const struct rd_cc_lost *l)
{
	bool queue_long = s->mode == RD_SCREAM_RIVAL ||
		s->delay.average_ns > 0.75 * RD_SCREAM_TARGET;

	/* One reaction answers everything that was under way when it happened. */
	if (l->sent_ns < s->loss_reacted_ns || s->mode == RD_SCREAM_BRAKE ||
		!rd_scream_loss_congested(&s->loss, s->mode == RD_SCREAM_START, queue_long))
		return;
	s->loss_reacted_ns = l->now_ns;
	if (s->mode == RD_SCREAM_RIVAL) {
		rd_scream_congestion(s, l->now_ns);
		rd_scream_set_window(s, s->window * RIVAL_LOSS_FACTOR);
		return;
	}
	rd_scream_loss_reacted(&s->loss, s->window, l->smoothed_rtt_ns, l->now_ns);
	s->start_again = s->mode == RD_SCREAM_START;
	if (s->start_again) {
		rd_scream_leave_start(s, l->now_ns);
	} else {
		rd_scream_congestion(s, l->now_ns);
		rd_scream_set_window(s, s->window * LOSS_FACTOR);
	}
}

/*
 * A window that has not been needed for ten seconds fades, but slowly: people
 * read before they scroll. From there it grows as at the start.
 */
void
rd_scream_fade(struct rd_scream *s, unsigned seconds)
{
	double enough = 2 * rd_scream_use_most(&s->use, RD_SCREAM_SECONDS);

	enough = fmax(enough, RD_CC_INITIAL_WINDOW);
	if (s->window <= enough)
		return;
	rd_scream_set_window(s, fmax(s->window * pow(FADE, seconds), enough));
	if (s->mode == RD_SCREAM_STEADY)
		s->mode = RD_SCREAM_START;
}
