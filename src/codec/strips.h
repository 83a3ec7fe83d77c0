#ifndef RD_CODEC_STRIPS_H
#define RD_CODEC_STRIPS_H

#include "codec/grid.h"
#include "media/image.h"

/*
 * How a region is cut for the exact coder: into strips as high as the lines of
 * text there, where lines are known (codec/grid.h). Areas that share a height
 * are together, so that they share messages.
 */
#define RD_STRIPS_HEIGHTS 8

struct rd_strips {
	struct rd_strips_area {
		int height;	/* 1 … RD_EXACT_MAX_STRIP */
		pixman_region32_t region;
	} v[RD_STRIPS_HEIGHTS];
	int n;
};

/*
 * Learns lines from `region` of the picture and cuts it: where there are lines,
 * the areas reach to whole ones. Fills *s, which rd_strips_finish empties.
 */
void rd_strips_cut(struct rd_strips *s, struct rd_grids *g, const struct rd_image *im,
	const pixman_region32_t *region);
void rd_strips_finish(struct rd_strips *s);

#endif
