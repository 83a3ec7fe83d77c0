#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "wire/acks.h"

void
rd_acks_init(struct rd_acks *a)
{
	memset(a, 0, sizeof(*a));
}

unsigned
rd_acks_outstanding(const struct rd_acks *a)
{
	return a->count;
}

static void
drop_oldest(struct rd_acks *a)
{
	a->head = (a->head + 1) % RD_ACKS_MAX;
	a->count--;
}

void
rd_acks_sent(struct rd_acks *a, uint32_t number, uint32_t bytes, uint64_t now_ns)
{
	if (a->count == RD_ACKS_MAX)
		drop_oldest(a);
	unsigned i = (a->head + a->count++) % RD_ACKS_MAX;
	a->ring[i].number = number;
	a->ring[i].bytes = bytes;
	a->ring[i].sent_ns = now_ns;
	a->newest = number;
}

/*
 * What was delivered while frames stood outstanding without a gap. That is
 * what the way can carry only if they queued on it, which shows in the round
 * trip; otherwise it is merely what we gave it, and may raise the figure but
 * not lower it.
 */
static void
measure(struct rd_acks *a, uint64_t bytes, uint64_t now_ns)
{
	if (a->busy_ns != 0) {
		uint64_t took = now_ns - a->busy_ns;
		a->busy_bytes += bytes;
		if (took >= RD_ACKS_WINDOW_NS) {
			uint64_t bps = a->busy_bytes * 8 * RD_NS_PER_S / took;
			bool queued = a->rtt_ns > a->rtt_min_ns + RD_ACKS_QUEUED_NS;
			if (a->bps == 0)
				a->bps = queued ? bps : 0;
			else if (queued || bps > a->bps)
				a->bps = (a->bps * 3 + bps) / 4;
			a->busy_ns = 0;
		}
	}
	if (a->count == 0) {
		a->busy_ns = 0;
	} else if (a->busy_ns == 0) {
		a->busy_ns = now_ns;
		a->busy_bytes = 0;
	}
}

int
rd_acks_acked(struct rd_acks *a, uint32_t number, uint64_t now_ns)
{
	uint64_t bytes = 0, sent_ns = 0;
	bool any = false;

	if (number > a->newest)
		return -EPROTO;
	while (a->count > 0 && a->ring[a->head].number <= number) {
		bytes += a->ring[a->head].bytes;
		sent_ns = a->ring[a->head].sent_ns;
		any = true;
		drop_oldest(a);
	}
	if (!any)
		return 0;
	a->rtt_ns = now_ns > sent_ns ? now_ns - sent_ns : 1;
	if (a->rtt_min_ns == 0 || a->rtt_ns < a->rtt_min_ns)
		a->rtt_min_ns = a->rtt_ns;
	measure(a, bytes, now_ns);
	return 0;
}

bool
rd_acks_room(const struct rd_acks *a, uint64_t now_ns)
{
	if (a->count < RD_ACKS_FRAMES)
		return true;
	if (a->count == RD_ACKS_MAX)
		return false;
	uint64_t oldest = a->ring[a->head].sent_ns;
	return now_ns <= oldest + a->rtt_min_ns + RD_ACKS_SLACK_NS;
}
