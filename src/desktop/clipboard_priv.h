#ifndef RD_DESKTOP_CLIPBOARD_PRIV_H
#define RD_DESKTOP_CLIPBOARD_PRIV_H

#include <xcb/xcb.h>
#include <xcb/xfixes.h>

#include "desktop/clipboard.h"
#include "desktop/targets.h"
#include "desktop/x11.h"

/*
 * Inside a clipboard, for clipboard*.c only:
 *
 *	clipboard.c		events and time, who owns what
 *	clipboard_connect.c	the connection, and all that has a name there
 *	clipboard_read.c	what programs here have copied
 *	clipboard_give.c	what we own, for programs that paste
 *	clipboard_keep.c	what stays when we go
 */

/*
 * A conversion that we have asked for, into a property of its own; of content, on a
 * window of its own, too: an owner in the midst of INCR, of which we want no more,
 * takes what the same window asks next for a part of that.
 */
struct slot {
	enum {
		SLOT_FREE,
		SLOT_ASKED,	/* the owner has to answer */
		SLOT_WHOLE,	/* all is there; `at` is how far it is read */
		SLOT_NEXT,	/* INCR: the owner has to go on */
		SLOT_PART,	/* INCR: a part is there */
	} state;
	bool targets;		/* what is there to be had, not the content */
	bool again;		/* targets: the owner has changed meanwhile */
	uint8_t selection;
	uint32_t job;
	xcb_window_t window;	/* of content; else the selection's */
	xcb_atom_t property, asked;
	uint32_t at;		/* bytes */
	bool latin1;
	bool ends;		/* INCR: a part without bytes, the last */
	bool pulled;		/* a piece is due */
	uint64_t deadline_ns;
};
/* One peer that wants all and takes nothing holds half of them, for a minute. */
#define SLOT_JOBS (2 * RD_CLIP_GIVES)
#define SLOTS (RD_CLIP_SELECTIONS + SLOT_JOBS)
/*
 * What of a content is not wanted any more is taken and thrown away: some owners answer
 * nobody else before they are done, and who finds its window gone may be ended by that.
 */
struct orphan {
	xcb_window_t window;	/* 0: none */
	xcb_atom_t property;
	uint64_t taken;		/* bytes; not without end */
};
#define ORPHANS 32
#define ORPHAN_MAX ((uint64_t)256 << 20)

/* A program that pastes what we own. */
struct request {
	enum { REQUEST_FREE, REQUEST_ASKED, REQUEST_INCR } state;
	uint32_t id;
	xcb_window_t window;
	xcb_atom_t selection, target, property;
	xcb_timestamp_t time;
	uint8_t *body;		/* INCR: what is left begins at `at` */
	size_t len, at;
	bool over;		/* … and nothing is left but the word that it is over */
	uint64_t deadline_ns;
};
#define REQUESTS RD_CLIP_ASKERS

enum { ATOM_CLIPBOARD, ATOM_TARGETS, ATOM_TIMESTAMP, ATOM_INCR, ATOM_MARK, ATOM_DISPLAY, ATOM_FIRST_SLOT,
	ATOMS = ATOM_FIRST_SLOT + SLOTS };

struct rd_clipboard {
	struct rd_loop *loop;
	struct rd_x11 x;
	struct rd_clipboard_config cfg;
	struct rd_clip *clip;	/* NULL: we hold `bodies` */
	const struct rd_buf *bodies;
	struct rd_fd watch;
	struct rd_timer tick;	/* of the conversation, of slots and of requests */
	uint64_t clip_due_ns;
	bool stirred;		/* deadlines may have changed */
	bool over;
	bool held;		/* there is no conversation: when we own nothing any more it is over */
	uint8_t xfixes_event;
	uint64_t display_id;
	xcb_atom_t atom[ATOMS], target[RD_TARGETS], selection[RD_CLIP_SELECTIONS];

	struct {
		xcb_window_t window;	/* owns that selection for us */
		struct rd_clip_offer offer; /* what it has; no kinds: it does not own it */
		xcb_timestamp_t since;
		unsigned pending;	/* of our own changes the server has not told of */
		/* somebody else's: */
		xcb_window_t owner;
		uint64_t origin;
		uint32_t list[RD_TARGETS_MAX];
		size_t listed;
	} sel[RD_CLIP_SELECTIONS];
	struct slot slot[SLOTS];
	struct orphan orphan[ORPHANS];	/* a ring: the oldest goes */
	unsigned orphans;
	struct keeping *keepings;	/* of clipboard_keep.c */
	struct request request[REQUESTS];
	uint32_t requests;	/* numbers */
};

void clipboard_selection_owner(struct rd_clipboard *cb, uint8_t s, xcb_window_t owner,
	xcb_timestamp_t since, xcb_timestamp_t when);
/* For rd_clip_place. */
void clipboard_own(void *ctx, const struct rd_clip_offer *o);
/* An unseen window that hears of its properties. */
xcb_window_t clipboard_window(struct rd_clipboard *cb);
int clipboard_listen(struct rd_clipboard *cb, struct rd_loop *loop);
int clipboard_connect(struct rd_clipboard *cb, const char *display, char **why);
void clipboard_disconnect(struct rd_clipboard *cb);

void read_begin(void *ctx, uint32_t job, uint8_t selection, const char *kind);
void read_more(void *ctx, uint32_t job);
void read_stop(void *ctx, uint32_t job);
void read_open(struct rd_clipboard *cb);
/* What can be had of that selection is to be asked. */
void read_look(struct rd_clipboard *cb, uint8_t selection);
void read_owner_gone(struct rd_clipboard *cb, uint8_t selection);
void read_converted(struct rd_clipboard *cb, const xcb_selection_notify_event_t *e);
void read_property(struct rd_clipboard *cb, const xcb_property_notify_event_t *e);
uint64_t read_deadline(const struct rd_clipboard *cb);
void read_tick(struct rd_clipboard *cb, uint64_t now_ns);

void paste_request(struct rd_clipboard *cb, const xcb_selection_request_event_t *e);
void paste_answer(void *ctx, uint32_t request, const uint8_t *data, size_t len);
void paste_property(struct rd_clipboard *cb, const xcb_property_notify_event_t *e);
void paste_window_gone(struct rd_clipboard *cb, xcb_window_t window);
uint64_t paste_deadline(const struct rd_clipboard *cb);
void paste_tick(struct rd_clipboard *cb, uint64_t now_ns);
void paste_close(struct rd_clipboard *cb);

int keep_start(void *ctx, uint32_t job, const struct rd_clip_offer *o, const struct rd_buf *bodies);
void keep_close(struct rd_clipboard *cb);

#endif
