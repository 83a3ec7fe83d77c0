#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rd-view/terminal_ask.h"
#include "rd-view/terminal_paint.h"

static struct terminal_place
place(int cols, int rows, int cell_w, int cell_h)
{
	return (struct terminal_place){.cols = cols, .rows = rows, .cell_w = cell_w, .cell_h = cell_h};
}

/* As large as fits, in its shape, in the middle. */
static void
test_fit(void **state)
{
	(void)state;
	struct terminal_painter p = {.ops = &terminal_cells, .utf8 = true};
	struct terminal_place at = place(80, 23, 10, 20);
	terminal_painter_dots(&p, &at);
	terminal_place_fit(&at, 1920, 1080);
	/* 800 by 450 pixels of 800 by 460: 80 by 45 dots. */
	assert_int_equal(at.width, 80);
	assert_int_equal(at.height, 45);
	assert_int_equal(at.col, 0);
	assert_int_equal(at.row, 0);
	terminal_place_fit(&at, 100, 800);
	assert_int_equal(at.width, 6);
	assert_int_equal(at.height, 46);
	assert_int_equal(at.col, 37);
	/* Pixels are not enlarged, and the shape is never nothing. */
	p.ops = &terminal_kitty;
	terminal_painter_dots(&p, &at);
	terminal_place_fit(&at, 320, 200);
	assert_int_equal(at.width, 320);
	assert_int_equal(at.height, 200);
	assert_int_equal(at.col, 24);
	assert_int_equal(at.row, 6);
	terminal_place_fit(&at, 8192, 1);
	assert_int_equal(at.width, 800);
	assert_int_equal(at.height, 1);
}

/* There and back: the middle of each unit is in the picture's pixel under it. */
static void
test_to_picture(void **state)
{
	(void)state;
	struct terminal_place at = place(80, 24, 8, 16);
	at.dots_x = 8;
	at.dots_y = 16;
	terminal_place_fit(&at, 320, 192);
	int x = 160, y = 96;
	assert_true(terminal_place_to_picture(&at, 8, 16, &x, &y));
	assert_int_equal(x, 0);
	assert_int_equal(y, 0);
	x = 479, y = 287;
	assert_true(terminal_place_to_picture(&at, 8, 16, &x, &y));
	assert_int_equal(x, 319);
	assert_int_equal(y, 191);
	x = 159, y = 288;
	assert_false(terminal_place_to_picture(&at, 8, 16, &x, &y));
	assert_int_equal(x, 0);
	assert_int_equal(y, 191);
	/* By cells: the middle of it. */
	x = 20, y = 6;
	assert_true(terminal_place_to_picture(&at, 1, 1, &x, &y));
	assert_int_equal(x, 4);
	assert_int_equal(y, 8);
}

struct screen {
	struct terminal_painter p;
	struct rd_image im;
	struct rd_buf out;
};

static void
open_screen(struct screen *s, const struct terminal_painter_ops *ops, enum terminal_colors colors,
	bool utf8)
{
	*s = (struct screen){.p = {.ops = ops, .colors = colors, .utf8 = utf8, .registers = 256}};
	s->p.place = place(32, 8, 8, 16);
	terminal_painter_dots(&s->p, &s->p.place);
	terminal_place_fit(&s->p.place, 256, 128);
	s->p.ops->fit(&s->p);
	assert_int_equal(rd_image_init(&s->im, s->p.place.width, s->p.place.height), 0);
}

static const char *
painted(struct screen *s)
{
	rd_buf_reset(&s->out);
	s->p.ops->paint(&s->p, &s->out, &s->im, (struct rd_rect){0, 0, s->im.width, s->im.height});
	rd_buf_u8(&s->out, 0);
	return (const char *)s->out.data;
}

static void
close_screen(struct screen *s)
{
	terminal_painter_finish(&s->p);
	rd_image_finish(&s->im);
	rd_buf_finish(&s->out);
}

/* Only what changed, and nothing where nothing did. */
static void
test_cells(void **state)
{
	(void)state;
	struct screen s;
	open_screen(&s, &terminal_cells, TERMINAL_COLORS_24BIT, true);
	assert_int_equal(s.im.width, 32);
	assert_int_equal(s.im.height, 16);
	assert_true(strlen(painted(&s)) > 32 * 8);
	assert_string_equal(painted(&s), "");
	rd_image_fill(&s.im, (struct rd_rect){3, 4, 1, 1}, 0x0a141e);
	assert_string_equal(painted(&s),
		"\033[3;4H\033[48;2;0;0;0m\033[38;2;10;20;30m\xe2\x96\x80\033[m");
	rd_image_fill(&s.im, (struct rd_rect){3, 5, 1, 1}, 0x0a141e);
	assert_string_equal(painted(&s), "\033[3;4H\033[48;2;10;20;30m \033[m");
	close_screen(&s);
}

static void
test_fewer_colors(void **state)
{
	(void)state;
	static const struct {
		enum terminal_colors colors;
		bool utf8;
		const char *red;
	} rows[] = {
		{TERMINAL_COLORS_256, true, "\033[1;1H\033[48;5;196m \033[m"},
		{TERMINAL_COLORS_16, true, "\033[1;1H\033[101m \033[m"},
		{TERMINAL_COLORS_NONE, false, "\033[1;1H:"},
		{TERMINAL_COLORS_24BIT, false, "\033[1;1H\033[48;2;255;0;0m \033[m"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct screen s;
		open_screen(&s, &terminal_cells, rows[i].colors, rows[i].utf8);
		painted(&s);
		rd_image_fill(&s.im, (struct rd_rect){0, 0, 1, s.p.place.dots_y}, 0xff0000);
		assert_string_equal(painted(&s), rows[i].red);
		close_screen(&s);
	}
	/* Without colours a white cell is whole, and a black one blank. */
	struct screen s;
	open_screen(&s, &terminal_cells, TERMINAL_COLORS_NONE, true);
	assert_int_equal(s.im.width, 64);
	painted(&s);
	rd_image_fill(&s.im, (struct rd_rect){2, 0, 2, 2}, 0xffffff);
	rd_image_fill(&s.im, (struct rd_rect){4, 0, 1, 2}, 0xffffff);
	assert_string_equal(painted(&s), "\033[1;2H\xe2\x96\x88\xe2\x96\x8c");
	close_screen(&s);
}

/* Tiles are 64 by 64 here: one dot sends one of them, anew under the same number. */
static void
test_tiles(void **state)
{
	(void)state;
	const struct terminal_painter_ops *both[] = {&terminal_kitty, &terminal_sixel};
	for (int i = 0; i < 2; i++) {
		struct screen s;
		open_screen(&s, both[i], TERMINAL_COLORS_24BIT, true);
		painted(&s);
		assert_string_equal(painted(&s), "");
		rd_image_fill(&s.im, (struct rd_rect){70, 70, 1, 1}, 0xffffff);
		const char *one = painted(&s);
		assert_memory_equal(one, "\033[5;9H", 6);
		assert_null(strstr(one + 2, "\033[5;17H"));
		assert_string_equal(painted(&s), "");
		close_screen(&s);
	}
}

static void
test_choices(void **state)
{
	(void)state;
	struct terminal_can can = {.answers = true, .sixel = true, .cell_w = 8, .cell_h = 16};
	const struct terminal_env none = {0}, xterm = {.term = "xterm-256color"},
		colorless = {.term = "xterm", .colorterm = "truecolor", .no_color = "1"};
	assert_int_equal(terminal_choose_graphics(&can, TERMINAL_GRAPHICS_AUTO),
		TERMINAL_GRAPHICS_SIXEL);
	can.graphics = true;
	assert_int_equal(terminal_choose_graphics(&can, TERMINAL_GRAPHICS_AUTO),
		TERMINAL_GRAPHICS_KITTY);
	assert_int_equal(terminal_choose_graphics(&can, TERMINAL_GRAPHICS_BLOCKS),
		TERMINAL_GRAPHICS_BLOCKS);
	can = (struct terminal_can){.answers = true, .sixel = true};
	assert_int_equal(terminal_choose_graphics(&can, TERMINAL_GRAPHICS_AUTO),
		TERMINAL_GRAPHICS_BLOCKS);
	assert_int_equal(terminal_choose_colors(&can, TERMINAL_COLORS_AUTO, &xterm),
		TERMINAL_COLORS_256);
	assert_int_equal(terminal_choose_colors(&can, TERMINAL_COLORS_AUTO, &none),
		TERMINAL_COLORS_NONE);
	assert_int_equal(terminal_choose_colors(&can, TERMINAL_COLORS_AUTO, &colorless),
		TERMINAL_COLORS_NONE);
	can.rgb = true;
	assert_int_equal(terminal_choose_colors(&can, TERMINAL_COLORS_AUTO, &xterm),
		TERMINAL_COLORS_24BIT);
	assert_int_equal(terminal_choose_colors(&can, TERMINAL_COLORS_16, &xterm),
		TERMINAL_COLORS_16);
}

/* Answers as they come, the absurd ones among them. */
static void
test_answers(void **state)
{
	(void)state;
	struct terminal_can c = {0};
	const struct terminal_event events[] = {
		{.answer = TERMINAL_IS_A, .n = {62, 22, 4}, .count = 3},
		{.answer = TERMINAL_CELL, .n = {18, 9}, .count = 2},
		{.answer = TERMINAL_CELL, .n = {0, 100000}, .count = 2},
		{.answer = TERMINAL_MODE, .n = {2026, 2}, .count = 2},
		{.answer = TERMINAL_MODE, .n = {1016, 4}, .count = 2},
		{.answer = TERMINAL_SIXEL, .n = {1, 0, 1024}, .count = 3},
		{.answer = TERMINAL_SIXEL, .n = {1, 3, 7}, .count = 3},
		{.answer = TERMINAL_CURSOR, .n = {1, 2}, .count = 2},
		{.answer = TERMINAL_NAME, .text = "tmux 3.3a", .text_len = 9},
	};
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		terminal_can_take(&c, &events[i]);
	assert_true(c.answers && c.sixel && c.synchronized && c.utf8 && c.multiplexer);
	assert_false(c.pixel_mouse || c.graphics || c.keyboard || c.rgb);
	assert_int_equal(c.cell_w, 9);
	assert_int_equal(c.cell_h, 18);
	assert_int_equal(c.registers, 1024);
	/* 4 is an attribute, and not where the level stands. */
	struct terminal_can d = {0};
	const struct terminal_event level = {.answer = TERMINAL_IS_A, .n = {4}, .count = 1};
	terminal_can_take(&d, &level);
	assert_false(d.sixel);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_to_picture),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_fewer_colors),
		cmocka_unit_test(test_tiles),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
