#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/image.h"
#include "media/picture.h"

static bool
has(const pixman_region32_t *region, int x, int y)
{
	return pixman_region32_contains_point(region, x, y, NULL);
}

/* Every pixel that differs is in it, and every rectangle has one that does. */
static void
check(const struct rd_image *a, const struct rd_image *b)
{
	pixman_region32_t region;
	pixman_region32_init(&region);
	rd_image_diff(a, b, &region);
	bool any = false;
	for (int y = 0; y < a->height; y++) {
		for (int x = 0; x < a->width; x++) {
			const bool differs = pixel(a, x, y) != pixel(b, x, y);
			any |= differs;
			if (differs)
				assert_true(has(&region, x, y));
		}
	}
	assert_int_equal(pixman_region32_not_empty(&region), any);
	const pixman_box32_t *e = pixman_region32_extents(&region);
	assert_true(!any || (e->x1 >= 0 && e->y1 >= 0 && e->x2 <= a->width && e->y2 <= a->height));
	pixman_region32_fini(&region);
}

static void
finds_what_differs(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct rd_image a = noise(1 + random_below(300), 1 + random_below(70));
		struct rd_image b = copy_of(&a);
		check(&a, &b);
		for (int i = random_below(6); i >= 0; i--)
			rd_image_fill(&b, random_rect(a.width, a.height), 0x123456);
		check(&a, &b);
		rd_image_finish(&a);
		rd_image_finish(&b);
	}
}

static void
is_tight_around_one_pixel(void **state)
{
	(void)state;
	struct rd_image a = noise(200, 40), b = copy_of(&a);
	pixman_region32_t region;
	pixman_region32_init(&region);
	rd_image_at(&b, 199, 21)[2] ^= 0x80;
	rd_image_diff(&a, &b, &region);
	const struct rd_rect r = rd_rect_of_box(pixman_region32_extents(&region));
	assert_int_equal(r.x, 192);
	assert_int_equal(r.w, 8);
	assert_int_equal(r.y, 21);
	assert_int_equal(r.h, 1);
	pixman_region32_fini(&region);
	rd_image_finish(&a);
	rd_image_finish(&b);
}

static void
adds_to_what_is_there(void **state)
{
	(void)state;
	struct rd_image a = noise(10, 10), b = noise(10, 10);
	pixman_region32_t region;
	pixman_region32_init_rect(&region, 100, 100, 5, 5);
	rd_image_diff(&a, &b, &region);
	assert_int_equal(rd_region_area(&region), 125);
	pixman_region32_fini(&region);
	rd_image_finish(&a);
	rd_image_finish(&b);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_differs),
		cmocka_unit_test(is_tight_around_one_pixel),
		cmocka_unit_test(adds_to_what_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
