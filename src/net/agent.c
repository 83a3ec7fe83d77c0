#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/agent_priv.h"

/* As in host.c: what is due and waits for a socket must not make the timer spin. */
#define BLOCKED_NS (5 * RD_NS_PER_MS)

static void
destroy(struct rd_agent *a)
{
	rd_timer_close(&a->timer);
	rd_relay_client_free(a->client);
	rd_keypair_wipe(&a->keys);
	sodium_memzero(&a->relay, sizeof(a->relay));
	free(a);
}

static void
enter(struct rd_agent *a)
{
	a->depth++;
}

static void
leave(struct rd_agent *a)
{
	if (--a->depth == 0 && a->closed)
		destroy(a);
}

/* The timer, for the earliest of what is due. */
static void
schedule(struct rd_agent *a, uint64_t now_ns)
{
	uint64_t at = rd_relay_client_deadline(a->client), other = agent_way_deadline(a);
	at = other < at ? other : at;
	other = agent_gather_deadline(a);
	at = other < at ? other : at;
	if (a->closed)
		return;
	if (at == UINT64_MAX)
		rd_timer_clear(&a->timer);
	else
		rd_timer_set(&a->timer, at > now_ns ? at - now_ns : a->begun ? BLOCKED_NS : 0);
}

static void
on_timer(void *ctx)
{
	struct rd_agent *a = ctx;
	uint64_t now = rd_clock_ns();
	enter(a);
	if (!a->begun) {
		a->begun = true;
		agent_way_begin(a, now);
		agent_gather_begin(a, now);
	}
	rd_relay_client_clock(a->client, rd_clock_wall_ns(), now);
	rd_relay_client_tick(a->client, now);
	if (!a->closed)
		agent_way_tick(a, now);
	if (!a->closed)
		agent_gather_tick(a, now);
	if (!a->closed) {
		/* That asks rd_agent_send until it has nothing more, which sets the timer. */
		schedule(a, now);
		rd_endpoint_flush(a->endpoint);
	}
	leave(a);
}

static void
on_change(void *ctx)
{
	struct rd_agent *a = ctx;
	uint64_t now = rd_clock_ns();
	if (!a->begun)
		return;
	enter(a);
	agent_way_changed(a, now);
	if (!a->closed)
		agent_gather_begin(a, now);
	rd_agent_poke(a);
	leave(a);
}

/* --- for the owner --- */

int
rd_agent_open(struct rd_agent **out, struct rd_loop *loop, struct rd_endpoint *e,
	const struct rd_agent_config *cfg, const struct rd_agent_ops *ops, void *ctx)
{
	const struct rd_agent_relay *r = cfg->relay;
	if ((!r->udp && !r->tls) || r->count > sizeof(r->addrs) / sizeof(r->addrs[0]) ||
		(r->count == 0 && (!r->tls || r->proxy.kind == RD_PROXY_NONE)) ||
		(r->ca_file && strlen(r->ca_file) >= sizeof(((struct rd_agent *)0)->ca_file)))
		return -EINVAL;
	struct rd_agent *a = xcalloc(1, sizeof(*a));
	a->loop = loop;
	a->endpoint = e;
	a->keys = *cfg->own;
	a->role = cfg->role;
	a->policy = cfg->policy;
	a->obey_policy = cfg->obey_policy;
	a->portmap = cfg->portmap;
	a->relay = *r;
	if (r->ca_file) {
		memcpy(a->ca_file, r->ca_file, strlen(r->ca_file) + 1);
		a->relay.ca_file = a->ca_file;
	}
	a->ops = *ops;
	a->ctx = ctx;
	a->client = rd_relay_client_new(&(struct rd_relay_client_config){.own = &a->keys,
		.role = a->role, .relay = r->has_key ? &r->key : NULL,
		.join = r->has_join ? r->join : NULL, .wall_ns = rd_clock_wall_ns(),
		.program = cfg->program, .by_code = cfg->by_code}, &agent_client_ops, a, rd_clock_ns());
	rd_timer_open(&a->timer, loop, on_timer, a);
	rd_timer_set(&a->timer, 0);
	rd_endpoint_on_change(e, on_change, a);
	*out = a;
	return 0;
}

void
rd_agent_close(struct rd_agent *a)
{
	if (!a || a->closed)
		return;
	enter(a);
	rd_endpoint_on_change(a->endpoint, NULL, NULL);
	/* It leaves through rd_agent_send, with what sessions say last. */
	a->leaving = true;
	rd_endpoint_flush(a->endpoint);
	a->closed = true;
	agent_way_close(a);
	agent_gather_close(a);
	leave(a);
}

struct rd_relay_client *
rd_agent_client(struct rd_agent *a)
{
	return a->client;
}

void
rd_agent_poke(struct rd_agent *a)
{
	if (!a->closed)
		rd_timer_set(&a->timer, 0);
}

void
rd_agent_trust(struct rd_agent *a, const struct rd_key *key)
{
	uint64_t now = rd_clock_ns();
	a->ways.asking = false;
	a->ways.begun_ns = now;
	rd_relay_client_trust(a->client, key, now);
	rd_agent_poke(a);
}

enum rd_path_policy
rd_agent_policy(const struct rd_agent *a)
{
	return a->policy == RD_PATH_AUTO && a->obey_policy ? a->relay_policy : a->policy;
}

/* What was not looked for while only the relay was wanted is looked for now. */
void
rd_agent_set_policy(struct rd_agent *a, enum rd_path_policy policy)
{
	if (policy == a->policy)
		return;
	a->policy = policy;
	if (!a->begun)
		return;
	agent_gather_tell(a);
	if (rd_agent_policy(a) != RD_PATH_RELAY)
		rd_agent_gather(a);
	rd_agent_poke(a);
}

/* The same for as long as the leg lives, however the relay is reached. */
struct rd_addr
rd_agent_leg(const struct rd_agent *a, uint32_t number)
{
	struct rd_addr leg = {.family = 4, .port = RD_RELAY_PORT};
	if (a->relay.count > 0)
		leg = a->relay.addrs[0];
	leg.stream = false;
	leg.relayed = true;
	leg.carrier = number;
	return leg;
}

/* --- datagrams --- */

bool
rd_agent_receive(struct rd_agent *a, struct rd_addr *from, uint8_t **data, size_t *len)
{
	uint64_t now = rd_clock_ns();
	uint8_t *payload;
	size_t payload_len;
	uint32_t leg = 0;
	bool taken = true;
	enter(a);
	if (!from->stream && rd_stun_is(*data, *len))
		agent_gather_receive(a, from, *data, *len, now);
	else
		taken = rd_relay_client_receive(a->client, from, *data, *len, now, &leg, &payload,
			&payload_len);
	if (leg && !a->closed) {
		*from = rd_agent_leg(a, leg);
		*data = payload;
		*len = payload_len;
		taken = false;
	}
	leave(a);
	return taken;
}

size_t
rd_agent_send(struct rd_agent *a, struct rd_addr *to, uint8_t *out, size_t cap)
{
	uint64_t now = rd_clock_ns();
	if (a->closed)
		return 0;
	if (a->leaving)
		return rd_relay_client_bye(a->client, to, out, cap);
	size_t len = rd_relay_client_send(a->client, to, out, cap, now);
	if (len == 0)
		len = agent_gather_send(a, to, out, now);
	if (len == 0)
		schedule(a, now);
	return len;
}

size_t
rd_agent_wrap(struct rd_agent *a, struct rd_addr *to, uint8_t *data, size_t len)
{
	uint8_t header[RD_RELAYED_HEADER];
	if (!rd_relay_client_wrap(a->client, to->carrier, to->traffic, header, to))
		return 0;
	memmove(data + RD_RELAYED_HEADER, data, len);
	memcpy(data, header, RD_RELAYED_HEADER);
	return RD_RELAYED_HEADER + len;
}

bool
rd_agent_can_send(struct rd_agent *a, const struct rd_addr *to)
{
	const struct rd_addr *at = to->relayed ? rd_relay_client_at(a->client) : to;
	return at->family && rd_endpoint_can_send(a->endpoint, at);
}

bool
rd_agent_carrier(struct rd_agent *a, const struct rd_addr *peer, int error)
{
	enter(a);
	bool ours = agent_way_carrier(a, peer, error, rd_clock_ns());
	if (ours && !a->closed)
		rd_agent_poke(a);
	leave(a);
	return ours;
}

void
rd_agent_stuck(struct rd_agent *a, const struct rd_addr *path)
{
	if (!path->family) {
		if (a->begun)
			agent_gather_share(a, rd_clock_ns());
		rd_agent_poke(a);
		return;
	}
	if (!path->relayed) {
		rd_agent_gather(a);
		return;
	}
	rd_relay_client_rebind(a->client, path->carrier, rd_clock_ns());
	rd_agent_poke(a);
}
