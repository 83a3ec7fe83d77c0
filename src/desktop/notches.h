#ifndef RD_DESKTOP_NOTCHES_H
#define RD_DESKTOP_NOTCHES_H

#include <stdint.h>

/*
 * A wheel that turns by 1/120 of a notch, for a desktop that knows whole notches only,
 * as buttons are. What is left waits for the rest; a turn the other way starts anew, as
 * with wheels of libinput. No faster than a person could turn: what a hostile viewer
 * asks for beyond that is lost. Pure: time is handed in. Zeroed memory has not turned.
 */
#define RD_NOTCHES_MAX 50		/* at once … */
#define RD_NOTCHES_PER_S 250		/* … and on and on: a choice, more than a hand turns */

struct rd_notches {
	struct rd_notches_axis { int32_t rest; int allowance; uint64_t since_ns; } x, y;
};

/* By x and y in 1/120; *nx, *ny: whole notches to turn now, of the same sign. */
void rd_notches_turn(struct rd_notches *n, int32_t x, int32_t y, uint64_t now_ns, int *nx, int *ny);

#endif
