#ifndef RD_VIEW_WHEEL_H
#define RD_VIEW_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A wheel's turns, in notches and fractions of them, as 1/120 of a notch; what is
 * less than that waits for more. A turn the other way starts anew. They are taken as
 * this desktop means them: where a person has it scroll the natural way (the window
 * system says "flipped") the programs of the other side scroll so, too. Pure; zeroed
 * memory has not turned.
 */
struct wheel {
	double x, y;		/* in 1/120, within -1 to 1 */
};

/* What is to be sent now, in 1/120; false: nothing yet. */
bool wheel_turn(struct wheel *w, double x, double y, int32_t *out_x, int32_t *out_y);

#endif
