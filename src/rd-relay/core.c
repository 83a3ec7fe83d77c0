#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/stun.h"
#include "rd-relay/core_priv.h"

/* --- settings --- */

static void
fill_defaults(struct core_config *cfg)
{
	cfg->max_peers = cfg->max_peers ? cfg->max_peers : 200000;
	cfg->max_sessions = cfg->max_sessions ? cfg->max_sessions : 65536;
	cfg->sessions_each = cfg->sessions_each ? cfg->sessions_each : 8;
	cfg->session_kbps = cfg->session_kbps ? cfg->session_kbps : 50000;
	cfg->connects_minute = cfg->connects_minute ? cfg->connects_minute : 30;
	cfg->session_life_s = cfg->session_life_s ? cfg->session_life_s : 24 * 3600;
	if (cfg->session_life_s > SESSION_LIFE_MAX_S)
		cfg->session_life_s = SESSION_LIFE_MAX_S;
	cfg->idle_ns = cfg->idle_ns ? cfg->idle_ns : 60 * NS_PER_S;
	cfg->inits_busy = cfg->inits_busy ? cfg->inits_busy : 2000;
}

static void
take_config(struct core *c, const struct core_config *cfg)
{
	struct rd_key *listed = admit_list(cfg->listed, cfg->listed_count);
	free(c->cfg.listed);
	c->cfg = *cfg;
	c->cfg.listed = listed;
	/* It stays what it was: core.own. */
	sodium_memzero(&c->cfg.key, sizeof(c->cfg.key));
	fill_defaults(&c->cfg);
	atomic_store_explicit(&c->inits_busy, c->cfg.inits_busy, memory_order_relaxed);
	atomic_store_explicit(&c->wall_offset_ns, c->cfg.wall_offset_ns, memory_order_relaxed);
}

struct core *
core_new(const struct core_config *cfg, void (*event)(void *ctx, const struct core_event *e),
	void *ctx)
{
	static const char label[] = "rd-relay-ticket";
	struct core *c = xcalloc(1, sizeof(*c));
	pthread_mutex_init(&c->lock, NULL);
	c->event = event;
	c->ctx = ctx;
	c->own = cfg->key;
	c->drain_cursor = UINT32_MAX;
	take_config(c, cfg);
	crypto_generichash(c->ticket_key, sizeof(c->ticket_key), (const uint8_t *)label,
		sizeof(label) - 1, c->own.secret.bytes, sizeof(c->own.secret.bytes));
	peers_init(&c->peers, c->cfg.max_peers);
	halves_init(&c->halves);
	slots_init(&c->slots);
	c->spent = xcalloc(SPENT, sizeof(*c->spent));
	accounts_init(&c->accounts);
	legs_init(&c->legs, c->cfg.max_sessions);
	admit_init(c);
	return c;
}

void
core_free(struct core *c)
{
	if (!c)
		return;
	admit_finish(c);
	legs_finish(&c->legs);
	slots_finish(&c->slots);
	halves_finish(&c->halves);
	peers_finish(&c->peers);
	free(c->spent);
	accounts_finish(&c->accounts);
	free(c->cfg.listed);
	pthread_mutex_destroy(&c->lock);
	sodium_memzero(c, sizeof(*c));
	free(c);
}

static bool
same_join(const struct core_config *a, const struct core_config *b)
{
	return a->has_join == b->has_join &&
		(!a->has_join || sodium_memcmp(a->join, b->join, sizeof(a->join)) == 0);
}

/* Hosts that the new configuration would not let in are let go, without a word. */
void
core_reload(struct core *c, const struct core_config *cfg)
{
	pthread_mutex_lock(&c->lock);
	uint32_t connects_minute = c->cfg.connects_minute;
	uint16_t node = c->cfg.node;
	c->join_gen += !same_join(&c->cfg, cfg);
	take_config(c, cfg);
	c->cfg.node = node;
	if (c->cfg.connects_minute != connects_minute)
		admit_reload(c);
	c->legs.limit = c->cfg.max_sessions < c->legs.max ? c->cfg.max_sessions : c->legs.max;
	for (uint32_t n = 0; n < c->peers.made;) {
		struct work w = {.datagrams = 0};
		for (; n < c->peers.made && !work_full(&w); n++) {
			struct peer *peer = peers_at(&c->peers, n);
			if (peer && peer->registered && !admit_still(c, peer))
				core_forget(c, &w, peer, peer->heard_ns);
		}
		pthread_mutex_unlock(&c->lock);
		work_done(c, NULL, &w);
		pthread_mutex_lock(&c->lock);
	}
	pthread_mutex_unlock(&c->lock);
}

/* --- datagrams --- */

static void
receive_packet(struct core *c, const struct core_out *out, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns)
{
	struct rd_packet p;
	if (rd_packet_parse(&p, data, len) != 0)
		return;
	if (p.type == RD_PACKET_INIT)
		greet_init(c, out, &p, from, data, len, now_ns);
	else if (p.type == RD_PACKET_ASK)
		greet_ask(c, out, &p, from, now_ns);
	else if (p.type == RD_PACKET_DATA)
		data_receive(c, out, &p, from, data, len, now_ns);
}

void
core_datagram(struct core *c, const struct core_out *out, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns)
{
	if (rd_stun_is(data, len))
		greet_stun(c, out, from, data, len, now_ns);
	else if (rd_relay_packet_is(data, len))
		bind_leg(c, out, from, data, len, now_ns);
	else
		receive_packet(c, out, from, data, len, now_ns);
}

void
core_clock(struct core *c, uint64_t wall_offset_ns)
{
	atomic_store_explicit(&c->wall_offset_ns, wall_offset_ns, memory_order_relaxed);
}

void
core_carrier_gone(struct core *c, uint32_t carrier)
{
	pthread_mutex_lock(&c->lock);
	while (peers_cut_carrier(&c->peers, carrier))
		;
	legs_cut_carrier(&c->legs, carrier);
	pthread_mutex_unlock(&c->lock);
}

void
core_stats(struct core *c, struct core_stats *s)
{
	for (unsigned i = 0; i < CORE_COUNTS; i++)
		s->count[i] = atomic_load_explicit(&c->count[i], memory_order_relaxed);
	pthread_mutex_lock(&c->lock);
	s->peers_tls = c->peers.tls;
	s->peers_udp = c->peers.count - c->peers.tls;
	s->hosts = c->peers.hosts;
	s->slots = c->slots.live;
	s->sessions = c->legs.count;
	s->sessions_tls = c->legs.streams;
	s->half_open = c->halves.count;
	s->crowded = c->crowd.crowded;
	pthread_mutex_unlock(&c->lock);
}
