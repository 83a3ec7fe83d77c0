#ifndef RD_DESKTOP_X11_HOLD_H
#define RD_DESKTOP_X11_HOLD_H

#include <signal.h>

#include "desktop/x11.h"

/*
 * Holding the server: no other client is served meanwhile, and so whoever we would wait
 * for stands still, too. A terminal of that display may not stop us, then, nor do
 * we write to it: the log waits. (SIGSTOP cannot be kept off.) One at a time in
 * a process. Zeroed memory holds nothing.
 */
struct rd_x11_hold {
	bool held;
	sigset_t mask;		/* the signals that were blocked before */
};

/*
 * Waits until it is held. 0; -EPERM: the server does not let us; -EIO. In each case
 * _end is to follow.
 */
int rd_x11_hold_begin(struct rd_x11_hold *h, const struct rd_x11 *x);
/* Nothing where nothing is held. A connection that was closed held nothing any more. */
void rd_x11_hold_end(struct rd_x11_hold *h, const struct rd_x11 *x);

#endif
