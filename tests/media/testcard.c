#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/picture.h"
#include "media/testcard.h"
#include "media/y4m.h"

static const int sizes[][2] = {
	{16, 16}, {17, 23}, {16, 300}, {300, 16}, {127, 65}, {320, 200}, {641, 361}, {1280, 720},
};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static const uint32_t numbers[] = {
	0, 1, 2, 9, 10, 99, 351, 352, 1234, 65535, 65536, 0x7fffffff, 0xaaaaaaaa, 0xffffffff,
};
#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static struct rd_image
card(int width, int height, uint32_t number)
{
	/* on noise, so that a pixel that is not drawn shows */
	struct rd_image im = noise(width, height);
	rd_testcard_draw(&im, 0, 0, width, height, number);
	return im;
}

static void
assert_reads(const struct rd_image *im, uint32_t number)
{
	uint32_t got = ~number;
	assert_int_equal(rd_testcard_read(im, &got), 0);
	assert_int_equal(got, number);
}

static void
reads_every_number_at_every_size(void **state)
{
	(void)state;
	for (size_t s = 0; s < SIZES; s++) {
		for (size_t n = 0; n < NUMBERS; n++) {
			struct rd_image im = card(sizes[s][0], sizes[s][1], numbers[n]);
			assert_reads(&im, numbers[n]);
			rd_image_finish(&im);
		}
	}
}

static void
is_a_function_of_its_number(void **state)
{
	(void)state;
	for (size_t s = 0; s < SIZES; s++) {
		struct rd_image a = card(sizes[s][0], sizes[s][1], 77);
		struct rd_image b = card(sizes[s][0], sizes[s][1], 77);
		assert_true(same(&a, &b));
		rd_image_finish(&a);
		rd_image_finish(&b);
	}
}

static void
draws_parts_as_it_draws_all(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		const int w = 16 + random_below(300), h = 16 + random_below(200);
		const uint32_t number = numbers[random_below(NUMBERS)];
		struct rd_image all = card(w, h, number);
		const struct rd_rect r = random_rect(w, h);
		struct rd_image part = noise(r.w, r.h), expected = noise(r.w, r.h);
		rd_testcard_draw(&part, r.x, r.y, w, h, number);
		for (int y = 0; y < r.h; y++)
			memcpy(rd_image_at(&expected, 0, y), rd_image_at(&all, r.x, r.y + y),
				(size_t)r.w * 4);
		assert_true(same(&part, &expected));
		rd_image_finish(&all);
		rd_image_finish(&part);
		rd_image_finish(&expected);
	}
}

/* Outside the damage nothing changed, and no rectangle is there for nothing. */
static void
check_damage(int width, int height, uint32_t number)
{
	struct rd_image was = card(width, height, number - 1), is = card(width, height, number);
	pixman_region32_t damage;
	pixman_region32_init(&damage);
	rd_testcard_damage(&damage, width, height, number);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			if (pixel(&was, x, y) != pixel(&is, x, y))
				assert_true(pixman_region32_contains_point(&damage, x, y, NULL));
		}
	}
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(&damage, &n);
	assert_in_range(n, 1, 100);
	for (int i = 0; i < n; i++) {
		const struct rd_rect r = rd_rect_of_box(&box[i]);
		assert_true(rd_rect_inside(r, width, height));
		bool any = false;
		for (int y = r.y; y < r.y + r.h; y++)
			any |= memcmp(rd_image_at(&was, r.x, y), rd_image_at(&is, r.x, y),
				(size_t)r.w * 4) != 0;
		assert_true(any);
	}
	pixman_region32_fini(&damage);
	rd_image_finish(&was);
	rd_image_finish(&is);
}

static void
damages_what_it_changes(void **state)
{
	(void)state;
	for (size_t s = 0; s + 1 < SIZES; s++) {
		for (uint32_t n = 1; n < 30; n++)
			check_damage(sizes[s][0], sizes[s][1], n);
		/* where the sentence begins anew, and where digits are added */
		check_damage(sizes[s][0], sizes[s][1], 8 * 45);
		check_damage(sizes[s][0], sizes[s][1], 1000000);
		check_damage(sizes[s][0], sizes[s][1], 0xffffffff);
	}
	pixman_region32_t damage;
	pixman_region32_init(&damage);
	rd_testcard_damage(&damage, 100, 50, 0);
	assert_int_equal(rd_region_area(&damage), 5000);
	pixman_region32_fini(&damage);
}

static void
damages_little(void **state)
{
	(void)state;
	int64_t area = 0;
	for (uint32_t n = 1; n <= 100; n++) {
		pixman_region32_t damage;
		pixman_region32_init(&damage);
		rd_testcard_damage(&damage, 1280, 720, n);
		area += rd_region_area(&damage);
		pixman_region32_fini(&damage);
	}
	assert_true(area / 100 < 1280 * 720 / 20);
}

static void
survives_scaling(void **state)
{
	(void)state;
	static const int to[][2] = {
		{640, 360}, {320, 180}, {200, 200}, {1000, 333}, {1920, 1080}, {64, 48}, {91, 67},
	};
	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		struct rd_image im = card(640, 360, 0x12345678), scaled = noise(to[i][0], to[i][1]);
		rd_image_scale(&scaled, &im);
		assert_reads(&scaled, 0x12345678);
		rd_image_finish(&im);
		rd_image_finish(&scaled);
	}
	struct rd_image tiny = card(64, 48, 4711), big = noise(640, 480);
	rd_image_scale(&big, &tiny);
	assert_reads(&big, 4711);
	rd_image_finish(&tiny);
	rd_image_finish(&big);
}

/* What a lossy coder does at its worst: less contrast, blur and noise. */
static void
spoil(struct rd_image *im)
{
	struct rd_image small = noise(im->width / 4, im->height / 4);
	rd_image_scale(&small, im);
	rd_image_scale(im, &small);
	rd_image_finish(&small);
	for (int y = 0; y < im->height; y++) {
		for (int x = 0; x < im->width; x++) {
			uint8_t *p = rd_image_at(im, x, y);
			for (int c = 0; c < 3; c++)
				p[c] = (uint8_t)(50 + p[c] / 2 + random_below(40) - 20);
		}
	}
}

static void
survives_loss(void **state)
{
	(void)state;
	for (size_t n = 0; n < NUMBERS; n++) {
		struct rd_image im = card(320, 180, numbers[n]);
		spoil(&im);
		assert_reads(&im, numbers[n]);
		rd_image_finish(&im);
	}
}

static void
survives_half_the_chroma(void **state)
{
	(void)state;
	const struct rd_y4m_header h = {.width = 129, .height = 97, .chroma = RD_CHROMA_420};
	struct rd_image im = card(h.width, h.height, 99);
	uint8_t *planes = malloc(rd_y4m_frame_size(&h));
	rd_y4m_from_image(&h, &im, planes);
	rd_y4m_to_image(&h, planes, &im);
	assert_reads(&im, 99);
	free(planes);
	rd_image_finish(&im);
}

static void
refuses_other_pictures(void **state)
{
	(void)state;
	uint32_t number;
	struct rd_image im = noise(320, 200);
	assert_int_equal(rd_testcard_read(&im, &number), -EPROTO);
	static const uint32_t colours[] = {0, 0xffffff, 0x808080, 0xff0000};
	for (int i = 0; i < 4; i++) {
		rd_image_fill(&im, (struct rd_rect){0, 0, 320, 200}, colours[i]);
		assert_int_equal(rd_testcard_read(&im, &number), -EPROTO);
	}
	rd_image_fill(&im, (struct rd_rect){0, 0, 160, 200}, 0);
	assert_int_equal(rd_testcard_read(&im, &number), -EPROTO);
	rd_image_finish(&im);
	im = noise(15, 100);
	assert_int_equal(rd_testcard_read(&im, &number), -EPROTO);
	rd_image_finish(&im);
	struct rd_image none = {0};
	assert_int_equal(rd_testcard_read(&none, &number), -EPROTO);
}

/* Any one block that is wrong is noticed. */
static void
refuses_a_broken_number(void **state)
{
	(void)state;
	for (int i = 0; i < 48; i++) {
		struct rd_image im = card(160, 160, 123456);
		const struct rd_rect block = {i % 16 * 10, i / 16 * 10, 10, 10};
		const bool white = pixel(&im, block.x + 5, block.y + 5) != 0;
		rd_image_fill(&im, block, white ? 0 : 0xffffff);
		uint32_t number;
		assert_int_equal(rd_testcard_read(&im, &number), -EPROTO);
		rd_image_finish(&im);
	}
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_number_at_every_size),
		cmocka_unit_test(is_a_function_of_its_number),
		cmocka_unit_test(draws_parts_as_it_draws_all),
		cmocka_unit_test(damages_what_it_changes),
		cmocka_unit_test(damages_little),
		cmocka_unit_test(survives_scaling),
		cmocka_unit_test(survives_loss),
		cmocka_unit_test(survives_half_the_chroma),
		cmocka_unit_test(refuses_other_pictures),
		cmocka_unit_test(refuses_a_broken_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
