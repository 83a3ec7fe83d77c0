#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/image.h"
#include "media/picture.h"

static void
takes_sizes_within_bounds(void **state)
{
	(void)state;
	assert_true(rd_image_size_ok(1, 1));
	assert_true(rd_image_size_ok(7680, 4320));
	assert_true(rd_image_size_ok(4320, 7680));
	assert_true(rd_image_size_ok(8192, 4050));
	assert_false(rd_image_size_ok(8192, 8192));
	assert_false(rd_image_size_ok(8193, 1));
	assert_false(rd_image_size_ok(1, 8193));
	assert_false(rd_image_size_ok(0, 1));
	assert_false(rd_image_size_ok(1, -1));
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, 0, 5), -EINVAL);
	assert_null(im.data);
	rd_image_finish(&im);
}

static void
begins_black_with_aligned_rows(void **state)
{
	(void)state;
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, 17, 3), 0);
	assert_int_equal(im.stride % 64, 0);
	assert_int_equal((uintptr_t)im.data % 64, 0);
	for (int y = 0; y < 3; y++) {
		for (int x = 0; x < 17; x++)
			assert_int_equal(pixel(&im, x, y), 0);
	}
	rd_image_finish(&im);
	assert_null(im.data);
	assert_int_equal(im.width, 0);
	rd_image_finish(&im);
}

static void
copies_a_rectangle_and_no_more(void **state)
{
	(void)state;
	for (int round = 0; round < 100; round++) {
		const int w = 1 + random_below(40), h = 1 + random_below(40);
		struct rd_image a = noise(w, h), b = noise(w, h), was = copy_of(&b);
		const struct rd_rect r = random_rect(w, h);
		rd_image_copy(&b, &a, r);
		for (int y = 0; y < h; y++) {
			for (int x = 0; x < w; x++)
				assert_int_equal(pixel(&b, x, y),
					pixel(in_rect(r, x, y) ? &a : &was, x, y));
		}
		rd_image_finish(&a);
		rd_image_finish(&b);
		rd_image_finish(&was);
	}
}

static void
gets_and_puts_packed_rows(void **state)
{
	(void)state;
	for (int round = 0; round < 100; round++) {
		const int w = 1 + random_below(40), h = 1 + random_below(40);
		struct rd_image a = noise(w, h), b = noise(w, h), expected = copy_of(&b);
		const struct rd_rect r = random_rect(w, h);
		/* of the exact size, so that a sanitizer sees one byte too many */
		uint8_t *packed = malloc((size_t)rd_rect_area(r) * 4);
		rd_image_get(&a, r, packed);
		assert_memory_equal(packed, rd_image_at(&a, r.x, r.y), (size_t)r.w * 4);
		rd_image_put(&b, r, packed);
		rd_image_copy(&expected, &a, r);
		assert_true(same(&b, &expected));
		free(packed);
		rd_image_finish(&a);
		rd_image_finish(&b);
		rd_image_finish(&expected);
	}
}

/* The move as it is defined: every pixel from the picture as it was. */
static void
move_naively(struct rd_image *im, struct rd_rect r, int dx, int dy)
{
	struct rd_image was = copy_of(im);
	for (int y = 0; y < r.h; y++) {
		for (int x = 0; x < r.w; x++)
			memcpy(rd_image_at(im, dx + x, dy + y), rd_image_at(&was, r.x + x, r.y + y), 4);
	}
	rd_image_finish(&was);
}

static void
check_move(const struct rd_image *from, struct rd_rect r, int dx, int dy)
{
	struct rd_image a = copy_of(from), b = copy_of(from);
	rd_image_move(&a, r, dx, dy);
	move_naively(&b, r, dx, dy);
	assert_true(same(&a, &b));
	rd_image_finish(&a);
	rd_image_finish(&b);
}

static void
moves_over_itself_in_every_direction(void **state)
{
	(void)state;
	struct rd_image im = noise(37, 29);
	const struct rd_rect r = {10, 8, 15, 13};
	for (int dy = -1; dy <= 1; dy++) {
		for (int dx = -1; dx <= 1; dx++) {
			check_move(&im, r, r.x + dx, r.y + dy);
			check_move(&im, r, r.x + 7 * dx, r.y + 5 * dy);
		}
	}
	rd_image_finish(&im);
}

static void
moves_anything_anywhere(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		const int w = 1 + random_below(50), h = 1 + random_below(50);
		struct rd_image im = noise(w, h);
		const struct rd_rect r = random_rect(w, h);
		check_move(&im, r, random_below(w - r.w + 1), random_below(h - r.h + 1));
		rd_image_finish(&im);
	}
}

static void
fills_with_blue_first_and_no_x(void **state)
{
	(void)state;
	struct rd_image im = noise(9, 7), was = copy_of(&im);
	const struct rd_rect r = {3, 2, 5, 4};
	rd_image_fill(&im, r, 0xff112233);
	assert_memory_equal(rd_image_at(&im, 3, 2), "\x33\x22\x11\x00", 4);
	for (int y = 0; y < 7; y++) {
		for (int x = 0; x < 9; x++)
			assert_int_equal(pixel(&im, x, y),
				in_rect(r, x, y) ? 0x112233 : pixel(&was, x, y));
	}
	rd_image_fill(&im, (struct rd_rect){8, 6, 1, 1}, 0x445566);
	assert_int_equal(pixel(&im, 8, 6), 0x445566);
	rd_image_finish(&im);
	rd_image_finish(&was);
}

static void
shares_the_pixels_of_a_part(void **state)
{
	(void)state;
	struct rd_image im = noise(9, 7);
	struct rd_image part = rd_image_part(&im, (struct rd_rect){-2, 3, 5, 100});
	assert_int_equal(part.width, 3);
	assert_int_equal(part.height, 4);
	assert_ptr_equal(part.data, rd_image_at(&im, 0, 3));
	assert_int_equal(part.stride, im.stride);
	assert_null(rd_image_part(&im, (struct rd_rect){9, 0, 4, 4}).data);
	assert_null(rd_image_part(&im, (struct rd_rect){0, 0, 0, 4}).data);
	assert_null(rd_image_part(&(struct rd_image){0}, (struct rd_rect){0, 0, 4, 4}).data);
	rd_image_finish(&im);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_sizes_within_bounds),
		cmocka_unit_test(begins_black_with_aligned_rows),
		cmocka_unit_test(copies_a_rectangle_and_no_more),
		cmocka_unit_test(gets_and_puts_packed_rows),
		cmocka_unit_test(moves_over_itself_in_every_direction),
		cmocka_unit_test(moves_anything_anywhere),
		cmocka_unit_test(fills_with_blue_first_and_no_x),
		cmocka_unit_test(shares_the_pixels_of_a_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
