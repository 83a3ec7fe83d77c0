#ifndef RD_RUN_MANAGER_H
#define RD_RUN_MANAGER_H

#include <stdbool.h>
#include <sys/types.h>
#include <xcb/xcb.h>

#include "desktop/xauth.h"
#include "rd-run/place.h"
#include "rd-run/start.h"

/* A window manager on the display, and how we see that it manages. */
struct manager {
	pid_t pid;	/* 0: it does not run */
	char *name;	/* NULL: none is wanted */
	int log;	/* what it says, in memory; -1 */
	xcb_connection_t *look;
};

/*
 * `wanted` is a command, or "auto": the first that is installed. 0, -ENOENT (none
 * is), or another negative errno.
 */
int manager_start(struct manager *m, const char *wanted, const struct place *p,
	char *const *env, const struct start_before *before);
/* Whether one manages the display's windows now. */
bool manager_manages(struct manager *m, int display, const struct rd_xauth_cookie *cookie);
void manager_close(struct manager *m);

#endif
