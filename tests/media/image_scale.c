#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/image.h"
#include "media/picture.h"

/* A picture of that size into which all of src was scaled. */
static struct rd_image
scaled(const struct rd_image *src, int width, int height)
{
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, width, height), 0);
	rd_image_scale(&im, src);
	return im;
}

static void
keeps_what_is_of_one_size(void **state)
{
	(void)state;
	struct rd_image a = noise(53, 31), b = scaled(&a, 53, 31);
	assert_true(same(&a, &b));
	rd_image_finish(&a);
	rd_image_finish(&b);
}

static bool
near(uint32_t a, uint32_t b, int tolerance)
{
	for (int shift = 0; shift < 32; shift += 8) {
		if (abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) > tolerance)
			return false;
	}
	return true;
}

/* libyuv interpolates with 7 bits and 127/128 of the whole: white becomes 253. */
static void
keeps_one_colour(void **state)
{
	(void)state;
	for (int round = 0; round < 100; round++) {
		struct rd_image a = noise(1 + random_below(100), 1 + random_below(100));
		rd_image_fill(&a, (struct rd_rect){0, 0, a.width, a.height}, 0xfe8001);
		struct rd_image b = scaled(&a, 1 + random_below(100), 1 + random_below(100));
		const bool exact = a.width >= 2 * b.width || a.height >= 2 * b.height;
		for (int y = 0; y < b.height; y++) {
			for (int x = 0; x < b.width; x++)
				assert_true(near(pixel(&b, x, y), 0xfe8001, exact ? 0 : 2));
		}
		rd_image_finish(&a);
		rd_image_finish(&b);
	}
}

/* A line one pixel wide keeps its weight at any ratio: none is passed over. */
static void
loses_no_line_when_shrinking(void **state)
{
	(void)state;
	for (int ratio = 2; ratio <= 9; ratio++) {
		struct rd_image a;
		assert_int_equal(rd_image_init(&a, 20 * ratio, 10 * ratio), 0);
		for (int x = 0; x < a.width; x += ratio)
			rd_image_fill(&a, (struct rd_rect){x, 0, 1, a.height}, 0xffffff);
		struct rd_image b = scaled(&a, 20, 10);
		for (int x = 0; x < 20; x++)
			assert_in_range(pixel(&b, x, 5) & 0xff, 255 / ratio, 255 / ratio + 1);
		rd_image_finish(&a);
		rd_image_finish(&b);
	}
}

/* The mean over what pixel i of `to` covers of `from`, weighted, times the area. */
static double
mean_naively(const struct rd_image *src, int x, int y, int w, int h, int channel)
{
	const double x0 = (double)x * src->width / w, x1 = (double)(x + 1) * src->width / w;
	const double y0 = (double)y * src->height / h, y1 = (double)(y + 1) * src->height / h;
	double sum = 0;
	for (int sy = 0; sy < src->height; sy++) {
		const double top = sy > y0 ? sy : y0, bottom = sy + 1 < y1 ? sy + 1 : y1;
		for (int sx = 0; sx < src->width && top < bottom; sx++) {
			const double left = sx > x0 ? sx : x0, right = sx + 1 < x1 ? sx + 1 : x1;
			if (left < right)
				sum += (right - left) * (bottom - top) * rd_image_at(src, sx, sy)[channel];
		}
	}
	return sum / ((x1 - x0) * (y1 - y0));
}

static void
shrinks_to_the_mean_of_areas(void **state)
{
	(void)state;
	for (int round = 0; round < 40; round++) {
		const int w = 1 + random_below(20), h = 1 + random_below(20);
		struct rd_image a = noise(2 * w + random_below(5 * w), 2 * h + random_below(5 * h));
		struct rd_image b = scaled(&a, w, h);
		for (int y = 0; y < h; y++) {
			for (int x = 0; x < w; x++) {
				for (int c = 0; c < 3; c++) {
					const double mean = mean_naively(&a, x, y, w, h, c);
					assert_in_range((int)(10 * (mean - rd_image_at(&b, x, y)[c]) + 10), 4, 16);
				}
			}
		}
		rd_image_finish(&a);
		rd_image_finish(&b);
	}
}

static void
scales_a_clip_as_it_scales_all(void **state)
{
	(void)state;
	for (int round = 0; round < 500; round++) {
		struct rd_image src = noise(1 + random_below(120), 1 + random_below(120));
		const int w = 1 + random_below(120), h = 1 + random_below(120);
		struct rd_image all = scaled(&src, w, h), part = noise(w, h), expected = copy_of(&part);
		const struct rd_rect clip = random_rect(w, h);
		rd_image_scale_clip(&part, &src, clip);
		rd_image_copy(&expected, &all, clip);
		assert_true(same(&part, &expected));
		rd_image_finish(&src);
		rd_image_finish(&all);
		rd_image_finish(&part);
		rd_image_finish(&expected);
	}
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_of_one_size),
		cmocka_unit_test(keeps_one_colour),
		cmocka_unit_test(loses_no_line_when_shrinking),
		cmocka_unit_test(shrinks_to_the_mean_of_areas),
		cmocka_unit_test(scales_a_clip_as_it_scales_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
