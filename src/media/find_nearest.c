#include <stdlib.h>

#include "media/find_priv.h"

/* It is chosen among so many places by their pixels. */
#define NEAREST 24

struct near {
	int64_t score;
	int x, y;
};

/* The best few, the best first. */
struct nearest {
	struct near v[NEAREST];
	int n;
};

static void
keep(struct nearest *best, struct near one)
{
	if (best->n == NEAREST && one.score >= best->v[NEAREST - 1].score)
		return;
	int i = best->n < NEAREST ? best->n++ : NEAREST - 1;
	for (; i > 0 && best->v[i - 1].score > one.score; i--)
		best->v[i] = best->v[i - 1];
	best->v[i] = one;
}

static int64_t
unlikeness(const struct rd_needle *n, const struct needle_table *t, int x, int y)
{
	int64_t score = 0;
	for (int i = 0; i < NEEDLE_CELLS * NEEDLE_CELLS; i++)
		if (n->cell[i].usable)
			score += llabs(needle_table_sum(t, &n->cell[i], x, y) - n->cell[i].sum);
	return score;
}

static void
gather(const struct rd_needle *n, const struct rd_image *im, struct rd_rect places,
	struct nearest *best)
{
	struct needle_table t;
	if (!needle_table_make(&t, n, im, places))
		return;
	for (int y = places.y; y < places.y + places.h; y++)
		for (int x = places.x; x < places.x + places.w; x++)
			keep(best, (struct near){unlikeness(n, &t, x, y), x, y});
	needle_table_finish(&t);
}

int64_t
rd_needle_nearest(const struct rd_needle *n, const struct rd_image *im, struct rd_rect within,
	struct rd_rect *at, int64_t *of)
{
	struct rd_rect places = needle_places(n, im, within), band = {0};
	struct nearest best = {.n = 0};
	int64_t least = -1;
	while (needle_next_band(n, places, &band))
		gather(n, im, band, &best);
	for (int i = 0; i < best.n; i++) {
		const struct near *one = &best.v[i];
		int64_t off = needle_off(n, im, one->x, one->y, INT64_MAX);
		if (least >= 0 && off >= least)
			continue;
		least = off;
		*at = (struct rd_rect){one->x, one->y, n->im.width, n->im.height};
	}
	*of = n->counted;
	return least;
}
