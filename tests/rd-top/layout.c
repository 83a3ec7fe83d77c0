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

#include "rd-top/layout.h"
#include "world.h"

/* A page as text, a line each; to be freed. */
static char *
text_of(const struct grid *g)
{
	struct rd_buf out = {0};
	for (unsigned y = 0; y < g->rows; y++) {
		grid_row(g, y, &out);
		rd_buf_u8(&out, '\n');
	}
	rd_buf_u8(&out, 0);
	return (char *)out.data;
}

static char *
list_at(struct model *m, struct ui *u, unsigned rows, unsigned cols, bool utf8)
{
	struct grid g;
	grid_init(&g, rows, cols, utf8);
	layout_list(&g, m, u, "14:03:22");
	char *text = text_of(&g);
	grid_finish(&g);
	return text;
}

static void
has(const char *text, const char *what)
{
	if (!strstr(text, what)) {
		fputs(text, stderr);
		fail_msg("there is no \"%s\"", what);
	}
}

static void
has_not(const char *text, const char *what)
{
	if (strstr(text, what)) {
		fputs(text, stderr);
		fail_msg("there is \"%s\"", what);
	}
}

static void
fits_80_by_24(void **state)
{
	struct model m = {0};
	struct ui u = {0};
	(void)state;
	world_fill(&m);
	char *text = list_at(&m, &u, 24, 80, true);
	has(text, " rd-top  3 sessions  1 does not answer                                 14:03:22\n");
	has(text, " NAME\u25be       PROGRAMS    STATE      bit/s   fps latency     rtt  loss PATH\n");
	has(text, " office      recv+view   streaming  3.50M  30.0 32.1 ms 23.8 ms 0.2 % direct\n");
	has(text, " share       send        serving     812k     -       - 41.0 ms 1.3 % several\n");
	has(text, " stuck       view        hangs          -     -       -       -     -\n");
	has(text, "\n\u2500 office \u2500");
	has(text, "\n rate         3.50 Mbit/s  back 12.4 kbit/s ");
	has(text, "\n   way here   28.3 ms ");
	has(text, "\n   decode     2.05 ms ");
	has(text, "\n path        direct punched, 198.51.100.7:40122\n");
	has(text, "\u2588 copy 12 %   \u2593 exact 30 %  \u2592 video 58 %");
	has(text, "office.example.org  lets us view, sound, input\n");
	has(text, "\n programs    rd-recv      process 101, for 3:07\n             rd-view      process 100, for 3:08\n");
	has(text, "\n q leave  ? help  enter more");
	free(text);
	model_select(&m, 1);
	text = list_at(&m, &u, 24, 80, true);
	has(text, "\n peers       1 alice            relay  41.0 ms  may view, input\n");
	/* No escape, and no mark of direction, gets through. */
	has(text, "b\u00fcro \u65e5\u672c?[31m ");
	has(text, "at most 2.00 Mbit/s");
	free(text);
	model_finish(&m);
	ui_finish(&u);
}

static void
takes_all_of_200_by_50(void **state)
{
	struct model m = {0};
	struct ui u = {0};
	(void)state;
	world_fill(&m);
	for (unsigned i = 0; i < 300; i++)
		model_look(&m);
	char *text = list_at(&m, &u, 50, 200, true);
	has(text, "PATH      at most peers      age RATE\n");
	has(text, "several     2.00M     2   1d 01h ");
	/* The graph in the list reaches its right end. */
	has(text, "\u2588\n share");
	has(text, "   peak       3.50 Mbit/s ");
	free(text);
	model_finish(&m);
	ui_finish(&u);
}

static void
does_without_at_40_by_10(void **state)
{
	struct model m = {0};
	struct ui u = {0};
	(void)state;
	world_fill(&m);
	char *text = list_at(&m, &u, 10, 40, true);
	has(text, "\n office          streaming  3.50M  30.0\n share           serving     812k     -\n");
	has_not(text, "process");
	free(text);
	text = list_at(&m, &u, 4, 40, true);
	has(text, "too small");
	free(text);
	text = list_at(&m, &u, 24, 29, true);
	has(text, "too small");
	free(text);
	model_finish(&m);
	ui_finish(&u);
}

static void
is_ascii_where_there_is_no_more(void **state)
{
	struct model m = {0};
	struct ui u = {0};
	(void)state;
	world_fill(&m);
	model_select(&m, 1);
	char *text = list_at(&m, &u, 40, 120, false);
	for (const char *p = text; *p; p++)
		assert_true(*p == '\n' || (*p >= ' ' && *p < 0x7f));
	has(text, "b?ro ????[31m ");
	has(text, "\n- share ----");
	free(text);
	model_finish(&m);
	ui_finish(&u);
}

/* Whatever the size and whoever is selected: nothing is written elsewhere (sanitizers). */
static void
any_size_will_do(void **state)
{
	struct model m = {0};
	struct ui u = {0};
	struct relay r = {0};
	unsigned sizes = 0;
	(void)state;
	world_fill(&m);
	for (unsigned i = 0; i < 20; i++)
		model_look(&m);
	relay_take(&r, "rd_peers 1\n", 11, 1);
	relay_take(&r, "rd_peers 1\n", 11, 2);
	for (unsigned rows = 1; rows < 64; rows += rows < 30 ? 1 : 7) {
		for (unsigned cols = 1; cols < 260; cols += cols < 90 ? 1 : 13) {
			struct grid g;
			model_select(&m, (long)(rows + cols) % 3);
			grid_init(&g, rows, cols, cols % 2);
			layout_list(&g, &m, &u, "14:03:22");
			layout_one(&g, &m, &u, "14:03:22");
			layout_relay(&g, &r, "http://127.0.0.1:9464/metrics", "14:03:22");
			grid_finish(&g);
			sizes++;
		}
	}
	assert_true(sizes > 3000);
	relay_finish(&r);
	model_finish(&m);
	ui_finish(&u);
}

static void
the_selected_one_is_in_sight(void **state)
{
	struct model m = {0};
	struct ui u = {0};
	char file[64], json[256], *text;
	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		snprintf(file, sizeof(file), "n%02u.rd-view.%u", i, i + 1);
		snprintf(json, sizeof(json), "{\"ok\":true,\"name\":\"n%02u\",\"tool\":\"rd-view\",\"pid\":%u,"
			"\"leader\":%u}", i, i + 1, i + 1);
		world_add(&m, file, json);
	}
	model_look(&m);
	model_select(&m, 39);
	text = list_at(&m, &u, 24, 80, true);
	has(text, "\n n39 ");
	has(text, "\n n33 ");
	has_not(text, "\n n32 ");
	has(text, "\u2500 n39 40 of 40 \u2500");
	free(text);
	model_select(&m, 35);
	text = list_at(&m, &u, 24, 80, true);
	has(text, "\n n39 ");
	free(text);
	model_select(&m, 0);
	text = list_at(&m, &u, 24, 80, true);
	has(text, "\n n00 ");
	has_not(text, "\n n07 ");
	free(text);
	model_finish(&m);
	ui_finish(&u);
}

static void
a_graph_is_eighths(void **state)
{
	struct ring r = {0};
	struct grid g;
	(void)state;
	for (unsigned i = 0; i <= 8; i++)
		ring_push(&r, i);
	ring_push(&r, NAN);
	ring_push(&r, 99);
	grid_init(&g, 1, 12, true);
	grid_graph(&g, 0, 0, 12, 1, &r, 8);
	char *text = text_of(&g);
	/* Unknown, nothing, one to eight, unknown, over the top. */
	assert_string_equal(text, " \u2581\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588 \u2588\n");
	free(text);
	grid_finish(&g);
	grid_init(&g, 2, 3, true);
	grid_graph(&g, 1, 0, 3, 2, &r, 16);
	text = text_of(&g);
	assert_string_equal(text, "  \u2588\n\u2588 \u2588\n");
	free(text);
	grid_finish(&g);
}

static void
wide_text_stays_in_its_cells(void **state)
{
	struct grid g;
	(void)state;
	grid_init(&g, 1, 10, true);
	assert_int_equal(grid_width(&g, "\u65e5\u672c\u8a9e"), 6);
	assert_int_equal(grid_text(&g, 0, 0, 5, STYLE_PLAIN, "\u65e5\u672c\u8a9e"), 5);
	grid_text(&g, 0, 5, 5, STYLE_PLAIN, "abcdef\n");
	char *text = text_of(&g);
	assert_string_equal(text, "\u65e5\u672c\u2026abcd\u2026\n");
	free(text);
	grid_finish(&g);
	grid_init(&g, 1, 10, true);
	grid_text(&g, 0, 0, 10, STYLE_PLAIN, "a\xff\xc3=\x9b\tb");
	text = text_of(&g);
	assert_string_equal(text, "a\?\?=\?\?b\n");
	free(text);
	grid_finish(&g);
}

static void
nothing_runs_and_it_says_so(void **state)
{
	struct model m = {0};
	struct ui u = {0};
	(void)state;
	char *text = list_at(&m, &u, 24, 80, true);
	has(text, "Nothing of yours runs here now.");
	has(text, "rd-share");
	free(text);
	ui_finish(&u);
	model_finish(&m);
}

int
main(void)
{
	/* The layout asks it how wide characters are; every libc of ours has this one. */
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits_80_by_24),
		cmocka_unit_test(takes_all_of_200_by_50),
		cmocka_unit_test(does_without_at_40_by_10),
		cmocka_unit_test(is_ascii_where_there_is_no_more),
		cmocka_unit_test(any_size_will_do),
		cmocka_unit_test(the_selected_one_is_in_sight),
		cmocka_unit_test(a_graph_is_eighths),
		cmocka_unit_test(wide_text_stays_in_its_cells),
		cmocka_unit_test(nothing_runs_and_it_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
