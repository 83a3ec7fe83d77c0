#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "desktop/x11_hold.h"

/* Who stops us at a terminal of that display could never let us go on. */
static void
block_stops(sigset_t *before)
{
	sigset_t stops;
	sigemptyset(&stops);
	sigaddset(&stops, SIGTSTP);
	sigaddset(&stops, SIGTTIN);
	sigaddset(&stops, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stops, before);
}

int
rd_x11_hold_begin(struct rd_x11_hold *h, const struct rd_x11 *x)
{
	block_stops(&h->mask);
	rd_log_hold();
	h->held = true;
	xcb_generic_error_t *e = xcb_request_check(x->conn, xcb_grab_server_checked(x->conn));
	int err = rd_x11_lost(x) ? -EIO : e ? -EPERM : 0;
	free(e);
	return err;
}

void
rd_x11_hold_end(struct rd_x11_hold *h, const struct rd_x11 *x)
{
	if (!h->held)
		return;
	xcb_ungrab_server(x->conn);
	xcb_flush(x->conn);
	sigprocmask(SIG_SETMASK, &h->mask, NULL);
	h->held = false;
	rd_log_go_on();
}
