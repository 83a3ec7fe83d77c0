#include <string.h>

#include "net/received.h"

#define MAX (RD_FRAME_ACK_RANGES + 1)

void
rd_received_init(struct rd_received *r)
{
	*r = (struct rd_received){ .due_ns = UINT64_MAX };
}

static void
remove_range(struct rd_received *r, unsigned i)
{
	memmove(&r->range[i], &r->range[i + 1], (r->count - i - 1) * sizeof(r->range[0]));
	r->count--;
}

/* A range of its own before range i; the oldest goes when there is no room. */
static void
insert_range(struct rd_received *r, unsigned i, uint64_t number)
{
	if (r->count == MAX)
		r->count--;
	memmove(&r->range[i + 1], &r->range[i], (r->count - i) * sizeof(r->range[0]));
	r->range[i].first = r->range[i].last = number;
	r->count++;
}

static void
add(struct rd_received *r, uint64_t number)
{
	unsigned i = 0; /* the first range that begins at or below the number */

	while (i < r->count && r->range[i].first > number)
		i++;
	if (i < r->count && number <= r->range[i].last)
		return;
	bool above = i > 0 && r->range[i - 1].first == number + 1;
	bool below = i < r->count && r->range[i].last + 1 == number;
	if (above && below) {
		r->range[i - 1].first = r->range[i].first;
		remove_range(r, i--);
	} else if (above) {
		r->range[--i].first = number;
	} else if (below) {
		r->range[i].last = number;
	} else if (i < MAX) {
		insert_range(r, i, number);
	} else {
		return;
	}
	r->range[i].told = r->acks + 1;
}

void
rd_received_packet(struct rd_received *r, uint64_t number, bool eliciting, uint64_t now_ns)
{
	bool first = r->count == 0;
	bool in_order = first || number == r->largest + 1;

	if (first || number > r->largest) {
		r->largest = number;
		r->largest_ns = now_ns;
	}
	add(r, number);
	if (!eliciting)
		return;
	r->pending++;
	if (!in_order || r->pending >= RD_RECEIVED_EVERY)
		r->now = true;
	if (r->now)
		r->due_ns = now_ns;
	else if (r->due_ns == UINT64_MAX)
		r->due_ns = now_ns + RD_RECEIVED_DELAY_NS;
}

bool
rd_received_due(const struct rd_received *r, uint64_t now_ns)
{
	return r->now || now_ns >= r->due_ns;
}

uint64_t
rd_received_deadline(const struct rd_received *r)
{
	return r->due_ns;
}

bool
rd_received_ack(const struct rd_received *r, uint64_t epoch_ns, uint64_t now_ns,
	struct rd_ack *out)
{
	if (r->count == 0)
		return false;
	out->largest = r->largest;
	out->received_us = r->largest_ns > epoch_ns ? (r->largest_ns - epoch_ns) / 1000 : 0;
	out->delay_us = now_ns > r->largest_ns ? (now_ns - r->largest_ns) / 1000 : 0;
	out->count = r->count;
	for (unsigned i = 0; i < r->count; i++) {
		out->range[i].first = r->range[i].first;
		out->range[i].last = r->range[i].last;
	}
	return true;
}

uint64_t
rd_received_sent(struct rd_received *r)
{
	r->pending = 0;
	r->now = false;
	r->due_ns = UINT64_MAX;
	return ++r->acks;
}

/* The newest range stays: an ACK names the largest number, whatever else. */
void
rd_received_known(struct rd_received *r, uint64_t ack)
{
	unsigned kept = 1;

	for (unsigned i = 1; i < r->count; i++)
		if (r->range[i].told > ack)
			r->range[kept++] = r->range[i];
	if (r->count > 0)
		r->count = kept;
}
