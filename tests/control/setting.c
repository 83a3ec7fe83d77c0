#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "control/setting.h"

static void
rates_are_those_of_options(void **state)
{
	(void)state;
	struct rd_control_answer a = {0};
	uint64_t bps = 7;
	assert_int_equal(rd_control_set_rate("max-bitrate", "2M", &bps, &a), 0);
	assert_int_equal(bps, 2000000);
	assert_int_equal(rd_control_set_rate("max-bitrate", "0", &bps, &a), 0);
	assert_int_equal(bps, 0);
	assert_string_equal(a.why, "");
}

static void
what_is_no_rate_changes_nothing(void **state)
{
	(void)state;
	static const char *const wrong[] = {"fast", "", "-1M"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct rd_control_answer a = {0};
		uint64_t bps = 7;
		assert_int_equal(rd_control_set_rate("max-bitrate", wrong[i], &bps, &a), -EINVAL);
		assert_int_equal(bps, 7);
		assert_string_equal(a.why, "max-bitrate is a rate as 800k or 2M, or 0: no bound");
	}
}

static void
a_choice_is_one_of_its_words(void **state)
{
	(void)state;
	static const char *const ways[] = {"auto", "direct", "relay", NULL};
	struct rd_control_answer a = {0};
	int way = 7;
	assert_int_equal(rd_control_set_choice("path", "Direct", ways, &way, &a), -EINVAL);
	assert_int_equal(way, 7);
	assert_string_equal(a.why, "path is auto, direct or relay");
	assert_int_equal(rd_control_set_choice("path", "direct", ways, &way, &a), 0);
	assert_int_equal(way, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_those_of_options),
		cmocka_unit_test(what_is_no_rate_changes_nothing),
		cmocka_unit_test(a_choice_is_one_of_its_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
