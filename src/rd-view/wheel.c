#include <math.h>

#include "media/input.h"
#include "rd-view/wheel.h"

/* No device makes more of it at once. */
#define MOST 1000.0

/*
 * Thirds of a notch come as floating point does: what is a thousandth short of a whole
 * 1/120 is one.
 */
static int32_t
turn(double *rest, double notches)
{
	if (!isfinite(notches) || notches == 0)
		return 0;
	if (*rest * notches < 0)
		*rest = 0;
	double all = *rest + fmax(-MOST, fmin(MOST, notches)) * RD_NOTCH;
	double whole = trunc(all + copysign(1e-3, all));
	*rest = all - whole;
	return (int32_t)whole;
}

bool
wheel_turn(struct wheel *w, double x, double y, int32_t *out_x, int32_t *out_y)
{
	*out_x = turn(&w->x, x);
	*out_y = turn(&w->y, y);
	return *out_x || *out_y;
}
