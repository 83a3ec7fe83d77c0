#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/meter.h"

#define START (5 * RD_NS_PER_S)

static void
a_steady_stream_has_its_rate(void **state)
{
	(void)state;
	struct rd_meter m = {0};
	uint64_t now = START;
	for (int i = 0; i < 1000; i++, now += 10 * RD_NS_PER_MS)
		rd_meter_add(&m, 50, now);
	assert_float_equal(rd_meter_rate(&m, now), 5000, 50);
	assert_int_equal(m.total, 50000);
}

static void
it_knows_it_early(void **state)
{
	(void)state;
	struct rd_meter m = {0};
	uint64_t now = START;
	for (int i = 0; i < 60; i++, now += 10 * RD_NS_PER_MS)
		rd_meter_add(&m, 50, now);
	assert_float_equal(rd_meter_rate(&m, now), 5000, 250);
}

static void
it_fades(void **state)
{
	(void)state;
	struct rd_meter m = {0};
	rd_meter_add(&m, 1000000, START);
	double first = rd_meter_rate(&m, START + RD_NS_PER_S);
	assert_true(rd_meter_rate(&m, START + 2 * RD_NS_PER_S) < first);
	assert_true(rd_meter_rate(&m, START + 3600 * RD_NS_PER_S) < 1);
}

static void
nothing_is_nothing(void **state)
{
	(void)state;
	struct rd_meter m = {0};
	assert_float_equal(rd_meter_rate(&m, START), 0, 0);
	/* A clock that is read a little earlier than what was added is no harm. */
	rd_meter_add(&m, 100, START);
	assert_float_equal(rd_meter_rate(&m, START - RD_NS_PER_MS), rd_meter_rate(&m, START), 1e-9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_steady_stream_has_its_rate),
		cmocka_unit_test(it_knows_it_early),
		cmocka_unit_test(it_fades),
		cmocka_unit_test(nothing_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
