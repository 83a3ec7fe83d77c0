#ifndef RD_DESKTOP_X11_RESIZE_H
#define RD_DESKTOP_X11_RESIZE_H

#include <stdbool.h>

/*
 * Another size for a screen, by RandR. Of one that is a real monitor's only the sizes
 * that it names itself are taken, the largest that fits; where no monitor is behind it
 * (Xtigervnc, a virtual machine) any. A connection is opened for each change: one
 * that nobody reads would be sent every change of the keyboard.
 */
struct rd_x11_resize;

/*
 * -ENOTSUP with *why, a line for people that the caller frees: that screen has one
 * size, or more than one monitor; or as rd_x11_open. With `restore` it gets back the
 * size it had, however we end, unless somebody else has given it another one meanwhile.
 */
int rd_x11_resize_open(struct rd_x11_resize **out, const char *display, bool restore, char **why);
/* As close to it as can be; 0, or a negative errno with *why. */
int rd_x11_resize_to(struct rd_x11_resize *r, int width, int height, char **why);
/* NULL is fine. */
void rd_x11_resize_close(struct rd_x11_resize *r);

#endif
