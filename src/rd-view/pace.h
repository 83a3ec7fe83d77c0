#ifndef RD_VIEW_PACE_H
#define RD_VIEW_PACE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * When a frame of a recording is due. Zeroed memory has not begun. Pure: time
 * is handed in.
 */
struct pace {
	bool begun;
	bool stopped;
	uint64_t zero_ns;	/* the clock at stream time 0; wraps below 0 */
	uint64_t stopped_ns;	/* the clock when it stopped */
};

/* How long until a frame of that stream time is due; 0: it is. */
uint64_t pace_wait(struct pace *p, uint64_t time_ns, uint64_t now_ns);
/* Stops the clock of the recording, or lets it go on. */
void pace_toggle(struct pace *p, uint64_t now_ns);

#endif
