#include "net/cc_scream.h"

#define MINUTE_NS (60 * RD_NS_PER_S)
#define SLOT_NS (RD_NS_PER_MS * 25 / 2)	/* RD_SCREAM_SLOTS of them are 50 ms */
#define JUMP_NS (INT64_C(3600) * 1000000000) /* a clock was set; no queue is that long */

static void
start(struct rd_scream_delay *d, uint64_t difference, uint64_t now_ns)
{
	d->any = true;
	d->rtt_ns = UINT64_MAX;
	d->origin = difference;
	d->base_ns = 0;
	for (unsigned i = 0; i < RD_SCREAM_MINUTES; i++)
		d->minute[i] = INT64_MAX;
	d->minute[d->minute_at] = 0;
	d->minute_ns = now_ns;
}

static void
next_minutes(struct rd_scream_delay *d, uint64_t now_ns)
{
	for (unsigned i = 0; i < RD_SCREAM_MINUTES && now_ns - d->minute_ns >= MINUTE_NS; i++) {
		d->minute_at = (d->minute_at + 1) % RD_SCREAM_MINUTES;
		d->minute[d->minute_at] = INT64_MAX;
		d->minute_ns += MINUTE_NS;
	}
	if (now_ns - d->minute_ns >= MINUTE_NS)
		d->minute_ns = now_ns;
	d->base_ns = INT64_MAX;
	for (unsigned i = 0; i < RD_SCREAM_MINUTES; i++)
		if (d->minute[i] < d->base_ns)
			d->base_ns = d->minute[i];
}

static void
note_base(struct rd_scream_delay *d, int64_t way_ns, uint64_t now_ns)
{
	if (now_ns - d->minute_ns >= MINUTE_NS)
		next_minutes(d, now_ns);
	if (way_ns < d->minute[d->minute_at])
		d->minute[d->minute_at] = way_ns;
	if (way_ns < d->base_ns)
		d->base_ns = way_ns;
}

/* Radio links hand packets over in lumps: only the least delay of a while is a queue. */
static void
note_least(struct rd_scream_delay *d, uint64_t now_ns)
{
	if (now_ns - d->slot[d->slot_at].from_ns >= SLOT_NS) {
		d->slot_at = (d->slot_at + 1) % RD_SCREAM_SLOTS;
		d->slot[d->slot_at].from_ns = now_ns;
		d->slot[d->slot_at].low_ns = d->raw_ns;
	} else if (d->raw_ns < d->slot[d->slot_at].low_ns) {
		d->slot[d->slot_at].low_ns = d->raw_ns;
	}
	d->queue_ns = d->raw_ns;
	for (unsigned i = 0; i < RD_SCREAM_SLOTS; i++)
		if (now_ns - d->slot[i].from_ns < RD_SCREAM_SLOTS * SLOT_NS &&
			d->slot[i].low_ns < d->queue_ns)
			d->queue_ns = d->slot[i].low_ns;
}

void
rd_scream_delay_sample(struct rd_scream_delay *d, const struct rd_cc_acked *a)
{
	uint64_t difference = a->received_ns - a->sent_ns;
	int64_t way_ns = (int64_t)(difference - d->origin);

	if (!d->any || way_ns > JUMP_NS || way_ns < -JUMP_NS) {
		start(d, difference, a->now_ns);
		way_ns = 0;
	}
	note_base(d, way_ns, a->now_ns);
	uint64_t queue = (uint64_t)(way_ns - d->base_ns);
	if (a->rtt_ns < d->rtt_ns)
		d->rtt_ns = a->rtt_ns;
	/* No queue delays one way by more than both ways: this, from one clock, knows no drift. */
	uint64_t most = a->rtt_ns - d->rtt_ns;
	d->raw_ns = queue < most ? queue : most;
	note_least(d, a->now_ns);
}

void
rd_scream_delay_forget(struct rd_scream_delay *d)
{
	*d = (struct rd_scream_delay){0};
}

void
rd_scream_delay_average(struct rd_scream_delay *d)
{
	double queue = (double)d->queue_ns, off = queue - d->average_ns;

	d->average_ns = off < 0 ? queue : d->average_ns + off / 4;
	d->jitter_ns += ((off < 0 ? -off : off) - d->jitter_ns) / 8;
}
