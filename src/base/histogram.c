#include "base/clock.h"
#include "base/histogram.h"

const double rd_histogram_bounds_s[RD_HISTOGRAM_BOUNDS] = {
	0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.0167, 0.0334, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5,
};

void
rd_histogram_add(struct rd_histogram *h, uint64_t ns)
{
	double s = (double)ns / (double)RD_NS_PER_S;
	int i = 0;
	while (i < RD_HISTOGRAM_BOUNDS && s > rd_histogram_bounds_s[i])
		i++;
	h->count[i]++;
	h->sum_ns += ns;
}
