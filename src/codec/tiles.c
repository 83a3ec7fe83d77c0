#include "codec/tiles.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A tile is judged by one row in so many. */
#define FILM_ROWS 6
/* Pixels that differ from both neighbours: with fewer it is a drawing, percent. */
#define FILM_NOVELTY 40
/* Colours, counted in 256 bins: with fewer it is text. */
#define FILM_COLOURS 80

void
rd_tiles_init(struct rd_tiles *t, int width, int height)
{
	t->columns = (width + RD_TILE - 1) / RD_TILE;
	t->rows = (height + RD_TILE - 1) / RD_TILE;
	t->v = xcalloc((size_t)t->columns * t->rows, sizeof(*t->v));
}

void
rd_tiles_finish(struct rd_tiles *t)
{
	free(t->v);
	*t = (struct rd_tiles){0};
}

static float
heat_now(const struct rd_tile *tile, uint64_t time_ns)
{
	if (time_ns <= tile->touched_ns)
		return tile->heat;
	return tile->heat * expf(-(float)((double)(time_ns - tile->touched_ns) / RD_TILE_FADE_NS));
}

struct walk {
	const struct rd_tiles *tiles;
	const pixman_box32_t *box;
	int n, column, row;
	bool begun;
};

/* Walks over the tiles that the boxes of a region touch; a tile may come more than once. */
static struct rd_tile *
next_tile(struct walk *w)
{
	for (; w->n > 0; w->n--, w->box++, w->begun = false) {
		if (!w->begun) {
			w->begun = true;
			w->column = w->box->x1 / RD_TILE;
			w->row = w->box->y1 / RD_TILE;
		} else if (++w->column > (w->box->x2 - 1) / RD_TILE) {
			w->column = w->box->x1 / RD_TILE;
			w->row++;
		}
		if (w->row <= (w->box->y2 - 1) / RD_TILE)
			return &w->tiles->v[w->row * w->tiles->columns + w->column];
	}
	return NULL;
}

static struct walk
walk(const struct rd_tiles *t, const pixman_region32_t *region)
{
	struct walk w = {.tiles = t};

	w.box = pixman_region32_rectangles((pixman_region32_t *)region, &w.n);
	return w;
}

static struct rd_rect
rect_of_tile(const struct walk *w)
{
	return (struct rd_rect){w->column * RD_TILE, w->row * RD_TILE, RD_TILE, RD_TILE};
}

void
rd_tiles_touch(struct rd_tiles *t, const pixman_region32_t *region, uint64_t time_ns, bool changed)
{
	struct walk w = walk(t, region);
	struct rd_tile *tile;

	while ((tile = next_tile(&w))) {
		/* Several boxes of one frame in a tile are one change. */
		if (tile->touched_ns == time_ns && tile->heat > 0)
			continue;
		tile->heat = heat_now(tile, time_ns) + (changed ? 1 : 0);
		tile->touched_ns = time_ns;
	}
}

/*
 * Whether a tile looks like a film or photograph: most pixels are foretold
 * neither by their left nor by their upper neighbour, and colours are many.
 * Text has the one, soft-edged text perhaps, and gradients the other.
 */
static bool
looks_like_film(const struct rd_image *im, struct rd_rect r)
{
	bool seen[256] = {false};
	int novel = 0, all = 0, colours = 0;

	for (int y = 1; y < r.h; y += FILM_ROWS) {
		const uint8_t *row = rd_image_at(im, r.x, r.y + y);
		const uint8_t *above = row - im->stride;

		for (int x = 1; x < r.w; x++, all++) {
			const uint8_t *p = row + x * 4;
			uint8_t hash = p[0] * 7 + p[1] * 31 + p[2] * 113;

			novel += memcmp(p, p - 4, 3) != 0 && memcmp(p, above + x * 4, 3) != 0;
			colours += !seen[hash];
			seen[hash] = true;
		}
	}
	return novel * 100 >= all * FILM_NOVELTY && colours >= FILM_COLOURS && all > 0;
}

struct rd_rect
rd_tiles_film(const struct rd_tiles *t, const struct rd_image *im,
	const pixman_region32_t *region, uint64_t time_ns)
{
	struct rd_rect film = {0}, picture = {0, 0, im->width, im->height};
	struct walk w = walk(t, region);
	struct rd_tile *tile;

	while ((tile = next_tile(&w))) {
		struct rd_rect part = rd_rect_intersect(rd_rect_of_box(w.box), rect_of_tile(&w));

		if (heat_now(tile, time_ns) >= RD_TILE_HOT
		    && looks_like_film(im, rd_rect_intersect(rect_of_tile(&w), picture)))
			film = rd_rect_bound(film, part);
	}
	return film;
}

void
rd_tiles_rested(const struct rd_tiles *t, const pixman_region32_t *region, uint64_t before_ns,
	pixman_region32_t *rested)
{
	struct walk w = walk(t, region);
	struct rd_tile *tile;

	pixman_region32_clear(rested);
	while ((tile = next_tile(&w)))
		if (tile->touched_ns <= before_ns)
			rd_region_add(rested, rd_rect_intersect(rd_rect_of_box(w.box), rect_of_tile(&w)));
}

uint64_t
rd_tiles_oldest(const struct rd_tiles *t, const pixman_region32_t *region)
{
	struct walk w = walk(t, region);
	struct rd_tile *tile;
	uint64_t oldest = UINT64_MAX;

	while ((tile = next_tile(&w)))
		if (tile->touched_ns < oldest)
			oldest = tile->touched_ns;
	return oldest;
}
