#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/mux_spans.h"

/* The first span that ends at x or later, counted from the lowest. */
static size_t
find(const struct rd_spans *s, uint64_t x)
{
	/* without spans there may be no memory either */
	if (s->count == 0)
		return 0;
	const struct rd_span *at = s->at + s->head;
	size_t low = 0, high = s->count;

	/* what is acknowledged or lost next mostly lies behind all that is known */
	if (at[high - 1].end < x)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (at[middle].end < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
insert(struct rd_spans *s, size_t i, uint64_t first, uint64_t end)
{
	if (i == 0 && s->head) {
		s->head--;
	} else {
		if (s->head + s->count == s->cap && s->head > s->count) {
			memcpy(s->at, s->at + s->head, s->count * sizeof(*s->at));
			s->head = 0;
		} else if (s->head + s->count == s->cap) {
			s->cap = s->cap ? 2 * s->cap : 4;
			s->at = xreallocarray(s->at, s->cap, sizeof(*s->at));
		}
		struct rd_span *p = s->at + s->head + i;
		memmove(p + 1, p, (s->count - i) * sizeof(*p));
	}
	s->at[s->head + i] = (struct rd_span){first, end};
	s->count++;
}

/* Spans i … j - 1 go. */
static void
erase(struct rd_spans *s, size_t i, size_t j)
{
	if (i == 0) {
		s->head += j;
	} else if (j > i) {
		struct rd_span *at = s->at + s->head;
		memmove(at + i, at + j, (s->count - j) * sizeof(*at));
	}
	s->count -= j - i;
	if (s->count == 0)
		s->head = 0;
}

uint64_t
rd_spans_add(struct rd_spans *s, uint64_t first, uint64_t end)
{
	if (first >= end)
		return 0;
	size_t i = find(s, first), j = i;
	uint64_t added = end - first;
	struct rd_span all = {first, end};
	for (; j < s->count && s->at[s->head + j].first <= end; j++) {
		struct rd_span old = s->at[s->head + j];
		uint64_t from = old.first > first ? old.first : first;
		added -= (old.end < end ? old.end : end) - from;
		if (old.first < all.first)
			all.first = old.first;
		if (old.end > all.end)
			all.end = old.end;
	}
	if (i == j) {
		insert(s, i, first, end);
	} else {
		s->at[s->head + i] = all;
		erase(s, i + 1, j);
	}
	return added;
}

void
rd_spans_cut(struct rd_spans *s, uint64_t first, uint64_t end)
{
	if (first >= end)
		return;
	size_t i = find(s, first + 1);
	if (i < s->count && s->at[s->head + i].first < first) {
		struct rd_span *left = &s->at[s->head + i];
		uint64_t left_end = left->end;
		left->end = first;
		i++;
		if (left_end > end) {
			insert(s, i, end, left_end);
			return;
		}
	}
	size_t j = i;
	while (j < s->count && s->at[s->head + j].end <= end)
		j++;
	if (j < s->count && s->at[s->head + j].first < end)
		s->at[s->head + j].first = end;
	erase(s, i, j);
}

void
rd_spans_cut_known(struct rd_spans *s, const struct rd_spans *other, uint64_t first, uint64_t end)
{
	for (size_t i = find(other, first); i < other->count; i++) {
		struct rd_span known = other->at[other->head + i];
		if (known.first >= end)
			return;
		rd_spans_cut(s, known.first > first ? known.first : first,
			known.end < end ? known.end : end);
	}
}

const struct rd_span *
rd_spans_lowest(const struct rd_spans *s)
{
	return s->count ? &s->at[s->head] : NULL;
}

uint64_t
rd_spans_prefix(const struct rd_spans *s)
{
	return s->count && s->at[s->head].first == 0 ? s->at[s->head].end : 0;
}

void
rd_spans_finish(struct rd_spans *s)
{
	free(s->at);
	*s = (struct rd_spans){0};
}
