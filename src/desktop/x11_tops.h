#ifndef RD_DESKTOP_X11_TOPS_H
#define RD_DESKTOP_X11_TOPS_H

#include "desktop/hide.h"
#include "desktop/x11.h"

/*
 * The children of the root, and which of them are to be hidden: those that are meant,
 * or have somewhere below them, down to the programs' own windows, one that is; what belongs to it
 * (WM_TRANSIENT_FOR); and the menus of its program, which are of the same X client
 * and no window manager's business.
 */
struct rd_x11_top {
	xcb_window_t id;
	struct rd_rect rect;	/* on the desktop, with its border */
	bool mapped;
	bool popup;		/* no window manager's business; a program may change its mind */
	bool hidden;
	bool unlooked;		/* not judged yet, and so hidden */
};

/* What is asked for by name. */
enum { RD_X11_TOPS_STATE, RD_X11_TOPS_TITLE, RD_X11_TOPS_UTF8, RD_X11_TOPS_ATOMS };

struct rd_x11_tops {
	struct rd_x11_top *list;
	int count;
	xcb_window_t missing;	/* one that is meant by its number, and is not there; 0 */
	xcb_atom_t atom[RD_X11_TOPS_ATOMS];
};

/*
 * Reads the tree anew, and asks to be told of what may change the answer: properties,
 * and for children of the root what comes and goes below them. `own`, which somebody else of this connection
 * has asked about, keeps `own_mask`. 0; -EIO: the server is gone; -E2BIG: there are
 * more windows than are looked at; -ETIME: it took until until_ns (0: no limit), and not all
 * have been.
 */
int rd_x11_tops_read(struct rd_x11_tops *t, const struct rd_x11 *x, const struct rd_hide *hide,
	xcb_window_t own, uint32_t own_mask, uint64_t until_ns);
/* What was known of it does not hold: it is hidden until all are read again. */
void rd_x11_top_unlook(struct rd_x11_top *top);
/* One that has come since, until all are read again. */
void rd_x11_tops_add(struct rd_x11_tops *t, const xcb_create_notify_event_t *e);
/* NULL: none of them. */
struct rd_x11_top *rd_x11_tops_find(struct rd_x11_tops *t, xcb_window_t id);
/* Whether a change of that property may change the answer. */
bool rd_x11_tops_cares(const struct rd_x11_tops *t, xcb_atom_t property);
void rd_x11_tops_finish(struct rd_x11_tops *t);

#endif
