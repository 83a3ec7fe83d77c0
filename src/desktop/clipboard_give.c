#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "desktop/clipboard_priv.h"

/* Up to so many bytes in one property; what is longer comes in parts of that (INCR). */
#define PART ((size_t)64 << 10)

static void
notify(struct rd_clipboard *cb, const struct request *q, bool done)
{
	const xcb_selection_notify_event_t e = {
		.response_type = XCB_SELECTION_NOTIFY,
		.time = q->time,
		.requestor = q->window,
		.selection = q->selection,
		.target = q->target,
		.property = done ? q->property : XCB_NONE,
	};
	xcb_send_event(cb->x.conn, false, q->window, 0, (const char *)&e);
}

static void
put(struct rd_clipboard *cb, const struct request *q, xcb_atom_t type, uint8_t format, uint32_t n,
	const void *data)
{
	xcb_change_property(cb->x.conn, XCB_PROP_MODE_REPLACE, q->window, q->property, type, format, n,
		data);
}

/* --- what can be had --- */

static void
paste_targets(struct rd_clipboard *cb, const struct request *q, const struct rd_clip_offer *o)
{
	xcb_atom_t list[RD_TARGETS + 2];
	uint32_t n = 0;
	list[n++] = cb->atom[ATOM_TARGETS];
	list[n++] = cb->atom[ATOM_TIMESTAMP];
	for (int i = 0; i < RD_TARGETS; i++) {
		const char *kind = rd_targets[i].kind;
		if (kind ? rd_clip_offer_find(o, kind) != NULL : (o->flags & RD_CLIP_SECRET) != 0)
			list[n++] = cb->target[i];
	}
	put(cb, q, XCB_ATOM_ATOM, 32, n, list);
	notify(cb, q, true);
}

static struct request *
free_request(struct rd_clipboard *cb)
{
	for (int i = 0; i < REQUESTS; i++)
		if (cb->request[i].state == REQUEST_FREE)
			return &cb->request[i];
	return NULL;
}

static const struct rd_buf *
held_body(const struct rd_clipboard *cb, uint8_t s, const char *kind)
{
	for (int i = 0; i < cb->sel[s].offer.count; i++)
		if (strcmp(cb->sel[s].offer.kind[i].name, kind) == 0)
			return &cb->bodies[i];
	return NULL;
}

static void
paste_content(struct rd_clipboard *cb, const struct request *asked, uint8_t s, const char *kind)
{
	struct request *q = free_request(cb);
	if (!q) {
		notify(cb, asked, false);
		return;
	}
	*q = *asked;
	q->state = REQUEST_ASKED;
	q->id = ++cb->requests;
	q->deadline_ns = UINT64_MAX;
	if (cb->clip) {
		rd_clip_ask(cb->clip, q->id, s, kind, rd_clock_ns());
		return;
	}
	const struct rd_buf *b = held_body(cb, s, kind);
	paste_answer(cb, q->id, b ? b->len ? b->data : (const uint8_t *)"" : NULL, b ? b->len : 0);
}

void
paste_request(struct rd_clipboard *cb, const xcb_selection_request_event_t *e)
{
	const struct request q = {
		.window = e->requestor, .selection = e->selection, .target = e->target, .time = e->time,
		/* Clients from before 1989 name none. */
		.property = e->property ? e->property : e->target,
	};
	uint8_t s = e->selection == cb->selection[RD_CLIP_PRIMARY] ? RD_CLIP_PRIMARY : RD_CLIP_CLIPBOARD;
	const struct rd_clip_offer *o = &cb->sel[s].offer;
	int at = rd_targets_find(e->target, cb->target);
	bool ours = e->owner == cb->sel[s].window && o->count;
	if (ours && e->target == cb->atom[ATOM_TARGETS]) {
		paste_targets(cb, &q, o);
	} else if (ours && e->target == cb->atom[ATOM_TIMESTAMP]) {
		put(cb, &q, XCB_ATOM_INTEGER, 32, 1, &cb->sel[s].since);
		notify(cb, &q, true);
	} else if (ours && at >= 0 && !rd_targets[at].kind && (o->flags & RD_CLIP_SECRET)) {
		put(cb, &q, e->target, 8, strlen("secret"), "secret");
		notify(cb, &q, true);
	} else if (ours && at >= 0 && rd_targets[at].kind && rd_clip_offer_find(o, rd_targets[at].kind)) {
		paste_content(cb, &q, s, rd_targets[at].kind);
	} else {
		notify(cb, &q, false);
	}
}

/* --- content --- */

static struct request *
find_request(struct rd_clipboard *cb, uint32_t id)
{
	for (int i = 0; i < REQUESTS; i++)
		if (cb->request[i].state == REQUEST_ASKED && cb->request[i].id == id)
			return &cb->request[i];
	return NULL;
}

static bool
is_ours(const struct rd_clipboard *cb, xcb_window_t window)
{
	return window == cb->sel[0].window || window == cb->sel[1].window;
}

/* A window of another's tells of its properties, and of its end, while we give to it. */
static void
listen_to(struct rd_clipboard *cb, xcb_window_t window, bool on)
{
	const uint32_t mask = on ? XCB_EVENT_MASK_PROPERTY_CHANGE | XCB_EVENT_MASK_STRUCTURE_NOTIFY : 0;
	if (is_ours(cb, window))
		return;
	for (int i = 0; !on && i < REQUESTS; i++)
		if (cb->request[i].state == REQUEST_INCR && cb->request[i].window == window)
			return;
	xcb_change_window_attributes(cb->x.conn, window, XCB_CW_EVENT_MASK, &mask);
}

static void
release(struct rd_clipboard *cb, struct request *q)
{
	bool listened = q->state == REQUEST_INCR;
	free(q->body);
	q->body = NULL;
	q->state = REQUEST_FREE;
	if (listened)
		listen_to(cb, q->window, false);
}

/* Text of ISO 8859-1 where that is asked for; the type of everything else is its target. */
static xcb_atom_t
type_of(const struct rd_clipboard *cb, const struct request *q, bool *latin1)
{
	int at = rd_targets_find(q->target, cb->target);
	*latin1 = at >= 0 && rd_targets[at].how == RD_TARGET_LATIN1;
	/* TEXT leaves it to the owner. */
	return at >= 0 && strcmp(rd_targets[at].name, "TEXT") == 0 ? cb->target[0] : q->target;
}

static void
begin_incr(struct rd_clipboard *cb, struct request *q)
{
	const uint32_t size = (uint32_t)q->len;
	q->state = REQUEST_INCR;
	q->at = 0;
	q->deadline_ns = rd_clock_ns() + RD_CLIPBOARD_TAKER_NS;
	cb->stirred = true;
	listen_to(cb, q->window, true);
	put(cb, q, cb->atom[ATOM_INCR], 32, 1, &size);
	notify(cb, q, true);
}

void
paste_answer(void *ctx, uint32_t request, const uint8_t *data, size_t len)
{
	struct rd_clipboard *cb = ctx;
	struct request *q = find_request(cb, request);
	bool latin1;
	if (!q)
		return;
	xcb_atom_t type = type_of(cb, q, &latin1);
	q->body = data ? malloc(len + 1) : NULL;
	if (!q->body) {
		notify(cb, q, false);
		release(cb, q);
		return;
	}
	if (latin1)
		q->len = rd_utf8_to_latin1(q->body, data, len);
	else
		memcpy(q->body, data, q->len = len);
	if (q->len > PART) {
		begin_incr(cb, q);
		return;
	}
	put(cb, q, type, 8, (uint32_t)q->len, q->body);
	notify(cb, q, true);
	release(cb, q);
}

/* It has taken the last part: the next one; after the last, one without bytes. */
static void
next_part(struct rd_clipboard *cb, struct request *q)
{
	bool latin1;
	xcb_atom_t type = type_of(cb, q, &latin1);
	size_t n = q->len - q->at < PART ? q->len - q->at : PART;
	put(cb, q, type, 8, (uint32_t)n, q->body + q->at);
	q->at += n;
	q->deadline_ns = rd_clock_ns() + RD_CLIPBOARD_TAKER_NS;
	cb->stirred = true;
	if (n == 0)
		release(cb, q);
}

void
paste_property(struct rd_clipboard *cb, const xcb_property_notify_event_t *e)
{
	for (int i = 0; i < REQUESTS; i++) {
		struct request *q = &cb->request[i];
		if (q->state == REQUEST_INCR && e->state == XCB_PROPERTY_DELETE &&
				e->window == q->window && e->atom == q->property) {
			next_part(cb, q);
			return;
		}
	}
}

/* --- those who do not take it --- */

void
paste_window_gone(struct rd_clipboard *cb, xcb_window_t window)
{
	for (int i = 0; i < REQUESTS; i++)
		if (cb->request[i].state == REQUEST_INCR && cb->request[i].window == window)
			release(cb, &cb->request[i]);
}

uint64_t
paste_deadline(const struct rd_clipboard *cb)
{
	uint64_t due = UINT64_MAX;
	for (int i = 0; i < REQUESTS; i++)
		if (cb->request[i].state == REQUEST_INCR && cb->request[i].deadline_ns < due)
			due = cb->request[i].deadline_ns;
	return due;
}

void
paste_tick(struct rd_clipboard *cb, uint64_t now_ns)
{
	for (int i = 0; i < REQUESTS; i++)
		if (cb->request[i].state == REQUEST_INCR && cb->request[i].deadline_ns <= now_ns)
			release(cb, &cb->request[i]);
}

void
paste_close(struct rd_clipboard *cb)
{
	for (int i = 0; i < REQUESTS; i++) {
		free(cb->request[i].body);
		cb->request[i].body = NULL;
		cb->request[i].state = REQUEST_FREE;
	}
}
