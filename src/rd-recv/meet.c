#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "chan/travel.h"
#include "rd-recv/session_priv.h"

#define WRONG_PASSWORDS 3
/* A wrong one is known by the host's silence, for half of this. */
#define PASSWORD_PATIENCE_NS (6 * RD_NS_PER_S)

static void begin(struct session *s);

static struct session *
session_of(void *chan)
{
	return rd_chan_ctx(chan);
}

/* --- the dial's --- */

static void other_key(struct session *s, const struct rd_key *other);

/* Who knows the password may still not be whom we know by name. */
static void
on_established(void *ctx)
{
	struct session *s = session_of(ctx);
	const struct rd_key *peer = rd_conn_peer(rd_dial_conn(s->dial));
	if (s->expects && !rd_key_equal(peer, &s->host)) {
		other_key(s, peer);
		return;
	}
	s->host = *peer;
	s->expects = true;
	rd_chan_bind(s->chan, rd_conn_mux(rd_dial_conn(s->dial)));
	talk_open(s);
}

static void
on_moved(void *ctx, const struct rd_addr *to)
{
	(void)to;
	path_moved(session_of(ctx));
}

static void
on_silent(void *ctx, bool silent)
{
	say_silent(&session_of(ctx)->say, silent);
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	struct session *s = session_of(ctx);
	s->dial_over = true;
	if (s->phase == PHASE_ENDING)
		leave_dial_over(s);
	else
		lose(s, code, text);
}

static void
ask_password(struct session *s)
{
	struct ask a = {
		.type = ASK_PASSWORD,
		.attempt = (uint8_t)s->wrong,
		.may_skip = s->asked_why == ASKED_UNKNOWN && s->wrong == 0,
	};
	lose_limit_pause(s);
	ask(s, &a);
}

static void
wrong_password(struct session *s)
{
	s->wrong++;
	meet_drop(s);
	if (s->wrong < WRONG_PASSWORDS && s->known->person && !s->known->has_password)
		ask_password(s);
	else
		leave(s, RD_EXIT_PASSWORD, "the password is wrong");
}

/* Who is it, and how can it be met? */
static void
ask_who(struct session *s, enum asked_why why)
{
	meet_drop(s);
	s->asked_why = why;
	s->way = MEET_ASK;
	begin(s);
}

static void
other_key(struct session *s, const struct rd_key *other)
{
	char old[RD_FINGERPRINT_TEXT], new[RD_FINGERPRINT_TEXT], key[RD_KEY_TEXT];
	rd_key_fingerprint(&s->host, old);
	if (!other) {
		leave(s, RD_EXIT_HOST_KEY, "this is not the host we know, whose key is %s", old);
		return;
	}
	rd_key_fingerprint(other, new);
	rd_key_text(other, key);
	if (s->o->has_key)
		leave(s, RD_EXIT_HOST_KEY, "the host's key is not the one given: expected %s, "
			"it claims %s", old, new);
	else
		leave(s, RD_EXIT_HOST_KEY, "the host's key has changed: known is %s, it claims %s; "
			"perhaps somebody is in between. If its owner says so: "
			"rd-key trust --replace %s %s, or rd-key forget %s",
			old, new, s->o->name, key, s->o->name);
}

static void
refused(struct session *s)
{
	char key[RD_KEY_TEXT];
	leave(s, RD_EXIT_REFUSED, "the host does not know our key. There: rd-key allow %s",
		rd_key_text(&s->known->own.public, key));
}

/* An asking dial that nobody answered. */
static void
nobody_told(struct session *s, const char *text)
{
	if (s->asked_why == ASKED_REFUSED)
		refused(s);
	else if (s->asked_why == ASKED_OTHER_KEY)
		other_key(s, NULL);
	else
		lose(s, RD_CLOSE_NO_ANSWER, text);
}

/* The relay has a key that is not the one we know. */
static void
other_relay(struct session *s)
{
	char known[RD_FINGERPRINT_TEXT];
	rd_key_fingerprint(&s->relay.key, known);
	leave(s, RD_EXIT_RELAY_KEY, "the relay's key has changed: %s is known by %s. Perhaps somebody "
		"is in between; if its owner says that it is right: rd-key relay --forget %s",
		s->relay.name, known, s->relay.name);
}

static void
on_failed(void *ctx, uint64_t code, const char *text)
{
	struct session *s = session_of(ctx);
	char why[128];
	strncpy(why, text, sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	if (s->way == MEET_ASK)
		nobody_told(s, why);
	else if (code == RD_CLOSE_PASSWORD)
		wrong_password(s);
	else if (code == RD_CLOSE_HOST_KEY && s->addr_count > 0)
		ask_who(s, ASKED_OTHER_KEY);
	else if (code == RD_CLOSE_HOST_KEY)
		other_key(s, NULL);
	else if (code == RD_CLOSE_RELAY_KEY)
		other_relay(s);
	else
		lose(s, code, why);
}

static void
ask_trust(struct session *s)
{
	struct ask a = {.type = ASK_TRUST, .key = s->offered};
	lose_limit_pause(s);
	ask(s, &a);
}

/*
 * A host that takes a password proves with it that it knows it, too: who has
 * one need not compare fingerprints.
 */
static void
on_told(void *ctx, const struct rd_key *host, unsigned ways)
{
	struct session *s = session_of(ctx);
	bool can = s->known->has_password || s->known->person;
	bool by_password = (ways & RD_WAY_PASSWORD) && can;
	s->offered = *host;
	meet_drop(s);
	if (s->asked_why == ASKED_OTHER_KEY)
		other_key(s, &s->offered);
	else if (by_password && !(s->asked_why == ASKED_UNKNOWN && s->o->accept_new &&
			!s->known->has_password))
		ask_password(s);
	else if (s->asked_why == ASKED_REFUSED && s->known->has_password)
		leave(s, RD_EXIT_PASSWORD, "the host does not know our key and has no password; "
			"to set one: rd-key password, over there");
	else if (s->asked_why == ASKED_REFUSED)
		refused(s);
	else
		ask_trust(s);
}

static bool
stretch(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	struct session *s = session_of(ctx);
	struct ask a = {.type = ASK_STRETCH};
	struct answer got;
	memcpy(a.salt, salt, sizeof(a.salt));
	bool ok = ask_now(s, &a, &got) && got.kind == ANSWER_OK;
	if (ok)
		memcpy(prs, got.prs, RD_CONN_PRF_SIZE);
	sodium_memzero(&got, sizeof(got));
	return ok;
}

/* Its answer to ASK_RELAY_KEY goes on with it. */
static void
on_relay_told(void *ctx, const struct rd_key *key)
{
	struct session *s = session_of(ctx);
	struct ask a = {.type = ASK_RELAY_KEY, .key = *key};
	s->relay.key = *key;
	ask(s, &a);
}

static void
on_no(void *ctx, enum rd_relay_no why, uint32_t retry_s)
{
	(void)retry_s;
	session_of(ctx)->no = why;
}

static void
on_relay_way(void *ctx, const char *way, const char *why)
{
	struct session *s = session_of(ctx);
	s->by_tls = way && strncmp(way, "TLS", 3) == 0;
	say_relay(&s->say, s->relay.name, way, why ? why : "");
}

static const struct rd_dial_ops dial_ops = {
	.conn = {
		.established = on_established,
		.moved = on_moved,
		.silent = on_silent,
		.closed = on_closed,
	},
	.failed = on_failed,
	.told = on_told,
	.relay_told = on_relay_told,
	.no = on_no,
	.relay_way = on_relay_way,
};

/* --- steps --- */

/* A relay finds a host by its code or its key; one that is to be asked for its key it cannot. */
static bool
fill_relay(const struct session *s, struct rd_agent_config *cfg)
{
	*cfg = (struct rd_agent_config){
		.own = &s->known->own,
		.role = RD_ROLE_VIEWER,
		.relay = &s->relay,
		.policy = (enum rd_path_policy)s->o->path,
		.obey_policy = true,
		.portmap = s->portmap,
	};
	return s->known->has_relay && (s->way == MEET_KEY || s->way == MEET_CODE);
}

static void
begin(struct session *s)
{
	struct rd_dial_ops ops = dial_ops;
	struct rd_agent_config relay;
	bool has_relay = fill_relay(s, &relay);
	struct rd_dial_config cfg = {
		.conn = {
			.own = &s->known->own,
			.cc = s->o->cc,
			.cc_bps = s->o->rate_bps,
			.unit_max = RD_PICTURE_UNIT_MAX,
		},
		.how = {
			.host = s->way == MEET_KEY ? &s->host : NULL,
			.stretch = s->way == MEET_PASSWORD || s->way == MEET_CODE ? stretch : NULL,
			.slot = s->way == MEET_CODE ? s->known->slot : 0,
			.relay = s->relay.key,
			.wall_ns = rd_clock_wall_ns(),
			.patience_ns = s->way == MEET_PASSWORD ? PASSWORD_PATIENCE_NS : 0,
		},
		.addrs = s->addrs,
		.count = s->addr_count,
		.way = s->o->way,
		.relay = has_relay ? &relay : NULL,
	};
	if (!has_relay && s->addr_count == 0) {
		leave(s, RD_EXIT_UNKNOWN_HOST, "its key is not known, and a relay finds a host by that; "
			"once known: rd-key trust %s KEY", s->o->name);
		return;
	}
	s->no = 0;
	s->told.said = false;
	ops.conn.mux = rd_chan_mux_ops;
	s->phase = PHASE_MEETING;
	s->dial_over = false;
	s->chan = rd_chan_new(&talk_ops, s);
	splice_session(&s->splice);
	int err = s->way == MEET_ASK
		? rd_dial_ask(&s->dial, s->loop, &cfg, &ops, s->chan)
		: rd_dial_open(&s->dial, s->loop, &cfg, &ops, s->chan);
	if (err)
		leave(s, RD_EXIT_FAILURE, "no socket: %s", strerror(-err));
}

void
meet(struct session *s)
{
	struct ask a = {.type = ASK_ADDRESSES};
	s->phase = PHASE_MEETING;
	s->asked_why = ASKED_UNKNOWN;
	say_connecting(&s->say);
	lose_limit_start(s);
	ask(s, &a);
}

static void
on_addresses(struct session *s, const struct answer *a)
{
	memcpy(s->addrs, a->addrs, sizeof(s->addrs));
	s->addr_count = a->kind == ANSWER_OK ? a->count : 0;
	memcpy(s->relay.addrs, a->relay, sizeof(s->relay.addrs));
	s->relay.count = a->relay_count;
	s->relay.proxy.addr = a->proxy;
	if (a->kind == ANSWER_OK)
		begin(s);
	else
		lose(s, s->known->has_relay ? RD_CLOSE_RELAY : RD_CLOSE_NO_ANSWER, a->text);
}

static void
on_password(struct session *s, const struct answer *a)
{
	lose_limit_start(s);
	switch (a->kind) {
	case ANSWER_OK:
		s->way = MEET_PASSWORD;
		if (!s->expects)
			s->pin = PIN_PASSWORD;
		begin(s);
		break;
	case ANSWER_SKIP:
		ask_trust(s);
		break;
	default:
		leave(s, RD_EXIT_PASSWORD, "%s", a->text[0] ? a->text : "no password");
	}
}

static void
on_trust(struct session *s, const struct answer *a)
{
	char key[RD_KEY_TEXT], fingerprint[RD_FINGERPRINT_TEXT];
	lose_limit_start(s);
	if (a->kind == ANSWER_OK) {
		s->way = MEET_KEY;
		s->expects = true;
		s->host = s->offered;
		s->pin = s->o->accept_new ? PIN_NEW : PIN_ASKED;
		begin(s);
		return;
	}
	rd_key_text(&s->offered, key);
	rd_key_fingerprint(&s->offered, fingerprint);
	leave(s, RD_EXIT_UNKNOWN_HOST, "its key is not known, and %s. It claims %s; if that is what "
		"its owner says: rd-key trust %s %s",
		a->kind == ANSWER_NO ? "was not accepted" : "nobody can be asked", fingerprint,
		s->o->name, key);
}

static void
on_relay_key(struct session *s, const struct answer *a)
{
	if (a->kind != ANSWER_OK) {
		leave(s, RD_EXIT_RELAY_KEY, "the relay's key cannot be kept: %s", a->text);
		return;
	}
	s->relay.has_key = true;
	rd_dial_trust_relay(s->dial, &s->relay.key);
}

void
meet_answer(struct session *s, const struct answer *a)
{
	if (a->type == ASK_RELAY_KEY && s->phase == PHASE_MEETING && s->dial) {
		on_relay_key(s, a);
		return;
	}
	if (s->phase != PHASE_MEETING || s->dial)
		return;
	if (a->type == ASK_ADDRESSES)
		on_addresses(s, a);
	else if (a->type == ASK_PASSWORD)
		on_password(s, a);
	else if (a->type == ASK_TRUST)
		on_trust(s, a);
}

bool
meet_otherwise(struct session *s)
{
	if (s->way == MEET_PASSWORD || s->stood || !(s->known->has_password || s->known->person))
		return false;
	/* A relay cannot be asked for that. */
	if (s->addr_count == 0)
		return false;
	ask_who(s, ASKED_REFUSED);
	return true;
}

void
meet_drop(struct session *s)
{
	if (s->chan) {
		struct stale *old = xcalloc(1, sizeof(*old));
		rd_chan_bind(s->chan, NULL);
		*old = (struct stale){s->chan, s->stale};
		s->stale = old;
		rd_timer_set(&s->sweep, 0);
	}
	rd_dial_close(s->dial);
	s->dial = NULL;
	s->chan = NULL;
}
