#include <stdlib.h>

#include "base/clock.h"
#include "desktop/notches.h"
#include "media/input.h"

#define EACH_NS (RD_NS_PER_S / RD_NOTCHES_PER_S)

/* What may be turned grows with time. */
static void
allow(struct rd_notches_axis *a, uint64_t now_ns)
{
	uint64_t more = (now_ns - a->since_ns) / EACH_NS;

	if (a->since_ns == 0 || more >= (uint64_t)(RD_NOTCHES_MAX - a->allowance)) {
		a->allowance = RD_NOTCHES_MAX;
		a->since_ns = now_ns;
	} else {
		a->allowance += (int)more;
		a->since_ns += more * EACH_NS;
	}
}

static int
turn(struct rd_notches_axis *a, int32_t by, uint64_t now_ns)
{
	const int32_t most = RD_NOTCHES_MAX * RD_NOTCH;

	if ((a->rest > 0 && by < 0) || (a->rest < 0 && by > 0))
		a->rest = 0;
	a->rest += by > most ? most : by < -most ? -most : by;
	int whole = a->rest / RD_NOTCH;
	a->rest -= whole * RD_NOTCH;
	if (whole == 0)
		return 0;
	allow(a, now_ns);
	int n = abs(whole) < a->allowance ? abs(whole) : a->allowance;
	a->allowance -= n;
	return whole < 0 ? -n : n;
}

void
rd_notches_turn(struct rd_notches *n, int32_t x, int32_t y, uint64_t now_ns, int *nx, int *ny)
{
	*nx = turn(&n->x, x, now_ns);
	*ny = turn(&n->y, y, now_ns);
}
