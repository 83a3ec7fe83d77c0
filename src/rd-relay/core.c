#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/stun.h"
#include "rd-relay/core_priv.h"

/* --- settings --- */

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct rd_key));
}

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
	size_t size = cfg->listed_count * sizeof(*cfg->listed);
	struct rd_key *listed = xmalloc(size + 1);
	if (size)
		memcpy(listed, cfg->listed, size);
	qsort(listed, cfg->listed_count, sizeof(*listed), compare_keys);
	free(c->cfg.listed);
	c->cfg = *cfg;
	c->cfg.listed = listed;
	sodium_memzero(&c->cfg.key, sizeof(c->cfg.key));
	fill_defaults(&c->cfg);
	atomic_store_explicit(&c->inits_busy, c->cfg.inits_busy, memory_order_relaxed);
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
	c->join_gen += !same_join(&c->cfg, cfg);
	take_config(c, cfg);
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

/* --- what leaves --- */

void
core_count(struct core *c, enum core_count what)
{
	atomic_fetch_add_explicit(&c->count[what], 1, memory_order_relaxed);
}

void
work_done(struct core *c, const struct core_out *out, struct work *w)
{
	assert(out || w->datagrams == 0);
	for (unsigned i = 0; i < w->datagrams; i++)
		out->send(out->ctx, &w->datagram[i].to, w->datagram[i].data, w->datagram[i].len);
	for (unsigned i = 0; i < w->events && c->event; i++) {
		struct core_event *e = &w->event[i].e;
		/* The copies that they point to are here. */
		e->key = e->key ? &w->event[i].key : NULL;
		e->from = e->from ? &w->event[i].from : NULL;
		c->event(c->ctx, e);
	}
	w->datagrams = w->events = 0;
}

void
work_tell(struct work *w, const struct core_event *e, const struct rd_key *key,
	const struct rd_addr *from)
{
	assert(w->events < WORK_EVENTS);
	unsigned i = w->events++;
	w->event[i].e = *e;
	w->event[i].e.key = key;
	w->event[i].e.from = from;
	if (key)
		w->event[i].key = *key;
	if (from)
		w->event[i].from = *from;
}

/*
 * Whoever has a session's keys might name somebody else's address as his new
 * one: larger answers go there only within a limit of that address.
 */
static bool
may_say(struct core *c, const struct peer *peer, const struct rd_addr *to, size_t asked, size_t len,
	uint64_t now_ns)
{
	return !peer->unproven || len <= asked || limit_allow(&c->moved, to, now_ns);
}

void
work_say(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	size_t asked, uint64_t now_ns)
{
	if (where_nowhere(&peer->at) || w->datagrams == WORK_DATAGRAMS)
		return;
	struct rd_addr to = where_addr(&peer->at);
	uint8_t *data = w->datagram[w->datagrams].data;
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = data + RD_PACKET_DATA_HEADER,
		.cap = DATAGRAM_MAX - RD_PACKET_OVERHEAD};
	rd_relay_msg_pack(&b, m);
	if (!may_say(c, peer, &to, asked, b.len + RD_PACKET_OVERHEAD, now_ns))
		return;
	w->datagram[w->datagrams].to = to;
	w->datagram[w->datagrams++].len = peer_seal(peer, data, b.len);
}

/* --- ends --- */

void
core_slot_over(struct core *c, struct work *w, uint32_t number, enum slot_state why,
	uint64_t now_ns)
{
	static const uint8_t whys[] = {[SLOT_WAS_USED] = RD_SLOT_USED,
		[SLOT_WAS_BURNT] = RD_SLOT_BURNT, [SLOT_WAS_WITHDRAWN] = RD_SLOT_WITHDRAWN,
		[SLOT_HAS_EXPIRED] = 0, [SLOT_HOST_LEFT] = RD_SLOT_WITHDRAWN};
	if (slots_over(&c->slots, number, why, now_ns))
		work_tell(w, &(struct core_event){.what = CORE_SLOT_OVER, .slot = number,
			.why = whys[why]}, &c->slots.slot[number].host, NULL);
}

void
core_forget(struct core *c, struct work *w, struct peer *peer, uint64_t now_ns)
{
	struct rd_addr from = where_addr(&peer->at);
	for (unsigned i = 0; i < PEER_SLOTS && peer->registered; i++) {
		const struct slot *slot;
		if (slots_look(&c->slots, peer->slot[i], &slot, now_ns) == SLOT_LIVE &&
			memcmp(&slot->host, &peer->key, sizeof(slot->host)) == 0)
			core_slot_over(c, w, peer->slot[i], SLOT_HOST_LEFT, now_ns);
	}
	if (peer->registered)
		work_tell(w, &(struct core_event){.what = CORE_LEFT}, &peer->key, &from);
	peers_remove(&c->peers, peer);
}

void
core_end(struct core *c, struct work *w, struct session *s)
{
	work_tell(w, &(struct core_event){.what = CORE_SESSION_ENDED, .slot = s->slot,
		.session = s->id, .began_ns = s->began_ns, .bytes = legs_bytes(&c->legs, s),
		.packets = legs_packets(&c->legs, s, 0) + legs_packets(&c->legs, s, 1),
		.tag_viewer = s->tag[0], .tag_host = s->tag[1], .stream = s->stream}, NULL, NULL);
	legs_remove(&c->legs, s);
}

/* --- datagrams --- */

/* The key for what comes by that index, if the number is a new one. */
static bool
key_of(struct core *c, const struct rd_packet *p, uint8_t key[static 32])
{
	pthread_mutex_lock(&c->lock);
	const struct peer *peer = peers_find(&c->peers, p->receiver);
	const struct half *half = peer ? NULL : halves_find(&c->halves, p->receiver);
	if (half && half->ready)
		peer = &half->peer;
	bool fresh = peer && peer_fresh(peer, p->number);
	if (fresh)
		memcpy(key, peer->recv, sizeof(peer->recv));
	pthread_mutex_unlock(&c->lock);
	return fresh;
}

/* Its first DATA proves that the INIT was no old one: a peer comes of it. NULL: none. */
static struct peer *
confirm(struct core *c, struct work *w, struct half *half, const struct rd_relay_msg *m,
	uint64_t now_ns)
{
	struct peer *peer = NULL;
	half->peer.heard_ns = now_ns;
	if (!peers_replayed(&c->peers, &half->peer.key, half->peer.timestamp)) {
		peer = peers_add(&c->peers, &half->peer);
		core_count(c, peer ? COUNT_HANDSHAKES_OK : COUNT_RATELIMITED_PEER);
		if (!peer)
			serve_no(c, w, &half->peer, m, RD_NO_BUSY, 30, 0, now_ns);
	}
	/* Also when it was refused: its keys have sealed an answer, and never do again. */
	halves_remove(&c->halves, half);
	return peer;
}

/* Whose genuine DATA that was; meanwhile the session may have gone, or another one come. */
static struct peer *
peer_of(struct core *c, struct work *w, const struct rd_packet *p, const uint8_t key[static 32],
	const struct rd_relay_msg *m, uint64_t now_ns)
{
	struct peer *peer = peers_find(&c->peers, p->receiver);
	struct half *half = peer ? NULL : halves_find(&c->halves, p->receiver);
	if (peer && sodium_memcmp(peer->recv, key, sizeof(peer->recv)) == 0)
		return peer;
	if (half && half->ready && sodium_memcmp(half->peer.recv, key, 32) == 0)
		return confirm(c, w, half, m, now_ns);
	return NULL;
}

/* The newest of all that came says where it is (WireGuard's rule). */
static void
note_address(struct core *c, struct peer *peer, const struct rd_addr *from, uint64_t number)
{
	struct where at = where_of(from);
	if (number + 1 != peer->next || where_equal(&peer->at, &at))
		return;
	peers_move(&c->peers, peer, &at);
	/* TCP has proven its address. */
	peer->unproven = !from->stream;
}

static void
receive_data(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, uint8_t *data, size_t len, uint64_t now_ns)
{
	struct work w = {.datagrams = 0};
	struct rd_relay_msg m;
	uint8_t key[32];
	if (len > DATAGRAM_MAX || p->epoch || !key_of(c, p, key))
		return;
	int n = peer_open(key, p->number, data, len);
	if (n >= 0 && rd_relay_msg_parse(&m, data + RD_PACKET_DATA_HEADER, (size_t)n) == 0) {
		pthread_mutex_lock(&c->lock);
		struct peer *peer = peer_of(c, &w, p, key, &m, now_ns);
		if (peer && peer_fresh(peer, p->number)) {
			peer_mark(peer, p->number);
			peer->heard_ns = now_ns;
			note_address(c, peer, from, p->number);
			serve_request(c, &w, peer, &m, len, now_ns);
		}
		pthread_mutex_unlock(&c->lock);
		work_done(c, out, &w);
	}
	sodium_memzero(key, sizeof(key));
}

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
		receive_data(c, out, &p, from, data, len, now_ns);
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
core_carrier_gone(struct core *c, uint32_t carrier, uint64_t now_ns)
{
	(void)now_ns;
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
	s->half_open = c->halves.count;
	pthread_mutex_unlock(&c->lock);
}
