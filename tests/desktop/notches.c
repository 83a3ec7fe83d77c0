#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "desktop/notches.h"
#include "media/input.h"

/* The whole notches of one turn up. */
static int
up(struct rd_notches *n, int32_t y, uint64_t now_ns)
{
	int nx, ny;
	rd_notches_turn(n, 0, y, now_ns, &nx, &ny);
	assert_int_equal(nx, 0);
	return ny;
}

static void
fractions_add_up(void **state)
{
	(void)state;
	struct rd_notches n = {0};
	int whole = 0;

	for (int i = 0; i < 7; i++)
		assert_int_equal(up(&n, 15, 1), 0);
	assert_int_equal(up(&n, 15, 1), 1);
	for (int i = 0; i < 1200; i++)
		whole += up(&n, -7, 1 + (uint64_t)i * RD_NS_PER_MS);
	assert_int_equal(whole, -70);
	assert_int_equal(up(&n, 119, 1), 0);
	assert_int_equal(up(&n, 241, 1), 3);
}

static void
a_turn_the_other_way_starts_anew(void **state)
{
	(void)state;
	struct rd_notches n = {0};

	assert_int_equal(up(&n, 119, 1), 0);
	assert_int_equal(up(&n, -1, 1), 0);
	assert_int_equal(up(&n, -118, 1), 0);
	assert_int_equal(up(&n, -1, 1), -1);
	assert_int_equal(up(&n, 0, 1), 0);
}

static void
the_axes_are_apart(void **state)
{
	(void)state;
	struct rd_notches n = {0};
	int nx, ny;

	rd_notches_turn(&n, 60, -60, 1, &nx, &ny);
	assert_int_equal(nx, 0);
	rd_notches_turn(&n, 60, -60, 1, &nx, &ny);
	assert_int_equal(nx, 1);
	assert_int_equal(ny, -1);
}

static void
nobody_turns_faster_than_a_person(void **state)
{
	(void)state;
	struct rd_notches n = {0};
	uint64_t now = 1;
	int64_t all = 0;

	assert_int_equal(up(&n, INT32_MAX, now), RD_NOTCHES_MAX);
	assert_int_equal(up(&n, INT32_MAX, now), 0);
	assert_int_equal(up(&n, INT32_MIN, now), 0);
	for (int i = 0; i < 100000; i++) {
		now += RD_NS_PER_S / 10000;
		all -= up(&n, INT32_MIN, now);
	}
	assert_in_range(all, 10 * RD_NOTCHES_PER_S - 2, 10 * RD_NOTCHES_PER_S + 2);
	/* After a rest as much at once as ever. */
	assert_int_equal(up(&n, 200 * RD_NOTCH, now + 10 * RD_NS_PER_S), RD_NOTCHES_MAX);
}

static void
what_a_person_turns_is_all_done(void **state)
{
	(void)state;
	struct rd_notches n = {0};
	int all = 0;

	for (int i = 0; i < 1000; i++)
		all += up(&n, RD_NOTCH, 1 + (uint64_t)i * 5 * RD_NS_PER_MS);
	assert_int_equal(all, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fractions_add_up),
		cmocka_unit_test(a_turn_the_other_way_starts_anew),
		cmocka_unit_test(the_axes_are_apart),
		cmocka_unit_test(nobody_turns_faster_than_a_person),
		cmocka_unit_test(what_a_person_turns_is_all_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
