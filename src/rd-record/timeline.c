#include "rd-record/timeline.h"

void
timeline_source(struct timeline *t, uint64_t end_ns)
{
	*t = (struct timeline){.join_ns = end_ns, .now_ns = end_ns};
}

bool
timeline_at(const struct timeline *t, uint64_t stream_ns, uint64_t *at_ns)
{
	*at_ns = stream_ns - t->zero_ns;
	return t->begun && (int64_t)(*at_ns - t->join_ns) >= 0;
}

bool
timeline_leaps(const struct timeline *t, uint64_t stream_ns, uint64_t now_ns, int64_t most_ns)
{
	return t->begun && (int64_t)(stream_ns - t->zero_ns - now_ns) > most_ns;
}

uint64_t
timeline_heard(struct timeline *t, uint64_t stream_ns, uint64_t clock_ns)
{
	if (!t->begun) {
		t->begun = true;
		t->zero_ns = stream_ns - t->join_ns;
	}
	/* A stream's times do not run backwards; where they do, they stand. */
	uint64_t at = stream_ns - t->zero_ns;
	if ((int64_t)(at - t->now_ns) > 0)
		t->now_ns = at;
	uint64_t skew = clock_ns - t->now_ns;
	if (!t->heard || (int64_t)(skew - t->skew_ns) < 0)
		t->skew_ns = skew;
	t->heard = true;
	return t->now_ns;
}

uint64_t
timeline_now(const struct timeline *t, uint64_t clock_ns)
{
	uint64_t at = clock_ns - t->skew_ns;
	return t->heard && (int64_t)(at - t->now_ns) > 0 ? at : t->now_ns;
}
