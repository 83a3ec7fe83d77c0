#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "rd-record/timeline.h"

#define S RD_NS_PER_S

static void
the_first_picture_is_at_zero(void **state)
{
	(void)state;
	struct timeline t = {0};
	timeline_source(&t, 0);
	assert_int_equal(timeline_heard(&t, 100 * S, 7 * S), 0);
	assert_int_equal(timeline_heard(&t, 103 * S, 10 * S), 3 * S);
	/* Times that run backwards stand. */
	assert_int_equal(timeline_heard(&t, 102 * S, 10 * S), 3 * S);
}

static void
sources_are_joined(void **state)
{
	(void)state;
	struct timeline t = {0};
	timeline_source(&t, 0);
	timeline_heard(&t, 5 * S, 0);
	timeline_heard(&t, 9 * S, 0);
	timeline_source(&t, 4 * S + 1);
	assert_int_equal(timeline_heard(&t, 1 * S, 0), 4 * S + 1);
	assert_int_equal(timeline_heard(&t, 2 * S, 0), 5 * S + 1);
}

static void
now_follows_the_clock(void **state)
{
	(void)state;
	struct timeline t = {0};
	timeline_source(&t, 0);
	assert_int_equal(timeline_now(&t, 50 * S), 0);
	timeline_heard(&t, 1 * S, 50 * S);
	assert_int_equal(timeline_now(&t, 52 * S), 2 * S);
	/* One that came late says nothing of the clocks, … */
	timeline_heard(&t, 2 * S, 55 * S);
	assert_int_equal(timeline_now(&t, 55 * S), 5 * S);
	/* … and one that came early does: a stream that is read faster than it was. */
	timeline_heard(&t, 21 * S, 56 * S);
	assert_int_equal(timeline_now(&t, 56 * S), 20 * S);
	assert_int_equal(timeline_now(&t, 57 * S), 21 * S);
}

static void
what_is_far_ahead_leaps(void **state)
{
	(void)state;
	struct timeline t = {0};
	timeline_source(&t, 0);
	/* Before the first picture nothing is known, and any time can be its. */
	assert_false(timeline_leaps(&t, UINT64_C(1) << 62, 0, 10 * S));
	timeline_heard(&t, 1000 * S, 0);
	assert_false(timeline_leaps(&t, 1010 * S, 0, 10 * S));
	assert_true(timeline_leaps(&t, 1010 * S + 1, 0, 10 * S));
	assert_true(timeline_leaps(&t, UINT64_C(1) << 62, 0, 10 * S));
	/* A desktop that has rested for long is as far as the clock is. */
	assert_false(timeline_leaps(&t, 5000 * S, 4000 * S, 10 * S));
	assert_false(timeline_leaps(&t, 1 * S, 0, 10 * S));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_picture_is_at_zero),
		cmocka_unit_test(sources_are_joined),
		cmocka_unit_test(now_follows_the_clock),
		cmocka_unit_test(what_is_far_ahead_leaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
