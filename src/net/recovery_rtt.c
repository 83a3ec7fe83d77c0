#include "net/recovery_rtt.h"

static uint64_t
max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* RFC 9002 section 5.3. */
void
rd_rtt_sample(struct rd_rtt *r, uint64_t latest_ns, uint64_t ack_delay_ns)
{
	r->latest_ns = max(latest_ns, 1);
	if (r->smoothed_ns == 0) {
		r->min_ns = r->smoothed_ns = r->latest_ns;
		r->var_ns = r->latest_ns / 2;
		return;
	}
	if (r->latest_ns < r->min_ns)
		r->min_ns = r->latest_ns;
	uint64_t adjusted = r->latest_ns;
	if (adjusted >= r->min_ns + ack_delay_ns)
		adjusted -= ack_delay_ns;
	uint64_t off = adjusted > r->smoothed_ns ? adjusted - r->smoothed_ns
						 : r->smoothed_ns - adjusted;
	r->var_ns = (3 * r->var_ns + off) / 4;
	r->smoothed_ns = max((7 * r->smoothed_ns + adjusted) / 8, 1);
}

/* RFC 9002 section 6.2.1, and with no sample yet 6.2.2. */
uint64_t
rd_rtt_pto(const struct rd_rtt *r)
{
	uint64_t smoothed = r->smoothed_ns, var = r->var_ns;

	if (smoothed == 0) {
		smoothed = RD_RECOVERY_INITIAL_RTT_NS;
		var = smoothed / 2;
	}
	var = max(4 * var, RD_RECOVERY_GRANULARITY_NS);
	return max(smoothed + var + RD_RECOVERY_MAX_ACK_DELAY_NS, RD_RECOVERY_PTO_FLOOR_NS);
}

/* RFC 9002 section 6.1.2. */
uint64_t
rd_rtt_loss_delay(const struct rd_rtt *r)
{
	uint64_t rtt = max(r->smoothed_ns, r->latest_ns);

	if (r->smoothed_ns == 0)
		rtt = RD_RECOVERY_INITIAL_RTT_NS;
	return max(rtt + rtt / 8, RD_RECOVERY_GRANULARITY_NS);
}
