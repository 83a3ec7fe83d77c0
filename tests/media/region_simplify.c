#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/picture.h"
#include "media/rect.h"

/* Simplifies a copy; checks what always holds; returns the pixels it added. */
static int64_t
simplify(const pixman_region32_t *region, int max)
{
	pixman_region32_t simple, lost;
	pixman_region32_init(&simple);
	pixman_region32_init(&lost);
	pixman_region32_copy(&simple, region);
	rd_region_simplify(&simple, max);
	assert_true(pixman_region32_n_rects(&simple) <= max);
	assert_true(pixman_region32_selfcheck(&simple));
	pixman_region32_subtract(&lost, region, &simple);
	assert_false(pixman_region32_not_empty(&lost));
	assert_memory_equal(pixman_region32_extents(&simple), pixman_region32_extents(region),
		sizeof(pixman_box32_t));
	const int64_t added = rd_region_area(&simple) - rd_region_area(region);
	if (pixman_region32_n_rects(region) <= max)
		assert_int_equal(added, 0);
	pixman_region32_fini(&simple);
	pixman_region32_fini(&lost);
	return added;
}

static void
add_random(pixman_region32_t *region, int n, int size)
{
	for (int i = 0; i < n; i++) {
		struct rd_rect r = {random_below(2000) - 100, random_below(1200) - 100, 1, 1};
		r.w += random_below(size);
		r.h += random_below(size);
		rd_region_add(region, r);
	}
}

static void
never_loses_a_pixel(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		pixman_region32_t region;
		pixman_region32_init(&region);
		add_random(&region, 1 + random_below(60), 1 << random_below(9));
		simplify(&region, 1 + random_below(40));
		pixman_region32_fini(&region);
	}
}

static void
takes_very_many(void **state)
{
	(void)state;
	pixman_region32_t region;
	pixman_region32_init(&region);
	add_random(&region, 5000, 3);
	assert_true(pixman_region32_n_rects(&region) > 3000);
	simplify(&region, 64);
	simplify(&region, 1);
	simplify(&region, 3000);
	pixman_region32_fini(&region);
}

static void
leaves_nothing_as_it_is(void **state)
{
	(void)state;
	pixman_region32_t region;
	pixman_region32_init(&region);
	rd_region_simplify(&region, 1);
	assert_false(pixman_region32_not_empty(&region));
	pixman_region32_fini(&region);
}

/* Letters of two lines of text, far from each other: one rectangle a line. */
static void
joins_what_is_near(void **state)
{
	(void)state;
	pixman_region32_t region;
	pixman_region32_init(&region);
	for (int i = 0; i < 20; i++) {
		rd_region_add(&region, (struct rd_rect){100 + i * 10, 100, 8, 12});
		rd_region_add(&region, (struct rd_rect){900 + i * 10, 500, 8, 12});
	}
	assert_int_equal(pixman_region32_n_rects(&region), 40);
	assert_int_equal(simplify(&region, 2), 2 * 19 * 2 * 12);
	assert_int_equal(simplify(&region, 39), 2 * 12);
	pixman_region32_fini(&region);
}

/* Two that stand on each other with nearly the same sides: the step is filled. */
static void
joins_bands(void **state)
{
	(void)state;
	pixman_region32_t region;
	pixman_region32_init(&region);
	rd_region_add(&region, (struct rd_rect){0, 0, 100, 50});
	rd_region_add(&region, (struct rd_rect){1, 50, 100, 50});
	rd_region_add(&region, (struct rd_rect){500, 0, 10, 10});
	/* banded: 0..10 with the third, 10..50, 50..100 */
	assert_int_equal(pixman_region32_n_rects(&region), 4);
	assert_int_equal(simplify(&region, 3), 40 + 50); /* a column on either side */
	pixman_region32_fini(&region);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_loses_a_pixel),
		cmocka_unit_test(takes_very_many),
		cmocka_unit_test(leaves_nothing_as_it_is),
		cmocka_unit_test(joins_what_is_near),
		cmocka_unit_test(joins_bands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
