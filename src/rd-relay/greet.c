#include <string.h>

#include <sodium.h>

#include "net/noise.h"
#include "net/stun.h"
#include "rd-relay/core_priv.h"

#define REPLY_MAX 128
#define AHEAD_NS (60 * NS_PER_S)
#define COOKIES_A_SECOND 50000	/* to all together: what a flood may cost us */

_Static_assert(RD_PACKET_TELL_SIZE <= RD_PACKET_ASK_SIZE, "no answer is larger than what asks");

/* A handshake while it is computed, which is done without a lock. */
struct greeting {
	struct rd_noise noise;
	uint64_t timestamp;
	uint32_t index;		/* ours */
	bool has_join;
	uint8_t join[RD_JOIN_KEY];
	uint16_t join_gen;
	struct rd_buf response;
	uint8_t room[RESPONSE_SIZE];
};

static void
cookie(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, struct rd_cookie_jar *jar, const uint8_t *data, size_t len,
	uint64_t now_ns)
{
	uint8_t room[REPLY_MAX];
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = room, .cap = sizeof(room)};
	if (!bucket_take_atomic(&c->cookies_ns, NS_PER_S / COOKIES_A_SECOND, NS_PER_S / 10, now_ns))
		return;
	rd_cookie_reply(jar, from, now_ns, &c->own.public, data, len, p->sender, &b);
	out->send(out->ctx, from, b.data, b.len);
	core_count(c, COUNT_COOKIES);
}

/*
 * A source that asks too often must prove by a cookie that it is there, as all
 * must while there are too many: else a forger would use up an honest source's
 * share. Those who have proven it have a share of their own.
 */
static bool
welcome(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct rd_cookie_jar jar;
	bool busy = admit_busy(c, now_ns);
	if (!busy && limit_allow(&c->init, from, now_ns))
		return true;
	admit_jar(c, &jar, now_ns);
	/* Zeros are no cookie; a flood is full of them. */
	bool proven = !sodium_is_zero(p->mac2, RD_MAC) &&
		rd_cookie_check(&jar, from, now_ns, data, len);
	if (!proven)
		cookie(c, out, p, from, &jar, data, len, now_ns);
	sodium_memzero(&jar, sizeof(jar));
	if (!proven)
		return false;
	if (limit_allow(&c->proven, from, now_ns))
		return true;
	core_count(c, COUNT_RATELIMITED_SOURCE);
	return false;
}

/* The same INIT as one that waits to be confirmed gets the same answer. */
static bool
again(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from)
{
	uint8_t response[RESPONSE_SIZE];
	struct where at = where_of(from);
	pthread_mutex_lock(&c->lock);
	const struct half *half = halves_seen(&c->halves, p->mac1, &at);
	if (half)
		memcpy(response, half->response, sizeof(response));
	pthread_mutex_unlock(&c->lock);
	if (half)
		out->send(out->ctx, from, response, sizeof(response));
	return half != NULL;
}

/*
 * A clock that was ahead when it said this, and is set right, would be refused for
 * as long as that is remembered. So no time is later than ours by more than a minute.
 */
static uint64_t
believable(const struct core *c, uint64_t timestamp, uint64_t now_ns)
{
	uint64_t latest = core_wall_ns(c, now_ns) + AHEAD_NS;
	return timestamp < latest ? timestamp : latest;
}

static bool
read_init(struct core *c, struct greeting *g, const struct rd_packet *p, uint64_t now_ns)
{
	uint8_t payload[RD_PACKET_HANDSHAKE_MAX];
	rd_noise_start(&g->noise, &(struct rd_noise_init){.pattern = RD_NOISE_IK,
		.prologue = RD_RELAY_PROLOGUE, .prologue_len = strlen(RD_RELAY_PROLOGUE),
		.s = &c->own});
	int len = rd_noise_read(&g->noise, p->noise, p->noise_len, payload);
	if (len < 0)
		return false;
	struct rd_reader r;
	rd_reader_init(&r, payload, (size_t)len);
	g->timestamp = believable(c, rd_reader_u64(&r), now_ns);
	uint16_t version = rd_reader_u16(&r);
	uint8_t role = rd_reader_u8(&r);
	return !r.bad && version >= RD_RELAY_VERSION && role <= RD_ROLE_HOST;
}

/* A place for it, unless it is a replay. */
static bool
reserve(struct core *c, struct greeting *g, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns)
{
	const struct rd_key *key = rd_noise_peer(&g->noise);
	pthread_mutex_lock(&c->lock);
	bool good = !peers_replayed(&c->peers, key, g->timestamp);
	if (good)
		g->index = halves_add(&c->halves, &c->peers, from, p->mac1, now_ns)->peer.index;
	g->has_join = c->cfg.has_join;
	memcpy(g->join, c->cfg.join, sizeof(g->join));
	g->join_gen = c->join_gen;
	pthread_mutex_unlock(&c->lock);
	return good;
}

static bool
write_response(struct greeting *g, const struct rd_packet *p)
{
	uint8_t payload[6], noise[sizeof(payload) + 48];
	struct rd_buf b = {.data = payload, .cap = sizeof(payload)};
	rd_buf_u16(&b, RD_RELAY_VERSION);
	rd_buf_u32(&b, (uint32_t)(PEER_LIFE_NS / NS_PER_S));
	int len = rd_noise_write(&g->noise, b.data, b.len, noise);
	if (len < 0)
		return false;
	/* Borrowed memory that is large enough: this buffer never grows. */
	g->response = (struct rd_buf){.data = g->room, .cap = sizeof(g->room)};
	rd_packet_pack(&g->response, &(struct rd_packet){.type = RD_PACKET_RESPONSE,
		.sender = g->index, .receiver = p->sender, .noise = noise, .noise_len = (size_t)len});
	rd_mac1_put(g->response.data, g->response.len, rd_noise_peer(&g->noise));
	return g->response.len == RESPONSE_SIZE;
}

/* False: it had to make room for others meanwhile. */
static bool
settle(struct core *c, const struct greeting *g, const struct rd_packet *p, bool made)
{
	struct peer as = {.key = *rd_noise_peer(&g->noise), .timestamp = g->timestamp,
		.theirs = p->sender, .join_gen = g->join_gen};
	if (made)
		rd_noise_split(&g->noise, as.send, as.recv);
	if (made && g->has_join)
		rd_join_proof(g->join, rd_noise_hash(&g->noise), as.proof);
	pthread_mutex_lock(&c->lock);
	struct half *half = halves_find(&c->halves, g->index);
	if (half && !made) {
		halves_remove(&c->halves, half);
	} else if (half) {
		as.index = half->peer.index;
		as.at = half->peer.at;
		as.source = half->peer.source;
		half->peer = as;
		memcpy(half->response, g->response.data, RESPONSE_SIZE);
		half->ready = true;
	}
	pthread_mutex_unlock(&c->lock);
	sodium_memzero(&as, sizeof(as));
	return half && made;
}

void
greet_init(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct greeting g = {0};
	if (!rd_mac1_check(data, len, &c->own.public)) {
		core_count(c, COUNT_HANDSHAKES_BAD);
		return;
	}
	if (!welcome(c, out, p, from, data, len, now_ns) || again(c, out, p, from))
		return;
	if (!read_init(c, &g, p, now_ns) || !reserve(c, &g, p, from, now_ns))
		core_count(c, COUNT_HANDSHAKES_BAD);
	else if (settle(c, &g, p, write_response(&g, p)))
		out->send(out->ctx, from, g.response.data, g.response.len);
	rd_noise_finish(&g.noise);
	sodium_memzero(g.join, sizeof(g.join));
}

void
greet_ask(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, uint64_t now_ns)
{
	static const uint8_t salt[16];
	uint8_t nonce[16], room[REPLY_MAX];
	struct rd_cookie_jar jar;
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = room, .cap = sizeof(room)};
	if (!limit_allow(&c->ask, from, now_ns)) {
		core_count(c, COUNT_RATELIMITED_SOURCE);
		return;
	}
	admit_jar(c, &jar, now_ns);
	rd_cookie_nonce(&jar, from, now_ns, p->nonce, nonce);
	sodium_memzero(&jar, sizeof(jar));
	rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_TELL, .receiver = p->sender,
		.nonce = p->nonce, .nonce_host = nonce, .salt = salt, .key = c->own.public.bytes,
		.ways = RD_WAY_RELAY});
	out->send(out->ctx, from, b.data, b.len);
}

void
greet_stun(struct core *c, const struct core_out *out, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct rd_stun s;
	uint8_t answer[RD_STUN_MAX];
	if (rd_stun_parse(&s, data, len) != 0 || s.kind != RD_STUN_BINDING)
		return;
	if (!limit_allow(&c->stun, from, now_ns)) {
		core_count(c, COUNT_RATELIMITED_SOURCE);
		return;
	}
	s.kind = RD_STUN_SUCCESS;
	s.mapped = *from;
	size_t n = rd_stun_put(answer, &s);
	if (n > len)
		return;
	out->send(out->ctx, from, answer, n);
	core_count(c, COUNT_STUN);
}
