#ifndef RD_MEDIA_TESTCARD_H
#define RD_MEDIA_TESTCARD_H

#include <stdint.h>

#include "media/image.h"

/*
 * The test picture: colour bars, a gradient, a box that moves, a sentence that
 * types itself, and the frame's number, for people in digits and for programs
 * in black and white blocks. Frame n is a function of n and of the picture's
 * size, and of nothing else.
 *
 *	0/16	16 blocks: the number's high 16 bits, highest first
 *	1/16	16 blocks: its low 16 bits
 *	2/16	16 blocks: CRC-16/CCITT of its four bytes, high byte first
 *	3/16	bars
 *	9/16	gradient
 *	11/16	text, where it fits
 *
 * A 1 is white. Blocks span the width, so they scale with the picture.
 */
#define RD_TESTCARD_MIN 16	/* the least width and height, pixels */

/*
 * Draws the part of frame `number` of a picture of width x height pixels that
 * has its top left at (x, y) and fills `out`.
 */
void rd_testcard_draw(struct rd_image *out, int x, int y, int width, int height, uint32_t number);
/*
 * Adds to `damage` what frame `number` changes in frame number - 1: blocks,
 * letters and edges of the box that differ. For number 0 that is everything.
 */
void rd_testcard_damage(pixman_region32_t *damage, int width, int height, uint32_t number);
/*
 * Reads the number back, also from a picture that was scaled (each way by
 * itself), blurred or coded with loss. 0, or -EPROTO when no number is there.
 */
int rd_testcard_read(const struct rd_image *im, uint32_t *number);

#endif
