#include "base/clock.h"
#include "rd-view/pace.h"

/* Later than this is a machine that slept, not one that is slow: go on from here. */
#define TOO_LATE_NS RD_NS_PER_S

uint64_t
pace_wait(struct pace *p, uint64_t time_ns, uint64_t now_ns)
{
	if (!p->begun) {
		p->begun = true;
		p->zero_ns = now_ns - time_ns;
	}
	uint64_t due = p->zero_ns + time_ns;
	int64_t wait = (int64_t)(due - now_ns);
	if (wait < -(int64_t)TOO_LATE_NS)
		p->zero_ns = now_ns - time_ns;
	return wait > 0 ? (uint64_t)wait : 0;
}

void
pace_toggle(struct pace *p, uint64_t now_ns)
{
	if (p->stopped)
		p->zero_ns += now_ns - p->stopped_ns;
	p->stopped = !p->stopped;
	p->stopped_ns = now_ns;
}
