#ifndef RD_DESKTOP_X11_H
#define RD_DESKTOP_X11_H

#include <stdbool.h>
#include <stdint.h>

#include <xcb/xcb.h>

/*
 * A connection to an X server. Capture and injection each have their own, so
 * that a key never waits behind a picture.
 */
struct rd_x11 {
	xcb_connection_t *conn;
	xcb_screen_t *screen;	/* the display's default screen; borrowed from conn */
	xcb_window_t root;
	char *display;		/* the name it was opened by; owned */
};

/*
 * Opens a display: the one named, else $DISPLAY, else the only graphical
 * session of the caller (desktop/sessions.h). On a local display the cookie is
 * looked for where sessions keep theirs, so neither DISPLAY nor XAUTHORITY
 * need be set. 0; or with *why, a line for people that the caller frees:
 * -ENXIO (nobody there), -EACCES (it does not let us in), -ENOTUNIQ (several:
 * name one).
 */
int rd_x11_open(struct rd_x11 *x, const char *display, char **why);
/* Zeroed memory is closed. */
void rd_x11_close(struct rd_x11 *x);

/* The server or the way to it is gone; nothing will come any more. */
bool rd_x11_lost(const struct rd_x11 *x);
/* A Unix socket leads there, so descriptors and shared memory may mean the same. */
bool rd_x11_local(const struct rd_x11 *x);
/* The extension's data where the server has it, else NULL; one round trip, once. */
const xcb_query_extension_reply_t *rd_x11_extension(const struct rd_x11 *x, xcb_extension_t *ext);
/* The atom of that name; 0: the server has gone. One round trip: of several ask at once. */
xcb_atom_t rd_x11_atom(const struct rd_x11 *x, const char *name);
/*
 * Looks at an event that is none (response type 0: the error of a request
 * nobody waits for), says so in the debug log, and returns true.
 */
bool rd_x11_is_error(const struct rd_x11 *x, const xcb_generic_event_t *event);

#endif
