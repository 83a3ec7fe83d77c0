#include "net/cc.h"

/*
 * Credit is counted in bits times 10^9, so that filling at bps for a number of
 * nanoseconds is an exact multiplication: nothing is lost to rounding however
 * often the pacer is asked.
 */
#define BYTE (8 * INT64_C(1000000000))
#define BPS_MAX UINT64_C(1000000000000)	/* beyond this nothing is paced */
#define BURST_NS 1000000
#define BYTES_MAX (1 << 20)	/* in one go */
#define DEBT_MAX (INT64_C(1) << 60)

static int64_t
full(const struct rd_pacer *p, uint64_t bps)
{
	int64_t least = RD_PACER_BURST * BYTE, burst = (int64_t)bps * BURST_NS;
	int64_t first = RD_PACER_FIRST * BYTE - p->used;

	burst = burst > least ? burst : least;
	return burst > first ? burst : first;
}

static void
fill(struct rd_pacer *p, uint64_t bps, uint64_t now_ns)
{
	int64_t most = full(p, bps);
	uint64_t elapsed = now_ns > p->at_ns ? now_ns - p->at_ns : 0;

	if (!p->started || p->credit >= most || elapsed >= (uint64_t)(most - p->credit) / bps + 1)
		p->credit = most;
	else
		p->credit += (int64_t)(elapsed * bps);
	p->started = true;
	p->at_ns = now_ns;
}

uint64_t
rd_pacer_when(struct rd_pacer *p, uint64_t bps, uint32_t bytes, uint64_t now_ns)
{
	if (bps > BPS_MAX)
		bps = BPS_MAX;
	else if (bps == 0)
		bps = 1;
	fill(p, bps, now_ns);
	int64_t need = (bytes < RD_PACER_BURST ? bytes : RD_PACER_BURST) * BYTE;
	if (bps == BPS_MAX || p->credit >= need)
		return now_ns;
	return now_ns + ((uint64_t)(need - p->credit) + bps - 1) / bps;
}

void
rd_pacer_sent(struct rd_pacer *p, uint32_t bytes)
{
	int64_t cost = (bytes < BYTES_MAX ? bytes : BYTES_MAX) * BYTE;

	p->credit -= cost;
	if (p->credit < -DEBT_MAX)
		p->credit = -DEBT_MAX;
	if (p->used < RD_PACER_FIRST * BYTE)
		p->used += cost;
}
