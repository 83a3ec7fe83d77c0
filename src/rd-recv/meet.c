#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "chan/travel.h"
#include "rd-recv/session_priv.h"

/* A wrong one is known by the host's silence, for half of this. */
#define PASSWORD_PATIENCE_NS (6 * RD_NS_PER_S)
/* Who is being woken is looked for anew so often, for it may come by another address. */
#define WAKE_PATIENCE_NS (3 * RD_NS_PER_S)

static bool
stretch(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	struct session *s = rd_chan_ctx(ctx);
	struct ask a = {.type = ASK_STRETCH};
	struct answer got;
	memcpy(a.salt, salt, sizeof(a.salt));
	bool ok = ask_now(s, &a, &got) && got.kind == ANSWER_OK;
	if (ok)
		memcpy(prs, got.prs, RD_CONN_PRF_SIZE);
	sodium_memzero(&got, sizeof(got));
	return ok;
}

/* A relay finds a host by its code or its key; one that is to be asked for its key it cannot. */
static bool
fill_relay(const struct session *s, struct rd_agent_config *cfg)
{
	*cfg = (struct rd_agent_config){
		.own = &s->known->own,
		.role = RD_ROLE_VIEWER,
		.relay = &s->relay,
		.policy = (enum rd_path_policy)s->policy,
		.obey_policy = s->o->relay_policy,
		.portmap = s->portmap,
		.program = s->program,
	};
	return s->known->has_relay && (s->way == MEET_KEY || s->way == MEET_CODE);
}

/* `relay`: NULL, or how the host is met through one besides. */
static struct rd_dial_config
dial_config(const struct session *s, const struct rd_agent_config *relay)
{
	return (struct rd_dial_config){
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
			.patience_ns = s->way == MEET_PASSWORD ? PASSWORD_PATIENCE_NS
				: wake_wanted(s) ? WAKE_PATIENCE_NS : 0,
		},
		.addrs = s->addrs,
		.count = s->addr_count,
		.way = s->o->way,
		.relay = relay,
	};
}

void
meet_begin(struct session *s)
{
	struct rd_dial_ops ops = meet_dial_ops;
	struct rd_agent_config relay;
	bool has_relay = fill_relay(s, &relay);
	struct rd_dial_config cfg = dial_config(s, has_relay ? &relay : NULL);
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
meet_ask_password(struct session *s)
{
	struct ask a = {
		.type = ASK_PASSWORD,
		.attempt = (uint8_t)s->wrong,
		.may_skip = s->asked_why == ASKED_UNKNOWN && s->wrong == 0,
	};
	lose_limit_pause(s);
	ask(s, &a);
}

void
meet_ask_trust(struct session *s)
{
	struct ask a = {.type = ASK_TRUST, .key = s->offered};
	lose_limit_pause(s);
	ask(s, &a);
}

/* Who is it, and how can it be met? */
void
meet_ask_who(struct session *s, enum asked_why why)
{
	meet_drop(s);
	s->asked_why = why;
	s->way = MEET_ASK;
	meet_begin(s);
}

void
meet(struct session *s)
{
	struct ask a = {.type = ASK_ADDRESSES, .attempt = wake_wanted(s)};
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
		meet_begin(s);
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
		meet_begin(s);
		break;
	case ANSWER_SKIP:
		meet_ask_trust(s);
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
		meet_begin(s);
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
	meet_ask_who(s, ASKED_REFUSED);
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
