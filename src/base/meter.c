#include <math.h>

#include "base/clock.h"
#include "base/meter.h"

/* It falls to a third in so long. */
#define TAU_S 1.0

static double
faded(const struct rd_meter *m, uint64_t now_ns)
{
	double past = now_ns > m->at_ns ? (double)(now_ns - m->at_ns) / (double)RD_NS_PER_S : 0;
	return m->sum * exp(-past / TAU_S);
}

void
rd_meter_add(struct rd_meter *m, uint64_t amount, uint64_t now_ns)
{
	if (!m->since_ns)
		m->since_ns = now_ns;
	m->sum = faded(m, now_ns) + (double)amount;
	m->at_ns = now_ns;
	m->total += amount;
}

/* In its first seconds it has not seen as much as the weights would add up to. */
double
rd_meter_rate(const struct rd_meter *m, uint64_t now_ns)
{
	if (!m->since_ns)
		return 0;
	double age = now_ns > m->since_ns ? (double)(now_ns - m->since_ns) / (double)RD_NS_PER_S : 0;
	double seen = TAU_S * (1 - exp(-(age < 0.5 ? 0.5 : age) / TAU_S));
	return faded(m, now_ns) / seen;
}
