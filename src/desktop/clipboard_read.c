#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "desktop/clipboard_priv.h"

/* Text in ISO 8859-1 may double in length: of that half as much makes a piece. */
#define PIECE(slot) ((slot)->latin1 ? RD_CLIP_CHUNK / 2 : RD_CLIP_CHUNK)

void
read_open(struct rd_clipboard *cb)
{
	for (int i = 0; i < SLOTS; i++)
		cb->slot[i] = (struct slot){
			.property = cb->atom[ATOM_FIRST_SLOT + i],
			.targets = i < RD_CLIP_SELECTIONS,
			.selection = (uint8_t)(i < RD_CLIP_SELECTIONS ? i : 0),
		};
}

static xcb_window_t
window_of(const struct rd_clipboard *cb, const struct slot *s)
{
	return s->window ? s->window : cb->sel[s->selection].window;
}

static void
wait_for_owner(struct rd_clipboard *cb, struct slot *s, int state)
{
	s->state = state;
	s->deadline_ns = rd_clock_ns() + RD_CLIPBOARD_OWNER_NS;
	cb->stirred = true;
}

static void
convert(struct rd_clipboard *cb, struct slot *s, xcb_atom_t target)
{
	xcb_window_t window = window_of(cb, s);
	s->asked = target;
	xcb_delete_property(cb->x.conn, window, s->property);
	xcb_convert_selection(cb->x.conn, window, cb->selection[s->selection], target, s->property,
		XCB_CURRENT_TIME);
	wait_for_owner(cb, s, SLOT_ASKED);
}

/* Its owner may go on, and is let do so. */
static void
leave(struct rd_clipboard *cb, const struct slot *s)
{
	struct orphan *o = &cb->orphan[cb->orphans++ % ORPHANS];
	if (o->window)
		xcb_destroy_window(cb->x.conn, o->window);
	*o = (struct orphan){.window = s->window, .property = s->property};
}

/* Another part of what nobody wants. */
static bool
is_left(struct rd_clipboard *cb, const xcb_property_notify_event_t *e)
{
	struct orphan *o = cb->orphan;
	while (o < cb->orphan + ORPHANS && (o->window != e->window || !o->window))
		o++;
	if (o == cb->orphan + ORPHANS)
		return false;
	if (e->state != XCB_PROPERTY_NEW_VALUE || e->atom != o->property || o->taken > ORPHAN_MAX)
		return true;
	xcb_get_property_reply_t *r = xcb_get_property_reply(cb->x.conn, xcb_get_property(cb->x.conn,
		false, o->window, o->property, XCB_ATOM_ANY, 0, 0), NULL);
	bool there = r && r->type;
	uint32_t len = there ? r->bytes_after : 0;
	free(r);
	/* Told of before we left it, and taken away as we did. */
	if (!there)
		return true;
	o->taken += len;
	xcb_delete_property(cb->x.conn, o->window, o->property);
	if (len == 0) {
		xcb_destroy_window(cb->x.conn, o->window);
		o->window = 0;
	}
	return true;
}

static void
free_slot(struct rd_clipboard *cb, struct slot *s)
{
	bool more = s->state == SLOT_ASKED || s->state == SLOT_NEXT || (s->state == SLOT_PART && !s->ends);
	if (s->state != SLOT_FREE)
		xcb_delete_property(cb->x.conn, window_of(cb, s), s->property);
	if (s->window && more)
		leave(cb, s);
	else if (s->window)
		xcb_destroy_window(cb->x.conn, s->window);
	s->window = 0;
	s->state = SLOT_FREE;
}

static void
fail(struct rd_clipboard *cb, struct slot *s, enum rd_clip_why why)
{
	free_slot(cb, s);
	rd_clip_unread(cb->clip, s->job, why);
}

/* --- what there is --- */

void
read_look(struct rd_clipboard *cb, uint8_t selection)
{
	struct slot *s = &cb->slot[selection];
	/* An answer to what was asked before cannot be told from one to what is asked now. */
	if (s->state == SLOT_ASKED)
		s->again = true;
	else
		convert(cb, s, cb->atom[ATOM_TARGETS]);
}

void
read_owner_gone(struct rd_clipboard *cb, uint8_t selection)
{
	struct slot *s = &cb->slot[selection];
	free_slot(cb, s);
	s->again = false;
	cb->sel[selection].listed = 0;
}

/* A program of ours that owns it for somebody else says where it came from. */
static void
read_mark(struct rd_clipboard *cb, struct rd_clip_offer *o)
{
	uint8_t s = o->selection;
	o->origin = cb->sel[s].origin;
	xcb_get_property_reply_t *r = xcb_get_property_reply(cb->x.conn, xcb_get_property(cb->x.conn,
		false, cb->sel[s].owner, cb->atom[ATOM_MARK], XCB_ATOM_CARDINAL, 0, RD_MARK_WORDS + 1),
		NULL);
	if (r && r->format == 32)
		rd_mark_parse(o, xcb_get_property_value(r),
			(size_t)xcb_get_property_value_length(r) / 4);
	free(r);
}

static void
take_targets(struct rd_clipboard *cb, struct slot *s, xcb_atom_t property)
{
	struct rd_clip_offer o = {.selection = s->selection};
	xcb_get_property_reply_t *r = property ? xcb_get_property_reply(cb->x.conn,
		xcb_get_property(cb->x.conn, true, window_of(cb, s), s->property, XCB_ATOM_ANY, 0,
			RD_TARGETS_MAX), NULL) : NULL;
	s->state = SLOT_FREE;
	if (s->again) {
		free(r);
		s->again = false;
		read_look(cb, s->selection);
		return;
	}
	cb->sel[s->selection].listed = 0;
	if (r && r->format == 32) {
		size_t n = (size_t)xcb_get_property_value_length(r) / 4;
		uint32_t *list = cb->sel[s->selection].list;
		n = n < RD_TARGETS_MAX ? n : RD_TARGETS_MAX;
		memcpy(list, xcb_get_property_value(r), n * sizeof(*list));
		cb->sel[s->selection].listed = n;
		rd_targets_parse(&o, list, n, cb->target);
	}
	free(r);
	read_mark(cb, &o);
	rd_debug("X display %s: selection %d is of window 0x%x, origin %016" PRIx64 ", %d kinds",
		cb->x.display, o.selection, cb->sel[o.selection].owner, o.origin, o.count);
	rd_clip_copied(cb->clip, &o, rd_clock_ns());
}

/* --- content --- */

static struct slot *
find_job(struct rd_clipboard *cb, uint32_t job)
{
	for (int i = RD_CLIP_SELECTIONS; i < SLOTS; i++)
		if (cb->slot[i].state != SLOT_FREE && cb->slot[i].job == job)
			return &cb->slot[i];
	return NULL;
}

static struct slot *
unused_slot(struct rd_clipboard *cb)
{
	for (int i = RD_CLIP_SELECTIONS; i < SLOTS; i++)
		if (cb->slot[i].state == SLOT_FREE)
			return &cb->slot[i];
	return NULL;
}

void
read_begin(void *ctx, uint32_t job, uint8_t selection, const char *kind)
{
	struct rd_clipboard *cb = ctx;
	struct slot *s = unused_slot(cb);
	/* What we own ourselves is asked for like anybody's: for another peer. */
	bool ours = cb->sel[selection].offer.count > 0;
	int best = ours ? rd_targets_best(kind, cb->target, RD_TARGETS, cb->target)
		: rd_targets_best(kind, cb->sel[selection].list, cb->sel[selection].listed, cb->target);
	if (!s || best < 0) {
		rd_clip_unread(cb->clip, job, s ? RD_CLIP_NO_KIND : RD_CLIP_BUSY);
		return;
	}
	*s = (struct slot){.property = s->property, .selection = selection, .job = job, .pulled = true,
		.window = clipboard_window(cb)};
	convert(cb, s, cb->target[best]);
}

/* The next bytes of what lies in the property; NULL: it is not what it should be. */
static xcb_get_property_reply_t *
get_part(struct rd_clipboard *cb, struct slot *s)
{
	xcb_get_property_reply_t *r = xcb_get_property_reply(cb->x.conn, xcb_get_property(cb->x.conn,
		false, window_of(cb, s), s->property, XCB_ATOM_ANY, s->at / 4,
		(uint32_t)(PIECE(s) / 4)), NULL);
	if (r && (r->format == 8 || xcb_get_property_value_length(r) == 0))
		return r;
	free(r);
	return NULL;
}

static void
put_piece(struct rd_clipboard *cb, struct slot *s, const uint8_t *data, size_t len, bool last)
{
	struct rd_buf text = {0};
	bool latin1 = s->latin1;
	uint32_t job = s->job;
	s->pulled = false;
	if (last)
		free_slot(cb, s);
	if (latin1)
		rd_latin1_to_utf8(&text, data, len);
	rd_clip_piece(cb->clip, job, latin1 ? text.data : data, latin1 ? text.len : len, last,
		rd_clock_ns());
	rd_buf_finish(&text);
}

/* One piece from the property; the owner goes on once all of it is read. */
static void
read_part(struct rd_clipboard *cb, struct slot *s)
{
	xcb_get_property_reply_t *r = get_part(cb, s);
	if (!r) {
		fail(cb, s, RD_CLIP_NO_ANSWER);
		return;
	}
	bool all = r->bytes_after == 0, whole = s->state == SLOT_WHOLE || s->ends;
	s->at += (uint32_t)xcb_get_property_value_length(r);
	if (all) {
		xcb_delete_property(cb->x.conn, window_of(cb, s), s->property);
		if (!whole)
			wait_for_owner(cb, s, SLOT_NEXT);
	}
	put_piece(cb, s, xcb_get_property_value(r), (size_t)xcb_get_property_value_length(r),
		all && whole);
	free(r);
}

void
read_more(void *ctx, uint32_t job)
{
	struct rd_clipboard *cb = ctx;
	struct slot *s = find_job(cb, job);
	if (!s)
		return;
	s->pulled = true;
	if (s->state == SLOT_WHOLE || s->state == SLOT_PART)
		read_part(cb, s);
}

void
read_stop(void *ctx, uint32_t job)
{
	struct rd_clipboard *cb = ctx;
	struct slot *s = find_job(cb, job);
	if (s)
		free_slot(cb, s);
}

/* What has come: all of it, or the word that it comes in parts. */
static void
take_content(struct rd_clipboard *cb, struct slot *s, xcb_atom_t property)
{
	xcb_get_property_reply_t *r = property ? xcb_get_property_reply(cb->x.conn,
		xcb_get_property(cb->x.conn, false, window_of(cb, s), s->property, XCB_ATOM_ANY, 0, 0),
		NULL) : NULL;
	if (!r || !r->type) {
		free(r);
		fail(cb, s, RD_CLIP_NO_ANSWER);
		return;
	}
	s->latin1 = r->type == XCB_ATOM_STRING;
	if (r->type == cb->atom[ATOM_INCR]) {
		xcb_delete_property(cb->x.conn, window_of(cb, s), s->property);
		wait_for_owner(cb, s, SLOT_NEXT);
	} else {
		s->state = SLOT_WHOLE;
		if (s->pulled)
			read_part(cb, s);
	}
	free(r);
}

void
read_converted(struct rd_clipboard *cb, const xcb_selection_notify_event_t *e)
{
	for (int i = 0; i < SLOTS; i++) {
		struct slot *s = &cb->slot[i];
		/* A refusal does not name our property; a late answer to another question does. */
		bool ours = s->asked == e->target && cb->selection[s->selection] == e->selection &&
			(!e->property || e->property == s->property);
		if (s->state != SLOT_ASKED || e->requestor != window_of(cb, s) || !ours)
			continue;
		if (s->targets)
			take_targets(cb, s, e->property);
		else
			take_content(cb, s, e->property);
		return;
	}
}

/* INCR: the owner has put down the next part; one without bytes was the last. */
void
read_property(struct rd_clipboard *cb, const xcb_property_notify_event_t *e)
{
	if (is_left(cb, e))
		return;
	for (int i = RD_CLIP_SELECTIONS; i < SLOTS; i++) {
		struct slot *s = &cb->slot[i];
		if (s->state != SLOT_NEXT || e->state != XCB_PROPERTY_NEW_VALUE ||
				e->atom != s->property || e->window != window_of(cb, s))
			continue;
		xcb_get_property_reply_t *r = xcb_get_property_reply(cb->x.conn,
			xcb_get_property(cb->x.conn, false, e->window, s->property, XCB_ATOM_ANY, 0, 0), NULL);
		bool there = r && r->type, empty = there && r->bytes_after == 0;
		s->latin1 |= there && r->type == XCB_ATOM_STRING;
		free(r);
		s->at = 0;
		s->state = SLOT_PART;
		if (!there)
			fail(cb, s, RD_CLIP_NO_ANSWER);
		else if (empty)
			s->ends = true;
		if (there && s->pulled)
			read_more(cb, s->job);
		return;
	}
}

/* --- owners that do not answer --- */

uint64_t
read_deadline(const struct rd_clipboard *cb)
{
	uint64_t due = UINT64_MAX;
	for (int i = 0; i < SLOTS; i++) {
		const struct slot *s = &cb->slot[i];
		bool waits = s->state == SLOT_ASKED || s->state == SLOT_NEXT;
		due = waits && s->deadline_ns < due ? s->deadline_ns : due;
	}
	return due;
}

void
read_tick(struct rd_clipboard *cb, uint64_t now_ns)
{
	for (int i = 0; i < SLOTS; i++) {
		struct slot *s = &cb->slot[i];
		bool waits = s->state == SLOT_ASKED || s->state == SLOT_NEXT;
		if (!waits || s->deadline_ns > now_ns)
			continue;
		if (s->targets)
			take_targets(cb, s, XCB_NONE);
		else
			fail(cb, s, RD_CLIP_NO_ANSWER);
	}
}
