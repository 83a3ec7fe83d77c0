#include <math.h>

#include "rd-top/ring.h"

void
ring_push(struct ring *r, double value)
{
	r->value[r->next] = (float)value;
	r->next = (r->next + 1) % RING_SIZE;
	r->known = r->known || !isnan(value);
	if (r->count < RING_SIZE)
		r->count++;
}

double
ring_back(const struct ring *r, unsigned ago)
{
	if (ago >= r->count)
		return NAN;
	return r->value[(r->next + RING_SIZE - 1 - ago) % RING_SIZE];
}

double
ring_max(const struct ring *r, unsigned n)
{
	double max = 0;
	for (unsigned i = 0; i < n && i < r->count; i++) {
		double v = ring_back(r, i);
		if (v > max)
			max = v;
	}
	return max;
}
