#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rd-encode/rescale.h"

static const struct scale_wish as_is, half = {.factor = 0.5};

static void
follows_factor_and_size(void **state)
{
	(void)state;
	struct rescale r = {0};
	assert_int_equal(rescale_follow(&r, 1920, 1080, &as_is, 4), 1);
	assert_false(rescale_on(&r));
	assert_int_equal(rescale_follow(&r, 1920, 1080, &as_is, 4), 0);
	assert_int_equal(rescale_follow(&r, 1920, 1080, &as_is, 3), 1);
	assert_int_equal(r.to_w, 1440);
	assert_int_equal(r.to_h, 810);
	assert_int_equal(rescale_follow(&r, 1920, 1080, &half, 2), 1);
	assert_int_equal(r.to_w, 480);
	assert_int_equal(rescale_follow(&r, 3, 1, &half, 2), 1);
	assert_int_equal(r.to_w, 1);
	assert_int_equal(r.to_h, 1);
	rescale_finish(&r);
}

static void
fits_into_a_size_and_never_enlarges(void **state)
{
	(void)state;
	const struct scale_wish box = {.width = 1000, .height = 1000};
	struct rescale r = {0};
	rescale_follow(&r, 2000, 1000, &box, 4);
	assert_int_equal(r.to_w, 1000);
	assert_int_equal(r.to_h, 500);
	rescale_follow(&r, 500, 2000, &box, 4);
	assert_int_equal(r.to_w, 250);
	assert_int_equal(r.to_h, 1000);
	rescale_follow(&r, 640, 360, &box, 4);
	assert_false(rescale_on(&r));
	rescale_finish(&r);
}

static void
unscaled_picture_is_the_source(void **state)
{
	(void)state;
	struct rd_image im;
	pixman_region32_t damage, out;
	struct rescale r = {0};
	assert_int_equal(rd_image_init(&im, 64, 48), 0);
	pixman_region32_init_rect(&damage, 1, 2, 3, 4);
	pixman_region32_init(&out);
	rescale_follow(&r, 64, 48, &as_is, 4);
	assert_ptr_equal(rescale_picture(&r, &im, &damage, &out), &im);
	assert_true(pixman_region32_equal(&damage, &out));
	pixman_region32_fini(&damage);
	pixman_region32_fini(&out);
	rd_image_finish(&im);
	rescale_finish(&r);
}

/* Painting bit by bit must end in the same picture as scaling all of it at once. */
static void
damage_covers_all_that_changes(void **state)
{
	(void)state;
	struct rd_image im, all;
	struct rescale r = {0};
	const struct scale_wish wish = {.factor = 0.37};
	pixman_region32_t damage, out;
	assert_int_equal(rd_image_init(&im, 301, 203), 0);
	pixman_region32_init_rect(&damage, 0, 0, 301, 203);
	pixman_region32_init(&out);
	rescale_follow(&r, 301, 203, &wish, 4);
	rescale_picture(&r, &im, &damage, &out);
	assert_int_equal(rd_region_area(&out), (int64_t)r.to_w * r.to_h);
	uint32_t seed = 7;
	for (int i = 0; i < 200; i++) {
		seed = seed * 1664525 + 1013904223;
		struct rd_rect at = {(int)(seed >> 8) % 290, (int)(seed >> 16) % 190,
			1 + (int)(seed >> 24) % 11, 1 + (int)(seed >> 28) % 13};
		rd_image_fill(&im, at, seed & 0xffffff);
		pixman_region32_clear(&damage);
		rd_region_add(&damage, at);
		rescale_picture(&r, &im, &damage, &out);
	}
	assert_int_equal(rd_image_init(&all, r.to_w, r.to_h), 0);
	rd_image_scale(&all, &im);
	uint8_t a[16], b[16];
	rd_image_hash(&all, a);
	rd_image_hash(&r.image, b);
	assert_memory_equal(a, b, 16);
	pixman_region32_fini(&damage);
	pixman_region32_fini(&out);
	rd_image_finish(&im);
	rd_image_finish(&all);
	rescale_finish(&r);
}

static void
pointer_goes_up_and_comes_back(void **state)
{
	(void)state;
	struct rescale r = {0};
	rescale_follow(&r, 1920, 1080, &half, 4);
	for (int x = 0; x < r.to_w; x++) {
		struct rd_input in = {.kind = RD_INPUT_POINTER, .x = x, .y = 100};
		rescale_input(&r, &in);
		assert_in_range(in.x, 2 * x, 2 * x + 1);
		struct rd_pointer_at at = {.x = in.x, .y = in.y, .on = true};
		rescale_pointer_at(&r, &at);
		assert_int_equal(at.x, x);
		assert_int_equal(at.y, 100);
	}
	struct rd_pointer_at outside = {.x = -1, .y = -1};
	rescale_pointer_at(&r, &outside);
	assert_int_equal(outside.x, -1);
	rescale_finish(&r);
}

static void
small_motions_add_up(void **state)
{
	(void)state;
	struct rescale r = {0};
	const struct scale_wish third = {.width = 300, .height = 300};
	rescale_follow(&r, 1000, 1000, &third, 4);
	int32_t x = 0, y = 0;
	for (int i = 0; i < 300; i++) {
		struct rd_input in = {.kind = RD_INPUT_MOTION, .x = 1, .y = -1};
		rescale_input(&r, &in);
		x += in.x;
		y += in.y;
	}
	assert_int_equal(x, 1000);
	assert_int_equal(y, -1000);
	rescale_finish(&r);
}

static void
other_input_is_left_alone(void **state)
{
	(void)state;
	struct rescale r = {0};
	rescale_follow(&r, 1000, 1000, &half, 4);
	struct rd_input in = {.kind = RD_INPUT_WHEEL, .x = 120, .y = -120};
	rescale_input(&r, &in);
	assert_int_equal(in.x, 120);
	assert_int_equal(in.y, -120);
	rescale_finish(&r);
}

static void
shape_shrinks_with_its_hot_spot(void **state)
{
	(void)state;
	struct rescale r = {0};
	uint8_t pixels[8 * 6 * 4];
	for (size_t i = 0; i < sizeof(pixels); i++)
		pixels[i] = (uint8_t)(i % 4 * 60);
	struct rd_cursor c = {.width = 8, .height = 6, .hot_x = 7, .hot_y = 2, .pixels = pixels};
	struct rd_buf body = {0};
	rescale_follow(&r, 100, 100, &half, 4);
	rescale_shape(&r, &c, &body);
	struct rd_cursor small;
	assert_int_equal(rd_shape_parse(&small, body.data, body.len), 0);
	assert_int_equal(small.width, 4);
	assert_int_equal(small.height, 3);
	assert_int_equal(small.hot_x, 3);
	assert_int_equal(small.hot_y, 1);
	assert_memory_equal(small.pixels, pixels, 4 * 3 * 4);
	rd_buf_reset(&body);
	rescale_shape(&r, &(struct rd_cursor){0}, &body);
	assert_int_equal(rd_shape_parse(&small, body.data, body.len), 0);
	assert_int_equal(small.width, 0);
	rd_buf_finish(&body);
	rescale_finish(&r);
}

static void
extremes_stay_what_they_are(void **state)
{
	struct rescale r = {0};
	struct rd_input in = {.kind = RD_INPUT_POINTER, .x = INT32_MAX, .y = INT32_MIN};
	(void)state;
	rescale_follow(&r, 64, 48, &half, 1);
	rescale_input(&r, &in);
	assert_int_equal(in.x, INT32_MAX);
	assert_int_equal(in.y, INT32_MIN);
	rescale_finish(&r);
}

/* Those that have an edge in common have it in the smaller picture, too. */
static void
monitors_shrink_edge_to_edge(void **state)
{
	(void)state;
	struct rescale r = {0};
	const struct scale_wish third = {.factor = 1.0 / 3};
	struct rd_monitors m = {.count = 3, .v = {
		{.rect = {0, 0, 1001, 700}, .name = "a"}, {.rect = {1001, -50, 799, 1}, .name = "b"},
		{.rect = {65536, 0, 10, 10}, .name = "c"},
	}}, same = m;
	rescale_monitors(&r, &m);
	assert_true(rd_monitors_same(&m, &same));
	rescale_follow(&r, 1800, 700, &third, 4);
	rescale_monitors(&r, &m);
	assert_int_equal(m.count, 3);
	assert_int_equal(m.v[0].rect.w, m.v[1].rect.x);
	assert_int_equal(m.v[1].rect.x + m.v[1].rect.w, r.to_w);
	assert_int_equal(m.v[1].rect.h, 1);
	assert_true(m.v[1].rect.y < 0);
	rescale_finish(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_factor_and_size),
		cmocka_unit_test(fits_into_a_size_and_never_enlarges),
		cmocka_unit_test(unscaled_picture_is_the_source),
		cmocka_unit_test(damage_covers_all_that_changes),
		cmocka_unit_test(pointer_goes_up_and_comes_back),
		cmocka_unit_test(small_motions_add_up),
		cmocka_unit_test(other_input_is_left_alone),
		cmocka_unit_test(extremes_stay_what_they_are),
		cmocka_unit_test(shape_shrinks_with_its_hot_spot),
		cmocka_unit_test(monitors_shrink_edge_to_edge),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
