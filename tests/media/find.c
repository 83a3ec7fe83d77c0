#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/find.h"

static uint32_t seed;

static uint32_t
dice(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static uint32_t *
at(const struct rd_image *im, int x, int y)
{
	return (uint32_t *)(void *)rd_image_at(im, x, y);
}

/* Few colours, so that much looks alike. */
static void
scribble(struct rd_image *im, uint32_t colours)
{
	for (int y = 0; y < im->height; y++)
		for (int x = 0; x < im->width; x++)
			*at(im, x, y) = dice(colours) * 0x201008 & 0xffffff;
}

static struct rd_image
picture(int w, int h, uint32_t colours)
{
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, w, h), 0);
	scribble(&im, colours);
	return im;
}

static struct rd_image
part_of(const struct rd_image *im, struct rd_rect r)
{
	struct rd_image part;
	assert_int_equal(rd_image_init(&part, r.w, r.h), 0);
	for (int y = 0; y < r.h; y++)
		memcpy(rd_image_at(&part, 0, y), rd_image_at(im, r.x, r.y + y), (size_t)r.w * 4);
	return part;
}

static bool
off(uint32_t a, uint32_t b, int tolerance)
{
	for (int s = 0; s < 24; s += 8)
		if (abs((int)(a >> s & 255) - (int)(b >> s & 255)) > tolerance)
			return true;
	return false;
}

static int64_t
plain_count(const struct rd_image *needle, const struct rd_image *im, int x, int y, int tolerance,
	int64_t *counted)
{
	int64_t n = 0;
	*counted = 0;
	for (int row = 0; row < needle->height; row++)
		for (int column = 0; column < needle->width; column++) {
			uint32_t p = *at(needle, column, row);
			if (p >> 24)
				continue;
			(*counted)++;
			n += off(p, *at(im, x + column, y + row), tolerance);
		}
	return n;
}

/* Every place, pixel by pixel: what there is to find. */
static bool
plain_find(const struct rd_image *needle, const struct rd_image *im, struct rd_rect within,
	const struct rd_needle_config *cfg, struct rd_rect *found)
{
	for (int y = within.y; y + needle->height <= within.y + within.h; y++)
		for (int x = within.x; x + needle->width <= within.x + within.w; x++) {
			int64_t counted, n = plain_count(needle, im, x, y, cfg->tolerance, &counted);
			if (n > (int64_t)(cfg->differ * (double)counted))
				continue;
			*found = (struct rd_rect){x, y, needle->width, needle->height};
			return true;
		}
	return false;
}

static void
finds_what_there_is(void **state)
{
	(void)state;
	int hits = 0;
	for (seed = 0; seed < 60000; seed += 100) {
		uint32_t start = seed;
		struct rd_image im = picture(30 + (int)dice(20), 25 + (int)dice(20), 2 + dice(4));
		struct rd_rect r = {(int)dice(10), (int)dice(10), 1 + (int)dice(12), 1 + (int)dice(12)};
		struct rd_image part = part_of(&im, r);
		const struct rd_needle_config cfg = {
			.tolerance = dice(2) ? 0 : (int)dice(40), .differ = dice(2) ? 0 : dice(30) / 100.0,
		};
		/* Some count for nothing, and some are others. */
		for (uint32_t i = dice(6); i > 0; i--)
			*at(&part, (int)dice((uint32_t)r.w), (int)dice((uint32_t)r.h)) |= 0xff000000;
		for (uint32_t i = dice(4); i > 0; i--)
			*at(&part, (int)dice((uint32_t)r.w), (int)dice((uint32_t)r.h)) ^= 0x050000 << dice(4);
		struct rd_rect within = {(int)dice(5), (int)dice(5), 20, 20}, want = {0}, got = {0};
		struct rd_needle *n = rd_needle_new(&part, &cfg);
		if (n) {
			bool is = plain_find(&part, &im, within, &cfg, &want);
			assert_int_equal(rd_needle_find(n, &im, within, NULL, &got), is);
			if (is)
				assert_memory_equal(&want, &got, sizeof(got));
			hits += is;
			int64_t of, least = rd_needle_nearest(n, &im, within, &got, &of), counted;
			if (least >= 0)
				assert_int_equal(plain_count(&part, &im, got.x, got.y, cfg.tolerance,
					&counted), least);
			rd_needle_free(n);
		}
		rd_image_finish(&part);
		rd_image_finish(&im);
		seed = start;
	}
	assert_true(hits > 100 && hits < 590);
}

static void
looks_only_where_something_changed(void **state)
{
	(void)state;
	seed = 7;
	struct rd_image im = picture(200, 150, 200);
	struct rd_image part = part_of(&im, (struct rd_rect){120, 80, 10, 8});
	struct rd_needle *n = rd_needle_new(&part, &(struct rd_needle_config){0});
	const struct rd_rect all = {0, 0, 200, 150};
	const struct { struct rd_rect changed; bool found; } cases[] = {
		{{0, 0, 50, 50}, false}, {{0, 0, 0, 0}, false}, {{129, 87, 1, 1}, true},
		{{130, 80, 9, 9}, false}, {{0, 0, 121, 81}, true}, {{199, 149, 1, 1}, false},
		{{0, 0, 200, 150}, true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		pixman_region32_t region;
		struct rd_rect got;
		pixman_region32_init(&region);
		rd_region_add(&region, cases[i].changed);
		assert_int_equal(rd_needle_find(n, &im, all, &region, &got), cases[i].found);
		if (cases[i].found)
			assert_true(got.x == 120 && got.y == 80 && got.w == 10 && got.h == 8);
		pixman_region32_fini(&region);
	}
	rd_needle_free(n);
	rd_image_finish(&part);
	rd_image_finish(&im);
}

/* At its place: as large as what it is looked for in. */
static void
fits_or_does_not(void **state)
{
	(void)state;
	seed = 3;
	struct rd_image im = picture(40, 30, 9), large = picture(41, 30, 9), none = picture(3, 3, 2);
	struct rd_needle *same = rd_needle_new(&im, &(struct rd_needle_config){0});
	struct rd_needle *larger = rd_needle_new(&large, &(struct rd_needle_config){.differ = 1});
	struct rd_rect got;
	int64_t of;
	assert_true(rd_needle_find(same, &im, (struct rd_rect){0, 0, 40, 30}, NULL, &got));
	assert_true(rd_needle_find(same, &im, (struct rd_rect){-5, -5, 100, 100}, NULL, &got));
	assert_false(rd_needle_find(same, &im, (struct rd_rect){1, 0, 39, 30}, NULL, &got));
	assert_false(rd_needle_find(larger, &im, (struct rd_rect){0, 0, 41, 30}, NULL, &got));
	assert_int_equal(rd_needle_nearest(larger, &im, (struct rd_rect){0, 0, 41, 30}, &got, &of), -1);
	*at(&im, 20, 20) ^= 1;
	assert_int_equal(rd_needle_nearest(same, &im, (struct rd_rect){0, 0, 40, 30}, &got, &of), 1);
	assert_int_equal(of, 1200);
	assert_true(rd_needle_differs(same, &im, 0, 0, 20, 20));
	assert_false(rd_needle_differs(same, &im, 0, 0, 20, 21));
	for (int i = 0; i < 9; i++)
		*at(&none, i % 3, i / 3) |= 0xff000000;
	assert_null(rd_needle_new(&none, &(struct rd_needle_config){0}));
	rd_needle_free(same);
	rd_needle_free(larger);
	rd_needle_free(NULL);
	rd_image_finish(&none);
	rd_image_finish(&large);
	rd_image_finish(&im);
}

static void
counts_what_differs(void **state)
{
	(void)state;
	seed = 11;
	struct rd_image a = picture(50, 40, 30), b = part_of(&a, (struct rd_rect){0, 0, 50, 40});
	const struct rd_rect all = {0, 0, 50, 40};
	struct rd_rect bound;
	assert_int_equal(rd_image_count(&a, &b, all, 0, &bound), 0);
	assert_true(rd_rect_empty(bound));
	*at(&b, 10, 5) ^= 4;
	*at(&b, 30, 35) ^= 1;
	*at(&b, 20, 20) ^= 0x55000000;
	assert_int_equal(rd_image_count(&a, &b, all, 0, &bound), 2);
	assert_true(bound.x == 10 && bound.y == 5 && bound.w == 21 && bound.h == 31);
	assert_int_equal(rd_image_count(&a, &b, all, 3, &bound), 1);
	assert_true(bound.x == 10 && bound.y == 5 && bound.w == 1 && bound.h == 1);
	assert_int_equal(rd_image_count(&a, &b, (struct rd_rect){11, 0, 39, 35}, 0, &bound), 0);
	rd_image_finish(&a);
	rd_image_finish(&b);
}

static void
reads_what_it_writes(void **state)
{
	(void)state;
	seed = 5;
	struct rd_image im = picture(33, 21, 4000), back;
	FILE *f = tmpfile();
	assert_int_equal(rd_image_png(&im, f), 0);
	rewind(f);
	assert_int_equal(rd_image_read_png(&back, f), 0);
	struct rd_rect bound;
	assert_int_equal(back.width, 33);
	assert_int_equal(back.height, 21);
	assert_int_equal(rd_image_count(&im, &back, (struct rd_rect){0, 0, 33, 21}, 0, &bound), 0);
	assert_int_equal(*at(&back, 4, 4) >> 24, 0);
	/* Half of one is none. */
	long size = ftell(f);
	rewind(f);
	fclose(f);
	f = tmpfile();
	assert_int_equal(rd_image_png(&im, f), 0);
	assert_int_equal(ftruncate(fileno(f), size / 2), 0);
	rewind(f);
	assert_true(rd_image_read_png(&back, f) < 0);
	fclose(f);
	rd_image_finish(&im);
	rd_image_finish(&back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_there_is),
		cmocka_unit_test(looks_only_where_something_changed),
		cmocka_unit_test(fits_or_does_not),
		cmocka_unit_test(counts_what_differs),
		cmocka_unit_test(reads_what_it_writes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
