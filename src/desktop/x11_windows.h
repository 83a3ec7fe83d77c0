#ifndef RD_DESKTOP_X11_WINDOWS_H
#define RD_DESKTOP_X11_WINDOWS_H

#include "desktop/x11.h"
#include "media/rect.h"

/*
 * The windows a person would name: with a window manager its clients (EWMH,
 * _NET_CLIENT_LIST), without one the mapped children of the root. A window manager
 * that lists none, such as twm, has put frames around them: then the client is the
 * window below the frame that it has marked (ICCCM 4.1.3.1, WM_STATE).
 */
struct rd_x11_window {
	xcb_window_t id;
	struct rd_rect rect;	/* on the desktop */
	char *title;		/* UTF-8, escaped for a terminal; may be "" */
};
int rd_x11_windows(struct rd_x11_window **list, const struct rd_x11 *x);
void rd_x11_windows_free(struct rd_x11_window *list, int count);
/*
 * The window whose title is `text`, or else the only one whose title has it
 * somewhere. 0, or with *why, lines for people that the caller frees: -ENOENT,
 * -ENOTUNIQ.
 */
int rd_x11_window_named(xcb_window_t *id, const struct rd_x11 *x, const char *text, char **why);

#endif
