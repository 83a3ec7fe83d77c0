#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/rect.h"

static void
assert_rect(struct rd_rect r, int x, int y, int w, int h)
{
	assert_int_equal(r.x, x);
	assert_int_equal(r.y, y);
	assert_int_equal(r.w, w);
	assert_int_equal(r.h, h);
}

static void
intersects(void **state)
{
	(void)state;
	const struct rd_rect a = {10, 20, 30, 40};
	assert_rect(rd_rect_intersect(a, (struct rd_rect){0, 0, 100, 100}), 10, 20, 30, 40);
	assert_rect(rd_rect_intersect(a, (struct rd_rect){39, 59, 5, 5}), 39, 59, 1, 1);
	assert_true(rd_rect_empty(rd_rect_intersect(a, (struct rd_rect){40, 20, 5, 5})));
	assert_true(rd_rect_empty(rd_rect_intersect(a, (struct rd_rect){10, 60, 5, 5})));
	const struct rd_rect none = rd_rect_intersect(a, (struct rd_rect){15, 25, 0, 5});
	assert_int_equal(none.w, 0);
	assert_int_equal(none.h, 0);
}

static void
intersects_at_the_ends_of_numbers(void **state)
{
	(void)state;
	const struct rd_rect left = {INT_MIN, INT_MIN, INT_MAX, INT_MAX};
	const struct rd_rect far = {INT_MAX, INT_MAX, INT_MAX, INT_MAX};
	assert_rect(rd_rect_intersect(far, far), INT_MAX, INT_MAX, INT_MAX, INT_MAX);
	assert_true(rd_rect_empty(rd_rect_intersect(left, (struct rd_rect){0, 0, 10, 10})));
}

static void
bounds(void **state)
{
	(void)state;
	const struct rd_rect a = {1, 2, 3, 4}, b = {10, 0, 1, 1};
	assert_rect(rd_rect_bound(a, b), 1, 0, 10, 6);
	assert_rect(rd_rect_bound(b, a), 1, 0, 10, 6);
	assert_rect(rd_rect_bound(a, (struct rd_rect){-5, -5, 0, 9}), 1, 2, 3, 4);
	assert_rect(rd_rect_bound((struct rd_rect){0}, b), 10, 0, 1, 1);
}

static void
knows_what_is_inside(void **state)
{
	(void)state;
	assert_true(rd_rect_inside((struct rd_rect){0, 0, 10, 10}, 10, 10));
	assert_true(rd_rect_inside((struct rd_rect){9, 9, 1, 1}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){9, 9, 2, 1}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){9, 9, 1, 2}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){-1, 0, 1, 1}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){0, -1, 1, 1}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){0, 0, 0, 1}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){0, 0, 1, -1}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){INT_MAX, 0, INT_MAX, 1}, 10, 10));
	assert_false(rd_rect_inside((struct rd_rect){0, INT_MIN, 1, INT_MIN}, 10, 10));
}

static void
regions_add_up(void **state)
{
	(void)state;
	pixman_region32_t region;
	pixman_region32_init(&region);
	assert_int_equal(rd_region_area(&region), 0);
	rd_region_add(&region, (struct rd_rect){5, 5, 0, 5});
	rd_region_add(&region, (struct rd_rect){5, 5, 5, -1});
	assert_int_equal(rd_region_area(&region), 0);
	rd_region_add(&region, (struct rd_rect){0, 0, 10, 10});
	rd_region_add(&region, (struct rd_rect){5, 5, 10, 10});
	assert_int_equal(rd_region_area(&region), 175);
	const struct rd_rect all = rd_rect_of_box(pixman_region32_extents(&region));
	assert_rect(all, 0, 0, 15, 15);
	assert_int_equal(rd_rect_area((struct rd_rect){0, 0, 100000, 100000}), INT64_C(10000000000));
	pixman_region32_fini(&region);
}

static void
reads_geometries(void **state)
{
	(void)state;
	struct rd_rect r;
	assert_true(rd_rect_parse(&r, "640x480+10+20"));
	assert_rect(r, 10, 20, 640, 480);
	assert_true(rd_rect_parse(&r, "1x65535+0+65535"));
	assert_rect(r, 0, 65535, 1, 65535);
	static const char *const none[] = {"", "1", "1x", "1x1", "1x1+", "1x1+0", "1x1+0+", "0x1+0+0",
		"1x0+0+0", "1x1+0+0 ", " 1x1+0+0", "-1x1+0+0", "1x1-1+0", "65536x1+0+0", "1x1+0+0+0",
		"99999999999999999999x1+0+0", "+1x1+0+0"};
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(rd_rect_parse(&r, none[i]));
}

static void
cuts_a_part_out_of_a_region(void **state)
{
	(void)state;
	pixman_region32_t all, part;
	pixman_region32_init_rect(&all, 10, 20, 30, 40);
	pixman_region32_init(&part);
	rd_region_add(&all, (struct rd_rect){100, 100, 5, 5});
	rd_region_part(&part, &all, (struct rd_rect){20, 50, 1000, 1000});
	assert_int_equal(rd_region_area(&part), 20 * 10 + 25);
	assert_rect(rd_rect_of_box(pixman_region32_extents(&part)), 0, 0, 85, 55);
	rd_region_part(&part, &all, (struct rd_rect){0, 0, 10, 10});
	assert_int_equal(rd_region_area(&part), 0);
	rd_region_part(&part, &all, (struct rd_rect){0});
	assert_int_equal(rd_region_area(&part), 0);
	assert_int_equal(rd_region_area(&all), 30 * 40 + 25);
	pixman_region32_fini(&part);
	pixman_region32_fini(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intersects),
		cmocka_unit_test(intersects_at_the_ends_of_numbers),
		cmocka_unit_test(bounds),
		cmocka_unit_test(knows_what_is_inside),
		cmocka_unit_test(regions_add_up),
		cmocka_unit_test(reads_geometries),
		cmocka_unit_test(cuts_a_part_out_of_a_region),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
