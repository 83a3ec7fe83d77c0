#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "net/agent_priv.h"

#define NEXT_NS (100 * RD_NS_PER_MS)	/* from one address by UDP to the next */
#define TLS_NS (250 * RD_NS_PER_MS)	/* then TLS is tried beside it; and between two of these */
#define TLS_AGAIN_NS (2 * RD_NS_PER_S)	/* one that failed; doubles up to: */
#define TLS_AGAIN_MAX_NS (30 * RD_NS_PER_S)
#define SAY_NS (3 * RD_NS_PER_S)	/* without any that stands, it is told */
#define UDP_AGAIN_NS (1 * RD_NS_PER_S)	/* UDP may only have been slow; doubles up to: */
#define UDP_AGAIN_MAX_NS (60 * RD_NS_PER_S)
#define TRIAL_NS (3 * RD_NS_PER_S)
#define HTTPS 443

static void
hang_up(struct rd_agent *a, struct way *w)
{
	if (w->tls && w->state != WAY_WAITING) {
		rd_relay_client_not(a->client, &w->addr);
		rd_endpoint_hang_up(a->endpoint, w->addr.carrier);
	}
	w->state = WAY_WAITING;
	w->due_ns = UINT64_MAX;
}

static void
hang_up_others(struct rd_agent *a, const struct rd_addr *but)
{
	for (unsigned i = 0; i < a->ways.count; i++)
		if (!but || !rd_addr_equal(&a->ways.list[i].addr, but))
			hang_up(a, &a->ways.list[i]);
}

/* --- what there is to try --- */

/* The one that it was last reached by goes first. */
static void
add_udp(struct rd_agent *a, uint64_t now_ns)
{
	struct ways *s = &a->ways;
	struct rd_addr last = *rd_relay_client_at(a->client);
	last.carrier = 0;
	for (int first = 1; first >= 0; first--)
		for (unsigned i = 0; i < a->relay.count && i < AGENT_UDP_WAYS; i++) {
			const struct rd_addr *to = &a->relay.addrs[i];
			if (rd_addr_equal(to, &last) != (first == 1))
				continue;
			s->list[s->count] = (struct way){.to = *to, .addr = *to,
				.due_ns = now_ns + s->count * NEXT_NS};
			s->count++;
		}
}

static void
add_tls_one(struct rd_agent *a, const struct rd_addr *to, uint16_t port, uint64_t *due_ns)
{
	struct ways *s = &a->ways;
	if (s->count == sizeof(s->list) / sizeof(s->list[0]))
		return;
	struct way *w = &s->list[s->count++];
	*w = (struct way){.tls = true, .to = *to, .due_ns = *due_ns, .wait_ns = TLS_AGAIN_NS};
	w->to.port = port;
	*due_ns += TLS_NS;
}

/* Port 443 of all addresses first: that is what networks let through. */
static void
add_tls(struct rd_agent *a, uint64_t due_ns)
{
	const struct rd_agent_relay *r = &a->relay;
	static const struct rd_addr nowhere;
	bool named = r->proxy.kind != RD_PROXY_NONE;
	unsigned count = named ? 1 : r->count;
	for (unsigned i = 0; i < count; i++)
		add_tls_one(a, named ? &nowhere : &r->addrs[i], HTTPS, &due_ns);
	for (unsigned i = 0; i < count; i++) {
		uint16_t port = i < r->count ? r->addrs[i].port : RD_RELAY_PORT;
		if (port != HTTPS)
			add_tls_one(a, named ? &nowhere : &r->addrs[i], port, &due_ns);
	}
}

void
agent_way_begin(struct rd_agent *a, uint64_t now_ns)
{
	struct ways *s = &a->ways;
	static const struct rd_addr nowhere;
	hang_up_others(a, NULL);
	s->count = 0;
	s->racing = true;
	s->told = false;
	s->name = NULL;
	s->why[0] = '\0';
	s->begun_ns = now_ns;
	s->udp_ns = UINT64_MAX;
	s->trial.back = nowhere;
	if (a->relay.udp)
		add_udp(a, now_ns);
	if (a->relay.tls)
		add_tls(a, s->count > 0 ? now_ns + TLS_NS : now_ns);
	rd_relay_client_to(a->client, &nowhere, now_ns);
	agent_way_tick(a, now_ns);
}

/* --- trying --- */

static void
failed(struct rd_agent *a, struct way *w, int error, uint64_t now_ns)
{
	const char *why = rd_endpoint_why(a->endpoint);
	snprintf(a->ways.why, sizeof(a->ways.why), "TLS, port %u: %s", w->to.port,
		why && *why ? why : strerror(-error));
	w->state = WAY_WAITING;
	w->due_ns = now_ns + w->wait_ns;
	w->wait_ns = w->wait_ns * 2 < TLS_AGAIN_MAX_NS ? w->wait_ns * 2 : TLS_AGAIN_MAX_NS;
}

static void
start_tunnel(struct rd_agent *a, struct way *w, uint64_t now_ns)
{
	struct rd_tunnel t = {.to = w->to, .port = w->to.port, .proxy = a->relay.proxy,
		.check = !rd_relay_client_key(a->client), .ca_file = a->relay.ca_file};
	snprintf(t.name, sizeof(t.name), "%s", a->relay.name);
	/* Of HOST:PORT the host; an IPv6 address has brackets there. */
	char *colon = strrchr(t.name, ':');
	if (colon && (strchr(t.name, ':') == colon || colon[-1] == ']'))
		*colon = '\0';
	w->state = WAY_CONNECTING;
	w->due_ns = UINT64_MAX;
	w->addr = w->to;
	int err = rd_endpoint_tunnel(a->endpoint, &t, &w->addr);
	sodium_memzero(&t.proxy, sizeof(t.proxy));
	if (err)
		failed(a, w, err, now_ns);
}

static void
start(struct rd_agent *a, struct way *w, uint64_t now_ns)
{
	if (w->tls) {
		start_tunnel(a, w, now_ns);
		return;
	}
	w->state = WAY_OPEN;
	w->due_ns = UINT64_MAX;
	rd_relay_client_also(a->client, &w->addr, now_ns);
}

static void
say_that_none_stands(struct rd_agent *a)
{
	char why[sizeof(a->ways.why) + 64];
	a->ways.told = true;
	snprintf(why, sizeof(why), "%s%s%s", a->relay.udp ? "no answer by UDP" : "",
		a->relay.udp && a->ways.why[0] ? "; " : "", a->ways.why);
	if (a->ops.way)
		a->ops.way(a->ctx, NULL, why);
}

/* Does UDP get through by now? A STUN answer says so: agent_way_heard. */
static void
look_at_udp(struct rd_agent *a, uint64_t now_ns)
{
	struct ways *s = &a->ways;
	s->udp_wait_ns = s->udp_wait_ns * 2 < UDP_AGAIN_MAX_NS ? s->udp_wait_ns * 2 : UDP_AGAIN_MAX_NS;
	s->udp_ns = now_ns + s->udp_wait_ns;
	agent_gather_begin(a, now_ns);
}

static void
back(struct rd_agent *a, uint64_t now_ns)
{
	struct rd_addr to = a->ways.trial.back;
	a->ways.trial.back = (struct rd_addr){0};
	rd_relay_client_to(a->client, &to, now_ns);
}

/* While a person thinks, nothing is. */
static bool
trying(const struct ways *s)
{
	return s->racing && !s->asking;
}

void
agent_way_tick(struct rd_agent *a, uint64_t now_ns)
{
	struct ways *s = &a->ways;
	for (unsigned i = 0; i < s->count && trying(s); i++)
		if (s->list[i].state == WAY_WAITING && now_ns >= s->list[i].due_ns)
			start(a, &s->list[i], now_ns);
	if (s->trial.back.family && now_ns >= s->trial.until_ns)
		back(a, now_ns);
	if (!s->racing && now_ns >= s->udp_ns)
		look_at_udp(a, now_ns);
	if (trying(s) && !s->told && now_ns >= s->begun_ns + SAY_NS)
		say_that_none_stands(a);
}

uint64_t
agent_way_deadline(const struct rd_agent *a)
{
	const struct ways *s = &a->ways;
	uint64_t due = s->racing ? UINT64_MAX : s->udp_ns;
	if (!a->begun)
		return 0;
	for (unsigned i = 0; i < s->count && trying(s); i++)
		if (s->list[i].state == WAY_WAITING && s->list[i].due_ns < due)
			due = s->list[i].due_ns;
	if (s->trial.back.family && s->trial.until_ns < due)
		due = s->trial.until_ns;
	if (trying(s) && !s->told && s->begun_ns + SAY_NS < due)
		due = s->begun_ns + SAY_NS;
	return due;
}

/* --- what comes of it --- */

void
agent_way_stands(struct rd_agent *a, uint64_t now_ns)
{
	struct ways *s = &a->ways;
	struct rd_addr at = *rd_relay_client_at(a->client);
	const char *name = !at.stream ? "UDP" :
		a->relay.proxy.kind != RD_PROXY_NONE ? "TLS through a proxy" : "TLS";
	if (s->trial.back.family && at.stream)
		return; /* the last word of the tunnel that is being left */
	s->trial.back = (struct rd_addr){0};
	s->racing = false;
	/* The client knows it with the address of ours that its answer came to. */
	if (!at.stream)
		at.carrier = 0;
	hang_up_others(a, &at);
	if (at.stream)
		rd_endpoint_proven(a->endpoint, at.carrier);
	s->udp_wait_ns = UDP_AGAIN_NS;
	s->udp_ns = at.stream && a->relay.udp ? now_ns + UDP_AGAIN_NS : UINT64_MAX;
	if (s->name == name)
		return;
	s->name = name;
	if (a->ops.way)
		a->ops.way(a->ctx, name, "");
}

void
agent_way_heard(struct rd_agent *a, const struct rd_addr *from, uint64_t now_ns)
{
	struct ways *s = &a->ways;
	const struct rd_addr *at = rd_relay_client_at(a->client);
	if (s->racing || !at->stream || s->trial.back.family || !a->relay.udp)
		return;
	for (unsigned i = 0; i < a->relay.count; i++) {
		if (!rd_addr_equal(&a->relay.addrs[i], from))
			continue;
		s->trial.back = *at;
		s->trial.until_ns = now_ns + TRIAL_NS;
		rd_relay_client_to(a->client, &a->relay.addrs[i], now_ns);
		return;
	}
}

static struct way *
find(struct rd_agent *a, const struct rd_addr *peer)
{
	for (unsigned i = 0; i < a->ways.count; i++) {
		struct way *w = &a->ways.list[i];
		if (w->tls && w->state != WAY_WAITING && w->addr.carrier == peer->carrier)
			return w;
	}
	return NULL;
}

/* What it stood by has ended: all begins anew. */
static void
lost(struct rd_agent *a, uint64_t now_ns)
{
	bool stood = rd_relay_client_stands(a->client);
	rd_relay_client_again(a->client, now_ns);
	agent_way_begin(a, now_ns);
	if (stood && a->ops.relay.lost)
		a->ops.relay.lost(a->ctx);
}

bool
agent_way_carrier(struct rd_agent *a, const struct rd_addr *peer, int error, uint64_t now_ns)
{
	struct way *w = find(a, peer);
	if (!w)
		return false;
	if (!error && a->ways.racing) {
		w->state = WAY_OPEN;
		rd_relay_client_also(a->client, &w->addr, now_ns);
		return true;
	}
	struct rd_addr was = w->addr;
	rd_relay_client_not(a->client, &was);
	failed(a, w, error ? error : -EPIPE, now_ns);
	if (rd_addr_equal(&a->ways.trial.back, &was))
		a->ways.trial.back = (struct rd_addr){0};
	else if (!a->ways.racing && rd_addr_equal(rd_relay_client_at(a->client), &was))
		lost(a, now_ns);
	return true;
}

/* UDP's session follows by itself, once it says something from there; a connection does not. */
void
agent_way_changed(struct rd_agent *a, uint64_t now_ns)
{
	struct rd_addr at = *rd_relay_client_at(a->client);
	if (a->ways.racing) {
		agent_way_begin(a, now_ns);
	} else if (at.stream) {
		lost(a, now_ns);
	} else {
		at.carrier = 0;
		rd_relay_client_to(a->client, &at, now_ns);
	}
}

void
agent_way_close(struct rd_agent *a)
{
	hang_up_others(a, NULL);
}

const char *
rd_agent_way(const struct rd_agent *a)
{
	return a->ways.name;
}
