#ifndef RD_DESKTOP_X11_CURSOR_H
#define RD_DESKTOP_X11_CURSOR_H

#include "desktop/x11.h"
#include "media/cursor.h"
#include "media/rect.h"

/*
 * The pointer of an X server: its shape by XFixes, where it is by QueryPointer,
 * and when to ask by XFixes' and XInput2's events. Raw motion comes whoever has
 * grabbed the pointer, and is only a reason to ask: its own numbers are the
 * device's. What a program does by XWarpPointer makes no raw event; whoever
 * fetches pixels asks along the way (rd_x11_cursor_ask).
 */
struct rd_x11_cursor {
	const struct rd_x11 *x;
	uint8_t shape_event;	/* XFixes' CursorNotify; 0: the server cannot tell */
	uint8_t input_opcode;	/* XInput2's; 0: likewise */
	bool shape_stale;	/* another shape than the one below */
	bool place_stale;	/* it has moved */
	uint64_t try_ns;	/* no try before to have a shape that is kept from us */
	struct rd_cursor shape;
	uint8_t *pixels;
	int px, py;		/* where it points, in the root's pixels */
	bool here;		/* on this screen of the display */
};

/* Asks to be told of what is wanted. Never fails: a server may lack both. */
void rd_x11_cursor_open(struct rd_x11_cursor *c, const struct rd_x11 *x, bool shape, bool place);
void rd_x11_cursor_close(struct rd_x11_cursor *c);
/* Whether it was an event of the cursor's; what is stale is then set. */
bool rd_x11_cursor_event(struct rd_x11_cursor *c, const xcb_generic_event_t *event);
/* Fetches the shape: a round trip. */
void rd_x11_cursor_shape(struct rd_x11_cursor *c);
/* Asks where it is; the answer is taken later, in the order of requests. */
xcb_query_pointer_cookie_t rd_x11_cursor_ask(struct rd_x11_cursor *c);
/* Whether it moved. */
bool rd_x11_cursor_answer(struct rd_x11_cursor *c, xcb_query_pointer_cookie_t cookie);
/* What the shape covers, in the root's pixels; empty when it is not here. */
struct rd_rect rd_x11_cursor_rect(const struct rd_x11_cursor *c);

#endif
