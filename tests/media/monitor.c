#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/monitor.h"

static void
one_is_found_by_its_name(void **state)
{
	(void)state;
	const struct rd_monitor_names names = {.count = 3, .v = {"left", "right", "HDMI-1"}};
	assert_int_equal(rd_monitor_names_find(&names, "left"), 0);
	assert_int_equal(rd_monitor_names_find(&names, "HDMI-1"), 2);
	assert_int_equal(rd_monitor_names_find(&names, "HDMI"), -1);
	assert_int_equal(rd_monitor_names_find(&names, ""), -1);
	assert_int_equal(rd_monitor_names_find(&(struct rd_monitor_names){.v = {"left"}}, "left"), -1);
}

static void
names_are_the_same_in_the_same_order(void **state)
{
	(void)state;
	const struct rd_monitor_names two = {.count = 2, .v = {"left", "right"}};
	const struct rd_monitor_names turned = {.count = 2, .v = {"right", "left"}};
	/* What is behind the last one, or its end, does not count. */
	const struct rd_monitor_names more = {.count = 2, .v = {"left\0x", "right", "third"}};
	const struct rd_monitor_names one = {.count = 1, .v = {"left", "right"}}, none = {0};
	assert_true(rd_monitor_names_same(&two, &two));
	assert_true(rd_monitor_names_same(&two, &more));
	assert_false(rd_monitor_names_same(&two, &turned));
	assert_false(rd_monitor_names_same(&two, &one));
	assert_false(rd_monitor_names_same(&one, &none));
	assert_true(rd_monitor_names_same(&none, &none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_found_by_its_name),
		cmocka_unit_test(names_are_the_same_in_the_same_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
