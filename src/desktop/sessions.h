#ifndef RD_DESKTOP_SESSIONS_H
#define RD_DESKTOP_SESSIONS_H

#include <sys/types.h>

#include "desktop/xauth.h"

/*
 * The X displays of this machine that open to the caller. A shell that came in
 * by ssh has neither DISPLAY nor XAUTHORITY, and yet the person's desktop runs
 * one socket away.
 *
 * Displays are the sockets X servers listen on. Cookies are looked for, in
 * this order: none at all (xhost +si:localuser), $XAUTHORITY and ~/.Xauthority,
 * what gdm, mutter and sddm put into the runtime directory, $XAUTHORITY of the
 * caller's own processes, and the -auth file of X servers the caller runs.
 * Another user's server is never told a cookie, unless the caller named the
 * display and the cookie was meant for it.
 */

/* Where all that is. Tests look elsewhere. */
struct rd_session_places {
	const char *sockets;	/* "/tmp/.X11-unix" */
	const char *abstract;	/* "/proc/net/unix" */
	const char *proc;	/* "/proc" */
	const char *runtime;	/* "/run/user/1000" */
	const char *xauthority;	/* $XAUTHORITY, or NULL */
	const char *home;	/* or NULL */
	uid_t uid;
};
/* This machine and the caller. The strings live as long as the program. */
void rd_session_places_init(struct rd_session_places *p);

/* A display and what became of knocking at it. */
struct rd_session {
	int display;
	int error;		/* 0: it opens; else as rd_x11_knock's */
	char reason[128];	/* the server's words, escaped, or "" */
	struct rd_xauth_cookie cookie; /* len 0: it opens without */
	char file[256];		/* where that stands; "": it opens without, or that is too long */
};

/* One display that the caller named: its cookie, or why it does not open. */
int rd_session_open(struct rd_session *s, const struct rd_session_places *p, int display);
/*
 * All displays, by number; the caller's that open and, with their error, those
 * that do not. Returns how many; *list is the caller's to free.
 */
int rd_sessions_find(struct rd_session **list, const struct rd_session_places *p);
/*
 * Which display to use where none was named: *name is ":1". 0; or with *why, a
 * few lines for people: -ENXIO: none opens; -ENOTUNIQ: several do.
 */
int rd_sessions_choose(const struct rd_session_places *p, char **name, char **why);

#endif
