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

#include "rd-top/ui.h"
#include "world.h"

struct stage_of_test { struct model m; struct ui u; };

static int
set_up(void **state)
{
	struct stage_of_test *t = calloc(1, sizeof(*t));
	world_fill(&t->m);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage_of_test *t = *state;
	model_finish(&t->m);
	ui_finish(&t->u);
	free(t);
	return 0;
}

static struct order
press(struct stage_of_test *t, char c)
{
	return ui_key(&t->u, &t->m, (struct key){.name = KEY_CHAR, .point = (uint32_t)c});
}

static struct order
hit(struct stage_of_test *t, enum key_name name)
{
	return ui_key(&t->u, &t->m, (struct key){.name = name});
}

static void
end_is_asked_first(void **state)
{
	struct stage_of_test *t = *state;
	char text[200];
	assert_int_equal(press(t, 'e').kind, ORDER_NONE);
	assert_non_null(ui_question(&t->u, &t->m, text, sizeof(text)));
	assert_string_equal(text, "End office? y: yes, other keys: no");
	assert_int_equal(press(t, 'n').kind, ORDER_NONE);
	assert_null(ui_question(&t->u, &t->m, text, sizeof(text)));
	/* A y that answers nothing does nothing. */
	assert_int_equal(press(t, 'y').kind, ORDER_NONE);
	press(t, 'e');
	struct order o = press(t, 'y');
	assert_int_equal(o.kind, ORDER_TELL);
	assert_string_equal(o.request, "end");
	assert_string_equal(o.who->file, "office.rd-recv.101");
}

static void
one_viewer_is_sent_off(void **state)
{
	struct stage_of_test *t = *state;
	char text[200];
	/* A viewer has none. */
	assert_int_equal(press(t, 'x').kind, ORDER_NONE);
	assert_null(ui_question(&t->u, &t->m, text, sizeof(text)));
	model_select(&t->m, 1);
	press(t, 'x');
	press(t, '2');
	assert_string_equal(ui_question(&t->u, &t->m, text, sizeof(text)),
		"Send off whom, by the number in peers? 2_");
	struct order o = hit(t, KEY_RETURN);
	assert_int_equal(o.kind, ORDER_TELL);
	assert_string_equal(o.request, "end 2");
	assert_string_equal(o.who->file, "share.rd-send.200");
	/* Of one it is asked by name. */
	struct session *s = t->m.session[1];
	s->sum.peers = 1;
	press(t, 'x');
	assert_string_equal(ui_question(&t->u, &t->m, text, sizeof(text)),
		"Send off alice? y: yes, other keys: no");
	assert_int_equal(press(t, 'n').kind, ORDER_NONE);
	press(t, 'x');
	assert_string_equal(press(t, 'y').request, "end 1");
}

static void
the_question_is_about_who_was_asked_for(void **state)
{
	struct stage_of_test *t = *state;
	char text[200];
	press(t, 'e');
	t->m.sort = SORT_RTT;
	model_order(&t->m);
	assert_string_equal(press(t, 'y').who->file, "office.rd-recv.101");
	/* It went away meanwhile. */
	model_select(&t->m, 1);
	press(t, 'e');
	model_remove(&t->m, model_find(&t->m, "office.rd-recv.101"));
	model_remove(&t->m, model_find(&t->m, "office.rd-view.100"));
	ui_question(&t->u, &t->m, text, sizeof(text));
	assert_string_equal(text, "it has ended already; any key");
	assert_int_equal(press(t, 'y').kind, ORDER_NONE);
	assert_int_equal(t->u.ask, ASK_NONE);
}

static void
pause_turns_into_resume(void **state)
{
	struct stage_of_test *t = *state;
	assert_string_equal(press(t, 'p').request, "pause");
	struct program *p = model_find(&t->m, "office.rd-recv.101");
	snprintf(p->now.state, sizeof(p->now.state), "paused");
	model_arrange(&t->m);
	assert_string_equal(press(t, 'p').request, "resume");
}

static void
rates_are_typed(void **state)
{
	struct stage_of_test *t = *state;
	press(t, 'b');
	press(t, '2');
	press(t, '5');
	press(t, ' ');
	hit(t, KEY_RUBOUT);
	press(t, '.');
	press(t, '5');
	press(t, 'M');
	struct order o = hit(t, KEY_RETURN);
	assert_int_equal(o.kind, ORDER_TELL);
	assert_string_equal(o.request, "set max-bitrate=2.5M");
	press(t, 'b');
	assert_int_equal(hit(t, KEY_RETURN).kind, ORDER_NONE);
	press(t, 'b');
	press(t, '1');
	assert_int_equal(hit(t, KEY_ESCAPE).kind, ORDER_NONE);
	assert_int_equal(t->u.ask, ASK_NONE);
	press(t, 'b');
	for (unsigned i = 0; i < 100; i++)
		press(t, '9');
	assert_true(strlen(hit(t, KEY_RETURN).request) < 40);
}

static void
paths_are_forced(void **state)
{
	struct stage_of_test *t = *state;
	press(t, 'f');
	assert_string_equal(press(t, 'r').request, "set path=relay");
	press(t, 'f');
	assert_int_equal(press(t, 'x').kind, ORDER_NONE);
}

static void
who_cannot_is_not_told(void **state)
{
	struct stage_of_test *t = *state;
	model_select(&t->m, 1);
	assert_int_equal(press(t, 'p').kind, ORDER_NONE);
	assert_true(t->u.said_bad);
	assert_string_equal(t->u.said, "share: no program of it can pause");
	press(t, 'f');
	assert_int_equal(t->u.ask, ASK_NONE);
	press(t, 'b');
	assert_int_equal(t->u.ask, ASK_NONE);
	assert_true(t->u.said[0]);
	press(t, ' ');
	assert_false(t->u.said[0]);
}

static void
gets_about(void **state)
{
	struct stage_of_test *t = *state;
	press(t, 'j');
	assert_int_equal(model_selected(&t->m), 1);
	hit(t, KEY_GO_DOWN);
	hit(t, KEY_GO_DOWN);
	assert_int_equal(model_selected(&t->m), 2);
	press(t, 'k');
	assert_int_equal(model_selected(&t->m), 1);
	press(t, 'G');
	assert_int_equal(model_selected(&t->m), 2);
	press(t, 'g');
	assert_int_equal(model_selected(&t->m), 0);
	t->u.rows = 3;
	t->u.first_y = 2;
	ui_key(&t->u, &t->m, (struct key){.name = KEY_CLICKED, .row = 4});
	assert_int_equal(model_selected(&t->m), 2);
	ui_key(&t->u, &t->m, (struct key){.name = KEY_CLICKED, .row = 9});
	assert_int_equal(model_selected(&t->m), 2);
	hit(t, KEY_RETURN);
	assert_int_equal(t->u.page, PAGE_SESSION);
	press(t, '?');
	assert_int_equal(t->u.page, PAGE_HELP);
	assert_int_equal(press(t, 'q').kind, ORDER_NONE);
	assert_int_equal(t->u.page, PAGE_SESSION);
	hit(t, KEY_ESCAPE);
	assert_int_equal(t->u.page, PAGE_LIST);
	assert_int_equal(hit(t, KEY_ESCAPE).kind, ORDER_NONE);
	assert_int_equal(press(t, 'q').kind, ORDER_LEAVE);
}

static void
sorts_by_the_next(void **state)
{
	struct stage_of_test *t = *state;
	press(t, 's');
	assert_int_equal(t->m.sort, SORT_RATE);
	press(t, '<');
	press(t, '<');
	assert_int_equal(t->m.sort, SORT_AGE);
	press(t, '>');
	assert_int_equal(t->m.sort, SORT_NAME);
	press(t, 'r');
	assert_true(t->m.reverse);
	assert_string_equal(t->m.session[0]->name, "stuck");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(end_is_asked_first), TEST(one_viewer_is_sent_off), TEST(the_question_is_about_who_was_asked_for),
		TEST(pause_turns_into_resume), TEST(rates_are_typed), TEST(paths_are_forced),
		TEST(who_cannot_is_not_told), TEST(gets_about), TEST(sorts_by_the_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
