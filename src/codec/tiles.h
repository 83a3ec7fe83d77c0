#ifndef RD_CODEC_TILES_H
#define RD_CODEC_TILES_H

#include <stdbool.h>
#include <stdint.h>

#include "media/image.h"

/*
 * What rd-encode remembers of each part of the screen: when it last changed
 * and how often it does. Decisions per region stand on this.
 */
#define RD_TILE 64	/* pixels each way */

struct rd_tile {
	uint64_t touched_ns;	/* stream time of the last change */
	float heat;		/* changes, each fading with RD_TILE_FADE_NS */
};
/* 30 changes a second settle at a heat of 12.5, ten at 4.5, typing below 4. */
#define RD_TILE_FADE_NS 400e6
#define RD_TILE_HOT 4.0f

struct rd_tiles {
	struct rd_tile *v;
	int columns, rows;
};

void rd_tiles_init(struct rd_tiles *t, int width, int height);
void rd_tiles_finish(struct rd_tiles *t);
/* The tiles of `region` changed now, or were only painted again. */
void rd_tiles_touch(struct rd_tiles *t, const pixman_region32_t *region, uint64_t time_ns, bool changed);
/*
 * The smallest rectangle around what of `region` lies in hot tiles that look
 * like a film or photograph rather than text or drawing; empty if nothing does.
 */
struct rd_rect rd_tiles_film(const struct rd_tiles *t, const struct rd_image *im,
	const pixman_region32_t *region, uint64_t time_ns);
/* Replaces `rested` by what of `region` lies in tiles untouched since `before_ns`. */
void rd_tiles_rested(const struct rd_tiles *t, const pixman_region32_t *region,
	uint64_t before_ns, pixman_region32_t *rested);
/* The oldest touch of any tile of `region`; UINT64_MAX if it is empty. */
uint64_t rd_tiles_oldest(const struct rd_tiles *t, const pixman_region32_t *region);

#endif
