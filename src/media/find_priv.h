#ifndef RD_MEDIA_FIND_PRIV_H
#define RD_MEDIA_FIND_PRIV_H

#include <stdlib.h>
#include <string.h>

#include "media/find.h"
#include "media/pixel.h"

/*
 * Inside the search for a picture, for find*.c only:
 *
 *	find.c		the first place that is like it
 *	find_nearest.c	the place that is most like it
 *	find_needle.c	the needle: made, and laid upon a place
 *	find_probes.c	its pixels that tell most
 *	find_table.c	sums of any rectangle's pixels
 *
 * The first two call the others, and find_needle.c find_probes.c.
 */
#define NEEDLE_QUARTERS 4
#define NEEDLE_CELLS 4	/* each way, by which the nearest is chosen */
/* A sum of so many pixels still fits into 32 bits. */
#define NEEDLE_SUM_MAX (INT64_C(5) << 20)

struct needle_part {
	struct rd_rect r;	/* of the needle */
	int64_t sum;		/* of the channels of the pixels that count */
	int64_t low, high;	/* how far a sum of the other picture's may be below and above */
	bool usable;
};

struct needle_probe {
	int16_t x, y;
};

struct rd_needle {
	struct rd_image im;
	int tolerance;
	int64_t counted;	/* pixels that count */
	int64_t allowed;	/* … and may differ */
	struct needle_part quarter[NEEDLE_QUARTERS];
	struct needle_part cell[NEEDLE_CELLS * NEEDLE_CELLS];
	struct needle_probe *probe;
	int probes;
};

static inline bool
needle_counts(uint32_t pixel)
{
	return pixel >> 24 == 0;
}

/* Fills n->probe, from everything else. */
void needle_choose_probes(struct rd_needle *n);

/* Where in a part of the picture its top left corner may be; empty: nowhere. */
struct rd_rect needle_places(const struct rd_needle *n, const struct rd_image *im,
	struct rd_rect within);
/* Its pixels that differ from the picture's when it is at x, y, or more than `limit`. */
int64_t needle_off(const struct rd_needle *n, const struct rd_image *im, int x, int y,
	int64_t limit);

/* A summed area table of a rectangle of a picture. */
struct needle_table {
	struct rd_rect r;
	uint32_t *sum;		/* (w + 1) * (h + 1); wraps, and so differences are right */
};

/*
 * The places in bands, so that each one's table stays small: the band below
 * *band, or the first one if that is empty. False: there is none.
 */
bool needle_next_band(const struct rd_needle *n, struct rd_rect places, struct rd_rect *band);
/* Of all the needle covers anywhere at these places. False: no memory, and no sum. */
bool needle_table_make(struct needle_table *t, const struct rd_needle *n,
	const struct rd_image *im, struct rd_rect places);
void needle_table_finish(struct needle_table *t);

/* Of a part of the needle when that is at x, y. */
static inline int64_t
needle_table_sum(const struct needle_table *t, const struct needle_part *p, int x, int y)
{
	size_t wide = (size_t)t->r.w + 1;
	size_t left = (size_t)(x + p->r.x - t->r.x), right = left + (size_t)p->r.w;
	const uint32_t *top = t->sum + (size_t)(y + p->r.y - t->r.y) * wide;
	const uint32_t *bottom = top + (size_t)p->r.h * wide;
	return (int64_t)(uint32_t)(bottom[right] - bottom[left] - top[right] + top[left]);
}

#endif
