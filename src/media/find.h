#ifndef RD_MEDIA_FIND_H
#define RD_MEDIA_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "media/image.h"

/*
 * A small picture that is looked for in a large one: exactly, or give or take
 * something. Coarse to fine: sums of quarters (by a summed area table; Crow,
 * 1984) and a few telling pixels throw out nearly every place, so that few are
 * looked at pixel by pixel; what is found is found pixel by pixel.
 */
struct rd_needle;

struct rd_needle_config {
	int tolerance;		/* of 255: how far off each channel of a pixel may be */
	double differ;		/* 0 to 1: the share of pixels that may be off further */
};

/*
 * Takes a copy. Pixels whose fourth byte is not 0 count for nothing. NULL when
 * none counts, or without memory.
 */
struct rd_needle *rd_needle_new(const struct rd_image *im, const struct rd_needle_config *cfg);
void rd_needle_free(struct rd_needle *n);

/*
 * Looks for a place wholly within `within`, from the top; with `changed` only
 * for places that have something of it: those that had it before were looked at
 * then. Whether there is one; *at is where. Without memory for the table, which
 * is of a few rows, it looks at every place.
 */
bool rd_needle_find(const struct rd_needle *n, const struct rd_image *im, struct rd_rect within,
	const pixman_region32_t *changed, struct rd_rect *at);
/*
 * The place that is most like it: how many pixels differ there, of *of that
 * count; -1: it fits nowhere.
 */
int64_t rd_needle_nearest(const struct rd_needle *n, const struct rd_image *im,
	struct rd_rect within, struct rd_rect *at, int64_t *of);
/* Whether that pixel of it differs from what lies there when it is at x, y. */
bool rd_needle_differs(const struct rd_needle *n, const struct rd_image *im, int x, int y,
	int column, int row);

#endif
