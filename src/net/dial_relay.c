#include <string.h>

#include "base/clock.h"
#include "net/dial_priv.h"

#define AGAIN_NS (1 * RD_NS_PER_S)	/* until a lost leg is asked for anew */
#define AGAIN_MAX_S 30

/* --- meeting --- */

static void
meet(struct rd_dial *d, const uint8_t *first, size_t len, uint64_t now)
{
	const struct rd_conn *c = d->winner ? d->winner->conn : NULL;
	const struct rd_key *host = c ? rd_conn_peer(c) : d->cfg.how.slot ? NULL : d->cfg.how.host;
	d->relay.asked = true;
	rd_relay_client_connect(rd_agent_client(d->relay.agent), d->cfg.how.slot, host, first, len,
		now);
	rd_agent_poke(d->relay.agent);
}

size_t
dial_relay_send(struct rd_dial *d, struct rd_addr *to, uint8_t *data, size_t len, uint64_t now)
{
	struct dial_relay *r = &d->relay;
	if (!r->agent)
		return 0;
	if (!r->leg) {
		/* CONNECT repeats it, as long as there is no leg to do so. */
		if (!r->asked && !d->winner)
			meet(d, data, len, now);
		return 0;
	}
	to->carrier = r->leg;
	return rd_agent_wrap(r->agent, to, data, len);
}

bool
dial_relay_can_send(struct rd_dial *d)
{
	struct rd_addr leg = {.relayed = true};
	return d->relay.agent && (!d->relay.leg || rd_agent_can_send(d->relay.agent, &leg));
}

bool
dial_relay_receive(struct rd_dial *d, struct rd_addr *from, uint8_t **data, size_t *len)
{
	struct dial_relay *r = &d->relay;
	if (!r->agent)
		return false;
	if (rd_agent_receive(r->agent, from, data, len))
		return true;
	if (!from->relayed)
		return false;
	if (from->carrier != r->leg)
		return true;
	*from = r->attempt->to;
	return false;
}

/* While its key is unknown it is asked who it is; the rest waits. */
void
dial_relay_begin(struct rd_dial *d, uint64_t now)
{
	struct attempt *a = d->relay.attempt;
	if (rd_relay_client_key(rd_agent_client(d->relay.agent))) {
		dial_attempt_talk(a, now);
		return;
	}
	a->state = ATTEMPT_CONNECTING;
	/* However long a person thinks. */
	if (d->relay.told)
		a->end_ns = UINT64_MAX;
}

void
rd_dial_trust_relay(struct rd_dial *d, const struct rd_key *key)
{
	struct attempt *a = d->relay.attempt;
	uint64_t now = rd_clock_ns();
	if (!d->relay.agent || a->state == ATTEMPT_DONE)
		return;
	d->relay.told = false;
	rd_agent_trust(d->relay.agent, key);
	/* It may be that it has not even begun. */
	if (a->state == ATTEMPT_CONNECTING) {
		a->end_ns = now + dial_patience(d);
		dial_attempt_talk(a, now);
	}
	rd_dial_poke(d);
}

static void
give_candidates(struct rd_dial *d, struct attempt *a, uint64_t now)
{
	const struct rd_candidates *own = rd_agent_own(d->relay.agent);
	if (!a->conn || own->generation == 0)
		return;
	rd_conn_policy(a->conn, own->policy, now);
	if (!own->pending)
		rd_conn_candidates(a->conn, own, now);
}

void
dial_relay_started(struct rd_dial *d, struct attempt *a, uint64_t now)
{
	give_candidates(d, a, now);
}

/* --- the session stands --- */

bool
dial_relay_won(struct rd_dial *d, uint64_t now)
{
	struct dial_relay *r = &d->relay;
	if (d->winner != r->attempt) {
		dial_relay_close(d);
		return false;
	}
	enum rd_path_policy policy = rd_agent_policy(r->agent);
	if (policy == RD_PATH_RELAY)
		return false;
	r->held_ns = now + (policy == RD_PATH_DIRECT ? RD_DIAL_DIRECT_ONLY_NS : RD_DIAL_DIRECT_NS);
	return true;
}

void
dial_relay_moved(struct rd_dial *d, const struct rd_addr *to)
{
	if (!to->relayed && d->relay.held_ns)
		dial_up(d);
}

void
dial_relay_heard(struct rd_dial *d, uint64_t now)
{
	struct dial_relay *r = &d->relay;
	if (r->held_ns && d->winner && rd_agent_policy(r->agent) != RD_PATH_DIRECT &&
		rd_conn_way(d->winner->conn).hopeless)
		r->held_ns = now;
}

/* No direct path has come. */
static void
waited(struct rd_dial *d, uint64_t now)
{
	struct rd_conn *c = d->winner->conn;
	d->relay.held_ns = 0;
	if (d->over)
		return;
	if (rd_agent_policy(d->relay.agent) != RD_PATH_DIRECT || !rd_conn_path(c)->relayed) {
		dial_up(d);
		return;
	}
	const char *why = rd_conn_way(c).why;
	d->over = true;
	rd_conn_close(c, RD_CLOSE_DONE, "", now);
	d->ops.failed(d->ctx, RD_CLOSE_NO_DIRECT, why ? why : "");
}

void
dial_relay_sockets(struct rd_dial *d, unsigned count)
{
	struct attempt *a = d->relay.attempt;
	if (a->conn)
		rd_extra_want(&d->relay.extra, d->endpoint, a->conn, count, rd_clock_ns());
}

void
dial_relay_stuck(struct rd_dial *d, const struct rd_addr *path)
{
	struct rd_addr at = *path;
	if (path->relayed)
		at.carrier = d->relay.leg;
	if (d->relay.agent && (!path->relayed || at.carrier))
		rd_agent_stuck(d->relay.agent, &at);
}

/* --- time --- */

void
dial_relay_tick(struct rd_dial *d, uint64_t now)
{
	struct dial_relay *r = &d->relay;
	if (!r->agent)
		return;
	if (r->attempt->conn)
		rd_extra_tick(&r->extra, d->endpoint, r->attempt->conn, now);
	if (now >= r->again_ns) {
		r->again_ns = UINT64_MAX;
		meet(d, NULL, 0, now);
	}
	if (r->held_ns && now >= r->held_ns && d->winner)
		waited(d, now);
}

uint64_t
dial_relay_deadline(const struct rd_dial *d)
{
	const struct dial_relay *r = &d->relay;
	uint64_t due = r->again_ns;
	if (!r->agent)
		return UINT64_MAX;
	if (r->held_ns && r->held_ns < due)
		due = r->held_ns;
	if (r->extra.count > 0 && r->extra.close_ns < due)
		due = r->extra.close_ns;
	return due;
}

/* --- the agent's --- */

static void
on_told(void *ctx, const struct rd_key *key)
{
	struct rd_dial *d = ctx;
	dial_enter(d);
	d->relay.told = true;
	d->relay.attempt->end_ns = UINT64_MAX;
	if (!d->closed && !d->over && d->ops.relay_told)
		d->ops.relay_told(d->ctx, key);
	dial_leave(d);
}

/* It is said again at once, without waiting for a timeout that has grown long. */
static void
say_again(struct rd_dial *d)
{
	struct rd_conn *c = d->relay.attempt->conn;
	if (!c || !rd_conn_path(c)->relayed || (d->winner && d->winner != d->relay.attempt))
		return;
	struct rd_addr path = *rd_conn_path(c);
	rd_conn_move(c, &path, rd_clock_ns());
	rd_dial_poke(d);
}

/* From here on it is the host that has to answer. */
static void
now_the_host(struct rd_dial *d, uint64_t now)
{
	struct attempt *a = d->relay.attempt;
	a->end_ns = d->asking ? now + dial_patience(d) : UINT64_MAX;
	if (a->conn)
		rd_conn_patience(a->conn, dial_patience(d), now);
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct rd_dial *d = ctx;
	struct dial_relay *r = &d->relay;
	(void)data, (void)len;
	if (r->leg)
		rd_relay_client_drop(rd_agent_client(r->agent), r->leg);
	r->leg = leg->number;
	if (d->winner)
		say_again(d);
	else
		now_the_host(d, rd_clock_ns());
	rd_dial_poke(d);
}

static void
lost(struct rd_dial *d, uint64_t in_ns)
{
	d->relay.leg = 0;
	d->relay.asked = false;
	if (d->winner && !d->over)
		d->relay.again_ns = rd_clock_ns() + in_ns;
	rd_dial_poke(d);
}

static void
on_leg_bound(void *ctx, uint32_t number)
{
	struct rd_dial *d = ctx;
	if (number == d->relay.leg)
		say_again(d);
}

static void
on_leg_gone(void *ctx, uint32_t number)
{
	struct rd_dial *d = ctx;
	if (number == d->relay.leg)
		lost(d, AGAIN_NS);
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	struct rd_dial *d = ctx;
	struct dial_relay *r = &d->relay;
	if (of != RD_RELAY_CONNECT)
		return;
	if (d->winner) {
		uint64_t s = retry_s < AGAIN_MAX_S ? retry_s : AGAIN_MAX_S;
		lost(d, s > 1 ? s * RD_NS_PER_S : 2 * AGAIN_NS);
		return;
	}
	dial_enter(d);
	r->has_no = true;
	r->no = why;
	r->retry_s = retry_s;
	dial_attempt_done(r->attempt, RD_CLOSE_RELAY_NO, "");
	dial_leave(d);
}

static void
on_other_key(void *ctx, const struct rd_key *key)
{
	struct rd_dial *d = ctx;
	char text[RD_FINGERPRINT_TEXT];
	if (d->winner)
		return;
	dial_enter(d);
	dial_attempt_done(d->relay.attempt, RD_CLOSE_RELAY_KEY, rd_key_fingerprint(key, text));
	dial_leave(d);
}

static void
on_candidates(void *ctx, const struct rd_candidates *own)
{
	struct rd_dial *d = ctx;
	(void)own;
	if (d->relay.attempt->state != ATTEMPT_DONE)
		give_candidates(d, d->relay.attempt, rd_clock_ns());
	rd_dial_poke(d);
}

static void
on_way(void *ctx, const char *way, const char *why)
{
	struct rd_dial *d = ctx;
	strncpy(d->relay.why, way ? "" : why, sizeof(d->relay.why) - 1);
	if (!d->closed && d->ops.relay_way)
		d->ops.relay_way(d->ctx, way, why);
}

static const struct rd_agent_ops agent_ops = {
	.relay = {
		.told = on_told,
		.leg = on_leg,
		.leg_bound = on_leg_bound,
		.leg_gone = on_leg_gone,
		.no = on_no,
		.other_key = on_other_key,
	},
	.candidates = on_candidates,
	.way = on_way,
};

int
dial_relay_open(struct rd_dial *d, const struct rd_agent_config *cfg)
{
	return rd_agent_open(&d->relay.agent, d->loop, d->endpoint, cfg, &agent_ops, d);
}

void
dial_relay_close(struct rd_dial *d)
{
	struct rd_agent *a = d->relay.agent;
	if (!a)
		return;
	rd_extra_close(&d->relay.extra, d->endpoint);
	/* It says BYE through us, as ours. */
	rd_agent_close(a);
	d->relay.agent = NULL;
}

struct rd_agent *
rd_dial_agent(struct rd_dial *d)
{
	return d->relay.agent;
}
