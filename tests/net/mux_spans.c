/* A set of spans beside an array of flags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "net/dice.h"
#include "net/mux_spans.h"

#define SPACE 300

static void
check(const struct rd_spans *s, const bool *in)
{
	bool seen[SPACE] = {0};
	uint64_t before = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct rd_span span = s->at[s->head + i];
		assert_true(span.first < span.end && span.end <= SPACE);
		assert_true(i == 0 || span.first > before);
		before = span.end;
		memset(seen + span.first, 1, span.end - span.first);
	}
	assert_memory_equal(seen, in, sizeof(seen));
	uint64_t prefix = 0;
	while (prefix < SPACE && in[prefix])
		prefix++;
	assert_int_equal(rd_spans_prefix(s), prefix);
	const struct rd_span *lowest = rd_spans_lowest(s);
	assert_true(lowest ? in[lowest->first] : !memchr(in, 1, SPACE));
}

static uint64_t
fill(bool *in, uint64_t first, uint64_t end, bool value)
{
	uint64_t changed = 0;

	for (uint64_t i = first; i < end; i++) {
		changed += in[i] != value;
		in[i] = value;
	}
	return changed;
}

static void
spans_are_a_set(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		struct rd_spans a = {0}, b = {0};
		bool in_a[SPACE] = {0}, in_b[SPACE] = {0};
		for (unsigned i = 0; i < 300; i++) {
			uint64_t first = dice_below(SPACE);
			uint64_t end = first + dice_below(1 + dice_below(SPACE - first));
			switch (dice_below(4)) {
			case 0:
				assert_int_equal(
					rd_spans_add(&a, first, end), fill(in_a, first, end, true));
				break;
			case 1:
				rd_spans_cut(&a, first, end);
				fill(in_a, first, end, false);
				break;
			case 2:
				assert_int_equal(
					rd_spans_add(&b, first, end), fill(in_b, first, end, true));
				break;
			default:
				rd_spans_cut_known(&a, &b, first, end);
				for (uint64_t n = first; n < end; n++)
					in_a[n] = in_a[n] && !in_b[n];
			}
			check(&a, in_a);
			check(&b, in_b);
		}
		rd_spans_finish(&a);
		rd_spans_finish(&b);
	}
}

/* Taken from the front as from a queue: its memory does not grow. */
static void
a_queue_keeps_its_size(void **state)
{
	struct rd_spans s = {0};

	(void)state;
	for (uint64_t i = 0; i < 100000; i++) {
		rd_spans_add(&s, 2 * i, 2 * i + 1);
		if (i >= 10)
			rd_spans_cut(&s, 2 * (i - 10), 2 * (i - 10) + 1);
	}
	assert_int_equal(s.count, 10);
	assert_true(s.cap <= 64);
	rd_spans_finish(&s);
}

/* Zeroed memory, which has no spans yet. */
static void
an_empty_set_has_nothing_to_cut(void **state)
{
	struct rd_spans a = {0}, b = {0};

	(void)state;
	rd_spans_cut(&a, 1, 2);
	rd_spans_cut_known(&a, &b, 0, 10);
	assert_null(rd_spans_lowest(&a));
	assert_int_equal(rd_spans_add(&a, 3, 5), 2);
	rd_spans_cut_known(&a, &b, 0, 10);
	assert_int_equal(a.count, 1);
	rd_spans_finish(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_are_a_set),
		cmocka_unit_test(a_queue_keeps_its_size),
		cmocka_unit_test(an_empty_set_has_nothing_to_cut),
	};

	dice_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
