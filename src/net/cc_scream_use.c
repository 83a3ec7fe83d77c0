#include "net/cc_scream.h"

#define RATE_NS (50 * RD_NS_PER_MS)	/* at least, and at least a round trip */

unsigned
rd_scream_use_sent(struct rd_scream_use *u, uint64_t in_flight, uint64_t now_ns)
{
	unsigned begun = 0;

	if (u->second_ns == 0)
		u->second_ns = now_ns;
	for (; begun < RD_SCREAM_SECONDS && now_ns - u->second_ns >= RD_NS_PER_S; begun++) {
		u->second_at = (u->second_at + 1) % RD_SCREAM_SECONDS;
		u->most[u->second_at] = 0;
		u->second_ns += RD_NS_PER_S;
	}
	uint64_t missed = (now_ns - u->second_ns) / RD_NS_PER_S;
	u->second_ns += missed * RD_NS_PER_S;
	if (in_flight > u->most[u->second_at])
		u->most[u->second_at] = in_flight;
	return begun + (unsigned)(missed < 3600 ? missed : 3600);
}

double
rd_scream_use_most(const struct rd_scream_use *u, unsigned seconds)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < seconds && i < RD_SCREAM_SECONDS; i++) {
		uint64_t m = u->most[(u->second_at + RD_SCREAM_SECONDS - i) % RD_SCREAM_SECONDS];
		most = m > most ? m : most;
	}
	return (double)most;
}

void
rd_scream_use_acked(struct rd_scream_use *u, uint32_t bytes, uint64_t smoothed_rtt_ns,
	uint64_t now_ns)
{
	uint64_t span = smoothed_rtt_ns > RATE_NS ? smoothed_rtt_ns : RATE_NS;

	if (u->now.from_ns == 0 || now_ns - u->now.from_ns >= 2 * span) {
		/* The first, or after a silence: it only marks where a rate begins. */
		u->before.from_ns = u->now.from_ns = now_ns;
		u->before.bytes = u->now.bytes = 0;
		return;
	}
	if (now_ns - u->now.from_ns >= span) {
		u->before = u->now;
		u->now.from_ns = now_ns;
		u->now.bytes = 0;
	}
	u->now.bytes += bytes;
	uint64_t age = now_ns - u->before.from_ns;
	if (age >= span)
		u->bps = 8e9 * (double)(u->before.bytes + u->now.bytes) / (double)age;
}
