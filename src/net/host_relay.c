#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/host_priv.h"

#define CHORES_NS (2 * RD_NS_PER_S)
#define LEG_SILENT_NS (60 * RD_NS_PER_S)	/* one that no session came through goes */

/* --- what sessions ask for --- */

static void
set_chores(struct rd_host *h)
{
	if (!h->chores.set)
		rd_timer_set(&h->chores, CHORES_NS);
}

static void
on_sockets(void *ctx, unsigned count)
{
	struct host_session *s = ctx;
	rd_extra_want(&s->extra, s->h->endpoint, s->conn, count, rd_clock_ns());
	set_chores(s->h);
}

static void
on_stuck(void *ctx, const struct rd_addr *path)
{
	struct host_session *s = ctx;
	if (s->h->agent)
		rd_agent_stuck(s->h->agent, path);
}

void
host_relay_accepted(struct rd_host *h, struct rd_conn *conn, struct rd_conn_ops *ops)
{
	unsigned i = 0;
	if (!h->agent)
		return;
	while (i < RD_SERVER_SESSIONS && h->sessions[i])
		i++;
	if (i == RD_SERVER_SESSIONS)
		return;
	const struct rd_addr *path = rd_conn_path(conn);
	struct host_session *s = xcalloc(1, sizeof(*s));
	s->h = h;
	s->conn = conn;
	s->leg = path->relayed ? path->carrier : 0;
	h->sessions[i] = s;
	ops->sockets = on_sockets;
	ops->stuck = on_stuck;
	ops->paths_ctx = s;
}

/* --- legs --- */

static void
drop_leg(struct rd_host *h, uint32_t number)
{
	struct host_leg *l = &h->legs[number % RD_RELAY_LEGS];
	if (!number || l->number != number)
		return;
	l->number = 0;
	if (h->agent)
		rd_relay_client_drop(rd_agent_client(h->agent), number);
}

void
host_relay_gone(struct rd_host *h, const struct rd_conn *conn)
{
	for (unsigned i = 0; i < RD_SERVER_SESSIONS; i++) {
		struct host_session *s = h->sessions[i];
		if (!s || s->conn != conn)
			continue;
		rd_extra_close(&s->extra, h->endpoint);
		drop_leg(h, s->leg);
		free(s);
		h->sessions[i] = NULL;
		return;
	}
}

static bool
in_use(const struct rd_host *h, uint32_t leg)
{
	for (unsigned i = 0; i < RD_SERVER_SESSIONS; i++) {
		const struct host_session *s = h->sessions[i];
		const struct rd_addr *path = s ? rd_conn_path(s->conn) : NULL;
		if (path && (s->leg == leg || (path->relayed && path->carrier == leg)))
			return true;
	}
	return false;
}

static void
on_chores(void *ctx)
{
	struct rd_host *h = ctx;
	uint64_t now = rd_clock_ns();
	bool more = false;
	for (unsigned i = 0; i < RD_SERVER_SESSIONS; i++) {
		struct host_session *s = h->sessions[i];
		if (!s)
			continue;
		rd_extra_tick(&s->extra, h->endpoint, s->conn, now);
		more |= s->extra.count > 1;
	}
	for (unsigned i = 0; i < RD_RELAY_LEGS; i++) {
		struct host_leg *l = &h->legs[i];
		if (l->number && now >= l->heard_ns + LEG_SILENT_NS && !in_use(h, l->number))
			drop_leg(h, l->number);
		more |= l->number != 0;
	}
	if (more)
		rd_timer_set(&h->chores, CHORES_NS);
}

bool
host_relay_receive(struct rd_host *h, struct rd_addr *from, uint8_t **data, size_t *len)
{
	if (!h->agent)
		return false;
	if (rd_agent_receive(h->agent, from, data, len))
		return true;
	if (from->relayed && h->legs[from->carrier % RD_RELAY_LEGS].number == from->carrier)
		h->legs[from->carrier % RD_RELAY_LEGS].heard_ns = rd_clock_ns();
	return false;
}

uint32_t
host_relay_slot(struct rd_host *h, const struct rd_addr *from)
{
	if (!h->agent || !from->relayed)
		return 0;
	const struct rd_relay_leg *leg =
		rd_relay_client_leg(rd_agent_client(h->agent), from->carrier);
	return leg ? leg->slot : 0;
}

/* --- the agent's --- */

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct rd_host *h = ctx;
	struct rd_addr from = rd_agent_leg(h->agent, leg->number);
	h->legs[leg->number % RD_RELAY_LEGS] =
		(struct host_leg){.number = leg->number, .heard_ns = rd_clock_ns()};
	set_chores(h);
	host_enter(h);
	if (h->agent_ops.relay.leg)
		h->agent_ops.relay.leg(h->agent_ctx, leg, data, len);
	if (len > 0 && !h->closed)
		rd_server_receive(h->server, &from, data, len, rd_clock_ns());
	host_leave(h);
}

/* What was lost meanwhile is said again at once, not when a timeout that has grown long is over. */
static void
on_leg_bound(void *ctx, uint32_t number)
{
	struct rd_host *h = ctx;
	for (unsigned i = 0; i < RD_SERVER_SESSIONS; i++) {
		struct host_session *s = h->sessions[i];
		if (!s)
			continue;
		struct rd_addr path = *rd_conn_path(s->conn);
		if (path.relayed && path.carrier == number)
			rd_conn_move(s->conn, &path, rd_clock_ns());
	}
	rd_host_poke(h);
}

static void
on_leg_gone(void *ctx, uint32_t number)
{
	struct rd_host *h = ctx;
	drop_leg(h, number);
	if (h->agent_ops.relay.leg_gone)
		h->agent_ops.relay.leg_gone(h->agent_ctx, number);
}

static void
on_candidates(void *ctx, const struct rd_candidates *own)
{
	struct rd_host *h = ctx;
	rd_server_policy(h->server, own->policy);
	rd_server_candidates(h->server, own, rd_clock_ns());
	rd_host_poke(h);
	if (h->agent_ops.candidates)
		h->agent_ops.candidates(h->agent_ctx, own);
}

static void
on_told(void *ctx, const struct rd_key *key)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.told)
		h->agent_ops.relay.told(h->agent_ctx, key);
}

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.ready)
		h->agent_ops.relay.ready(h->agent_ctx, seen, policy);
}

static void
on_lost(void *ctx)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.lost)
		h->agent_ops.relay.lost(h->agent_ctx);
}

static void
on_slot(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.slot)
		h->agent_ops.relay.slot(h->agent_ctx, slot, lifetime_s);
}

static void
on_slot_gone(void *ctx, uint32_t slot)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.slot_gone)
		h->agent_ops.relay.slot_gone(h->agent_ctx, slot);
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.no)
		h->agent_ops.relay.no(h->agent_ctx, of, why, retry_s);
}

static void
on_drain(void *ctx, uint32_t seconds)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.drain)
		h->agent_ops.relay.drain(h->agent_ctx, seconds);
}

static void
on_other_key(void *ctx, const struct rd_key *key)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.relay.other_key)
		h->agent_ops.relay.other_key(h->agent_ctx, key);
}

static void
on_way(void *ctx, const char *way, const char *why)
{
	struct rd_host *h = ctx;
	if (h->agent_ops.way)
		h->agent_ops.way(h->agent_ctx, way, why);
}

static const struct rd_agent_ops agent_ops = {
	.relay = {
		.told = on_told,
		.ready = on_ready,
		.lost = on_lost,
		.slot = on_slot,
		.slot_gone = on_slot_gone,
		.leg = on_leg,
		.leg_bound = on_leg_bound,
		.leg_gone = on_leg_gone,
		.no = on_no,
		.drain = on_drain,
		.other_key = on_other_key,
	},
	.candidates = on_candidates,
	.way = on_way,
};

/* --- for the owner --- */

void
host_relay_close(struct rd_host *h)
{
	struct rd_agent *a = h->agent;
	/* It says BYE through us, as ours. */
	rd_agent_close(a);
	h->agent = NULL;
	memset(h->legs, 0, sizeof(h->legs));
}

int
rd_host_relay(struct rd_host *h, const struct rd_agent_config *cfg,
	const struct rd_agent_ops *ops, void *ctx)
{
	host_relay_close(h);
	if (!cfg)
		return 0;
	if (!h->chores.fire)
		rd_timer_open(&h->chores, h->loop, on_chores, h);
	h->agent_ops = *ops;
	h->agent_ctx = ctx;
	return rd_agent_open(&h->agent, h->loop, h->endpoint, cfg, &agent_ops, h);
}

struct rd_agent *
rd_host_agent(struct rd_host *h)
{
	return h->agent;
}
