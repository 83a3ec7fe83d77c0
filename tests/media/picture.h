#ifndef RD_TESTS_PICTURE_H
#define RD_TESTS_PICTURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "media/image.h"

/*
 * For tests that draw: random numbers that can be had again, and pictures of
 * them. $RD_TEST_SEED repeats a run; the seed is printed so that it can.
 */
static uint64_t random_state;

__attribute__((unused)) static void
random_start(void)
{
	const char *seed = getenv("RD_TEST_SEED");
	random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) * 2654435761u;
	random_state |= 1;
	printf("RD_TEST_SEED=%llu\n", (unsigned long long)random_state);
}

/* xorshift64*, from 0 to below n */
__attribute__((unused)) static int
random_below(int n)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (int)((random_state * UINT64_C(2685821657736338717) >> 33) % (uint64_t)n);
}

__attribute__((unused)) static struct rd_rect
random_rect(int width, int height)
{
	const int x = random_below(width), y = random_below(height);
	return (struct rd_rect){x, y, 1 + random_below(width - x), 1 + random_below(height - y)};
}

static inline uint32_t
pixel(const struct rd_image *im, int x, int y)
{
	const uint8_t *p = rd_image_at(im, x, y);
	return (uint32_t)(p[0] | p[1] << 8 | p[2] << 16) | (uint32_t)p[3] << 24;
}

static inline bool
in_rect(struct rd_rect r, int x, int y)
{
	return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

/* A picture in which every pixel is random. The caller finishes it. */
__attribute__((unused)) static struct rd_image
noise(int width, int height)
{
	struct rd_image im;
	if (rd_image_init(&im, width, height) < 0)
		abort();
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			const uint8_t p[4] = {(uint8_t)random_below(256), (uint8_t)random_below(256),
				(uint8_t)random_below(256), 0};
			memcpy(rd_image_at(&im, x, y), p, 4);
		}
	}
	return im;
}

__attribute__((unused)) static struct rd_image
copy_of(const struct rd_image *im)
{
	struct rd_image c;
	if (rd_image_init(&c, im->width, im->height) < 0)
		abort();
	rd_image_copy(&c, im, (struct rd_rect){0, 0, im->width, im->height});
	return c;
}

/* The same size and pixels; says where they are not. */
__attribute__((unused)) static bool
same(const struct rd_image *a, const struct rd_image *b)
{
	if (a->width != b->width || a->height != b->height)
		return false;
	for (int y = 0; y < a->height; y++) {
		for (int x = 0; x < a->width; x++) {
			if (pixel(a, x, y) == pixel(b, x, y))
				continue;
			printf("pixel %d,%d: %08x, %08x\n", x, y, pixel(a, x, y), pixel(b, x, y));
			return false;
		}
	}
	return true;
}

#endif
