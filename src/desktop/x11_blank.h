#ifndef RD_DESKTOP_X11_BLANK_H
#define RD_DESKTOP_X11_BLANK_H

#include <stdbool.h>

#include "base/loop.h"

/*
 * A display's own monitors, dark: by DPMS, so that pixels and input stay what they are.
 * Input of any kind may wake them, and so may a new mode; then they are put out again. Who else does the same is
 * known by a window of each with the property _RD_BLANK; the last to go puts the light on,
 * and leaves DPMS as the first has found it.
 */
struct rd_x11_blank;

/*
 * Looks whether that can be, and changes nothing yet. -ENOTSUP with *why, a line for
 * people that the caller frees: its X server cannot; or as rd_x11_open.
 */
int rd_x11_blank_open(struct rd_x11_blank **out, struct rd_loop *loop, const char *display, char **why);
/* false: the server says that they are lit nevertheless; it is tried again as long as this is open. */
bool rd_x11_blank_begin(struct rd_x11_blank *b);
/*
 * Afterwards, when our own connection to the display is gone, by rd_x11_blank_let_go or
 * because the process that had it is: may be called in another process than the one that opened it.
 */
void rd_x11_blank_restore(const struct rd_x11_blank *b);
void rd_x11_blank_let_go(struct rd_x11_blank *b);
/* NULL is fine. Restores nothing. */
void rd_x11_blank_free(struct rd_x11_blank *b);

#endif
