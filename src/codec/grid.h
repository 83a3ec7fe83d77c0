#ifndef RD_CODEC_GRID_H
#define RD_CODEC_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "media/image.h"

/*
 * Where the lines of text are: how far apart and from which row, per area of
 * the picture. Found by looking at how ink is spread over the rows of what
 * changed, and kept, so that a single letter typed later is cut the same way
 * as the page before it. A wrong guess costs bytes and nothing else.
 */
#define RD_GRIDS 16

struct rd_grid {
	struct rd_rect area;
	int pitch;		/* rows from line to line; 0: unused entry */
	int phase;		/* first row of a line, mod pitch */
	uint64_t used;
};

struct rd_grids {
	struct rd_grid v[RD_GRIDS];
	uint64_t clock;
};

/* Learns from an area that changed; does nothing when it shows no lines. */
void rd_grids_learn(struct rd_grids *g, const struct rd_image *im, struct rd_rect area);
/* The grid that holds here, or NULL. */
const struct rd_grid *rd_grids_at(struct rd_grids *g, struct rd_rect r);
void rd_grids_clear(struct rd_grids *g);

#endif
