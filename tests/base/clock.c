#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"

static void
time_goes_on(void **state)
{
	(void)state;
	uint64_t a = rd_clock_ns();
	uint64_t b = rd_clock_ns();
	assert_true(a > 0 && b >= a);
	/* After 2020, and before this counter ends in 2554. */
	assert_true(rd_clock_wall_ns() > UINT64_C(1577836800) * RD_NS_PER_S);
}

static void
work_costs_time(void **state)
{
	(void)state;
	uint64_t start = rd_clock_cpu_ns();
	volatile unsigned sum = 0;
	do {
		for (unsigned i = 0; i < 1000; i++)
			sum += i;
	} while (rd_clock_cpu_ns() == start);
	assert_true(rd_clock_cpu_ns() > start);
}

static void
a_boot_has_a_name(void **state)
{
	(void)state;
	uint8_t a[16], b[16];
	const uint8_t zero[16] = {0};
	rd_clock_boot_id(a);
	rd_clock_boot_id(b);
	assert_memory_equal(a, b, 16);
	assert_true(memcmp(a, zero, 16) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_goes_on),
		cmocka_unit_test(work_costs_time),
		cmocka_unit_test(a_boot_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
