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

#include "rd-top/model.h"
#include "world.h"

static void
programs_of_one_leader_are_a_session(void **state)
{
	struct model m = {0};
	(void)state;
	world_fill(&m);
	assert_int_equal(m.sessions, 3);
	const struct session *s = m.session[0];
	assert_string_equal(s->name, "office");
	assert_int_equal(s->parts, 2);
	assert_string_equal(s->part[0]->now.tool, "rd-recv");
	assert_true(s->sum.figure[FIGURE_RATE] == 3500000);
	assert_true(s->sum.figure[FIGURE_BACK] == 12400);
	assert_true(s->sum.figure[FIGURE_FPS] == 30);
	assert_true(s->sum.figure[FIGURE_LATENCY] == 32.1);
	assert_true(s->sum.figure[FIGURE_AGE] == 188);
	assert_string_equal(s->sum.path, "direct");
	assert_int_equal(s->sum.stages, 3);
	assert_true(fabs(s->sum.stage[0].ms - (32.1 - 2.05 - 1.77)) < 1e-9);
	assert_true(fabs(s->share[KIND_VIDEO] - 0.58) < 1e-9);
	model_finish(&m);
}

static void
of_a_host_the_slowest_viewer_counts(void **state)
{
	struct model m = {0};
	(void)state;
	world_fill(&m);
	const struct snapshot *s = &m.session[1]->sum;
	assert_int_equal(s->peers, 2);
	assert_true(s->figure[FIGURE_RTT] == 41);
	assert_true(s->figure[FIGURE_LOSS] == 0.013);
	assert_string_equal(s->path, "several");
	assert_string_equal(s->policy, "auto");
	assert_string_equal(s->peer[0].rights, "view, input");
	model_finish(&m);
}

static void
order_is(const struct model *m, const char *a, const char *b, const char *c)
{
	assert_string_equal(m->session[0]->name, a);
	assert_string_equal(m->session[1]->name, b);
	assert_string_equal(m->session[2]->name, c);
}

static void
sorts_with_the_unknown_last(void **state)
{
	struct model m = {0};
	(void)state;
	world_fill(&m);
	order_is(&m, "office", "share", "stuck");
	m.sort = SORT_RTT;
	model_order(&m);
	order_is(&m, "share", "office", "stuck");
	m.sort = SORT_AGE;
	model_order(&m);
	order_is(&m, "share", "office", "stuck");
	m.sort = SORT_RATE;
	model_order(&m);
	order_is(&m, "office", "share", "stuck");
	m.sort = SORT_NAME;
	m.reverse = true;
	model_order(&m);
	order_is(&m, "stuck", "share", "office");
	model_finish(&m);
}

static void
who_is_selected_stays_selected(void **state)
{
	struct model m = {0};
	(void)state;
	world_fill(&m);
	assert_int_equal(model_selected(&m), 0);
	model_select(&m, 1);
	m.sort = SORT_RTT;
	model_order(&m);
	assert_int_equal(model_selected(&m), 0);
	assert_string_equal(m.session[0]->name, "share");
	/* Gone: the next takes its place. */
	model_remove(&m, model_find(&m, "share.rd-send.200"));
	assert_int_equal(m.sessions, 2);
	assert_string_equal(m.session[model_selected(&m)]->name, "office");
	model_select(&m, 99);
	assert_int_equal(model_selected(&m), 1);
	model_select(&m, -5);
	assert_int_equal(model_selected(&m), 0);
	while (m.programs)
		model_remove(&m, m.program[0]);
	assert_int_equal(m.sessions, 0);
	model_select(&m, 3);
	assert_int_equal(model_selected(&m), 0);
	model_finish(&m);
}

static void
histories_grow_with_each_look(void **state)
{
	struct model m = {0};
	(void)state;
	world_fill(&m);
	model_look(&m);
	model_arrange(&m);
	assert_int_equal(m.session[0]->ring[FIGURE_RATE].count, 2);
	assert_true(ring_back(&m.session[0]->stage[0].ring, 1) > 2);
	assert_true(isnan(ring_back(&m.session[2]->ring[FIGURE_RATE], 0)));
	/* Nothing new was painted: what it was stands. */
	assert_true(fabs(m.session[0]->share[KIND_VIDEO] - 0.58) < 1e-9);
	struct program *p = model_find(&m, "office.rd-view.100");
	p->now.kind[KIND_COPY] += 50;
	model_look(&m);
	assert_true(m.session[0]->share[KIND_COPY] == 1);
	assert_true(m.session[0]->share[KIND_VIDEO] == 0);
	model_finish(&m);
}

static struct snapshot
film_of(double bytes, double pictures)
{
	struct snapshot s;
	snapshot_clear(&s);
	s.bytes = bytes;
	s.pictures = pictures;
	return s;
}

static void
counters_make_rates(void **state)
{
	struct program p = {0};
	struct snapshot s = film_of(1000, 10);
	(void)state;
	snapshot_clear(&p.now);
	model_take(&p, &s, 5000000000);
	assert_true(isnan(p.now.figure[FIGURE_RATE]));
	s = film_of(3000, 70);
	model_take(&p, &s, 7000000000);
	assert_true(p.now.figure[FIGURE_RATE] == 8000);
	assert_true(p.now.figure[FIGURE_FPS] == 30);
	s = film_of(10, 0);
	model_take(&p, &s, 8000000000);
	assert_true(isnan(p.now.figure[FIGURE_RATE]));
}

static void
who_stands_is_who_goes_on(void **state)
{
	struct model m = {0};
	(void)state;
	world_fill(&m);
	struct program *recv = model_find(&m, "office.rd-recv.101");
	struct program *view = model_find(&m, "office.rd-view.100");
	view->verb[VERB_PAUSE] = view->verb[VERB_RESUME] = view->verb[VERB_END] = true;
	assert_ptr_equal(model_who_does(m.session[0], VERB_PAUSE), recv);
	assert_ptr_equal(model_who_does(m.session[0], VERB_END), view);
	assert_ptr_equal(model_who_does(m.session[0], VERB_RESUME), recv);
	snprintf(view->now.state, sizeof(view->now.state), "paused");
	model_arrange(&m);
	assert_ptr_equal(model_who_does(m.session[0], VERB_RESUME), view);
	assert_string_equal(m.session[0]->sum.state, "paused");
	assert_null(model_who_does(m.session[1], VERB_PAUSE));
	assert_null(model_who_sets(m.session[1], SET_PATH));
	model_finish(&m);
}

static void
is_bounded(void **state)
{
	struct model m = {0};
	char file[64];
	(void)state;
	for (unsigned i = 0; i < MODEL_PROGRAMS_MAX; i++) {
		snprintf(file, sizeof(file), "p.rd-view.%u", i + 1);
		struct program *p = model_add(&m, file);
		assert_non_null(p);
		p->answered = true;
		p->now.pid = (pid_t)i + 1;
	}
	assert_null(model_add(&m, "one.rd-view.9999"));
	model_look(&m);
	assert_int_equal(m.sessions, MODEL_PROGRAMS_MAX);
	/* All of them become others at once. */
	for (unsigned i = 0; i < MODEL_PROGRAMS_MAX; i++)
		m.program[i]->now.pid += 1000;
	model_look(&m);
	assert_int_equal(m.sessions, MODEL_PROGRAMS_MAX);
	model_finish(&m);
}

static void
what_is_no_answer_changes_nothing(void **state)
{
	struct snapshot s;
	static const char *const wrong[] = {
		"", "{", "[]", "{\"ok\":false,\"error\":\"x\"}", "{\"name\":\"a\"}", "{\"ok\":1}",
		"\"ok\"", "{\"ok\":true} x",
	};
	(void)state;
	snapshot_clear(&s);
	s.pid = 7;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(snapshot_parse(&s, wrong[i], strlen(wrong[i])), -EPROTO);
		assert_int_equal(s.pid, 7);
	}
}

static void
strange_values_are_unknown(void **state)
{
	struct snapshot s;
	static const char json[] = "{\"ok\":true,\"name\":7,\"tool\":\"rd-recv\",\"pid\":-1,\"leader\":1e99,"
		"\"rtt_ms\":\"fast\",\"fps\":null,\"kinds\":[1],\"sessions\":{\"a\":1},\"state\":[]}";
	(void)state;
	assert_int_equal(snapshot_parse(&s, json, strlen(json)), 0);
	assert_string_equal(s.name, "");
	assert_int_equal(s.pid, 0);
	assert_int_equal(s.leader, 0);
	assert_true(isnan(s.figure[FIGURE_RTT]) && isnan(s.figure[FIGURE_FPS]));
	assert_true(isnan(s.kind[0]));
	assert_int_equal(s.peers, 0);
}

static void
long_text_is_cut_between_characters(void **state)
{
	struct snapshot s;
	char json[600] = "{\"ok\":true,\"name\":\"";
	(void)state;
	for (unsigned i = 0; i < 100; i++)
		strcat(json, "\u00fc");
	strcat(json, "\"}");
	assert_int_equal(snapshot_parse(&s, json, strlen(json)), 0);
	assert_int_equal(strlen(s.name), 94);
}

static void
help_says_what_it_can(void **state)
{
	bool verb[VERBS], set[SETTABLES];
	char why[64];
	static const char json[] = "{\"ok\":true,\"values\":[{\"key\":\"max-bitrate\",\"set\":true},"
		"{\"key\":\"path\",\"set\":false},7],\"verbs\":[{\"verb\":\"pause\"},{\"verb\":\"end\"}]}";
	static const char no[] = "{\"ok\":false,\"error\":\"not now\",\"name\":\"refused\"}";
	(void)state;
	assert_int_equal(snapshot_parse_help(json, strlen(json), verb, set), 0);
	assert_true(verb[VERB_PAUSE] && verb[VERB_END] && !verb[VERB_REFRESH]);
	assert_true(set[SET_BITRATE] && !set[SET_PATH]);
	assert_int_equal(snapshot_parse_answer(no, strlen(no), why, sizeof(why)), -EPERM);
	assert_string_equal(why, "not now");
	assert_int_equal(snapshot_parse_answer("{\"ok\":true}", 11, why, sizeof(why)), 0);
	assert_int_equal(snapshot_parse_answer("x", 1, why, sizeof(why)), -EPERM);
	assert_true(why[0] != '\0');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_of_one_leader_are_a_session),
		cmocka_unit_test(of_a_host_the_slowest_viewer_counts),
		cmocka_unit_test(sorts_with_the_unknown_last),
		cmocka_unit_test(who_is_selected_stays_selected),
		cmocka_unit_test(histories_grow_with_each_look),
		cmocka_unit_test(counters_make_rates),
		cmocka_unit_test(who_stands_is_who_goes_on),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(what_is_no_answer_changes_nothing),
		cmocka_unit_test(strange_values_are_unknown),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(help_says_what_it_can),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
