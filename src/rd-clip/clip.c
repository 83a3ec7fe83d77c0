#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/guard.h"
#include "look/watch.h"
#include "rd-clip/clip.h"
#include "rd-clip/content.h"
#include "wire/clip.h"

struct talk {
	const struct options *o;
	const struct rd_source *source;
	const struct rd_buf *content;
	const char *type;		/* that is asked for, or given */
	struct rd_watch *watch;
	struct rd_clip *clip;
	struct rd_timer tick;
	struct rd_clip_offer offer;	/* get: what is there */
	bool began;			/* … and we have asked for it */
	struct { uint32_t id; size_t at; } job[RD_CLIP_GIVES]; /* put: how far each is given */
	char line[256];			/* why the last paste stayed empty */
	enum rd_clip_why why;
	bool done;
};

static void
leave(struct talk *t, int code)
{
	t->done = true;
	rd_watch_leave(t->watch, code, "what was to be done is done");
}

static uint8_t
selection(const struct talk *t)
{
	return t->o->primary ? RD_CLIP_PRIMARY : RD_CLIP_CLIPBOARD;
}

/* --- get, types --- */

static int
not_that(const struct talk *t)
{
	char have[RD_CLIP_KINDS * (RD_CLIP_NAME + 2)] = "";
	for (int i = 0; i < t->offer.count; i++) {
		size_t len = strlen(have);
		snprintf(have + len, sizeof(have) - len, "%s%s", i ? ", " : "", t->offer.kind[i].name);
	}
	if (t->offer.count)
		rd_error("%s: no %s is in that clipboard; there is %s (--type)", t->source->name, t->type,
			have);
	else
		rd_error("%s: nothing is in that clipboard", t->source->name);
	return RD_EXIT_CLIP_EMPTY;
}

static int
not_shared(const struct talk *t)
{
	rd_error("%s: what is selected there is not shared with us (rd-capture --primary)",
		t->source->name);
	return RD_EXIT_CLIP_REFUSED;
}

/* What is there is known. */
static void
found(struct talk *t, const struct rd_clip_offer *o)
{
	if (t->began || t->done || o->selection != selection(t))
		return;
	t->began = true;
	t->offer = *o;
	if (o->flags & RD_CLIP_CLOSED)
		leave(t, not_shared(t));
	else if (t->o->verb == VERB_TYPES && o->count)
		leave(t, content_types(t->o, o));
	else if (t->o->verb == VERB_TYPES || !rd_clip_offer_find(o, t->type))
		leave(t, not_that(t));
	else
		rd_clip_ask(t->clip, 0, o->selection, t->type, rd_clock_ns());
}

static void
place_own(void *ctx, const struct rd_clip_offer *o)
{
	found(ctx, o);
}

static int
refusal(enum rd_clip_why why)
{
	return why == RD_CLIP_TOO_LARGE ? RD_EXIT_CLIP_LARGE :
		why == RD_CLIP_OFF ? RD_EXIT_CLIP_REFUSED : RD_EXIT_CLIP_EMPTY;
}

static void
place_answer(void *ctx, uint32_t request, const uint8_t *data, size_t len)
{
	struct talk *t = ctx;
	(void)request;
	if (t->done)
		return;
	if (data) {
		leave(t, content_write(t->o, t->type, data, len));
		return;
	}
	rd_error("%s: %s", t->source->name, t->line);
	leave(t, refusal(t->why));
}

/* --- put --- */

static void
give_piece(struct talk *t, int i)
{
	size_t at = t->job[i].at, n = t->content->len - at;
	uint32_t id = t->job[i].id;
	n = n < RD_CLIP_CHUNK ? n : RD_CLIP_CHUNK;
	t->job[i].at += n;
	bool last = t->job[i].at == t->content->len;
	if (last)
		t->job[i].id = 0;
	rd_clip_piece(t->clip, id, n ? t->content->data + at : NULL, n, last, rd_clock_ns());
}

static int
find_job(const struct talk *t, uint32_t id)
{
	for (int i = 0; i < RD_CLIP_GIVES; i++)
		if (t->job[i].id == id)
			return i;
	return -1;
}

static void
place_read(void *ctx, uint32_t job, uint8_t s, const char *kind)
{
	struct talk *t = ctx;
	int i = find_job(t, 0);
	(void)s, (void)kind;
	if (i < 0) {
		rd_clip_unread(t->clip, job, RD_CLIP_BUSY);
		return;
	}
	t->job[i].id = job;
	t->job[i].at = 0;
	give_piece(t, i);
}

static void
place_more(void *ctx, uint32_t job)
{
	struct talk *t = ctx;
	int i = find_job(t, job);
	if (i >= 0)
		give_piece(t, i);
}

static void
place_stop(void *ctx, uint32_t job)
{
	struct talk *t = ctx;
	int i = find_job(t, job);
	if (i >= 0)
		t->job[i].id = 0;
}

static const struct rd_clip_place place = {
	.own = place_own,
	.read = place_read,
	.more = place_more,
	.stop = place_stop,
	.answer = place_answer,
};

/* What became of what we have put there. */
static void
on_fate(void *ctx, uint8_t peer, const struct rd_clip_took *took)
{
	struct talk *t = ctx;
	(void)peer;
	if (t->done)
		return;
	if (took->fate == RD_CLIP_REFUSED) {
		rd_error("%s: it was not taken: %s", t->source->name, took->why < RD_CLIP_WHYS ?
			rd_clip_why_text((enum rd_clip_why)took->why) : "refused");
		leave(t, took->why == RD_CLIP_TOO_LARGE ? RD_EXIT_CLIP_LARGE : RD_EXIT_CLIP_REFUSED);
	} else if (took->fate == RD_CLIP_KEPT) {
		leave(t, content_put(t->o, t->type, t->content->len));
	} else if (took->fate == RD_CLIP_LOST) {
		leave(t, RD_EXIT_OK);
	} else if (took->fate == RD_CLIP_OWNED && t->o->wait && !t->began) {
		int code = content_put(t->o, t->type, t->content->len);
		t->began = true;
		if (code)
			leave(t, code);
	}
}

static void
offer(struct talk *t)
{
	struct rd_clip_offer o = {
		.selection = selection(t),
		.flags = (t->o->wait ? 0 : RD_CLIP_KEEP) | (t->o->secret ? RD_CLIP_SECRET : 0),
		.count = 1,
	};
	o.kind[0].size = t->content->len;
	rd_clip_name(o.kind[0].name, t->type);
	if (getrandom(&o.origin, sizeof(o.origin), 0) != sizeof(o.origin))
		o.origin = rd_clock_ns();
	rd_clip_copied(t->clip, &o, rd_clock_ns());
	rd_clip_offers_to(t->clip, 0);
}

/* --- the other side --- */

static void
send(void *ctx, uint8_t peer, uint16_t type, struct rd_buf *body)
{
	struct talk *t = ctx;
	(void)peer;
	rd_watch_send(t->watch, type, body);
}

static bool
room(void *ctx)
{
	const struct talk *t = ctx;
	return !rd_watch_busy(t->watch);
}

static void
on_say(void *ctx, uint8_t peer, enum rd_clip_why why, const char *line)
{
	struct talk *t = ctx;
	(void)peer;
	t->why = why;
	snprintf(t->line, sizeof(t->line), "%s", line);
}

static const struct rd_clip_ops clip_ops = {
	.send = send, .room = room, .say = on_say, .fate = on_fate,
};

static void
on_due(void *ctx, uint64_t ns)
{
	struct talk *t = ctx;
	uint64_t now = rd_clock_ns();
	if (ns == UINT64_MAX)
		rd_timer_clear(&t->tick);
	else
		rd_timer_set(&t->tick, ns > now ? ns - now : 0);
}

static void
on_tick(void *ctx)
{
	struct talk *t = ctx;
	rd_clip_tick(t->clip, rd_clock_ns());
}

static void
on_started(void *ctx, const struct rd_hello *peer)
{
	struct talk *t = ctx;
	bool put = t->o->verb == VERB_PUT, host = t->source->kind == RD_SOURCE_HOST;
	if (!(peer->caps & (put ? RD_CAP_CLIP_IN : RD_CAP_CLIP_OUT)) || !rd_watch_duplex(t->watch)) {
		rd_error("%s: its clipboard is not shared with us %s%s", t->source->name,
			put ? "to be filled" : "to be read", host ? ": our key may have no right to" : "");
		leave(t, RD_EXIT_CLIP_REFUSED);
		return;
	}
	if (put)
		offer(t);
	else
		rd_clip_watches(t->clip, 0);
}

static int
on_clipboard(void *ctx, const struct rd_msg *m)
{
	struct talk *t = ctx;
	struct rd_clip_offer o;
	/* That there is nothing is news to us alone. */
	if (m->type == RD_MSG_OFFER && !rd_clip_offer_parse(&o, m->data, m->len) && !o.count &&
			t->o->verb != VERB_PUT)
		found(t, &o);
	return t->done ? 0 : rd_clip_message(t->clip, 0, m, rd_clock_ns());
}

static void
on_room(void *ctx)
{
	struct talk *t = ctx;
	rd_clip_room(t->clip, rd_clock_ns());
}

/* A stream that ends before we are done has not done it. */
static int
on_over(void *ctx)
{
	struct talk *t = ctx;
	if (t->done)
		return RD_EXIT_OK;
	rd_error("%s ended before that was done", t->source->name);
	return RD_EXIT_CUT_SHORT;
}

static int
on_late(void *ctx)
{
	struct talk *t = ctx;
	rd_error("%s: nothing came of it within the time of --timeout", t->source->name);
	return RD_EXIT_TIMEOUT;
}

static const struct rd_watch_ops watch_ops = {
	.started = on_started,
	.clipboard = on_clipboard,
	.room = on_room,
	.over = on_over,
	.late = on_late,
};

static struct rd_clip *
open_clip(struct talk *t)
{
	const struct rd_clip_config cfg = {
		.gives = t->o->verb == VERB_PUT,
		.takes = t->o->verb != VERB_PUT,
		.primary = t->o->primary,
		.max = t->o->max,
		.name = "there",
		.ops = &clip_ops,
		.ctx = t,
		.place = &place,
		.due = on_due,
		.place_ctx = t,
	};
	return rd_clip_new(&cfg);
}

int
clip_run(const struct options *o, const struct rd_source *source, const struct rd_buf *content,
	int guard_fd)
{
	const struct rd_confine_rules rules = {.kind = RD_CONFINE_OUTPUT};
	struct rd_loop *loop = rd_loop_new();
	struct talk t = {.o = o, .source = source, .content = content,
		.type = o->type ? o->type : RD_CLIP_TEXT};
	const struct rd_watch_config cfg = {
		.program = "rd-clip",
		.source = source,
		.guard_fd = guard_fd,
		.timeout_ns = o->timeout_ns,
		.ops = &watch_ops,
		.ctx = &t,
	};
	rd_timer_open(&t.tick, loop, on_tick, &t);
	t.clip = open_clip(&t);
	int code = rd_watch_open(&t.watch, loop, &cfg);
	if (!code) {
		if (o->confine)
			rd_confine(&rules);
		rd_guard_ready(guard_fd);
		code = rd_loop_run(loop);
	}
	t.done = true;
	rd_clip_free(t.clip);
	rd_watch_close(t.watch);
	rd_timer_close(&t.tick);
	rd_loop_free(loop);
	return code;
}
