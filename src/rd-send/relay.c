#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "net/relay_choose.h"
#include "rd-send/misled.h"
#include "rd-send/serve.h"

/* Where there is nobody but a relay to be met through, and it is not there. */
#define RELAY_NS (10 * RD_NS_PER_S)

struct rd_relay_client *
relay_client(const struct serve *sv)
{
	struct rd_agent *a = rd_host_agent(sv->host);
	return a ? rd_agent_client(a) : NULL;
}

/* --- what is told --- */

static void
tell(struct serve *sv, enum said_relay what, const char *text)
{
	struct said said = {.type = SAID_RELAY_IS, .number = what, .flag = sv->by_tls};
	said_set_text(&said, text);
	serve_say(sv, &said);
}

/*
 * Whether there is no other way to come in that somebody asked for: then a relay
 * that does not serve us is the end. Once it has served us it may come back.
 */
static bool
all_we_have(const struct serve *sv)
{
	const struct options *o = sv->opt;
	return !sv->relay_ever && (o->relay || o->code) && !o->listen_given;
}

static void
failed(struct serve *sv, int code)
{
	if (all_we_have(sv))
		serve_stop(sv, code, RD_CLOSE_GOING, "");
}

static void
unreachable(struct serve *sv)
{
	if (!all_we_have(sv))
		return;
	rd_error("the relay %s cannot be reached: %s; rd-netcheck --relay %s looks closer",
		sv->relay->name, sv->relay_why[0] ? sv->relay_why : "nobody answers", sv->relay->name);
	failed(sv, RD_EXIT_RELAY);
}

static void
on_limit(void *ctx)
{
	unreachable(ctx);
}

/* --- the relay's --- */

static void
on_told(void *ctx, const struct rd_key *key)
{
	struct serve *sv = ctx;
	serve_say(sv, &(struct said){.type = SAID_RELAY_KEY, .key = *key});
	sv->relay->key = *key;
}

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct serve *sv = ctx;
	char address[RD_ADDR_TEXT];
	(void)policy;
	rd_timer_clear(&sv->relay_limit);
	if (!sv->relay_up)
		tell(sv, SAID_RELAY_READY, rd_addr_text(seen, address));
	sv->relay_up = sv->relay_ever = true;
	if (sv->want_code)
		slot_want(sv);
}

static void
on_lost(void *ctx)
{
	struct serve *sv = ctx;
	if (sv->relay_up)
		tell(sv, SAID_RELAY_LOST, sv->relay_why);
	sv->relay_up = false;
	/* It may live elsewhere now. */
	serve_say(sv, &(struct said){.type = SAID_RESOLVE});
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	struct serve *sv = ctx;
	const char *name = sv->relay->name;
	char key[RD_KEY_TEXT];
	(void)of;
	switch (why) {
	case RD_NO_ADMISSION:
		rd_error("the relay %s does not serve this host: its owner can give you the join key "
			"(rd-key relay), or list this host's key, %s", name, rd_key_text(&sv->key->public, key));
		failed(sv, RD_EXIT_NOT_ADMITTED);
		break;
	case RD_NO_JOIN_KEY:
		rd_error("the join key is not that of the relay %s; its owner knows it: rd-key relay %s KEY",
			name, name);
		failed(sv, RD_EXIT_JOIN_KEY);
		break;
	case RD_NO_BUSY:
		rd_warn("the relay %s takes no more for now; trying again in %u s", name, retry_s);
		failed(sv, RD_EXIT_RELAY_BUSY);
		break;
	case RD_NO_DRAINING:
		rd_warn("the relay %s is about to end and takes nobody new; trying again", name);
		failed(sv, RD_EXIT_DRAINING);
		break;
	default:
		rd_debug("the relay %s says no (%d)", name, why);
	}
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	misled_leg(ctx, leg, data, len);
}

static void
on_drain(void *ctx, uint32_t seconds)
{
	struct serve *sv = ctx;
	(void)seconds;
	tell(sv, SAID_RELAY_DRAINS, "");
}

static void
on_other_key(void *ctx, const struct rd_key *key)
{
	struct serve *sv = ctx;
	char known[RD_FINGERPRINT_TEXT], other[RD_FINGERPRINT_TEXT], text[RD_KEY_TEXT];
	rd_error("the relay's key has changed: %s is known by %s, it claims %s. Perhaps somebody is in "
		"between; if its owner says that it is right: rd-key relay --replace %s %s",
		sv->relay->name, rd_key_fingerprint(&sv->relay->key, known),
		rd_key_fingerprint(key, other), sv->relay->name, rd_key_text(key, text));
	failed(sv, RD_EXIT_RELAY_KEY);
}

static void
on_way(void *ctx, const char *way, const char *why)
{
	struct serve *sv = ctx;
	sv->by_tls = way && strncmp(way, "TLS", 3) == 0;
	snprintf(sv->relay_why, sizeof(sv->relay_why), "%.120s", why ? why : "");
	tell(sv, SAID_RELAY_WAY, way ? way : sv->relay_why);
}

static const struct rd_agent_ops relay_ops = {
	.relay = {
		.told = on_told,
		.ready = on_ready,
		.lost = on_lost,
		.slot = slot_ready,
		.slot_gone = slot_gone,
		.leg = on_leg,
		.no = on_no,
		.drain = on_drain,
		.other_key = on_other_key,
	},
	.way = on_way,
};

/* --- what the monitor says of it --- */

static void
begin(struct serve *sv)
{
	const struct rd_agent_config cfg = {
		.own = sv->key,
		.role = RD_ROLE_HOST,
		.relay = sv->relay,
		.policy = (enum rd_path_policy)sv->policy,
		.obey_policy = sv->opt->relay_policy,
		.portmap = sv->portmap,
		.program = sv->program,
		.by_code = sv->opt->code,
	};
	int err = rd_host_relay(sv->host, &cfg, &relay_ops, sv);
	if (err)
		rd_error("the relay %s: %s", sv->relay->name, strerror(-err));
	sv->relay_began = !err;
	rd_host_poke(sv->host);
}

static void
on_addresses(struct serve *sv, const struct said *said)
{
	struct rd_agent_relay *r = sv->relay;
	unsigned n = said->number < SAID_RELAY_ADDRS ? said->number : SAID_RELAY_ADDRS - 1;
	bool same = n == r->count;
	for (unsigned i = 0; i < n; i++) {
		same = same && rd_addr_equal(&r->addrs[i], &said->relay[i]);
		r->addrs[i] = said->relay[i];
	}
	r->count = n;
	r->proxy.addr = said->relay[SAID_RELAY_ADDRS - 1];
	if (n == 0 && r->proxy.addr.family == 0) {
		snprintf(sv->relay_why, sizeof(sv->relay_why), "%.120s", said->text);
		unreachable(sv);
	} else if (!sv->relay_began || !same) {
		/* A session that goes through it binds its leg anew. */
		begin(sv);
	}
}

static void
on_trust(struct serve *sv, bool yes)
{
	if (!yes) {
		failed(sv, RD_EXIT_RELAY_KEY);
		return;
	}
	sv->relay->has_key = true;
	if (relay_client(sv))
		rd_agent_trust(rd_host_agent(sv->host), &sv->relay->key);
}

bool
relay_obey(struct serve *sv, const struct said *said)
{
	if (!sv->relay || sv->closing)
		return said->type == SAID_RELAY || said->type == SAID_RELAY_TRUST ||
			said->type == SAID_MAKE_CODE;
	switch (said->type) {
	case SAID_RELAY:
		on_addresses(sv, said);
		return true;
	case SAID_RELAY_TRUST:
		on_trust(sv, said->flag);
		return true;
	case SAID_MAKE_CODE:
		slot_drop(sv, RD_SLOT_WITHDRAWN);
		slot_want(sv);
		return true;
	default:
		return false;
	}
}

/* --- opening and closing --- */

static void
on_mapped(void *ctx, const struct rd_addr *outside, const char *by)
{
	struct serve *sv = ctx;
	struct rd_agent *agent = rd_host_agent(sv->host);
	char address[RD_ADDR_TEXT];
	rd_debug("port mapping: %s%s%s", outside->family ? rd_addr_text(outside, address) : "none",
		outside->family ? " by " : "", outside->family ? by : "");
	if (agent)
		rd_agent_mapped(agent, outside);
}

void
relay_open(struct serve *sv, struct secrets *secrets)
{
	rd_timer_open(&sv->relay_limit, sv->loop, on_limit, sv);
	sv->key = &secrets->key;
	if (!secrets->has_relay)
		return;
	static const struct rd_portmap_ops ops = {.mapped = on_mapped};
	if (secrets->portmap >= 0 &&
			rd_portmap_open(&sv->portmap, sv->loop, secrets->portmap, &ops, sv) != 0)
		sv->portmap = NULL;
	sv->relay = &secrets->relay;
	sv->want_code = sv->opt->code;
	while (sv->program == 0)
		sv->program = randombytes_random();
	if (all_we_have(sv))
		rd_timer_set(&sv->relay_limit, RELAY_NS);
}

void
relay_close(struct serve *sv)
{
	rd_timer_close(&sv->relay_limit);
	if (sv->relay && sv->host && sv->slot)
		slot_drop(sv, RD_SLOT_WITHDRAWN);
}
