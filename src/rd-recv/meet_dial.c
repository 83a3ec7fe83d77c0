#include <string.h>

#include "base/exit.h"
#include "rd-recv/session_priv.h"

#define WRONG_PASSWORDS 3

static struct session *
session_of(void *chan)
{
	return rd_chan_ctx(chan);
}

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
wrong_password(struct session *s)
{
	s->wrong++;
	meet_drop(s);
	if (s->wrong < WRONG_PASSWORDS && s->known->person && !s->known->has_password)
		meet_ask_password(s);
	else
		leave(s, RD_EXIT_PASSWORD, "the password is wrong");
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
		meet_ask_who(s, ASKED_OTHER_KEY);
	else if (code == RD_CLOSE_HOST_KEY)
		other_key(s, NULL);
	else if (code == RD_CLOSE_RELAY_KEY)
		other_relay(s);
	else
		lose(s, code, why);
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
		meet_ask_password(s);
	else if (s->asked_why == ASKED_REFUSED && s->known->has_password)
		leave(s, RD_EXIT_PASSWORD, "the host does not know our key and has no password; "
			"to set one: rd-key password, over there");
	else if (s->asked_why == ASKED_REFUSED)
		refused(s);
	else
		meet_ask_trust(s);
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

const struct rd_dial_ops meet_dial_ops = {
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
