#ifndef RD_VIEW_TERMINAL_POINTER_H
#define RD_VIEW_TERMINAL_POINTER_H

#include "media/cursor.h"
#include "rd-view/terminal_paint.h"
#include "wire/msg_cursor.h"

/*
 * The other side's pointer, for one who only watches: in its own size where the
 * terminal has pixels, else a cell that is dark on light or light on dark. It is
 * drawn into the dots for as long as they are painted. Pure; zeroed memory is none.
 */
struct terminal_pointer {
	struct rd_cursor shape;	/* its pixels are ours */
	struct rd_pointer_at at;
	struct rd_rect drawn;	/* dots; where the screen shows it */
	uint8_t *under;		/* what is there without it; NULL: it is not drawn */
};

void terminal_pointer_finish(struct terminal_pointer *p);
void terminal_pointer_shape(struct terminal_pointer *p, const struct rd_cursor *shape);
/* Draws it; returns the dots that are to be painted: where it was, and where it is now. */
struct rd_rect terminal_pointer_draw(struct terminal_pointer *p, struct rd_image *dots,
	const struct terminal_place *place, bool cell);
/* The dots as they were. */
void terminal_pointer_lift(struct terminal_pointer *p, struct rd_image *dots);

#endif
