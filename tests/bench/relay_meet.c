#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/relay.h"

/*
 * Hosts register, viewers connect to them by key, a window of flows at a time,
 * so that no relay is flooded: what is measured comes later.
 */
#define WINDOW 200
#define PATIENCE_NS (120 * RD_NS_PER_S)

struct end {
	struct rd_relay_client *client;
	struct rd_keypair own;
	struct meeting *m;
	unsigned number;
	bool stands, has_leg;
	struct rd_relay_leg leg;
};

struct meeting {
	struct relay_socket *socket[2];
	struct end *ends;
	unsigned count;
	struct rd_addr relay;
	struct rd_key key;
	uint8_t join[RD_JOIN_KEY];
};

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct end *e = ctx;
	(void)seen, (void)policy;
	e->stands = true;
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct end *e = ctx;
	(void)data, (void)len;
	e->leg = *leg;
	e->has_leg = true;
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	(void)ctx, (void)retry_s;
	bench_die("the relay says no: %d to %d", (int)why, (int)of);
}

static const struct rd_relay_client_ops ops = {.ready = on_ready, .leg = on_leg, .no = on_no};

static void
open_end(struct end *e, uint64_t now)
{
	bool host = e->number % 2;
	struct rd_relay_client_config cfg = {
		.own = &e->own, .role = host ? RD_ROLE_HOST : RD_ROLE_VIEWER, .relay = &e->m->key,
		.join = host ? e->m->join : NULL, .wall_ns = rd_clock_wall_ns(),
	};
	e->client = rd_relay_client_new(&cfg, &ops, e, now);
	rd_relay_client_to(e->client, &e->m->relay, now);
}

static void
send_of(struct end *e, uint64_t now)
{
	uint8_t out[2048];
	struct rd_addr to;
	size_t n;
	while ((n = rd_relay_client_send(e->client, &to, out, sizeof(out), now)) > 0)
		relay_socket_say(e->m->socket[e->number % 2], e->number, out, n);
}

static void
take_all(struct meeting *m, struct relay_socket *s, uint64_t now)
{
	struct relay_got got[RELAY_BATCH];
	unsigned n;
	while ((n = relay_socket_receive(s, got)) > 0)
		for (unsigned i = 0; i < n; i++) {
			struct end *e = got[i].end < m->count ? &m->ends[got[i].end] : NULL;
			uint32_t leg;
			uint8_t *payload;
			size_t len;
			for (size_t at = 0; e && e->client && at < got[i].len; at += got[i].segment) {
				size_t left = got[i].len - at;
				rd_relay_client_receive(e->client, &m->relay, got[i].data + at,
					left < got[i].segment ? left : got[i].segment, now, &leg, &payload,
					&len);
			}
		}
}

static void
step(struct end *viewer, struct end *host, uint64_t now)
{
	if (!host->client) {
		open_end(host, now);
	} else if (host->stands && !viewer->client) {
		open_end(viewer, now);
		rd_relay_client_connect(viewer->client, 0, &host->own.public, (const uint8_t *)"bench",
			5, now);
	}
	for (int i = 0; i < 2; i++) {
		struct end *e = i ? host : viewer;
		if (!e->client)
			continue;
		if (rd_relay_client_deadline(e->client) <= now)
			rd_relay_client_tick(e->client, now);
		send_of(e, now);
	}
}

static void
meet_all(struct meeting *m)
{
	uint64_t begun = rd_clock_ns();
	unsigned first = 0, flows = m->count / 2;
	while (first < flows) {
		uint64_t now = rd_clock_ns();
		take_all(m, m->socket[0], now);
		take_all(m, m->socket[1], now);
		for (unsigned i = first; i < flows && i < first + WINDOW; i++)
			if (!m->ends[2 * i].has_leg || !m->ends[2 * i + 1].has_leg)
				step(&m->ends[2 * i], &m->ends[2 * i + 1], now);
		while (first < flows && m->ends[2 * first].has_leg && m->ends[2 * first + 1].has_leg)
			first++;
		if (now - begun > PATIENCE_NS)
			bench_die("only %u of %u sessions stand", first, flows);
		bench_sleep_ns(100000);
	}
}

void
relay_meet(struct relay_flow *f, unsigned n, struct relay_socket *viewers,
	struct relay_socket *hosts, const char *key, const char *join)
{
	struct meeting m = {.socket = {viewers, hosts}, .count = 2 * n,
		.ends = xcalloc(2 * n, sizeof(struct end)), .relay = {.family = 4}};
	m.relay.port = ntohs(viewers->to.sin_port);
	memcpy(m.relay.ip, &viewers->to.sin_addr, 4);
	if (rd_key_parse(&m.key, key) || !relay_join_read(join, m.join))
		bench_die("no key of the relay, or no join key");
	for (unsigned i = 0; i < m.count; i++) {
		m.ends[i].m = &m;
		m.ends[i].number = i;
		rd_keypair_new(&m.ends[i].own);
	}
	meet_all(&m);
	for (unsigned i = 0; i < n; i++) {
		f[i].head_len = RD_RELAYED_HEADER;
		rd_relayed_put(f[i].head, 2, false, m.ends[2 * i].leg.handle);
		rd_relay_client_free(m.ends[2 * i].client);
		rd_relay_client_free(m.ends[2 * i + 1].client);
	}
	free(m.ends);
}
