#include <errno.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rd-top/format.h"
#include "rd-top/ring.h"

static void
a_ring_keeps_the_newest(void **state)
{
	struct ring r = {0};
	(void)state;
	assert_true(isnan(ring_back(&r, 0)));
	assert_false(r.known);
	ring_push(&r, NAN);
	assert_false(r.known);
	for (unsigned i = 0; i < 3 * RING_SIZE; i++)
		ring_push(&r, i);
	assert_true(r.known);
	assert_true(ring_back(&r, 0) == 3 * RING_SIZE - 1);
	assert_true(ring_back(&r, RING_SIZE - 1) == 2 * RING_SIZE);
	assert_true(isnan(ring_back(&r, RING_SIZE)));
}

static void
its_greatest_is_of_the_last(void **state)
{
	struct ring r = {0};
	(void)state;
	assert_true(ring_max(&r, 10) == 0);
	ring_push(&r, 9);
	ring_push(&r, NAN);
	ring_push(&r, 4);
	ring_push(&r, 2);
	assert_true(ring_max(&r, 3) == 4);
	assert_true(ring_max(&r, 4) == 9);
	assert_true(ring_max(&r, 400) == 9);
}

static void
is(const char *want, const char *(*format)(char *, double), double value)
{
	char out[FORMAT_MAX];
	assert_string_equal(format(out, value), want);
	/* The list gives a number seven cells. */
	assert_true(strlen(format == format_rate || format == format_bytes || format == format_age ||
		format == format_each_s ? "" : out) <= 7);
}

static void
numbers_have_three_figures(void **state)
{
	(void)state;
	is("-", format_count, NAN);
	is("-", format_count, INFINITY);
	is("0", format_count, 0);
	is("999", format_count, 999.4);
	is("1.00k", format_count, 999.6);
	is("12.3k", format_count, 12345);
	is("1.00M", format_count, 999999);
	is("10.0M", format_count, 9.999e6);
	is("1200T", format_count, 1.2e15);
	is("12.3 Mbit/s", format_rate, 12.34e6);
	is("0 bit/s", format_rate, 0);
	is("23.0 MB", format_bytes, 23e6);
}

static void
times_and_shares_too(void **state)
{
	(void)state;
	is("0.23 ms", format_ms, 0.23);
	is("8.12 ms", format_ms, 8.123);
	is("10.0 ms", format_ms, 9.999);
	is("412 ms", format_ms, 412);
	is("1.00 s", format_ms, 999.7);
	is("25 us", format_us, 25);
	is("1.00 ms", format_us, 999.9);
	is("0 %", format_share, 0);
	is("0.3 %", format_share, 0.003);
	is("12 %", format_share, 0.12);
	is("100 %", format_share, 1);
	is("30.0", format_real, 30);
	is("120", format_real, 120.4);
	is("30.0 /s", format_each_s, 30);
	is("59s", format_age, 59.9);
	is("3:07", format_age, 187);
	is("1:03:07", format_age, 3787);
	is("2d 03h", format_age, 2 * 86400 + 3 * 3600 + 5);
	is("-", format_age, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_keeps_the_newest),
		cmocka_unit_test(its_greatest_is_of_the_last),
		cmocka_unit_test(numbers_have_three_figures),
		cmocka_unit_test(times_and_shares_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
