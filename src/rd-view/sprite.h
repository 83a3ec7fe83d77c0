#ifndef RD_VIEW_SPRITE_H
#define RD_VIEW_SPRITE_H

#include <stdbool.h>

#include "media/image.h"

/*
 * A small picture that lies over the screen's in the window: premultiplied
 * BGRA, rows packed (im.stride is im.width * 4). Zeroed memory is none.
 */
struct sprite {
	struct rd_image im;
	int x, y;	/* in the window, pixels */
	bool hidden;
};

/* Transparent; no picture when there is no memory for one. */
struct sprite sprite_new(int width, int height);
void sprite_finish(struct sprite *s);
struct rd_rect sprite_rect(const struct sprite *s);

/*
 * A box of text: lines end with '\n', longer ones are folded at spaces to
 * `columns` letters, and go on below the value where they are "label  value",
 * with two blanks or more between. The first line stands out if `titled`.
 */
struct sprite sprite_text(const char *text, int columns, int scale, bool titled);

#endif
