#ifndef RD_TOP_RING_H
#define RD_TOP_RING_H

#include <stdbool.h>

/*
 * What a number has been lately, one value a look. Zeroed memory is an empty
 * one. NAN is a look at which it was not known.
 */
#define RING_SIZE 512	/* more than any terminal is wide */

struct ring {
	float value[RING_SIZE];
	unsigned count, next;
	bool known;		/* it ever was */
};

void ring_push(struct ring *r, double value);
/* What it was `ago` looks ago; 0: last; NAN where there was none. */
double ring_back(const struct ring *r, unsigned ago);
/* The greatest of the last n, or 0. */
double ring_max(const struct ring *r, unsigned n);

#endif
