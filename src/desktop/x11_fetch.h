#ifndef RD_DESKTOP_X11_FETCH_H
#define RD_DESKTOP_X11_FETCH_H

#include "desktop/capture.h"
#include "desktop/x11.h"

/*
 * Pixels out of an X server, by the best way that works:
 *
 * SHARED	the server maps the blob's own memfd (MIT-SHM 1.2) and writes into
 *		what the next process reads: nobody copies anything
 * SYSV		a System V segment, from which we copy: older servers, and other
 *		pixel formats than ours
 * PLAIN	GetImage replies, copied from the socket: ssh -X
 *
 * Rectangles are asked for in one batch and then awaited together: ten small
 * ones cost hardly more than one, where one after another each would cost a
 * round trip (0.13 … 2 ms against 1.2 … 4.9 ms).
 */
struct rd_x11_fetch;
/* Rectangles of one batch. */
#define RD_X11_FETCH_MAX 64

/*
 * For a drawable whose pixels have that visual. -ENOTSUP with *why for a
 * format that cannot be turned into ours.
 */
int rd_x11_fetch_open(struct rd_x11_fetch **out, const struct rd_x11 *x, xcb_visualid_t visual,
	uint8_t depth, char **why);
void rd_x11_fetch_close(struct rd_x11_fetch *f);
/*
 * Fills the first `count` parts of g from the drawable; a part's rectangle
 * lies at (dx, dy) from it there. 0; -EAGAIN: the drawable is not what it was
 * (smaller, not mapped, gone), look again; -EIO: the server is gone.
 */
int rd_x11_fetch_get(struct rd_x11_fetch *f, xcb_drawable_t drawable, int dx, int dy,
	struct rd_grab *g, int count);
/* Blobs will have another size: lets the server unmap those it has. */
void rd_x11_fetch_forget(struct rd_x11_fetch *f);
/* "shared", "sysv", "plain": for the log. */
const char *rd_x11_fetch_name(const struct rd_x11_fetch *f);

#endif
