#ifndef RD_DESKTOP_CAPTURE_X11_H
#define RD_DESKTOP_CAPTURE_X11_H

#include <xcb/damage.h>

#include "desktop/capture_source.h"
#include "desktop/x11.h"
#include "desktop/x11_cursor.h"
#include "desktop/x11_fetch.h"
#include "desktop/x11_hidden.h"
#include "desktop/x11_place.h"

/*
 * Between the parts of X11 capture: capture_x11.c opens and closes,
 * capture_x11_events.c hears the server and tells the tool, capture_x11_grab.c
 * takes pixels, capture_x11_plan.c says which, capture_x11_hidden.c which never,
 * capture_x11_monitors.c says which monitors there are. Nobody else includes it.
 */
struct x11 {
	struct rd_capture base;
	struct rd_x11 x;
	struct rd_capture_events ev;
	void *ctx;
	struct rd_fd watch;
	struct rd_timer later;	/* what a grab left to tell, or when the cap allows it */
	struct rd_blob_pool *pool;
	bool turning;		/* within x11_turn: it looks again before it ends */
	bool over;

	struct rd_x11_place place;
	char *monitor;
	bool place_stale;
	uint8_t randr_event;	/* RandR's first, or 0 */
	struct rd_rect told_area;
	bool was_there;		/* as was told … */
	bool asked;		/* … and somebody new may not know */
	bool monitors_stale, monitors_told;
	struct rd_monitors monitors; /* as was told */
	struct rd_monitor_names watched; /* only these are looked at; none: all there is */
	pixman_region32_t looked_at; /* where they are, in picture pixels */
	struct rd_x11_fetch *fetch;

	xcb_damage_damage_t damage;
	uint8_t damage_event;
	pixman_region32_t dirty; /* in picture pixels, within what is visible */
	bool all;		/* the next grab is of everything */
	bool announced;		/* the tool knows, and has not grabbed since */
	bool refused;		/* the server gave no pixels: wait for its next event */

	struct rd_x11_hidden *hidden; /* NULL: nothing is */
	bool holds;		/* … and the server is held while pixels are taken */
	bool hidden_stale;	/* the picture is elsewhere than it was */
	pixman_region32_t hide;	/* in picture pixels: hidden, as last looked at */
	pixman_region32_t covered; /* likewise: what the tool has of it */
	struct rd_timer fade;	/* something will be hidden no more */

	struct rd_x11_cursor cursor;
	bool paint;
	struct rd_rect painted;	/* where the pointer is in the picture; root's pixels */
	int told_x, told_y;
	bool told_inside;

	uint64_t interval_ns;	/* of the cap; 0: none */
	uint64_t due_ns;	/* no picture before; 0: at once */
};

/* Reads what has come and passes on what follows from it. */
void x11_turn(struct x11 *c);
/* Takes the events that `next` finds; it reads the socket, or only the queue. False: none. */
bool x11_read(struct x11 *c, xcb_generic_event_t *(*next)(xcb_connection_t *));
/*
 * Finds where the picture lies now; what moved, grew or shrank is captured
 * whole. -ENOENT: the window is gone. -EIO: the server.
 */
int x11_look_again(struct x11 *c);
/* There is something to grab, and somewhere to grab it from. */
bool x11_has_damage(const struct x11 *c);
/* Time until the cap allows a picture; 0: now. */
uint64_t x11_wait_ns(const struct x11 *c);

/* After the place has been found for the first time. */
void x11_monitors_open(struct x11 *c);
/* Each: whether something was told. */
bool x11_tell_there(struct x11 *c);
bool x11_tell_monitors(struct x11 *c);

void x11_watch(struct rd_capture *base, const struct rd_monitor_names *only);
/* What is to be grabbed of what changed; `out` is initialised. */
void x11_owed(const struct x11 *c, pixman_region32_t *out);
/* Whether that is anything. */
bool x11_owes(const struct x11 *c);

int x11_grab(struct rd_capture *base, struct rd_grab *g);

/*
 * Makes room in *g for what is to be grabbed, and paints what is hidden or beyond the
 * screen: how many parts, the first, are the server's to fill; or as rd_grab_init.
 * *owed, of the caller: what is left for the next grab.
 */
int x11_plan(struct x11 *c, struct rd_grab *g, pixman_region32_t *owed);

/* What the masks say is wanted of the root and the drawable, besides. */
int x11_open_hidden(struct x11 *c, const struct rd_hide *hide, uint32_t root_mask, uint32_t own_mask,
	char **why);
/* What is hidden of the picture, as of now; what that changes is damage. */
void x11_look_hidden(struct x11 *c);
/* … where something may have changed: then true. */
bool x11_tell_hidden(struct x11 *c);
/*
 * Before pixels are taken: from here to x11_release nothing moves. 0; -EAGAIN: there is
 * nothing to take any more; -EIO. Without anything hidden it costs nothing.
 */
int x11_hold(struct x11 *c);
void x11_release(struct x11 *c);
/* What happens where the tool has it hidden is no damage. Where something is hidden. */
void x11_drop_hidden(const struct x11 *c, pixman_region32_t *damage);

#endif
