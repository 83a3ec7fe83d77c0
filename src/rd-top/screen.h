#ifndef RD_TOP_SCREEN_H
#define RD_TOP_SCREEN_H

#include <stdbool.h>

#include "rd-top/grid.h"
#include "rd-top/key.h"

/*
 * The terminal: ncurses, here and nowhere else. It shows a page as it is, of
 * which ncurses sends what differs from the one before, and says which keys came.
 * One a process, since ncurses is.
 */

/* 0, or an exit status after a line that says why this terminal will not do. */
int screen_open(bool mouse);
/* Whether the terminal takes more than ASCII. */
bool screen_utf8(void);
void screen_size(unsigned *rows, unsigned *cols);
/* The terminal has another size (SIGWINCH). */
void screen_resize(void);
void screen_show(const struct grid *g);
/* Everything anew, whatever stands there. */
void screen_redraw(void);
/* The next key that has come; KEY_NONE when there is none. */
struct key screen_key(void);
/* Of a terminal that is said to have something to read: it has gone. */
bool screen_gone(void);
void screen_close(void);

#endif
