#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/yuv.h"
#include "pictures.h"

static const struct { int w, h; } sizes[] = { {16, 16}, {17, 33}, {64, 2}, {1, 1}, {333, 47} };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static int
plane_rows(const struct rd_yuv *y, int i)
{
	return i == 0 || y->yuv444 ? y->height : y->height / 2;
}

static int
plane_width(const struct rd_yuv *y, int i)
{
	return i == 0 || y->yuv444 ? y->width : y->width / 2;
}

static void
assert_equal_yuv(const struct rd_yuv *a, const struct rd_yuv *b)
{
	for (int i = 0; i < 3; i++)
		for (int y = 0; y < plane_rows(a, i); y++)
			assert_memory_equal(a->plane[i] + (size_t)y * a->stride[i],
				b->plane[i] + (size_t)y * b->stride[i], plane_width(a, i));
}

/* ITU-R BT.601, limited range: Y is 16 to 235, colourless is 128. */
static void
colours_are_bt601(void **state)
{
	static const struct { uint32_t bgrx; int y, u, v; } known[] = {
		{ 0x000000, 16, 128, 128 }, { 0xffffff, 235, 128, 128 },
		{ 0xff0000, 81, 90, 240 }, { 0x00ff00, 145, 54, 34 }, { 0x0000ff, 41, 240, 110 },
	};
	(void)state;

	for (int yuv444 = 0; yuv444 < 2; yuv444++)
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			struct rd_image im;
			struct rd_yuv y;
			assert_int_equal(rd_image_init(&im, 16, 16), 0);
			assert_int_equal(rd_yuv_init(&y, 16, 16, yuv444), 0);
			rd_image_fill(&im, whole(&im), known[i].bgrx);
			rd_yuv_from_image(&y, &im, NULL);
			assert_in_range(*y.plane[0], known[i].y - 1, known[i].y + 1);
			assert_in_range(*y.plane[1], known[i].u - 1, known[i].u + 1);
			assert_in_range(*y.plane[2], known[i].v - 1, known[i].v + 1);
			rd_yuv_finish(&y);
			rd_image_finish(&im);
		}
}

static void
odd_sizes_repeat_the_edge(void **state)
{
	uint32_t seed = 1;
	(void)state;

	for (int yuv444 = 0; yuv444 < 2; yuv444++) {
		struct rd_image odd, even;
		struct rd_yuv a, b;
		assert_int_equal(rd_image_init(&odd, 17, 33), 0);
		assert_int_equal(rd_image_init(&even, 18, 34), 0);
		noise(&odd, &seed);
		rd_image_copy(&even, &odd, whole(&odd));
		for (int y = 0; y < 33; y++)
			memcpy(rd_image_at(&even, 17, y), rd_image_at(&odd, 16, y), 4);
		memcpy(rd_image_at(&even, 0, 33), rd_image_at(&even, 0, 32), 18 * 4);

		assert_int_equal(rd_yuv_init(&a, 17, 33, yuv444), 0);
		assert_int_equal(rd_yuv_init(&b, 18, 34, yuv444), 0);
		assert_int_equal(a.width, 18);
		assert_int_equal(a.height, 34);
		rd_yuv_from_image(&a, &odd, NULL);
		rd_yuv_from_image(&b, &even, NULL);
		assert_equal_yuv(&a, &b);
		rd_yuv_finish(&a);
		rd_yuv_finish(&b);
		rd_image_finish(&odd);
		rd_image_finish(&even);
	}
}

/* Converting what changed gives what converting everything gives. */
static void
changed_is_as_good_as_all(void **state)
{
	uint32_t seed = 2;
	(void)state;

	for (size_t s = 0; s < SIZES * 2; s++) {
		int w = sizes[s / 2].w, h = sizes[s / 2].h;
		struct rd_image im, other;
		struct rd_yuv a, b;
		assert_int_equal(rd_image_init(&im, w, h), 0);
		assert_int_equal(rd_image_init(&other, w, h), 0);
		assert_int_equal(rd_yuv_init(&a, w, h, s & 1), 0);
		assert_int_equal(rd_yuv_init(&b, w, h, s & 1), 0);
		noise(&im, &seed);
		rd_yuv_from_image(&a, &im, NULL);
		for (int n = 0; n < 30; n++) {
			pixman_region32_t changed;
			pixman_region32_init(&changed);
			noise(&other, &seed);
			for (int k = 0; k < 3; k++) {
				struct rd_rect r;
				r.x = next_random(&seed) % w;
				r.y = next_random(&seed) % h;
				r.w = 1 + next_random(&seed) % (w - r.x);
				r.h = 1 + next_random(&seed) % (h - r.y);
				rd_image_copy(&im, &other, r);
				rd_region_add(&changed, r);
			}
			/* Damage may be said to reach beyond the picture. */
			rd_region_add(&changed, (struct rd_rect){ w, -9, 5, 5 });
			rd_yuv_from_image(&a, &im, &changed);
			rd_yuv_from_image(&b, &im, NULL);
			assert_equal_yuv(&a, &b);
			pixman_region32_fini(&changed);
		}
		rd_yuv_finish(&a);
		rd_yuv_finish(&b);
		rd_image_finish(&im);
		rd_image_finish(&other);
	}
}

/* There and back, into the middle of a picture: near, X 0, and nothing beside it touched. */
static void
there_and_back(void **state)
{
	uint32_t seed = 3;
	(void)state;

	for (size_t s = 0; s < SIZES * 2; s++) {
		int w = sizes[s / 2].w, h = sizes[s / 2].h;
		struct rd_image im, big;
		struct rd_yuv y;
		assert_int_equal(rd_image_init(&im, w, h), 0);
		assert_int_equal(rd_image_init(&big, w + 9, h + 7), 0);
		assert_int_equal(rd_yuv_init(&y, w, h, s & 1), 0);
		/* 4:2:0 keeps only flat colours. */
		if (y.yuv444)
			noise(&im, &seed);
		else
			rd_image_fill(&im, whole(&im), 0x2080c0);
		memset(big.data, 0x5a, big.stride * big.height);
		rd_yuv_from_image(&y, &im, NULL);
		const uint8_t *const plane[3] = { y.plane[0], y.plane[1], y.plane[2] };
		rd_yuv_to_image(plane, y.stride, y.yuv444, &big, (struct rd_rect){ 4, 3, w, h });

		for (int j = 0; j < big.height; j++)
			for (int i = 0; i < big.width; i++) {
				const uint8_t *p = rd_image_at(&big, i, j);
				if (i < 4 || i >= 4 + w || j < 3 || j >= 3 + h) {
					assert_memory_equal(p, "\x5a\x5a\x5a\x5a", 4);
					continue;
				}
				const uint8_t *q = rd_image_at(&im, i - 4, j - 3);
				for (int c = 0; c < 3; c++)
					assert_true(abs(p[c] - q[c]) <= 6);
				assert_int_equal(p[3], 0);
			}
		rd_yuv_finish(&y);
		rd_image_finish(&im);
		rd_image_finish(&big);
	}
}

static void
sizes_have_bounds(void **state)
{
	struct rd_yuv y;
	(void)state;

	assert_int_equal(rd_yuv_init(&y, 0, 16, false), -EINVAL);
	assert_int_equal(rd_yuv_init(&y, 16, -1, true), -EINVAL);
	assert_int_equal(rd_yuv_init(&y, RD_IMAGE_MAX_WIDTH + 1, 16, true), -EINVAL);
	rd_yuv_finish(&y);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours_are_bt601),
		cmocka_unit_test(odd_sizes_repeat_the_edge),
		cmocka_unit_test(changed_is_as_good_as_all),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(sizes_have_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
