#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rd-view/monitors.h"

static void
add(struct monitors *m, const char *name, int x, int y, int w, int h)
{
	struct rd_monitor *one = &m->there.v[m->there.count++];
	one->rect = (struct rd_rect){x, y, w, h};
	snprintf(one->name, sizeof(one->name), "%s", name);
	m->told = true;
}

static struct monitors
two(const char *wanted)
{
	struct monitors m = {0};
	assert_true(monitors_want(&m, wanted));
	add(&m, "DP-1", 0, 0, 100, 80);
	add(&m, "2", 100, 20, 60, 50);
	m.there.v[1].primary = true;
	return m;
}

static void
is_part(const struct monitor_part *p, const char *name, int x, int y, int w, int h)
{
	assert_string_equal(p->of ? p->of->name : "", name);
	assert_int_equal(p->rect.x, x);
	assert_int_equal(p->rect.y, y);
	assert_int_equal(p->rect.w, w);
	assert_int_equal(p->rect.h, h);
}

static void
shows_all_or_each(void **state)
{
	(void)state;
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	struct monitors m = two("all");
	assert_int_equal(monitors_parts(&m, 160, 80, parts), 1);
	is_part(&parts[0], "", 0, 0, 160, 80);
	assert_false(monitors_want_one(&m));
	monitors_want(&m, "each");
	assert_int_equal(monitors_parts(&m, 160, 80, parts), 2);
	is_part(&parts[0], "DP-1", 0, 0, 100, 80);
	is_part(&parts[1], "2", 100, 20, 60, 50);
	assert_null(monitors_one(&m));
}

/* A monitor that is called 2 is meant by that, wherever it stands. */
static void
finds_one_by_name_then_number(void **state)
{
	(void)state;
	static const struct { const char *wanted; int found; } cases[] = {
		{"DP-1", 0}, {"2", 1}, {"1", 0}, {"primary", 1}, {"3", -1}, {"0", -1}, {"-1", -1},
		{"1x", -1}, {"dp-1", -1}, {"99999999999999999999", -1}, {" ", -1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct monitors m = two(cases[i].wanted);
		assert_true(monitors_want_one(&m));
		assert_ptr_equal(monitors_one(&m),
			cases[i].found < 0 ? NULL : &m.there.v[cases[i].found]);
	}
	struct monitors m = two("1");
	memcpy(m.there.v[1].name, "1", 2);
	assert_ptr_equal(monitors_one(&m), &m.there.v[1]);
	m.there.count = 0;
	assert_null(monitors_one(&m));
	monitors_want(&m, "primary");
	assert_null(monitors_one(&m));
}

static void
takes_names_of_some_length(void **state)
{
	(void)state;
	struct monitors m = two("all");
	char name[RD_MONITOR_NAME_MAX + 2];
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = 0;
	assert_false(monitors_want(&m, name));
	assert_false(monitors_want(&m, ""));
	assert_string_equal(m.wanted, "all");
	name[RD_MONITOR_NAME_MAX] = 0;
	assert_true(monitors_want(&m, name));
}

static void
shows_all_for_what_is_not_there(void **state)
{
	(void)state;
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	struct monitors m = two("HDMI-1");
	assert_int_equal(monitors_parts(&m, 160, 80, parts), 1);
	is_part(&parts[0], "", 0, 0, 160, 80);
	/* It is there, and no pixel of the picture is on it. */
	add(&m, "HDMI-1", 160, 0, 10, 10);
	assert_int_equal(monitors_parts(&m, 160, 80, parts), 1);
	is_part(&parts[0], "", 0, 0, 160, 80);
	m.there.count = 0;
	monitors_want(&m, "each");
	assert_int_equal(monitors_parts(&m, 160, 80, parts), 1);
	is_part(&parts[0], "", 0, 0, 160, 80);
}

static void
keeps_to_the_picture_and_to_one_of_mirrors(void **state)
{
	(void)state;
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	struct monitors m = two("each");
	add(&m, "mirror", 100, 20, 60, 50);
	add(&m, "beside", -50, -50, 60, 60);
	add(&m, "outside", -50, 0, 50, 10);
	add(&m, "over", 150, 70, 65535, 65535);
	assert_int_equal(monitors_parts(&m, 160, 80, parts), 4);
	is_part(&parts[2], "beside", 0, 0, 10, 10);
	is_part(&parts[3], "over", 150, 70, 10, 10);
	/* Both cover all of it. */
	m.there.count = 0;
	add(&m, "a", -1, -1, 1000, 1000);
	add(&m, "b", -2, -2, 2000, 2000);
	assert_int_equal(monitors_parts(&m, 160, 80, parts), 1);
}

static void
shows_so_many_at_most(void **state)
{
	(void)state;
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	struct monitors m = {.told = true};
	char name[8], list[100];
	monitors_want(&m, "each");
	for (int i = 0; i < RD_MONITORS_MAX; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		add(&m, name, i, 0, 10, 10);
	}
	assert_int_equal(monitors_parts(&m, 160, 80, parts), MONITORS_SHOWN_MAX);
	monitors_list(&m, list, sizeof(list));
	assert_int_equal(strncmp(list, "1 m0, 2 m1, ", 12), 0);
	monitors_list(&m, list, 12);
	assert_string_equal(list, "1 m0, 2 m1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_all_or_each),
		cmocka_unit_test(finds_one_by_name_then_number),
		cmocka_unit_test(takes_names_of_some_length),
		cmocka_unit_test(shows_all_for_what_is_not_there),
		cmocka_unit_test(keeps_to_the_picture_and_to_one_of_mirrors),
		cmocka_unit_test(shows_so_many_at_most),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
