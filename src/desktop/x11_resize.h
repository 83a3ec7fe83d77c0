#ifndef RD_DESKTOP_X11_RESIZE_H
#define RD_DESKTOP_X11_RESIZE_H

#include <stdbool.h>

/*
 * Another size for a screen, or for one of its monitors, by RandR. Of one that is a real
 * monitor's only the sizes that it names itself are taken, the largest that fits; where
 * no monitor is behind it (Xtigervnc, a virtual machine) any. Of several the others keep
 * their sizes and go out of its way. A connection is opened for each change: one that
 * nobody reads would be sent every change of the keyboard.
 */
struct rd_x11_resize;

/*
 * -ENOTSUP with *why, a line for people that the caller frees: that screen has one
 * size; or as rd_x11_open. `only`: the monitor, by name or place, that may be changed,
 * and the one that is meant where none is named; or NULL. With `restore` each monitor
 * gets back the size it had, however we end, unless somebody else has given it another
 * one meanwhile, and where nobody has touched anything its place, too.
 */
int rd_x11_resize_open(struct rd_x11_resize **out, const char *display, const char *only,
	bool restore, char **why);
/*
 * As close to it as can be, of that monitor; NULL: of the only one. 0, or a negative
 * errno with *why.
 */
int rd_x11_resize_to(struct rd_x11_resize *r, const char *monitor, int width, int height,
	char **why);
/* NULL is fine. */
void rd_x11_resize_close(struct rd_x11_resize *r);

#endif
