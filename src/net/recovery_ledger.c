#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/recovery_ledger.h"

#define LEDGER_FIRST 64		/* slots at first */
#define LOST_FIRST 16

enum state { OUT, DONE };

/* Only the frames that are there: most packets have one or two of eight. */
static void
copy_sent(struct rd_sent *to, const struct rd_sent *from)
{
	assert(from->count <= RD_SENT_FRAMES);
	memcpy(to, from, offsetof(struct rd_sent, frames) + from->count * sizeof(from->frames[0]));
}

void
rd_ledger_finish(struct rd_ledger *l)
{
	free(l->slots);
	*l = (struct rd_ledger){0};
}

struct rd_ledger_slot *
rd_ledger_at(const struct rd_ledger *l, uint64_t pos)
{
	assert(pos >= l->head && pos < l->tail);
	return &l->slots[pos & (l->cap - 1)];
}

static void
grow(struct rd_ledger *l)
{
	size_t cap = l->cap ? l->cap * 2 : LEDGER_FIRST;
	struct rd_ledger_slot *slots = xreallocarray(NULL, cap, sizeof(*slots));

	for (uint64_t pos = l->head; pos < l->tail; pos++)
		slots[pos & (cap - 1)] = l->slots[pos & (l->cap - 1)];
	free(l->slots);
	l->slots = slots;
	l->cap = cap;
}

void
rd_ledger_push(struct rd_ledger *l, const struct rd_sent *p, uint64_t in_flight)
{
	if (l->tail - l->head == l->cap)
		grow(l);
	struct rd_ledger_slot *s = &l->slots[l->tail++ & (l->cap - 1)];
	copy_sent(&s->p, p);
	s->p.state = OUT;
	s->in_flight = in_flight;
}

uint64_t
rd_ledger_find(const struct rd_ledger *l, uint64_t number)
{
	uint64_t low = l->head, high = l->tail;

	if (low == high || number <= rd_ledger_at(l, low)->p.number)
		return low;
	/* Numbers grow by one at least, so it stands there or before; mostly there. */
	uint64_t ahead = number - rd_ledger_at(l, low)->p.number;
	if (ahead < high - low) {
		high = low + ahead;
		if (rd_ledger_at(l, high)->p.number == number)
			return high;
	}
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (rd_ledger_at(l, middle)->p.number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t
rd_ledger_out(struct rd_ledger *l, uint64_t pos)
{
	uint64_t found = pos < l->head ? l->head : pos;

	while (found < l->tail && rd_ledger_at(l, found)->p.state != OUT)
		found = rd_ledger_at(l, found)->next;
	for (uint64_t at = pos; at >= l->head && at < found;) {
		struct rd_ledger_slot *s = rd_ledger_at(l, at);
		at = s->next;
		s->next = found;
	}
	return found;
}

void
rd_ledger_done(struct rd_ledger *l, uint64_t pos)
{
	struct rd_ledger_slot *s = rd_ledger_at(l, pos);

	s->p.state = DONE;
	s->next = pos + 1;
	if (pos == l->head)
		l->head = rd_ledger_out(l, pos);
}

void
rd_lost_finish(struct rd_lost *l)
{
	free(l->slots);
	*l = (struct rd_lost){0};
}

static struct rd_lost_slot *
lost_at(const struct rd_lost *l, uint64_t pos)
{
	return &l->slots[pos & (l->cap - 1)];
}

static void
lost_grow(struct rd_lost *l)
{
	size_t cap = l->cap ? l->cap * 2 : LOST_FIRST;
	struct rd_lost_slot *slots = xreallocarray(NULL, cap, sizeof(*slots));

	for (uint64_t pos = l->head; pos < l->tail; pos++)
		slots[pos & (cap - 1)] = *lost_at(l, pos);
	free(l->slots);
	l->slots = slots;
	l->cap = cap;
}

void
rd_lost_push(struct rd_lost *l, const struct rd_sent *p, uint64_t forget_ns)
{
	if (l->tail - l->head == RD_LOST_MAX)
		l->head++;
	else if (l->tail - l->head == l->cap)
		lost_grow(l);
	struct rd_lost_slot *s = lost_at(l, l->tail++);
	copy_sent(&s->p, p);
	s->forget_ns = forget_ns;
	s->found = false;
}

void
rd_lost_forget(struct rd_lost *l, uint64_t now_ns)
{
	for (; l->head < l->tail; l->head++) {
		const struct rd_lost_slot *s = lost_at(l, l->head);
		if (!s->found && s->forget_ns > now_ns)
			return;
	}
}

static uint64_t
lost_from(const struct rd_lost *l, uint64_t first)
{
	uint64_t low = l->head;

	for (uint64_t high = l->tail; low < high;) {
		uint64_t middle = low + (high - low) / 2;
		if (lost_at(l, middle)->p.number < first)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct rd_sent *
rd_lost_find(struct rd_lost *l, uint64_t first, uint64_t last, uint64_t *pos)
{
	/* Ranges of an ACK have few losses between them: after the first it is but a step. */
	uint64_t at = *pos > l->head ? *pos : lost_from(l, first);

	for (; at < l->tail && lost_at(l, at)->p.number <= last; at++)
		if (lost_at(l, at)->p.number >= first && !lost_at(l, at)->found) {
			lost_at(l, at)->found = true;
			*pos = at + 1;
			return &lost_at(l, at)->p;
		}
	*pos = at;
	return NULL;
}

void
rd_quiet_push(struct rd_quiet *q, uint64_t number, uint64_t sent_ns, uint64_t in_flight)
{
	q->slots[q->next++ % RD_QUIET_MAX] = (struct rd_quiet_slot){number, sent_ns, in_flight, true};
}

const struct rd_quiet_slot *
rd_quiet_acked(struct rd_quiet *q, uint64_t number)
{
	for (unsigned i = 0; i < RD_QUIET_MAX; i++)
		if (q->slots[i].waiting && q->slots[i].number == number) {
			q->slots[i].waiting = false;
			return &q->slots[i];
		}
	return NULL;
}

void
rd_skipped_push(struct rd_skipped *s, uint64_t first, uint64_t last)
{
	s->range[s->count % RD_SKIPPED_MAX].first = first;
	s->range[s->count++ % RD_SKIPPED_MAX].last = last;
}

bool
rd_skipped_within(const struct rd_skipped *s, uint64_t first, uint64_t last)
{
	for (unsigned i = 0; i < s->count && i < RD_SKIPPED_MAX; i++)
		if (first <= s->range[i].last && last >= s->range[i].first)
			return true;
	return false;
}
