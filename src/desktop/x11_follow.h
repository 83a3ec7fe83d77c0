#ifndef RD_DESKTOP_X11_FOLLOW_H
#define RD_DESKTOP_X11_FOLLOW_H

#include "base/loop.h"
#include "desktop/capture.h"

/*
 * Where a monitor, a window or a region lies, followed as it moves: for who acts there and
 * captures nothing. It has a connection of its own, which wakes when screen, monitors or
 * that window change, and at no other time.
 */
struct rd_x11_follow;

/*
 * `cfg` says what; 0 with *area as it is now, or as rd_x11_open and rd_x11_place_open.
 * `moved` is called from the loop, each time that it is elsewhere, gone or there again; it
 * has no area while it is not there.
 */
int rd_x11_follow_open(struct rd_x11_follow **out, struct rd_loop *loop,
	const struct rd_capture_config *cfg, void (*moved)(void *ctx, struct rd_rect area), void *ctx,
	struct rd_rect *area, char **why);
/* NULL is fine. */
void rd_x11_follow_close(struct rd_x11_follow *f);

#endif
