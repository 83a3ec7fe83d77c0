#include <errno.h>
#include <stdio.h>

#include <sodium.h>

#include "base/clock.h"
#include "rd-send/session.h"
#include "rd-send/source.h"

/* How long a person may take to type a code. */
#define ANSWER_NS (120 * RD_NS_PER_S)

int
session_opened(struct session *s, const struct rd_msg *m)
{
	struct said said = {.type = SAID_PEER, .id = s->id};
	struct rd_open open;
	if (m->type != RD_MSG_OPEN || rd_open_parse(&open, m->data, m->len))
		return -EPROTO;
	said.key = *rd_conn_peer(s->conn);
	struct rd_conn_way way = rd_conn_way(s->conn);
	s->by_code = rd_conn_slot(s->conn) != 0;
	said.by = s->by_code ? SAID_BY_CODE : rd_conn_by_password(s->conn) ? SAID_BY_PASSWORD
		: SAID_BY_KEY;
	said.how = (uint8_t)way.how;
	rd_conn_name(s->conn, said.session);
	said.rtt_us = (uint32_t)(way.rtt_ns / 1000);
	said.number = open.wanted;
	said_set_address(&said, rd_conn_path(s->conn));
	said_set_text(&said, open.service);
	s->state = SESSION_DECIDING;
	rd_timer_clear(&s->limit);
	serve_say(s->serve, &said);
	return 0;
}

int
session_answered(struct session *s, const struct rd_msg *m)
{
	struct said said = {.type = SAID_ANSWER, .id = s->id};
	struct rd_answer answer;
	if (m->type != RD_MSG_ANSWER || rd_answer_parse(&answer, m->data, m->len))
		return -EPROTO;
	said_set_text(&said, answer.text);
	s->state = SESSION_DECIDING;
	rd_timer_clear(&s->limit);
	serve_say(s->serve, &said);
	sodium_memzero(&answer, sizeof(answer));
	sodium_memzero(&said, sizeof(said));
	return 0;
}

void
session_challenge(struct session *s, uint8_t kind)
{
	struct rd_buf body = {0};
	if (s->state != SESSION_DECIDING)
		return;
	s->state = SESSION_CHALLENGED;
	rd_timer_set(&s->limit, ANSWER_NS);
	rd_challenge_pack(&body, kind);
	session_send_buf(s, RD_MSG_CHALLENGE, &body);
	rd_buf_finish(&body);
}

static void
say_remember(struct session *s, uint8_t what)
{
	struct rd_remember r = {.what = what};
	struct rd_buf body = {0};
	rd_remember_pack(&body, &r);
	session_send_buf(s, RD_MSG_REMEMBER, &body);
	rd_buf_finish(&body);
}

/* One that came by a code may want to come again: somebody here could agree. */
static void
offer_remember(struct session *s)
{
	const struct options *o = s->serve->opt;
	s->remember = s->by_code && (o->remember || o->ask);
	if (s->remember)
		say_remember(s, RD_REMEMBER_MAY);
}

int
session_remember(struct session *s, const struct rd_msg *m)
{
	struct said said = {.type = SAID_REMEMBER, .id = s->id};
	struct rd_remember r;
	if (rd_remember_parse(&r, m->data, m->len) != 0)
		return -EPROTO;
	if (!s->remember || r.what == RD_REMEMBER_MAY)
		return 0;
	/* Once. */
	s->remember = false;
	said_set_text(&said, r.name);
	if (r.what == RD_REMEMBER_YES)
		serve_say(s->serve, &said);
	return 0;
}

void
session_remembered(struct session *s, bool yes)
{
	if (s->state == SESSION_WATCHING)
		say_remember(s, yes ? RD_REMEMBER_YES : RD_REMEMBER_NO);
}

void
session_grant(struct session *s, unsigned rights, const char *name)
{
	struct rd_grant grant = {.rights = rights};
	struct rd_buf body = {0};
	if (s->state != SESSION_DECIDING)
		return;
	s->state = SESSION_WATCHING;
	s->granted = true;
	rd_chan_guard(s->chan, false);
	s->rights = rights;
	s->since_ns = rd_clock_ns();
	snprintf(s->name, sizeof(s->name), "%s", name);
	snprintf(grant.name, sizeof(grant.name), "%.100s", name);
	rd_grant_pack(&body, &grant);
	session_send_buf(s, RD_MSG_GRANT, &body);
	rd_buf_finish(&body);
	offer_remember(s);
	serve_came(s->serve);
	source_enter(s);
}
