#include <stdio.h>
#include <string.h>

#include "base/event.h"
#include "base/log.h"
#include "chan/rights.h"
#include "rd-send/pause.h"
#include "rd-send/viewer.h"
#include "wire/msg_clipboard.h"
#include "wire/msg_control.h"
#include "wire/msg_input.h"
#include "wire/msg_layout.h"

/* --- what a viewer hears and misses --- */

static void
notice(struct session *s, const char *text)
{
	struct rd_notice n = {.level = RD_LOG_WARN};
	struct rd_buf body = {0};
	snprintf(n.text, sizeof(n.text), "%s", text);
	rd_notice_pack(&body, &n);
	session_send_buf(s, RD_MSG_NOTICE, &body);
	rd_buf_finish(&body);
}

void
pause_greet(struct session *s)
{
	if (s->serve->paused)
		notice(s, "paused by the host: nothing is shown, and nothing you do arrives");
}

/* To either side the other has nothing to paste any more, and asks for nothing. */
static void
take_clipboard(struct session *s)
{
	struct rd_clip_offer nothing = {0};
	struct rd_buf body = {0};
	s->clip_parted = true;
	if (!s->clips)
		return;
	source_clear_clipboard(s);
	if (s->rights & RD_RIGHT_CLIP_IN) {
		rd_clip_watch_pack(&body, 0);
		session_send_buf(s, RD_MSG_WATCH, &body);
	}
	for (; s->rights & RD_RIGHT_CLIP_OUT && nothing.selection < RD_CLIP_SELECTIONS;
			nothing.selection++) {
		rd_clip_offer_pack(&body, &nothing);
		session_send_buf(s, RD_MSG_OFFER, &body);
	}
	rd_buf_finish(&body);
}

/*
 * Both say again what they have, as far as the other wants to hear of it; what was copied
 * meanwhile is news. Who has come meanwhile joins.
 */
static void
give_clipboard(struct session *s)
{
	uint8_t again = s->clip_parted ? RD_CLIP_AGAIN : 0;
	struct rd_buf body = {0};
	s->clip_parted = false;
	if (!s->clips)
		return;
	if ((s->rights & RD_RIGHT_CLIP_OUT) && s->clip_watch) {
		rd_clip_watch_pack(&body, s->clip_watch | again);
		source_up_buf(s->source, RD_MSG_WATCH, s->number, &body);
	}
	if (s->rights & RD_RIGHT_CLIP_IN) {
		rd_clip_watch_pack(&body, ((1u << RD_CLIP_SELECTIONS) - 1) | again);
		session_send_buf(s, RD_MSG_WATCH, &body);
	}
	rd_buf_finish(&body);
}

static const uint16_t kept_types[SESSION_KEPT] = {RD_MSG_LAYOUT, RD_MSG_LOCKS};

static bool
is_good(const struct rd_msg *m)
{
	struct rd_layout layout;
	struct rd_input in;
	if (m->type == RD_MSG_LAYOUT)
		return rd_layout_parse(&layout, m->data, m->len) == 0;
	return rd_input_parse(&in, m->type, m->data, m->len) == 0;
}

static void
keep(struct session *s, const struct rd_msg *m)
{
	for (int i = 0; i < SESSION_KEPT; i++) {
		struct kept *k = &s->kept[i];
		if (m->type != kept_types[i] || !m->len || m->len > sizeof(k->body) || !is_good(m))
			continue;
		memcpy(k->body, m->data, m->len);
		k->len = m->len;
	}
}

static void
give_kept(struct session *s)
{
	struct rd_buf body = {0};
	for (int i = 0; i < SESSION_KEPT; i++) {
		struct kept *k = &s->kept[i];
		bool input = rd_msg_class(kept_types[i]) == RD_CLASS_INPUT;
		if (!k->len)
			continue;
		rd_buf_bytes(&body, k->body, k->len);
		source_up_buf(s->source, kept_types[i], input ? s->number : 0, &body);
		k->len = 0;
	}
	rd_buf_finish(&body);
}

/* --- a source --- */

/* Whether what it makes can be thrown away: it can be asked later for what is there then. */
static bool
can_ask(const struct source *src)
{
	return src->live && src->obeys && (src->hello.caps & RD_CAP_FRESH);
}

bool
pause_stops(const struct source *src)
{
	return src->serve->paused && src->greeted && !can_ask(src);
}

bool
pause_discards(const struct source *src)
{
	return can_ask(src) && (src->serve->paused || src->stale);
}

static void
hold(struct source *src)
{
	src->stale = false;
	rd_timer_clear(&src->refresh);
	for (struct session *s = src->viewers; s; s = s->next_viewer) {
		if (!s->joined)
			continue;
		if (can_ask(src))
			rd_chan_skip(s->chan);
		source_release_keys(s);
		take_clipboard(s);
		pause_greet(s);
	}
	share_listen(src);
	share_rate(src);
	share_watched(src);
	share_pace(src);
}

static int
put(void *ctx, const struct rd_msg *m)
{
	session_send(ctx, m);
	return 0;
}

/* All that comes from now on is of after the pause, and first a sync point. */
static void
now_fresh(struct source *src)
{
	const struct rd_cache *pointer = src->cache ? src->cache : src->pointer;
	src->stale = false;
	if (src->cache)
		rd_cache_forget(src->cache);
	for (struct session *s = src->viewers; s; s = s->next_viewer)
		if (s->joined && pointer)
			rd_cache_replay_state(pointer, put, s);
	rd_cache_free(src->pointer);
	src->pointer = NULL;
	share_rate(src);
	share_watched(src);
}

/* In the producer, and on the way from it, there may be pictures of the pause. */
static void
ask_fresh(struct source *src)
{
	struct rd_buf body = {0};
	src->stale = true;
	share_ack_all(src);
	rd_fresh_pack(&body, ++src->token);
	source_up_buf(src, RD_MSG_FRESH, 0, &body);
	rd_buf_finish(&body);
}

static void
give_locked(struct source *src)
{
	struct rd_msg m = {.type = RD_MSG_LOCKED, .data = src->locked.body, .len = src->locked.len,
		.time_ns = src->locked_ns};
	for (struct session *s = src->viewers; s && m.len; s = s->next_viewer)
		if (s->joined)
			viewer_down(s, &m);
	src->locked.len = 0;
}

static void
release(struct source *src)
{
	for (struct session *s = src->viewers; s; s = s->next_viewer) {
		if (!s->joined)
			continue;
		give_clipboard(s);
		give_kept(s);
		notice(s, "the host goes on");
		share_catch_up(s);
	}
	give_locked(src);
	share_listen(src);
	if (can_ask(src))
		ask_fresh(src);
	share_pace(src);
}

/* The newest counts, when it goes on. */
static void
keep_locked(struct source *src, const struct rd_msg *m)
{
	if (!src->serve->paused || m->len > sizeof(src->locked.body))
		return;
	memcpy(src->locked.body, m->data, m->len);
	src->locked.len = m->len;
	src->locked_ns = m->time_ns;
}

static bool
is_answer(const struct source *src, const struct rd_msg *m)
{
	uint64_t token;
	return rd_fresh_parse(&token, m->data, m->len) == 0 && token == src->token;
}

void
pause_note(struct source *src, const struct rd_msg *m)
{
	if (rd_msg_class(m->type) == RD_CLASS_CURSOR && !src->cache && pause_discards(src)) {
		if (!src->pointer)
			src->pointer = rd_cache_new(0);
		rd_cache_message(src->pointer, m);
	}
	if (m->type == RD_MSG_LOCKED)
		keep_locked(src, m);
	if (!src->stale || src->serve->paused)
		return;
	/* What nobody gets nobody acknowledges. */
	if (m->type == RD_MSG_SHOW)
		share_ack_all(src);
	else if (m->type == RD_MSG_FRESH && is_answer(src, m))
		now_fresh(src);
}

bool
pause_holds(struct session *s, const struct rd_msg *m)
{
	switch (rd_msg_class(m->type)) {
	case RD_CLASS_PICTURE:
	case RD_CLASS_CURSOR:
		return pause_discards(s->source) || s->unshown;
	case RD_CLASS_SOUND:
	case RD_CLASS_CLIPBOARD:
		return s->serve->paused;
	default:
		return m->type == RD_MSG_FRESH || (m->type == RD_MSG_LOCKED && s->serve->paused);
	}
}

bool
pause_refuses(struct session *s, const struct rd_msg *m)
{
	if (m->type == RD_MSG_WATCH)
		rd_clip_watch_parse(&s->clip_watch, m->data, m->len);
	if (!s->serve->paused)
		return false;
	keep(s, m);
	s->clips |= rd_msg_class(m->type) == RD_CLASS_CLIPBOARD;
	return m->type == RD_MSG_LAYOUT || (rd_msg_class(m->type) != RD_CLASS_CONTROL &&
		rd_msg_class(m->type) != RD_CLASS_LINK);
}

void
pause_finish(struct source *src)
{
	rd_cache_free(src->pointer);
}

/* --- all of them --- */

void
pause_set(struct serve *sv, bool on)
{
	struct rd_event e;
	if (sv->paused == on || sv->closing)
		return;
	sv->paused = on;
	for (struct source *src = sv->sources; src; src = src->next) {
		if (!src->link || src->over)
			continue;
		if (on)
			hold(src);
		else
			release(src);
	}
	serve_say(sv, &(struct said){.type = SAID_PAUSED, .flag = on});
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, on ? "paused" : "resumed");
	rd_event_end(&e);
}
