#include "base/clock.h"
#include "rd-record/purse.h"

/* So much may be spent ahead: some eight whole pictures of 1080p, two scrolls of a page. */
#define AHEAD_CPU_NS (200 * RD_NS_PER_MS)
/* Debts beyond that are forgiven: what could not be put off would be paid for by what comes later. */
#define DEBT_NS (500 * RD_NS_PER_MS)

void
purse_init(struct purse *p, double share, uint64_t cpu_ns)
{
	*p = (struct purse){.share = share, .cpu_ns = cpu_ns};
}

/* How long it takes until the share has paid for so much. */
static uint64_t
time_for(const struct purse *p, uint64_t cpu_ns)
{
	return (uint64_t)((double)cpu_ns / p->share);
}

void
purse_spend(struct purse *p, uint64_t now_ns, uint64_t cpu_ns)
{
	if (p->share <= 0)
		return;
	uint64_t most = now_ns + time_for(p, AHEAD_CPU_NS) + DEBT_NS;
	p->paid_ns = p->paid_ns > now_ns ? p->paid_ns : now_ns;
	p->paid_ns += time_for(p, cpu_ns - p->cpu_ns);
	p->paid_ns = p->paid_ns < most ? p->paid_ns : most;
	p->cpu_ns = cpu_ns;
}

uint64_t
purse_ready(const struct purse *p, double part)
{
	uint64_t ahead = p->share > 0 ? (uint64_t)(part * (double)time_for(p, AHEAD_CPU_NS)) : 0;
	return p->paid_ns > ahead ? p->paid_ns - ahead : 0;
}
