#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "chan/rights.h"
#include "rd-recv/session_priv.h"
#include "wire/msg_control.h"
#include "wire/msg_link.h"

#define CODES 3		/* of an authenticator, before we tell the person to look again */

/* --- what we say --- */

void
talk_say(struct session *s, uint16_t type, struct rd_buf *body)
{
	struct rd_msg m = {.type = type, .len = body->len, .data = body->data};
	rd_chan_send(s->chan, &m, rd_clock_ns());
	rd_meter_add(&s->up, RD_MSG_HEADER_SIZE + m.len, rd_clock_ns());
	rd_buf_finish(body);
	rd_dial_poke(s->dial);
}

/* The first word of a session: what we want. */
void
talk_open(struct session *s)
{
	struct rd_buf b = {0};
	struct rd_open open = {.wanted = RD_RIGHTS_ALL};
	snprintf(open.service, sizeof(open.service), "%s", s->o->service);
	if (s->o->view_only || !s->answers)
		open.wanted &= ~(uint32_t)RD_RIGHT_INPUT;
	if (s->o->view_only)
		open.wanted &= ~(uint32_t)(RD_RIGHT_CLIP_IN | RD_RIGHT_MIC);
	s->phase = PHASE_OPENING;
	s->codes = 0;
	rd_open_pack(&b, &open);
	talk_say(s, RD_MSG_OPEN, &b);
}

void
talk_code(struct session *s, const struct answer *a)
{
	struct rd_answer answer = {{0}};
	struct rd_buf b = {0};
	if (s->phase != PHASE_OPENING)
		return;
	lose_limit_start(s);
	size_t len = strlen(a->text);
	if (a->kind != ANSWER_OK || len == 0 || len >= sizeof(answer.text)) {
		leave(s, RD_EXIT_TOTP, "the host wants the code of an authenticator: %s",
			a->kind == ANSWER_NOBODY ? "give --totp-fd, or start this at a terminal" :
			s->codes > 1 ? "the one given was wrong, or used already" : "none given");
		return;
	}
	memcpy(answer.text, a->text, len);
	rd_answer_pack(&b, &answer);
	sodium_memzero(&answer, sizeof(answer));
	struct rd_msg m = {.type = RD_MSG_ANSWER, .len = b.len, .data = b.data};
	rd_chan_send(s->chan, &m, rd_clock_ns());
	sodium_memzero(b.data, b.len);
	rd_buf_finish(&b);
	rd_dial_poke(s->dial);
}

/* Of our reader: what it can. Descriptors stay on this machine. */
void
talk_hello(struct session *s, const struct rd_hello *h)
{
	struct rd_hello up = *h;
	struct rd_buf b = {0};
	if (s->phase != PHASE_STREAMING)
		return;
	up.caps &= ~(uint32_t)RD_CAP_BUFFERS;
	rd_hello_pack(&b, &up);
	talk_say(s, RD_MSG_HELLO, &b);
}

/* --- what is asked of the host beside the reader --- */

void
talk_rate(struct session *s)
{
	struct rd_buf b = {0};
	uint64_t bps = s->reader_bps;
	if (s->phase != PHASE_STREAMING)
		return;
	if (s->max_bps && (!bps || s->max_bps < bps))
		bps = s->max_bps;
	rd_rate_pack(&b, bps);
	talk_say(s, RD_MSG_RATE, &b);
}

static int
reader_rate(struct session *s, const struct rd_msg *m)
{
	if (rd_rate_parse(&s->reader_bps, m->data, m->len) != 0)
		return -EPROTO;
	talk_rate(s);
	return 0;
}

void
talk_refresh(struct session *s)
{
	struct rd_buf b = {0};
	if (s->phase == PHASE_STREAMING)
		talk_say(s, RD_MSG_REFRESH, &b);
}

/* No credit for the host: what waits waits there, and late pictures are dropped there. */
void
talk_pause(struct session *s, bool pause)
{
	if (s->paused == pause)
		return;
	s->paused = pause;
	talk_hold(s, pause || rd_link_busy(s->link));
}

/*
 * Input, a microphone, and what is in the clipboard here; asking for what is there does
 * nothing to it.
 */
static bool
changes_host(uint16_t type)
{
	return rd_msg_class(type) == RD_CLASS_INPUT || rd_msg_class(type) == RD_CLASS_SOUND ||
		(rd_msg_class(type) == RD_CLASS_CLIPBOARD && !RD_CLIP_IS_TAKER(type));
}

int
talk_up(struct session *s, const struct rd_msg *m)
{
	struct rd_msg out;
	if (s->phase != PHASE_STREAMING)
		return 0;
	if (rd_msg_class(m->type) == (enum rd_msg_class)RD_CLASS_SESSION)
		return 0;
	if (s->o->view_only && changes_host(m->type))
		return 0;
	if (m->type == RD_MSG_RATE)
		return reader_rate(s, m);
	talk_wish(s, m);
	int pass = splice_up(&s->splice, m, &out);
	if (pass <= 0)
		return pass;
	clips_note(&s->clips, m);
	rd_chan_send(s->chan, &out, rd_clock_ns());
	rd_meter_add(&s->up, RD_MSG_HEADER_SIZE + out.len, rd_clock_ns());
	if (rd_chan_busy(s->chan))
		rd_link_pause(s->link, true);
	rd_dial_poke(s->dial);
	return 0;
}

void
talk_hold(struct session *s, bool hold)
{
	if (!s->chan)
		return;
	hold |= s->paused;
	rd_chan_hold(s->chan, hold);
	if (!hold && s->dial)
		rd_dial_poke(s->dial);
}

/* --- what the host says --- */

static int
challenged(struct session *s, const struct rd_msg *m)
{
	uint8_t kind;
	struct ask a = {.type = ASK_TOTP, .attempt = (uint8_t)s->codes};
	if (s->phase != PHASE_OPENING || rd_challenge_parse(&kind, m->data, m->len) != 0)
		return -EPROTO;
	if (s->codes++ >= CODES)
		return -EPROTO;
	lose_limit_pause(s);
	ask(s, &a);
	return 0;
}

static void
pin(struct session *s)
{
	struct ask a = {.type = ASK_PIN, .key = s->host, .how = s->pin};
	if (s->pin == PIN_NOT)
		return;
	s->pin = PIN_NOT;
	ask(s, &a);
}

/* Several hosts may have that key: what began with one goes on there. */
static void
note_program(struct session *s)
{
	struct rd_agent *agent = rd_dial_agent(s->dial);
	if (agent)
		s->program = rd_relay_client_program(rd_agent_client(agent));
}

static void
say_granted(struct session *s, const struct rd_grant *g)
{
	struct rd_conn *conn = rd_dial_conn(s->dial);
	char *rights = rd_rights_text(g->rights);
	char why[256], session[RD_CONN_NAME];
	struct say_connected c = {
		.way = path_way(s, why),
		.key = &s->host,
		.by = s->way == MEET_CODE ? "code" : rd_conn_by_password(conn) ? "password" : "key",
		.rights = rights,
		.name = g->name,
		.session = rd_conn_name(conn, session),
	};
	say_connected(&s->say, &c);
	free(rights);
}

/* From now on the stream flows; what went wrong before is forgiven. */
static void
stream_on(struct session *s, uint32_t rights)
{
	s->rights = rights;
	s->phase = PHASE_STREAMING;
	s->stood = true;
	s->wrong = 0;
	s->wait_ns = 0;
	lose_limit_stop(s);
}

static int
granted(struct session *s, const struct rd_msg *m)
{
	struct rd_grant g;
	if (s->phase != PHASE_OPENING || rd_grant_parse(&g, m->data, m->len) != 0)
		return -EPROTO;
	say_granted(s, &g);
	stream_on(s, g.rights);
	if (s->paused)
		talk_hold(s, true);
	if (s->max_bps || s->reader_bps)
		talk_rate(s);
	pin(s);
	wake_learn(s);
	note_program(s);
	/* A code serves once: whoever comes again comes by its key. */
	if (s->way == MEET_CODE)
		s->way = MEET_KEY;
	if (rd_link_peer(s->link))
		talk_hello(s, rd_link_peer(s->link));
	return 0;
}

static void
say_remember(struct session *s, uint8_t what)
{
	struct rd_remember r = {.what = what};
	struct rd_buf b = {0};
	if (what == RD_REMEMBER_YES)
		snprintf(r.name, sizeof(r.name), "%s", s->known->self);
	rd_remember_pack(&b, &r);
	talk_say(s, RD_MSG_REMEMBER, &b);
}

void
talk_remember(struct session *s, const struct answer *a)
{
	if (s->remember != REMEMBER_ASKED)
		return;
	bool yes = a->kind == ANSWER_OK && s->phase == PHASE_STREAMING;
	s->remember = yes ? REMEMBER_WANTED : REMEMBER_DONE;
	if (s->phase == PHASE_STREAMING)
		say_remember(s, yes ? RD_REMEMBER_YES : RD_REMEMBER_NO);
}

/* After a meeting by code the host may know us, and we it, from now on: if both want that. */
static int
remembered(struct session *s, const struct rd_msg *m)
{
	struct rd_remember r;
	if (rd_remember_parse(&r, m->data, m->len) != 0)
		return -EPROTO;
	if (s->phase != PHASE_STREAMING || !s->known->slot)
		return 0;
	if (r.what == RD_REMEMBER_MAY && s->remember == REMEMBER_NOT) {
		struct ask a = {.type = ASK_REMEMBER, .key = s->host};
		s->remember = REMEMBER_ASKED;
		ask(s, &a);
	} else if (r.what != RD_REMEMBER_MAY && s->remember == REMEMBER_WANTED) {
		s->remember = REMEMBER_DONE;
		s->pin = r.what == RD_REMEMBER_YES ? PIN_CODE : PIN_NOT;
		say_remembered(&s->say, r.what == RD_REMEMBER_YES);
		pin(s);
	}
	return 0;
}

static int
session_message(struct session *s, const struct rd_msg *m)
{
	if (m->type == RD_MSG_REMEMBER)
		return remembered(s, m);
	if (m->type == RD_MSG_CHALLENGE)
		return challenged(s, m);
	if (m->type == RD_MSG_GRANT)
		return granted(s, m);
	/* A later version's: what matters asks for an answer, and gets none. */
	return 0;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct session *s = ctx;
	if (s->phase != PHASE_OPENING && s->phase != PHASE_STREAMING)
		return -ECANCELED;
	bool own = rd_msg_class(m->type) == (enum rd_msg_class)RD_CLASS_SESSION;
	int err = own ? session_message(s, m) : talk_stream(s, m);
	if (err == -EPROTONOSUPPORT)
		leave(s, RD_EXIT_VERSION, "the host's stream has a newer major version");
	else if (err && err != -ECANCELED)
		leave(s, RD_EXIT_FOREIGN, "the host sent what makes no sense (message 0x%04x)", m->type);
	return err;
}

static void
on_room(void *ctx)
{
	struct session *s = ctx;
	rd_link_pause(s->link, false);
}

static void
on_foreign(void *ctx, const char *why)
{
	leave(ctx, RD_EXIT_FOREIGN, "the host sent %s", why);
}

const struct rd_chan_ops talk_ops = {
	.message = on_message,
	.room = on_room,
	.foreign = on_foreign,
};
