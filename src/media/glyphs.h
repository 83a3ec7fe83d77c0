#ifndef RD_MEDIA_GLYPHS_H
#define RD_MEDIA_GLYPHS_H

#include "media/image.h"

/*
 * A small fixed font of our own (printable ASCII, others as a box) for what
 * programs write into pictures: the test pattern's frame number, the viewer's
 * overlay and its end screen.
 */
#define RD_GLYPH_WIDTH 6	/* advance, pixels at scale 1 */
#define RD_GLYPH_HEIGHT 10	/* line height */

/* Draws one line of text at (x, y), clipped; returns its width in pixels. */
int rd_glyphs_draw(struct rd_image *im, int x, int y, int scale, uint32_t bgrx, const char *text);
int rd_glyphs_width(const char *text, int scale);

#endif
