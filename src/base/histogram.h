#ifndef RD_BASE_HISTOGRAM_H
#define RD_BASE_HISTOGRAM_H

#include <stdint.h>

/*
 * How long something took, each time: how often no longer than so many of a row of
 * bounds, which are the same for ever and everywhere, so that machines and versions
 * can be added up. Pure; zeroed memory is one that never saw anything.
 */
#define RD_HISTOGRAM_BOUNDS 16
/* From a quarter of a millisecond to five seconds; a frame of 60 and of 30 a second are bounds. */
extern const double rd_histogram_bounds_s[RD_HISTOGRAM_BOUNDS];

struct rd_histogram {
	uint64_t count[RD_HISTOGRAM_BOUNDS + 1]; /* of each bucket alone; the last is above all bounds */
	uint64_t sum_ns;
};

void rd_histogram_add(struct rd_histogram *h, uint64_t ns);

#endif
