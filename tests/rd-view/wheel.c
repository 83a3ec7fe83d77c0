#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "rd-view/wheel.h"

static int
up(struct wheel *w, double y)
{
	int32_t ox, oy;
	bool any = wheel_turn(w, 0, y, &ox, &oy);
	assert_int_equal(ox, 0);
	assert_int_equal(any, oy != 0);
	return oy;
}

static void
a_notch_is_120(void **state)
{
	(void)state;
	struct wheel w = {0};
	int32_t x, y;

	assert_int_equal(up(&w, 1), 120);
	assert_int_equal(up(&w, -3), -360);
	assert_true(wheel_turn(&w, 0.5, -0.25, &x, &y));
	assert_int_equal(x, 60);
	assert_int_equal(y, -30);
}

static void
what_is_less_than_a_part_waits(void **state)
{
	(void)state;
	struct wheel w = {0};
	int all = 0;

	assert_int_equal(up(&w, 0.004), 0);
	assert_int_equal(up(&w, 0.004), 0);
	assert_int_equal(up(&w, 0.001), 1);
	/* A touchpad's steps, of which each alone is none. */
	w = (struct wheel){0};
	for (int i = 0; i < 1000; i++)
		all += up(&w, -0.003);
	assert_int_equal(all, -360);
	/* Thirds make whole ones, as floats, too. */
	w = (struct wheel){0};
	all = 0;
	for (int i = 0; i < 300; i++)
		all += up(&w, (double)(1.0f / 3));
	assert_int_equal(all, 12000);
}

static void
a_turn_the_other_way_starts_anew(void **state)
{
	(void)state;
	struct wheel w = {0};

	assert_int_equal(up(&w, 0.008), 0);
	assert_int_equal(up(&w, -0.005), 0);
	assert_int_equal(up(&w, -0.005), -1);
}

static void
nonsense_is_bounded(void **state)
{
	(void)state;
	struct wheel w = {0};

	assert_int_equal(up(&w, (double)NAN), 0);
	assert_int_equal(up(&w, (double)INFINITY), 0);
	assert_int_equal(up(&w, 1e300), 120000);
	assert_int_equal(up(&w, -1e300), -120000);
	assert_int_equal(up(&w, 1), 120);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_notch_is_120),
		cmocka_unit_test(what_is_less_than_a_part_waits),
		cmocka_unit_test(a_turn_the_other_way_starts_anew),
		cmocka_unit_test(nonsense_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
