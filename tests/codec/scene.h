#ifndef TESTS_CODEC_SCENE_H
#define TESTS_CODEC_SCENE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/glyphs.h"
#include "media/image.h"

/*
 * A desktop that lives: text, windows, scrolling, noise; every step changes an
 * image and adds to a region where. Random, from a seed that is printed.
 */
static uint64_t scene_state;

static inline uint32_t
scene_random(void)
{
	/* splitmix64 (Steele, Lea and Flood, 2014) */
	uint64_t z = scene_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z ^ z >> 31);
}

static inline int
scene_below(int n)
{
	return (int)(scene_random() % (uint32_t)n);
}

/* The seed in $RD_SEED, or `seed`. */
static inline void
scene_seed(uint64_t seed)
{
	const char *given = getenv("RD_SEED");

	scene_state = given ? strtoull(given, NULL, 0) : seed;
	printf("seed 0x%llx (RD_SEED=… repeats it)\n", (unsigned long long)scene_state);
	fflush(stdout);
}

static inline struct rd_rect
scene_rect(const struct rd_image *im)
{
	struct rd_rect r;

	r.x = scene_below(im->width);
	r.y = scene_below(im->height);
	r.w = 1 + scene_below(im->width - r.x);
	r.h = 1 + scene_below(im->height - r.y);
	return r;
}

static inline void
scene_noise(struct rd_image *im, struct rd_rect r)
{
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++) {
			uint32_t v = scene_random() & 0xffffff;

			memcpy(rd_image_at(im, x, y), &v, 4);
		}
}

static inline void
scene_text(struct rd_image *im, struct rd_rect r)
{
	char line[128];

	rd_image_fill(im, r, 0xffffff);
	for (int y = r.y; y + RD_GLYPH_HEIGHT <= r.y + r.h; y += RD_GLYPH_HEIGHT) {
		int n = r.w / RD_GLYPH_WIDTH < 100 ? r.w / RD_GLYPH_WIDTH : 100;

		for (int i = 0; i < n; i++)
			line[i] = (char)(32 + scene_below(95));
		line[n] = 0;
		rd_glyphs_draw(im, r.x, y, 1, 0, line);
	}
}

static inline void
scene_scroll(struct rd_image *im, struct rd_rect r)
{
	int by = 1 + scene_below(r.h);

	if (by < r.h)
		rd_image_move(im, (struct rd_rect){r.x, r.y + by, r.w, r.h - by}, r.x, r.y);
	scene_text(im, (struct rd_rect){r.x, r.y + r.h - by, r.w, by});
}

static inline void
scene_drag(struct rd_image *im, pixman_region32_t *damage)
{
	struct rd_rect r = scene_rect(im);
	int x = scene_below(im->width - r.w + 1), y = scene_below(im->height - r.h + 1);

	rd_image_move(im, r, x, y);
	rd_region_add(damage, (struct rd_rect){x, y, r.w, r.h});
}

static inline void
scene_step(struct rd_image *im, pixman_region32_t *damage)
{
	struct rd_rect r = scene_rect(im);

	switch (scene_below(6)) {
	case 0:
		rd_image_fill(im, r, scene_random() & 0xffffff);
		break;
	case 1:
		scene_noise(im, r);
		break;
	case 2:
		scene_text(im, r);
		break;
	case 3:
		scene_scroll(im, r);
		break;
	case 4:
		scene_drag(im, damage);
		return;
	case 5:
		break;	/* damage where nothing changed */
	}
	rd_region_add(damage, r);
}

/* Pixels in which two pictures of one size differ, X left out. */
static inline int64_t
scene_differ(const struct rd_image *a, const struct rd_image *b)
{
	int64_t n = 0;

	for (int y = 0; y < a->height; y++)
		for (int x = 0; x < a->width; x++)
			n += memcmp(rd_image_at(a, x, y), rd_image_at(b, x, y), 3) != 0;
	return n;
}

#endif
