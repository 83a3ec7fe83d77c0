#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/clipboard_priv.h"

/* --- who owns what --- */

/* What is there before anything changes is asked once. */
static void
watch_selections(struct rd_clipboard *cb)
{
	for (unsigned s = 0; s < RD_CLIP_SELECTIONS; s++) {
		if (s == RD_CLIP_PRIMARY && !cb->cfg.clip.primary)
			continue;
		xcb_xfixes_select_selection_input(cb->x.conn, cb->sel[s].window, cb->selection[s],
			XCB_XFIXES_SELECTION_EVENT_MASK_SET_SELECTION_OWNER |
			XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_WINDOW_DESTROY |
			XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_CLIENT_CLOSE);
		xcb_get_selection_owner_reply_t *r = xcb_get_selection_owner_reply(cb->x.conn,
			xcb_get_selection_owner(cb->x.conn, cb->selection[s]), NULL);
		if (r && r->owner) {
			rd_clip_looking(cb->clip, s, true);
			clipboard_selection_owner(cb, s, r->owner, 0, 0);
		}
		free(r);
	}
}

static void
end(struct rd_clipboard *cb)
{
	if (cb->over)
		return;
	cb->over = true;
	rd_fd_want(&cb->watch, 0);
	rd_timer_clear(&cb->tick);
	cb->cfg.ended(cb->cfg.clip.ctx);
}

/*
 * Who looks at the display later has not seen when it was copied, and reads here
 * what the others made of that: {owner, origin's low half, high half}.
 */
#define NOTE_WORDS 3

static void
write_note(struct rd_clipboard *cb, uint8_t s)
{
	const uint64_t origin = cb->sel[s].origin;
	const uint32_t note[NOTE_WORDS] = {cb->sel[s].owner, (uint32_t)origin, (uint32_t)(origin >> 32)};
	xcb_change_property(cb->x.conn, XCB_PROP_MODE_REPLACE, cb->x.root, cb->atom[ATOM_FIRST_SLOT + s],
		XCB_ATOM_CARDINAL, 32, NOTE_WORDS, note);
}

static bool
read_note(struct rd_clipboard *cb, uint8_t s)
{
	uint32_t note[NOTE_WORDS] = {0};
	xcb_get_property_reply_t *r = xcb_get_property_reply(cb->x.conn, xcb_get_property(cb->x.conn,
		false, cb->x.root, cb->atom[ATOM_FIRST_SLOT + s], XCB_ATOM_CARDINAL, 0, NOTE_WORDS), NULL);
	if (r && r->format == 32 && xcb_get_property_value_length(r) == sizeof(note))
		memcpy(note, xcb_get_property_value(r), sizeof(note));
	free(r);
	if (!note[0] || note[0] != cb->sel[s].owner)
		return false;
	cb->sel[s].origin = note[1] | (uint64_t)note[2] << 32;
	return true;
}

/*
 * Somebody, or nobody (XCB_NONE), owns that selection now. What the server told
 * of before it knew of our own last change is old.
 */
void
clipboard_selection_owner(struct rd_clipboard *cb, uint8_t s, xcb_window_t owner,
	xcb_timestamp_t since, xcb_timestamp_t when)
{
	const struct rd_clip_offer nothing = {.selection = s};
	if (owner == cb->sel[s].window) {
		cb->sel[s].since = since;
		if (cb->sel[s].pending)
			cb->sel[s].pending--;
		return;
	}
	if (cb->sel[s].pending)
		return;
	if (cb->held) {
		end(cb);
		return;
	}
	cb->sel[s].offer.count = 0;
	cb->sel[s].owner = owner;
	cb->sel[s].origin = rd_origin(cb->display_id, owner, since, when);
	if (owner && (when || !read_note(cb, s)))
		write_note(cb, s);
	if (owner) {
		rd_clip_looking(cb->clip, s, false);
		read_look(cb, s);
		return;
	}
	read_owner_gone(cb, s);
	rd_clip_copied(cb->clip, &nothing, rd_clock_ns());
}

void
clipboard_own(void *ctx, const struct rd_clip_offer *o)
{
	struct rd_clipboard *cb = ctx;
	uint8_t s = o->selection;
	uint32_t mark[RD_MARK_WORDS];
	bool had = cb->sel[s].offer.count > 0;
	cb->sel[s].offer = *o;
	if (o->count) {
		rd_mark_pack(mark, o);
		xcb_change_property(cb->x.conn, XCB_PROP_MODE_REPLACE, cb->sel[s].window,
			cb->atom[ATOM_MARK], XCB_ATOM_CARDINAL, 32, RD_MARK_WORDS, mark);
		cb->sel[s].pending++;
	}
	/* Given up as of when it became ours: who has taken it meanwhile keeps it. */
	xcb_timestamp_t when = o->count || cb->sel[s].pending ? XCB_CURRENT_TIME : cb->sel[s].since;
	if (o->count || had)
		xcb_set_selection_owner(cb->x.conn, o->count ? cb->sel[s].window : XCB_NONE,
			cb->selection[s], when);
	xcb_flush(cb->x.conn);
}

/* --- events --- */

/* One timer for the conversation and for programs that keep us waiting. */
static void
arm(struct rd_clipboard *cb)
{
	uint64_t due = cb->clip_due_ns, reads = read_deadline(cb), gives = paste_deadline(cb);
	uint64_t now = rd_clock_ns();
	due = reads < due ? reads : due;
	due = gives < due ? gives : due;
	if (due == UINT64_MAX)
		rd_timer_clear(&cb->tick);
	else
		rd_timer_set(&cb->tick, due > now ? due - now : 0);
}

static void
on_fixes(struct rd_clipboard *cb, const xcb_xfixes_selection_notify_event_t *e)
{
	for (unsigned s = 0; s < RD_CLIP_SELECTIONS; s++)
		if (e->selection == cb->selection[s])
			clipboard_selection_owner(cb, s, e->owner, e->selection_timestamp, e->timestamp);
}

static void
on_event(struct rd_clipboard *cb, const xcb_generic_event_t *e)
{
	uint8_t type = e->response_type & 0x7f;
	if (rd_x11_is_error(&cb->x, e))
		return;
	if (type == cb->xfixes_event) {
		on_fixes(cb, (const xcb_xfixes_selection_notify_event_t *)e);
	} else if (type == XCB_SELECTION_REQUEST) {
		paste_request(cb, (const xcb_selection_request_event_t *)e);
	} else if (type == XCB_SELECTION_NOTIFY) {
		read_converted(cb, (const xcb_selection_notify_event_t *)e);
	} else if (type == XCB_PROPERTY_NOTIFY) {
		read_property(cb, (const xcb_property_notify_event_t *)e);
		paste_property(cb, (const xcb_property_notify_event_t *)e);
	} else if (type == XCB_DESTROY_NOTIFY) {
		paste_window_gone(cb, ((const xcb_destroy_notify_event_t *)e)->window);
	}
}

static bool
take_events(struct rd_clipboard *cb, xcb_generic_event_t *(*next)(xcb_connection_t *))
{
	xcb_generic_event_t *e;
	bool any = false;
	while (!cb->over && (e = next(cb->x.conn))) {
		any = true;
		on_event(cb, e);
		free(e);
	}
	if (!cb->over && rd_x11_lost(&cb->x))
		end(cb);
	cb->stirred |= any;
	return any;
}

static void
on_ready(void *ctx, unsigned events)
{
	(void)events;
	take_events(ctx, xcb_poll_for_event);
}

/*
 * Before every sleep: whatever asks the server something may have brought more
 * events into xcb's queue, where no descriptor tells of them; so may writing.
 */
static bool
prepare(void *ctx)
{
	struct rd_clipboard *cb = ctx;
	if (cb->over || !cb->x.conn)
		return false;
	xcb_flush(cb->x.conn);
	bool any = take_events(cb, xcb_poll_for_queued_event);
	if (cb->stirred && !cb->over)
		arm(cb);
	cb->stirred = false;
	return any;
}

/* --- time --- */

static void
on_due(void *ctx, uint64_t ns)
{
	struct rd_clipboard *cb = ctx;
	cb->clip_due_ns = ns;
	cb->stirred = true;
}

static void
on_tick(void *ctx)
{
	struct rd_clipboard *cb = ctx;
	uint64_t now = rd_clock_ns();
	read_tick(cb, now);
	paste_tick(cb, now);
	if (cb->clip)
		rd_clip_tick(cb->clip, now);
	cb->stirred = true;
}

/* --- the caller's --- */

int
clipboard_listen(struct rd_clipboard *cb, struct rd_loop *loop)
{
	cb->loop = loop;
	cb->clip_due_ns = UINT64_MAX;
	rd_timer_open(&cb->tick, loop, on_tick, cb);
	int err = rd_fd_open(&cb->watch, loop, xcb_get_file_descriptor(cb->x.conn), on_ready, cb);
	if (err)
		return err;
	rd_fd_want(&cb->watch, RD_READ);
	rd_loop_prepare(loop, prepare, cb);
	return 0;
}

void
clipboard_disconnect(struct rd_clipboard *cb)
{
	paste_close(cb);
	keep_close(cb);
	rd_fd_close(&cb->watch);
	rd_timer_close(&cb->tick);
	rd_x11_close(&cb->x);
}

#define PLACE .own = clipboard_own, .read = read_begin, .more = read_more, .stop = read_stop, \
	.answer = paste_answer
static const struct rd_clip_place place = {PLACE}, keeping_place = {PLACE, .keep = keep_start};

int
rd_clipboard_open(struct rd_clipboard **out, struct rd_loop *loop,
	const struct rd_clipboard_config *cfg, char **why)
{
	struct rd_clipboard *cb = xcalloc(1, sizeof(*cb));
	struct rd_clip_config clip = cfg->clip;
	cb->cfg = *cfg;
	int err = clipboard_connect(cb, cfg->display, why);
	if (!err)
		err = clipboard_listen(cb, loop);
	if (err) {
		clipboard_disconnect(cb);
		free(cb);
		return err;
	}
	clip.due = on_due;
	clip.place = cfg->keeps ? &keeping_place : &place;
	clip.place_ctx = cb;
	cb->clip = rd_clip_new(&clip);
	watch_selections(cb);
	*out = cb;
	return 0;
}

struct rd_clip *
rd_clipboard_clip(struct rd_clipboard *cb)
{
	return cb->clip;
}

/* Memory that the loop may still look at is the loop's owner's: close after it has run. */
void
rd_clipboard_close(struct rd_clipboard *cb)
{
	if (!cb)
		return;
	cb->over = true;
	rd_clip_free(cb->clip);
	clipboard_disconnect(cb);
	free(cb);
}
