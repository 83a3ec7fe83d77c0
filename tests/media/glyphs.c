#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/glyphs.h"
#include "media/picture.h"

#define INK 0xffffff

static struct rd_image
drawn(const char *text, int scale)
{
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, 200, 40), 0);
	rd_glyphs_draw(&im, 0, 0, scale, INK, text);
	return im;
}

static int
ink(const struct rd_image *im)
{
	int n = 0;
	for (int y = 0; y < im->height; y++) {
		for (int x = 0; x < im->width; x++)
			n += pixel(im, x, y) == INK;
	}
	return n;
}

/* Compares pixels without a word: here difference is what is wanted. */
static bool
alike(const struct rd_image *a, const struct rd_image *b)
{
	return memcmp(a->data, b->data, a->stride * (size_t)a->height) == 0;
}

static void
every_character_has_a_look_of_its_own(void **state)
{
	(void)state;
	struct rd_image look[0x80];
	for (int c = 0x20; c < 0x80; c++) {
		look[c] = drawn((char[]){(char)c, 0}, 1);
		assert_true(c == ' ' ? ink(&look[c]) == 0 : ink(&look[c]) > 0);
		for (int other = 0x20; other < c; other++)
			assert_false(alike(&look[c], &look[other]));
	}
	for (int c = 0x20; c < 0x80; c++)
		rd_image_finish(&look[c]);
}

static void
stays_in_its_cell(void **state)
{
	(void)state;
	for (int c = 0x21; c < 0x80; c++) {
		struct rd_image im = drawn((char[]){(char)c, 0}, 3);
		for (int y = 0; y < im.height; y++) {
			for (int x = 0; x < im.width; x++) {
				/* a column and a line are left between letters */
				if (x >= 3 * (RD_GLYPH_WIDTH - 1) || y >= 3 * (RD_GLYPH_HEIGHT - 1))
					assert_int_equal(pixel(&im, x, y), 0);
			}
		}
		rd_image_finish(&im);
	}
}

static void
looks_as_drawn(void **state)
{
	(void)state;
	static const char *const a[] = {
		" ### ",
		"#   #",
		"#   #",
		"#####",
		"#   #",
		"#   #",
		"#   #",
	};
	struct rd_image im = drawn("xA", 2);
	for (int y = 0; y < 14; y++) {
		for (int x = 0; x < 10; x++)
			assert_int_equal(pixel(&im, 12 + x, y), a[y / 2][x / 2] == '#' ? INK : 0);
	}
	rd_image_finish(&im);
}

static void
knows_its_width(void **state)
{
	(void)state;
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, 10, 10), 0);
	assert_int_equal(rd_glyphs_width("", 1), 0);
	assert_int_equal(rd_glyphs_width("frame 12", 3), 8 * 6 * 3);
	assert_int_equal(rd_glyphs_draw(&im, 0, 0, 3, INK, "frame 12"), 8 * 6 * 3);
	/* one box for a character the font lacks, however many bytes it has */
	assert_int_equal(rd_glyphs_width("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x1b\xff", 1), 5 * 6);
	rd_image_finish(&im);
}

static void
unknown_ones_are_a_box(void **state)
{
	(void)state;
	struct rd_image box = drawn("\x7f", 1), euro = drawn("\xe2\x82\xac", 1);
	assert_true(ink(&box) > 0);
	assert_true(alike(&box, &euro));
	rd_image_finish(&box);
	rd_image_finish(&euro);
}

static void
clips_at_every_edge(void **state)
{
	(void)state;
	struct rd_image whole;
	assert_int_equal(rd_image_init(&whole, 100, 100), 0);
	rd_glyphs_draw(&whole, 40, 40, 2, INK, "Wg");
	/* a window of 10 x 10 that goes over it sees the same */
	for (int y = 25; y < 65; y++) {
		for (int x = 25; x < 70; x++) {
			struct rd_image part, expected;
			assert_int_equal(rd_image_init(&part, 10, 10), 0);
			assert_int_equal(rd_image_init(&expected, 10, 10), 0);
			rd_glyphs_draw(&part, 40 - x, 40 - y, 2, INK, "Wg");
			for (int row = 0; row < 10; row++)
				memcpy(rd_image_at(&expected, 0, row), rd_image_at(&whole, x, y + row), 40);
			assert_true(same(&part, &expected));
			rd_image_finish(&part);
			rd_image_finish(&expected);
		}
	}
	rd_image_finish(&whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_has_a_look_of_its_own),
		cmocka_unit_test(stays_in_its_cell),
		cmocka_unit_test(looks_as_drawn),
		cmocka_unit_test(knows_its_width),
		cmocka_unit_test(unknown_ones_are_a_box),
		cmocka_unit_test(clips_at_every_edge),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
