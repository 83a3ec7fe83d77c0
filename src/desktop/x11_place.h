#ifndef RD_DESKTOP_X11_PLACE_H
#define RD_DESKTOP_X11_PLACE_H

#include "desktop/x11.h"
#include "desktop/x11_monitors.h"
#include "media/rect.h"

/*
 * Where the picture lies: the screen, one monitor or a window, or a region of
 * that. What was asked for stays; what it amounts to is found anew whenever
 * the server says that something moved.
 */
struct rd_x11_place {
	/* asked for */
	xcb_drawable_t drawable; /* a window, or the root */
	const char *monitor;	/* RandR name or index, or NULL; borrowed */
	struct rd_rect region;	/* within the above; empty: all of it */
	/* found; the rectangles are empty while there is nothing to see */
	bool there;		/* the window is mapped, the monitor plugged in */
	struct rd_rect area;	/* the picture, in the drawable's pixels */
	struct rd_rect visible;	/* what of it the server has pixels for, likewise */
	struct rd_rect desktop;	/* the picture, in the root's pixels */
};

/*
 * Finds it: one round trip. 0, also while a window is not mapped or a monitor
 * is unplugged: then there is nothing to see. -ENOENT: there is no such window
 * (any more). -EIO: the server is gone.
 */
int rd_x11_place_find(struct rd_x11_place *p, const struct rd_x11 *x);
/* The same for the first time, where a mistake of the user's is an error too. */
int rd_x11_place_open(struct rd_x11_place *p, const struct rd_x11 *x, char **why);

/* Where the screen is that large now; x->screen says only what it was. */
struct rd_rect rd_x11_screen_rect(const struct rd_x11 *x);

#endif
