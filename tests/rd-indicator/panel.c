#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "rd-indicator/panel.h"

#define WIDE 100000

static struct people
so_many(unsigned n)
{
	struct people p = {.count = n};
	for (unsigned i = 0; i < n; i++) {
		p.who[i].id = i + 1;
		snprintf(p.who[i].name, PEOPLE_NAME, "viewer %u", i + 1);
	}
	return p;
}

static int
height(const struct people *p, int scale, bool hinted)
{
	struct panel panel = {0};
	const struct panel_look look = {p, scale, WIDE, PANEL_NONE, "a key", hinted};
	assert_int_equal(panel_draw(&panel, &look), 0);
	int h = panel.im.height;
	panel_finish(&panel);
	return h;
}

/* At every size the buttons are inside, apart, and found where they are. */
static void
test_buttons(void **state)
{
	struct people p = so_many(1);
	(void)state;
	for (int scale = 1; scale <= 20; scale++) {
		struct panel panel = {0};
		const struct panel_look look = {&p, scale, WIDE, PANEL_PAUSE, "", false};
		assert_int_equal(panel_draw(&panel, &look), 0);
		const struct rd_rect *a = &panel.pause, *b = &panel.end;
		assert_true(a->x > 0 && a->x + a->w <= b->x);
		assert_true(b->x + b->w <= panel.im.width && b->y + b->h <= panel.im.height);
		assert_int_equal(panel_at(&panel, a->x, a->y), PANEL_PAUSE);
		assert_int_equal(panel_at(&panel, b->x + b->w - 1, b->y + b->h - 1), PANEL_END);
		assert_int_equal(panel_at(&panel, a->x - 1, a->y), PANEL_NONE);
		panel_finish(&panel);
	}
}

static void
test_lines(void **state)
{
	struct people one = so_many(1), four = so_many(4), all = so_many(PEOPLE_MAX);
	(void)state;
	int line = height(&one, 2, true) - height(&one, 2, false);
	assert_true(line > 0);
	assert_int_equal(height(&four, 2, false), height(&one, 2, false) + 3 * line);
	/* More than four share the last line. */
	assert_int_equal(height(&all, 2, false), height(&four, 2, false));
}

/* A name as long as it may be, and a pause: nothing is drawn outside. */
static void
test_long(void **state)
{
	struct people p = so_many(2);
	struct panel panel = {0};
	(void)state;
	for (int i = 0; i < PEOPLE_NAME - 1; i++)
		p.who[0].name[i] = 'W';
	p.who[0].name[PEOPLE_NAME - 1] = '\0';
	p.who[0].hears = p.who[0].speaks = p.who[0].controls = true;
	for (int paused = 0; paused < 2; paused++) {
		p.paused = paused;
		const struct panel_look look = {&p, 3, WIDE, PANEL_END, "keys", true};
		assert_int_equal(panel_draw(&panel, &look), 0);
		assert_true(panel.end.x + panel.end.w <= panel.im.width);
	}
	panel_finish(&panel);
}

/* On a narrow monitor the buttons are in sight: names are cut, then letters get smaller. */
static void
test_narrow(void **state)
{
	struct people p = so_many(3);
	(void)state;
	for (int i = 0; i < PEOPLE_NAME - 1; i++)
		p.who[1].name[i] = '%';
	p.who[1].hears = p.who[1].speaks = p.who[1].controls = true;
	for (int most = 520; most < 2000; most += 60) {
		struct panel panel = {0};
		const struct panel_look look = {&p, 3, most, PANEL_NONE, "keys that are long to write, both of them, "
			"and stand where there is room for all of it or less", true};
		assert_int_equal(panel_draw(&panel, &look), 0);
		assert_true(panel.im.width <= most);
		assert_true(panel.end.x + panel.end.w <= panel.im.width);
		panel_finish(&panel);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buttons),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_narrow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
