#ifndef RD_DESKTOP_X11_HIDDEN_H
#define RD_DESKTOP_X11_HIDDEN_H

#include "desktop/hide.h"
#include "desktop/x11.h"

/*
 * Where what is hidden lies on a desktop, at this very moment. A window may move between
 * the question where it is and the one for pixels, and events come later than both. So
 * who fetches pixels holds the server: no other client is served meanwhile, and what
 * has happened before lies in our queue, since events and answers come in one order. Then
 * what is known is what is so.
 *
 * What a window has left stays hidden for a while: X erases nothing where the program
 * below has not yet painted, and a compositing manager paints when it likes.
 */
struct rd_x11_hidden;

/*
 * -EPERM with *why: what is needed for that the server does not let us do. `own`: a
 * window of which this connection wants `own_mask` told, besides; XCB_NONE. `root_mask`:
 * likewise of the root. `hide` is borrowed and outlives it.
 */
int rd_x11_hidden_open(struct rd_x11_hidden **out, const struct rd_x11 *x,
	const struct rd_hide *hide, uint32_t root_mask, xcb_window_t own, uint32_t own_mask, char **why);
void rd_x11_hidden_close(struct rd_x11_hidden *h);

/* Whether it was about other windows than the root and `own`, and so nobody else's business. */
bool rd_x11_hidden_event(struct rd_x11_hidden *h, const xcb_generic_event_t *event);
/* When what has come since makes another region of it; 0: nothing has. */
uint64_t rd_x11_hidden_due_ns(const struct rd_x11_hidden *h);

/*
 * Holds the server, and waits until it does; whoever called reads the queue before
 * anything else. 0 or -EIO. Short: the whole desktop stands still meanwhile.
 */
int rd_x11_hidden_hold(struct rd_x11_hidden *h);
void rd_x11_hidden_release(struct rd_x11_hidden *h);

/*
 * What is hidden, in the root's pixels; while the server is held that is exact. Round trips
 * only where windows came or went; while it is not held, now and then. *again_ns: when it will
 * be another, without an event; 0: not.
 */
const pixman_region32_t *rd_x11_hidden_region(struct rd_x11_hidden *h, uint64_t *again_ns);

#endif
