#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "codec/diff.h"
#include "codec/grid.h"
#include "codec/motion.h"
#include "codec/scene.h"

static void
pictures(struct rd_image *a, struct rd_image *b, int w, int h)
{
	assert_int_equal(rd_image_init(a, w, h), 0);
	assert_int_equal(rd_image_init(b, w, h), 0);
}

/* What differs is found, all of it, and not much else. */
static void
diff_covers_every_difference(void **state)
{
	(void)state;
	scene_seed(0x5eed0021);
	for (int round = 0; round < 60; round++) {
		struct rd_image a, b;
		pixman_region32_t within, changed;
		struct rd_rect whole;

		pictures(&a, &b, 1 + scene_below(400), 1 + scene_below(300));
		whole = (struct rd_rect){0, 0, a.width, a.height};
		pixman_region32_init_rect(&within, 0, 0, a.width, a.height);
		pixman_region32_init(&changed);
		scene_noise(&a, whole);
		rd_image_copy(&b, &a, whole);
		for (int i = scene_below(5); i > 0; i--)
			rd_image_fill(&b, scene_rect(&b), scene_random() & 0xffffff);
		rd_diff(&a, &b, &within, &changed);
		for (int y = 0; y < a.height; y++)
			for (int x = 0; x < a.width; x++)
				if (memcmp(rd_image_at(&a, x, y), rd_image_at(&b, x, y), 3) != 0)
					assert_true(pixman_region32_contains_point(&changed, x, y, NULL));
		if (scene_differ(&a, &b) == 0)
			assert_false(pixman_region32_not_empty(&changed));
		pixman_region32_fini(&within);
		pixman_region32_fini(&changed);
		rd_image_finish(&a);
		rd_image_finish(&b);
	}
}

static void
one_pixel_is_a_small_difference(void **state)
{
	struct rd_image a, b;
	pixman_region32_t within, changed;

	(void)state;
	pictures(&a, &b, 300, 200);
	pixman_region32_init_rect(&within, 0, 0, 300, 200);
	pixman_region32_init(&changed);
	*rd_image_at(&b, 77, 99) = 1;
	rd_diff(&a, &b, &within, &changed);
	assert_int_equal(rd_region_area(&changed), 1);
	pixman_region32_fini(&within);
	pixman_region32_fini(&changed);
	rd_image_finish(&a);
	rd_image_finish(&b);
}

static void
movement_is_found_and_proved(void **state)
{
	static const struct { int dx, dy; } by[] = {
		{0, 13}, {0, -26}, {0, -1}, {5, 0}, {-9, 0}, {7, 3}, {-11, 17}, {40, -25},
	};

	(void)state;
	scene_seed(0x5eed0022);
	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		struct rd_image old, now;
		struct rd_rect all = {0, 0, 500, 400}, from = {50, 50, 380, 300};
		struct rd_motion *m = rd_motion_new();
		pixman_region32_t match;
		const pixman_box32_t *box;
		int dx = 0, dy = 0, n;
		bool found;

		pictures(&old, &now, 500, 400);
		scene_text(&old, all);
		rd_image_copy(&now, &old, all);
		rd_image_move(&now, from, from.x + by[i].dx, from.y + by[i].dy);
		found = by[i].dx == 0 && rd_motion_vertical(m, &now, &old, all, &dx, &dy);
		if (!found)
			assert_true(rd_motion_any(m, &now, &old, all, &dx, &dy));
		assert_int_equal(dx, by[i].dx);
		assert_int_equal(dy, by[i].dy);

		pixman_region32_init(&match);
		rd_motion_match(&now, &old, all, dx, dy, &match);
		assert_true(rd_region_area(&match) >= (from.w - 64) * (from.h - 16));
		box = pixman_region32_rectangles(&match, &n);
		for (int k = 0; k < n; k++)
			for (int y = box[k].y1; y < box[k].y2; y++)
				for (int x = box[k].x1; x < box[k].x2; x++)
					assert_memory_equal(rd_image_at(&now, x, y),
						rd_image_at(&old, x - dx, y - dy), 4);
		pixman_region32_fini(&match);
		rd_motion_free(m);
		rd_image_finish(&old);
		rd_image_finish(&now);
	}
}

static void
noise_does_not_move(void **state)
{
	struct rd_image old, now;
	struct rd_rect all = {0, 0, 400, 300};
	struct rd_motion *m = rd_motion_new();
	int dx, dy, tried = 0;

	(void)state;
	scene_seed(0x5eed0023);
	pictures(&old, &now, 400, 300);
	scene_noise(&old, all);
	for (int i = 0; i < 64; i++) {
		scene_noise(&now, all);
		assert_false(rd_motion_vertical(m, &now, &old, all, &dx, &dy));
		if (rd_motion_any_ready(m)) {
			assert_false(rd_motion_any(m, &now, &old, all, &dx, &dy));
			rd_motion_any_was(m, false);
			tried++;
		}
	}
	assert_in_range(tried, 2, 10);
	rd_motion_free(m);
	rd_image_finish(&old);
	rd_image_finish(&now);
}

/* Lines of text are found at any height and place; a blank page has none. */
static void
lines_of_text_are_found(void **state)
{
	struct rd_image im, blank;
	struct rd_grids g = {0};

	(void)state;
	scene_seed(0x5eed0024);
	pictures(&im, &blank, 500, 400);
	for (int top = 30; top < 43; top++) {
		struct rd_rect area = {10, top, 450, 350};
		const struct rd_grid *found;

		rd_image_fill(&im, (struct rd_rect){0, 0, 500, 400}, 0xffffff);
		for (int line = 0; line < 26; line++) {
			char text[60];

			for (int i = 0; i < 59; i++)
				text[i] = (char)(97 + scene_below(26));
			text[59] = 0;
			rd_glyphs_draw(&im, 10, top + line * 13, 1, 0, text);
		}
		rd_grids_clear(&g);
		rd_grids_learn(&g, &im, area);
		found = rd_grids_at(&g, (struct rd_rect){20, top + 26, 6, 13});
		assert_non_null(found);
		assert_int_equal(found->pitch, 13);
		/* No letter is cut in two: a line's rows 0 to 8 lie within one strip. */
		assert_true((top - found->phase + 13) % 13 <= 4);
		assert_null(rd_grids_at(&g, (struct rd_rect){480, 0, 10, 10}));
	}
	rd_grids_clear(&g);
	rd_grids_learn(&g, &blank, (struct rd_rect){0, 0, 500, 400});
	assert_null(rd_grids_at(&g, (struct rd_rect){20, 26, 6, 13}));
	rd_image_finish(&im);
	rd_image_finish(&blank);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diff_covers_every_difference),
		cmocka_unit_test(one_pixel_is_a_small_difference),
		cmocka_unit_test(movement_is_found_and_proved),
		cmocka_unit_test(noise_does_not_move),
		cmocka_unit_test(lines_of_text_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
