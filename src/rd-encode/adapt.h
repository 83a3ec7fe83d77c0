#ifndef RD_ENCODE_ADAPT_H
#define RD_ENCODE_ADAPT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What to give up while the processor is too slow for what is asked: first
 * frames (a half, a third of them), then size (3/4, 1/2). It steps down when
 * frames have cost more than their time for ADAPT_OVER_NS, and up one step at
 * a time when the better step would have been easy for `patience_ns`, which
 * doubles each time that proves wrong. Pure: time is handed in.
 */
#define ADAPT_OVER_NS (UINT64_C(2) * 1000 * 1000 * 1000)
#define ADAPT_PATIENCE_NS (UINT64_C(10) * 1000 * 1000 * 1000)
#define ADAPT_PATIENCE_MAX_NS (UINT64_C(320) * 1000 * 1000 * 1000)
/* After so long without a frame, what came before says nothing any more. */
#define ADAPT_PAUSE_NS (UINT64_C(1) * 1000 * 1000 * 1000)
/* A step needs at least so many frames as evidence. */
#define ADAPT_FRAMES 8
/* Quarters of the full size that full size has. */
#define ADAPT_QUARTERS 4

struct adapt {
	uint64_t wanted_ns;	/* between two frames, as asked for */
	unsigned level;		/* 0: everything as asked */
	uint64_t cost_ns;	/* of a frame, smoothed */
	uint64_t last_ns;	/* when the last frame was done */
	uint64_t over_ns, easy_ns; /* since when; 0: not now */
	unsigned over_frames, easy_frames;
	uint64_t eased_ns;	/* when it last stepped up; 0: never */
	uint64_t patience_ns;
	bool settling;		/* the next frame pays for the step itself: not counted */
};

void adapt_init(struct adapt *a, uint64_t wanted_ns);
/* A frame took `cost_ns` and is done `now_ns`. Whether the level changed. */
bool adapt_frame(struct adapt *a, uint64_t cost_ns, uint64_t now_ns);
/*
 * The picture rests: what is still may have its full size back, so that it
 * can become exact. Whether the level changed.
 */
bool adapt_rest(struct adapt *a);
/* Time between frames while overloaded; 0: no bound of ours. */
uint64_t adapt_interval(const struct adapt *a);
/* The picture's size in quarters: 4, 3 or 2. */
int adapt_quarters(const struct adapt *a);

#endif
