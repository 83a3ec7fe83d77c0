#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "rd-view/pace.h"

#define S RD_NS_PER_S
#define MS RD_NS_PER_MS

static void
first_frame_is_due_at_once(void **state)
{
	(void)state;
	struct pace p = {0};
	/* A recording may begin long after its time zero, and the clock before it. */
	assert_int_equal(pace_wait(&p, 3600 * S, 10 * S), 0);
	assert_int_equal(pace_wait(&p, 3600 * S + 40 * MS, 10 * S), 40 * MS);
	assert_int_equal(pace_wait(&p, 3600 * S + 40 * MS, 10 * S + 30 * MS), 10 * MS);
	assert_int_equal(pace_wait(&p, 3600 * S + 40 * MS, 10 * S + 40 * MS), 0);
}

static void
small_delays_are_made_up_for(void **state)
{
	(void)state;
	struct pace p = {0};
	assert_int_equal(pace_wait(&p, 0, 10 * S), 0);
	assert_int_equal(pace_wait(&p, 100 * MS, 10 * S + 500 * MS), 0);
	assert_int_equal(pace_wait(&p, 600 * MS, 10 * S + 500 * MS), 100 * MS);
}

static void
long_delays_are_not(void **state)
{
	(void)state;
	struct pace p = {0};
	assert_int_equal(pace_wait(&p, 0, 10 * S), 0);
	assert_int_equal(pace_wait(&p, 100 * MS, 3600 * S), 0);
	assert_int_equal(pace_wait(&p, 200 * MS, 3600 * S), 100 * MS);
}

static void
a_pause_takes_no_time(void **state)
{
	(void)state;
	struct pace p = {0};
	assert_int_equal(pace_wait(&p, 0, 10 * S), 0);
	pace_toggle(&p, 10 * S + 20 * MS);
	assert_true(p.stopped);
	pace_toggle(&p, 70 * S + 20 * MS);
	assert_false(p.stopped);
	assert_int_equal(pace_wait(&p, 100 * MS, 70 * S + 20 * MS), 80 * MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_frame_is_due_at_once),
		cmocka_unit_test(small_delays_are_made_up_for),
		cmocka_unit_test(long_delays_are_not),
		cmocka_unit_test(a_pause_takes_no_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
