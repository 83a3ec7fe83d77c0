#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "chan/rights.h"
#include "rd-send/misled.h"
#include "rd-send/session.h"
#include "rd-send/source.h"
#include "rd-send/tell.h"
#include "rd-send/viewer.h"

/* A peer that has proven its key says what it wants within so long. */
#define OPEN_NS (10 * RD_NS_PER_S)
/* At the end: for so long nothing of the last pictures has arrived. */
#define STUCK_NS (10 * RD_NS_PER_S)

/* What a session that ended so is worth as our own exit status, with --once. */
static int
exit_of(uint64_t code)
{
	switch (code) {
	case RD_CLOSE_DONE:
	case RD_CLOSE_GOING:
		return RD_EXIT_OK;
	case RD_CLOSE_SILENT:
	case RD_CLOSE_KEYS_OLD:
		return RD_EXIT_LOST;
	case RD_CLOSE_PROTOCOL:
		return RD_EXIT_FOREIGN;
	case RD_CLOSE_EXPIRED:
		return RD_EXIT_EXPIRED;
	case RD_CLOSE_RIGHT:
		return RD_EXIT_RIGHT;
	default:
		return RD_EXIT_FAILURE;
	}
}

/* --- the end --- */

static bool
ended_well(const struct session *s)
{
	return s->end.reason == RD_END_DONE || s->end.reason == RD_END_USER;
}

/* Once; also when the other end, or the network, is the cause. */
static void
over(struct session *s, uint64_t code, const char *text)
{
	struct serve *sv = s->serve;
	if (s->state == SESSION_OVER)
		return;
	/* A viewer that has heard of a bad end closes as if it had been a good one. */
	if (s->end_said && code == RD_CLOSE_DONE && !ended_well(s)) {
		code = RD_CLOSE_SOURCE;
		text = s->end.text;
	}
	struct said said = {.type = SAID_GONE, .id = s->id, .code = code};
	s->state = SESSION_OVER;
	rd_timer_clear(&s->limit);
	if (s->source)
		source_leave(s);
	rd_chan_bind(s->chan, NULL);
	said_set_text(&said, text);
	serve_say(sv, &said);
	/* The number is free for another: its keys have come up. */
	sv->taken[s->number] = false;
	if (s->granted)
		serve_left(sv, s->code ? s->code : exit_of(code));
}

void
session_close(struct session *s, uint64_t code, const char *text)
{
	if (s->state == SESSION_OVER)
		return;
	over(s, code, text);
	rd_conn_close(s->conn, code, text, rd_clock_ns());
	rd_host_poke(s->serve->host);
}

static void
say_end(struct session *s)
{
	struct rd_buf body = {0};
	s->end_said = true;
	/* END before HELLO is none: a stream that never began begins to say why. */
	if (!s->joined) {
		struct rd_hello hello;
		rd_hello_init(&hello, "rd-send", 0);
		rd_hello_pack(&body, &hello);
		session_send_buf(s, RD_MSG_HELLO, &body);
	}
	rd_end_pack(&body, &s->end);
	session_send_buf(s, RD_MSG_END, &body);
	rd_buf_finish(&body);
}

void
session_finish(struct session *s, const struct rd_end_msg *end)
{
	if (s->state != SESSION_WATCHING)
		return;
	s->state = SESSION_ENDING;
	s->end = *end;
	s->code = end->code;
	s->left = rd_chan_queued(s->chan);
	rd_timer_set(&s->limit, STUCK_NS);
	rd_host_poke(s->serve->host);
}

static void
close_ended(struct session *s)
{
	session_close(s, ended_well(s) ? RD_CLOSE_DONE : RD_CLOSE_SOURCE, s->end.text);
}

void
session_check(struct session *s)
{
	struct source *src = s->source;
	if (s->state == SESSION_ENDING) {
		if (!s->end_said && rd_chan_queued(s->chan) == 0)
			say_end(s);
		if (s->end_said && rd_chan_drained(s->chan))
			close_ended(s);
		return;
	}
	if (s->state != SESSION_WATCHING)
		return;
	rd_chan_check(s->chan);
	/* For one that does not say what it has shown, what has arrived counts. */
	if (src && s->joined && !s->acks && src->up && rd_chan_queued(s->chan) == 0)
		share_ack_all(src);
}

static void
on_limit(void *ctx)
{
	struct session *s = ctx;
	uint64_t left = rd_chan_queued(s->chan);
	if (s->state != SESSION_ENDING) {
		session_close(s, RD_CLOSE_PROTOCOL, "nothing was said in time");
	} else if (left < s->left) {
		s->left = left;
		rd_timer_set(&s->limit, STUCK_NS);
	} else {
		close_ended(s);
	}
}

/* --- sending --- */

int
session_send(struct session *s, const struct rd_msg *m)
{
	uint64_t now = rd_clock_ns();
	int err = rd_chan_send(s->chan, m, now);
	if (!err)
		rd_meter_add(&s->down, RD_MSG_HEADER_SIZE + m->len, now);
	if (!err && m->type == RD_MSG_SHOW)
		rd_meter_add(&s->shown, 1, now);
	rd_host_poke(s->serve->host);
	return err;
}

void
session_send_buf(struct session *s, uint16_t type, struct rd_buf *body)
{
	session_send(s, &(struct rd_msg){.type = type, .data = body->data, .len = body->len});
	rd_buf_reset(body);
}

/* --- what the session tells us --- */

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct session *s = ctx;
	int err = 0;
	rd_meter_add(&s->up, RD_MSG_HEADER_SIZE + m->len, rd_clock_ns());
	bool link = rd_msg_class(m->type) == RD_CLASS_LINK;
	if (s->state == SESSION_OPENING)
		err = session_opened(s, m);
	else if (s->state == SESSION_CHALLENGED && !link)
		err = session_answered(s, m);
	else if (s->state == SESSION_WATCHING && m->type == RD_MSG_REMEMBER)
		err = session_remember(s, m);
	else if (s->state == SESSION_WATCHING || link)
		err = viewer_up(s, m);
	if (err)
		session_close(s, RD_CLOSE_PROTOCOL, "a message that makes no sense");
	return s->state == SESSION_OVER ? -1 : 0;
}

static void
on_lost(void *ctx, uint8_t channel, uint32_t first, uint32_t last)
{
	viewer_lost(ctx, channel, first, last);
}

static void
on_room(void *ctx)
{
	viewer_room(ctx);
}

static void
on_foreign(void *ctx, const char *why)
{
	session_close(ctx, RD_CLOSE_PROTOCOL, why);
}

static const struct rd_chan_ops chan_ops = {
	.message = on_message,
	.lost = on_lost,
	.room = on_room,
	.foreign = on_foreign,
};

static void
on_established(void *ctx)
{
	struct session *s = rd_chan_ctx(ctx);
	rd_chan_bind(s->chan, rd_conn_mux(s->conn));
	if (misled_peer(s->serve, s->leg, rd_conn_peer(s->conn)))
		session_close(s, RD_CLOSE_REFUSED,
			"the relay announced another key than yours; perhaps somebody is in between");
	else
		rd_timer_set(&s->limit, OPEN_NS);
}

static void
begin(struct rd_event *e, const char *what, const struct session *s)
{
	char name[RD_CONN_NAME];
	rd_event_begin(e, what);
	rd_event_number(e, "viewer", s->id);
	rd_event_text(e, "session", rd_conn_name(s->conn, name));
}

static void
tell_moved(const struct session *s, const struct rd_addr *to)
{
	char address[RD_ADDR_TEXT];
	const struct serve *sv = s->serve;
	struct rd_conn_way way = rd_conn_way(s->conn);
	const char *path = tell_path(to, sv->by_tls), *why = to->relayed && way.why ? way.why : "";
	struct rd_event e;
	rd_addr_text(to, address);
	rd_info("viewer %u: moved to %s (%s%s%s)", s->id, to->relayed ? sv->relay->name : address, path,
		*why ? ": " : "", why);
	if (!rd_event_wanted())
		return;
	begin(&e, "moved", s);
	rd_event_text(&e, "path", path);
	rd_event_text(&e, "how", rd_path_how_name(way.how));
	if (!to->relayed)
		rd_event_text(&e, "address", address);
	rd_event_real(&e, "rtt_ms", (double)way.rtt_ns / (double)RD_NS_PER_MS);
	if (to->relayed)
		rd_event_text(&e, "relay", sv->relay->name);
	if (*why)
		rd_event_text(&e, "why", why);
	rd_event_end(&e);
}

static void
on_moved(void *ctx, const struct rd_addr *to)
{
	tell_moved(rd_chan_ctx(ctx), to);
}

static void
on_silent(void *ctx, bool silent)
{
	const struct session *s = rd_chan_ctx(ctx);
	struct rd_event e;
	rd_info("viewer %u: %s", s->id, silent ? "silent" : "heard");
	if (!rd_event_wanted())
		return;
	begin(&e, silent ? "silent" : "heard", s);
	rd_event_end(&e);
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	over(rd_chan_ctx(ctx), code, text);
}

static const struct rd_conn_ops conn_ops = {
	.established = on_established,
	.moved = on_moved,
	.silent = on_silent,
	.closed = on_closed,
};

/* --- opening and closing --- */

static uint8_t
free_number(struct serve *sv)
{
	for (unsigned i = 1; i <= VIEWERS_MAX; i++)
		if (!sv->taken[i])
			return (uint8_t)i;
	return 0;
}

/*
 * Anybody can make keys and come; who has said nothing yet has no place to keep
 * from one that comes after it. The number of one that goes.
 */
static uint8_t
make_room(struct serve *sv)
{
	struct session *oldest = NULL;
	for (struct session *s = sv->sessions; s; s = s->next)
		if (s->state == SESSION_OPENING)
			oldest = s;
	if (!oldest)
		return 0;
	session_close(oldest, RD_CLOSE_BUSY, "");
	return free_number(sv);
}

bool
session_accept(struct serve *sv, struct rd_conn *conn, struct rd_conn_ops *ops, void **ctx)
{
	uint8_t number = free_number(sv);
	if (!number)
		number = make_room(sv);
	if (!number || sv->closing)
		return false;
	struct session *s = xcalloc(1, sizeof(*s));
	s->serve = sv;
	s->conn = conn;
	s->id = ++sv->next_id;
	s->number = number;
	sv->taken[number] = true;
	s->leg = rd_conn_path(conn)->relayed ? rd_conn_path(conn)->carrier : 0;
	s->chan = rd_chan_new(&chan_ops, s);
	rd_chan_guard(s->chan, true);
	rd_timer_open(&s->limit, sv->loop, on_limit, s);
	s->next = sv->sessions;
	sv->sessions = s;
	*ops = conn_ops;
	ops->mux = rd_chan_mux_ops;
	*ctx = s->chan;
	return true;
}

void
session_free(struct session *s)
{
	struct session **at = &s->serve->sessions;
	over(s, RD_CLOSE_GOING, "");
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	rd_chan_free(s->chan);
	rd_timer_close(&s->limit);
	free(s);
}

struct session *
session_find(struct serve *sv, uint32_t id)
{
	for (struct session *s = sv->sessions; s; s = s->next)
		if (s->id == id)
			return s;
	return NULL;
}
