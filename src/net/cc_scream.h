#ifndef RD_NET_CC_SCREAM_H
#define RD_NET_CC_SCREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "net/cc.h"

/*
 * The parts of the SCReAM v2 controller (draft-ietf-ccwg-rfc8298bis-screamv2),
 * for its own files only. The window is steered by the delay of the queue
 * we stand in: the one-way delay above the least one seen, so the clocks of the
 * two ends need no common zero. A1 to A6 name our amendments, see
 * ARCHITECTURE.md.
 *
 * Bytes, nanoseconds and bits per second are doubles where they are multiplied
 * with each other: 2^53 is more than enough of any.
 */
#define RD_SCREAM_MSS ((double)RD_CC_MSS)
#define RD_SCREAM_TARGET (30.0 * (double)RD_NS_PER_MS) /* ns, of the queue */
#define RD_SCREAM_VIRTUAL_RTT (25.0 * (double)RD_NS_PER_MS)

/*
 * The queue's delay (cc_scream_delay.c). The least delay of the last ten
 * minutes is the path's own: clocks drift, and what is older is forgotten.
 */
#define RD_SCREAM_MINUTES 10
#define RD_SCREAM_SLOTS 4
struct rd_scream_delay {
	bool any;
	uint64_t origin;	/* received - sent of the first packet, modulo 2^64 */
	int64_t minute[RD_SCREAM_MINUTES], base_ns; /* least received - sent, above origin */
	unsigned minute_at;
	uint64_t minute_ns;	/* when this minute began */
	struct { uint64_t from_ns, low_ns; } slot[RD_SCREAM_SLOTS];
	unsigned slot_at;
	uint64_t rtt_ns;	/* the least */
	uint64_t raw_ns;	/* of the last packet */
	uint64_t queue_ns;	/* the least of the last 50 ms (A6) */
	double average_ns;	/* slow to rise, quick to fall */
	double jitter_ns;
};

void rd_scream_delay_sample(struct rd_scream_delay *d, const struct rd_cc_acked *a);
/* The path is another one: the next sample is taken for its least delay. */
void rd_scream_delay_forget(struct rd_scream_delay *d);
/* Once per reaction interval: takes queue_ns into the averages. */
void rd_scream_delay_average(struct rd_scream_delay *d);

/*
 * Which losses mean congestion (A2, cc_scream_loss.c): a path that always loses
 * a little is not congested by that. A loss well above the usual one is, unless
 * it goes on unchanged when we send less.
 */
struct rd_scream_loss {
	struct { uint64_t from_ns; double all, lost; } now, before; /* bytes */
	double base;		/* what the path loses by itself, as a share */
	unsigned blocks;	/* that went into it */
	double edge;		/* the window at the last loss that was congestion; 0: none was */
	bool trial;		/* we gave way and watch whether that helps */
	uint64_t trial_ns;	/* counting from then: what was sent less */
	double trial_level, trial_all, trial_lost;
};

/* below_edge: we are sure not to fill the path. */
void rd_scream_loss_note(struct rd_scream_loss *l, uint32_t acked, uint32_t lost,
	uint64_t smoothed_rtt_ns, bool below_edge, uint64_t now_ns);
bool rd_scream_loss_congested(const struct rd_scream_loss *l, bool starting, bool queue_long);
/* The window, which was so large, has been reduced for it. */
void rd_scream_loss_reacted(struct rd_scream_loss *l, double window, uint64_t smoothed_rtt_ns,
	uint64_t now_ns);
/* True, once: the reduction was for nothing. */
bool rd_scream_loss_acquitted(struct rd_scream_loss *l);

/* How much is used, and delivered (cc_scream_use.c). */
#define RD_SCREAM_SECONDS 10
struct rd_scream_use {
	uint64_t most[RD_SCREAM_SECONDS];	/* in flight, in each of the last seconds */
	unsigned second_at;
	uint64_t second_ns;			/* when this one began; 0: nothing was sent yet */
	struct { uint64_t from_ns, bytes; } now, before; /* acknowledged */
	double bps;				/* delivered, over one or two round trips */
};

/* Returns how many seconds have begun. */
unsigned rd_scream_use_sent(struct rd_scream_use *u, uint64_t in_flight, uint64_t now_ns);
void rd_scream_use_acked(struct rd_scream_use *u, uint32_t bytes, uint64_t smoothed_rtt_ns,
	uint64_t now_ns);
/* Most bytes in flight within so many seconds, the running one included. */
double rd_scream_use_most(const struct rd_scream_use *u, unsigned seconds);

/*
 * Why a delay stays (cc_scream_rival.c). Others keep the queue full: it has not
 * drained for two seconds although we gave way (A5). Or it does not move at all,
 * is no queue, and the path has become longer: flows of our kind drain theirs
 * every ten seconds.
 */
#define RD_SCREAM_DRAIN_NS (10 * RD_NS_PER_S)
#define RD_SCREAM_STILL (3.0 * (double)RD_NS_PER_MS) /* no queue moves so little */
#define RD_SCREAM_QUARTERS 8
struct rd_scream_rival {
	uint64_t low[RD_SCREAM_QUARTERS];	/* least queue in each quarter of a second */
	unsigned at, count;
	uint64_t from_ns;
	uint64_t still_ns;			/* since then it has been about … */
	double still;				/* … so long */
	double stable_bps;			/* what we were used to, fading */
};

enum rd_scream_why { RD_SCREAM_NOTHING, RD_SCREAM_OTHERS, RD_SCREAM_LONGER };
enum rd_scream_why rd_scream_rival_why(struct rd_scream_rival *r, uint64_t queue_ns, double bps,
	uint64_t now_ns);
void rd_scream_rival_forget(struct rd_scream_rival *r);

/* The whole. */
enum rd_scream_mode {
	RD_SCREAM_START,	/* twice as much about every two round trips (A1) */
	RD_SCREAM_STEADY,
	RD_SCREAM_BRAKE,	/* the path broke in: let the queue run empty (A4) */
	RD_SCREAM_RIVAL,	/* share a queue that others keep full (A5) */
	RD_SCREAM_DRAIN,	/* for a moment, to see the path without our queue */
};

struct rd_scream {
	struct rd_cc base;
	double window, inflection;	/* bytes; where congestion was last */
	double start_bps;		/* told at the beginning; 0: nothing */
	double rtt;			/* ns; 0: not known yet */
	enum rd_scream_mode mode;
	uint64_t mode_ns;		/* since when */
	double brake_bps;		/* delivered while the queue runs empty */
	bool start_again;		/* the loss that ended the start is on trial */
	bool drain_rival;		/* draining out of RIVAL */
	double drained;			/* what was left of the queue after that, and … */
	unsigned drained_same;		/* … how often in a row it was as much */
	uint64_t empty_ns;		/* the queue was last seen empty, or we tried to */
	bool any_congestion;
	uint64_t congestion_ns, reacted_ns, loss_reacted_ns;
	struct rd_scream_delay delay;
	struct rd_scream_loss loss;
	struct rd_scream_use use;
	struct rd_scream_rival rival;
};

/* The window (cc_scream_window.c). */
double rd_scream_clamp(double x, double least, double most);
void rd_scream_set_window(struct rd_scream *s, double bytes);
void rd_scream_congestion(struct rd_scream *s, uint64_t now_ns);
/* How much of the target the queue has beyond half of it, 0 to 1. */
double rd_scream_excess(const struct rd_scream *s);
double rd_scream_window_bps(const struct rd_scream *s);
/* Bytes that the path carries at that rate without a queue. */
double rd_scream_carried(const struct rd_scream *s, double bps);
void rd_scream_grow(struct rd_scream *s, double acked, uint64_t now_ns);
void rd_scream_react_to_delay(struct rd_scream *s, uint64_t now_ns);
void rd_scream_react_to_loss(struct rd_scream *s, const struct rd_cc_lost *l);
/* Seconds have begun in which the window may not have been needed. */
void rd_scream_fade(struct rd_scream *s, unsigned seconds);

/* Modes (cc_scream_mode.c). */
void rd_scream_choose_mode(struct rd_scream *s, uint64_t now_ns);
void rd_scream_leave_start(struct rd_scream *s, uint64_t now_ns);
/* What may be in flight. */
double rd_scream_allowed(const struct rd_scream *s);

#endif
