#ifndef RD_DESKTOP_X11_KNOCK_H
#define RD_DESKTOP_X11_KNOCK_H

#include <sys/types.h>

#include "desktop/xauth.h"

/*
 * Asks the X server behind a Unix socket whether it would let us in, and hangs
 * up. xcb can only say "no", prints the server's words to stderr itself, and
 * waits for a server that hangs.
 */
struct rd_x11_knock {
	const char *directory;	/* of the sockets X0, X1 …: "/tmp/.X11-unix" */
	int display;
	/* whose servers are told the cookie: this user's and root's */
	uid_t uid;
	bool anyone;		/* … or everybody's */
	const struct rd_xauth_cookie *cookie; /* NULL: none is shown */
};

/*
 * 0: it opens. -EACCES: it refuses, and says why in `reason` (escaped).
 * -EPERM: it is another user's, and was told nothing. -ETIMEDOUT: it does not
 * answer within a second. Else what connect(2) says: nobody is there.
 */
int rd_x11_knock(const struct rd_x11_knock *k, char reason[static 128]);

#endif
