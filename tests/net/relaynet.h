#ifndef TESTS_NET_RELAYNET_H
#define TESTS_NET_RELAYNET_H

/*
 * Ends with their clients, one relay (fakerelay.h), and a network between them
 * on a virtual clock: vnet.h's heap and weather, with other ends on it.
 */
#include "fakerelay.h"
#include "net/relay_client.h"
#include "vnet.h"

#define RELAYNET_ENDS 4

struct relay_end {
	struct rd_addr addr;
	struct rd_relay_client *client;
	struct relaynet *net;
	struct rd_keypair keys;
	/* what it was told */
	unsigned told, ready, lost, slots, slots_gone, legs, legs_gone, drained, other_key;
	struct rd_key key;
	struct rd_addr seen;
	uint32_t slot, slot_gone, leg, leg_slot, no_retry;
	struct rd_key leg_peer;
	enum rd_path_policy policy;
	int no_of, no_why;
	unsigned nos;
	uint8_t first[RD_RELAY_FIRST_MAX];
	size_t first_len;
	uint64_t payloads, wrong;
	uint8_t last[64];
	uint64_t ready_ns, payload_ns;
};

struct relaynet {
	struct vnet v;
	struct fakerelay relay;
	struct vnet_end relay_end;
	struct relay_end ends[RELAYNET_ENDS];
	struct vnet_end vends[RELAYNET_ENDS];
	unsigned count;
};

static inline void
relaynet_told(void *ctx, const struct rd_key *key)
{
	struct relay_end *e = ctx;
	e->told++;
	e->key = *key;
}

static inline void
relaynet_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct relay_end *e = ctx;
	e->ready++;
	e->seen = *seen;
	e->policy = policy;
	e->ready_ns = e->net->v.now_ns;
}

static inline void
relaynet_lost(void *ctx)
{
	((struct relay_end *)ctx)->lost++;
}

static inline void
relaynet_slot(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	struct relay_end *e = ctx;
	(void)lifetime_s;
	e->slots++;
	e->slot = slot;
}

static inline void
relaynet_slot_gone(void *ctx, uint32_t slot)
{
	struct relay_end *e = ctx;
	e->slots_gone++;
	e->slot_gone = slot;
}

static inline void
relaynet_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct relay_end *e = ctx;
	e->legs++;
	e->leg = leg->number;
	e->leg_slot = leg->slot;
	e->leg_peer = leg->peer;
	e->first_len = len;
	if (len)
		memcpy(e->first, data, len);
}

static inline void
relaynet_leg_gone(void *ctx, uint32_t number)
{
	struct relay_end *e = ctx;
	e->legs_gone++;
	if (number == e->leg)
		e->leg = 0;
}

static inline void
relaynet_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	struct relay_end *e = ctx;
	e->nos++;
	e->no_of = of;
	e->no_why = why;
	e->no_retry = retry_s;
}

static inline void
relaynet_drain(void *ctx, uint32_t seconds)
{
	((struct relay_end *)ctx)->drained = seconds;
}

static inline void
relaynet_other_key(void *ctx, const struct rd_key *key)
{
	struct relay_end *e = ctx;
	e->other_key++;
	e->key = *key;
}

static const struct rd_relay_client_ops relaynet_ops = {
	.told = relaynet_told,
	.ready = relaynet_ready,
	.lost = relaynet_lost,
	.slot = relaynet_slot,
	.slot_gone = relaynet_slot_gone,
	.leg = relaynet_leg,
	.leg_gone = relaynet_leg_gone,
	.no = relaynet_no,
	.drain = relaynet_drain,
	.other_key = relaynet_other_key,
};

static inline void
relaynet_relay_send(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct relaynet *n = ctx;
	uint8_t copy[RD_PACKET_MAX];
	memcpy(copy, data, len);
	struct vnet_datagram d = {.from = n->relay_end.addr, .to = *to, .len = len, .data = copy};
	/* A TCP connection has one name at both ends. */
	d.from.stream = to->stream;
	d.from.carrier = to->carrier;
	vnet_send(&n->v, &n->relay_end, &d);
}

static inline void
relaynet_init(struct relaynet *n)
{
	memset(n, 0, sizeof(*n));
	n->v.now_ns = S;
	n->v.weather.delay_ns = 10 * MS;
	fakerelay_init(&n->relay, relaynet_relay_send, n);
	n->relay_end.addr = vnet_addr(1, RD_RELAY_PORT);
}

static inline struct relay_end *
relaynet_add(struct relaynet *n, enum rd_relay_role role, bool knows, const uint8_t *join)
{
	struct relay_end *e = &n->ends[n->count];
	e->net = n;
	e->addr = vnet_addr((uint8_t)(10 + n->count), 5000);
	n->vends[n->count++].addr = e->addr;
	rd_keypair_new(&e->keys);
	e->client = rd_relay_client_new(&(struct rd_relay_client_config){.own = &e->keys,
		.role = role, .relay = knows ? &n->relay.key.public : NULL, .join = join,
		.wall_ns = 1000 * S}, &relaynet_ops, e, n->v.now_ns);
	rd_relay_client_to(e->client, &n->relay_end.addr, n->v.now_ns);
	return e;
}

static inline void
relaynet_finish(struct relaynet *n)
{
	for (unsigned i = 0; i < n->count; i++)
		rd_relay_client_free(n->ends[i].client);
	vnet_finish(&n->v);
}

static inline void
relaynet_pump(struct relaynet *n)
{
	uint8_t out[RD_PACKET_MAX];
	for (unsigned i = 0; i < n->count; i++) {
		struct vnet_datagram d = {.data = out};
		for (unsigned k = 0; (d.len = rd_relay_client_send(n->ends[i].client, &d.to, out,
			sizeof(out), n->v.now_ns)) > 0; k++) {
			if (k > 1000)
				abort();
			d.from = n->ends[i].addr;
			d.from.stream = d.to.stream;
			d.from.carrier = d.to.carrier;
			vnet_send(&n->v, &n->vends[i], &d);
		}
	}
}

static inline void
relaynet_payload(struct relay_end *e, const uint8_t *data, size_t len)
{
	e->payloads++;
	e->payload_ns = e->net->v.now_ns;
	memset(e->last, 0, sizeof(e->last));
	memcpy(e->last, data, len < sizeof(e->last) ? len : sizeof(e->last));
}

static inline void
relaynet_deliver(struct relaynet *n, struct vnet_datagram *d)
{
	uint32_t leg;
	uint8_t *payload;
	size_t len;
	if (rd_addr_same_ip(&d->to, &n->relay_end.addr) && d->to.port == n->relay_end.addr.port)
		fakerelay_receive(&n->relay, &d->from, d->data, d->len, n->v.now_ns);
	for (unsigned i = 0; i < n->count; i++) {
		struct relay_end *e = &n->ends[i];
		if (!rd_addr_same_ip(&d->to, &e->addr) || d->to.port != e->addr.port)
			continue;
		rd_relay_client_receive(e->client, &d->from, d->data, d->len, n->v.now_ns, &leg,
			&payload, &len);
		if (leg)
			relaynet_payload(e, payload, len);
	}
	free(d->data);
}

/* Lets time go on until then, or until `done` says so: that it did. */
static inline bool
relaynet_run(struct relaynet *n, uint64_t for_ns, bool (*done)(struct relaynet *n))
{
	uint64_t until_ns = n->v.now_ns + for_ns;
	unsigned spin = 0;
	for (;;) {
		relaynet_pump(n);
		if (done && done(n))
			return true;
		uint64_t next = n->v.flying ? n->v.heap[0].at_ns : UINT64_MAX;
		for (unsigned i = 0; i < n->count; i++) {
			uint64_t at = rd_relay_client_deadline(n->ends[i].client);
			next = at < next ? at : next;
		}
		next = next < n->v.now_ns ? n->v.now_ns : next;
		if (next > until_ns) {
			n->v.now_ns = until_ns;
			return false;
		}
		spin = next == n->v.now_ns ? spin + 1 : 0;
		if (spin > VNET_SPIN) {
			fprintf(stderr, "it is awake without end\n");
			abort();
		}
		n->v.now_ns = next;
		while (n->v.flying && n->v.heap[0].at_ns <= n->v.now_ns) {
			struct vnet_datagram d = vnet_pop(&n->v);
			relaynet_deliver(n, &d);
		}
		for (unsigned i = 0; i < n->count; i++)
			rd_relay_client_tick(n->ends[i].client, n->v.now_ns);
	}
}

/* A datagram of one end through its leg. */
static inline void
relaynet_say(struct relaynet *n, struct relay_end *e, const char *text)
{
	uint8_t out[256];
	struct vnet_datagram d = {.from = e->addr, .data = out};
	size_t len = strlen(text) + 1;
	if (!rd_relay_client_wrap(e->client, e->leg, 0, out, &d.to))
		return;
	memcpy(out + RD_RELAYED_HEADER, text, len);
	d.len = RD_RELAYED_HEADER + len;
	d.from.stream = d.to.stream;
	d.from.carrier = d.to.carrier;
	vnet_send(&n->v, &n->vends[e - n->ends], &d);
}

#endif
