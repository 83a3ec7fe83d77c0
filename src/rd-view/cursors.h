#ifndef RD_VIEW_CURSORS_H
#define RD_VIEW_CURSORS_H

#include <SDL.h>

#include "media/cursor.h"

/* The pointer's shapes as the window system's cursors; the last few are kept. */
#define CURSORS_KEPT 16

struct cursors {
	struct cursor {
		SDL_Cursor *sdl;
		struct rd_cursor shape;	/* its pixels are ours */
		unsigned used;
	} kept[CURSORS_KEPT];
	unsigned clock;
};

/* Shows the pointer in that shape; 0 x 0 hides it. */
void cursors_show(struct cursors *c, const struct rd_cursor *shape);
/* The window system's own arrow. */
void cursors_default(void);
void cursors_finish(struct cursors *c);

#endif
