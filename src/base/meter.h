#ifndef RD_BASE_METER_H
#define RD_BASE_METER_H

#include <stdint.h>

/*
 * A rate: what came of late, a second; what is older weighs less, a third after a
 * second. It has no timer: reading it costs nothing while nothing
 * comes. Zeroed memory is one that never saw anything.
 */
struct rd_meter {
	double sum;		/* faded to `at_ns` */
	uint64_t at_ns, since_ns;
	uint64_t total;
};

void rd_meter_add(struct rd_meter *m, uint64_t amount, uint64_t now_ns);
double rd_meter_rate(const struct rd_meter *m, uint64_t now_ns);

#endif
