#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/histogram.h"

static uint64_t
ns_of(double seconds)
{
	return (uint64_t)(seconds * (double)RD_NS_PER_S + 0.5);
}

static void
bounds_rise_from_a_quarter_of_a_millisecond_to_five_seconds(void **state)
{
	(void)state;
	assert_true(rd_histogram_bounds_s[0] == 0.00025);
	assert_true(rd_histogram_bounds_s[RD_HISTOGRAM_BOUNDS - 1] == 5);
	for (int i = 1; i < RD_HISTOGRAM_BOUNDS; i++)
		assert_true(rd_histogram_bounds_s[i] > rd_histogram_bounds_s[i - 1]);
}

/* Prometheus's le: less or equal. */
static void
a_bound_belongs_to_its_own_bucket(void **state)
{
	(void)state;
	for (int i = 0; i < RD_HISTOGRAM_BOUNDS; i++) {
		struct rd_histogram h = {0};
		rd_histogram_add(&h, ns_of(rd_histogram_bounds_s[i]));
		rd_histogram_add(&h, ns_of(rd_histogram_bounds_s[i]) + 1);
		assert_int_equal(h.count[i], 1);
		assert_int_equal(h.count[i + 1], 1);
	}
}

static void
nothing_is_lost_at_either_end(void **state)
{
	struct rd_histogram h = {0};
	(void)state;
	rd_histogram_add(&h, 0);
	rd_histogram_add(&h, 3600 * RD_NS_PER_S);
	rd_histogram_add(&h, 1);
	assert_int_equal(h.count[0], 2);
	assert_int_equal(h.count[RD_HISTOGRAM_BOUNDS], 1);
	assert_int_equal(h.sum_ns, 3600 * RD_NS_PER_S + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounds_rise_from_a_quarter_of_a_millisecond_to_five_seconds),
		cmocka_unit_test(a_bound_belongs_to_its_own_bucket),
		cmocka_unit_test(nothing_is_lost_at_either_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
