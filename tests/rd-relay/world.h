#ifndef TESTS_RD_RELAY_WORLD_H
#define TESTS_RD_RELAY_WORLD_H

/*
 * A relay's core, ends that talk with it, and what it sends, on a clock of the
 * test's. The ends are written anew here, from the pages, and share with the
 * core only what packs and parses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/mem.h"
#include "net/noise.h"
#include "rd-relay/core_priv.h"

#define S NS_PER_S
#define MS (NS_PER_S / 1000)
#define MAIL 512

struct mail { struct rd_addr to; size_t len; uint8_t data[1500]; };

struct world {
	struct core *core;
	struct core_config cfg;
	struct core_out out;
	uint64_t now_ns;
	struct mail *mail;		/* of MAIL, those sent last; a ring */
	unsigned sent, read;
	unsigned events[CORE_SLOT_OVER + 1];
	struct core_event last[CORE_SLOT_OVER + 1];
};

struct end {
	struct world *w;
	struct rd_keypair keys;
	struct rd_addr addr;
	enum rd_relay_role role;
	uint32_t index, theirs;
	uint64_t number;		/* of its next DATA */
	uint16_t request;
	uint64_t time_ns;		/* of its next INIT */
	struct rd_noise noise;
	uint8_t send[32], recv[32], hash[64];
	uint8_t last[1500];		/* the last datagram it sent, as sent */
	size_t last_len;
	uint8_t heard[1500];
};

static inline struct rd_addr
addr_of(unsigned host, unsigned port)
{
	struct rd_addr a = {.family = 4, .port = (uint16_t)port};
	a.ip[0] = 10;
	a.ip[1] = (uint8_t)(host >> 16);
	a.ip[2] = (uint8_t)(host >> 8);
	a.ip[3] = (uint8_t)host;
	return a;
}

static inline void
world_send(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct world *w = ctx;
	struct mail *m = &w->mail[w->sent++ % MAIL];
	assert_true(len <= sizeof(m->data));
	m->to = *to;
	m->len = len;
	memcpy(m->data, data, len);
	if (w->sent - w->read > MAIL)
		w->read = w->sent - MAIL;
}

static inline void
world_event(void *ctx, const struct core_event *e)
{
	struct world *w = ctx;
	w->events[e->what]++;
	w->last[e->what] = *e;
}

static inline void
world_open(struct world *w)
{
	w->core = core_new(&w->cfg, world_event, w);
}

/* A relay that wants a join key. Change w->cfg and world_restart for another. */
static inline void
world_init(struct world *w)
{
	assert_true(sodium_init() >= 0);
	memset(w, 0, sizeof(*w));
	rd_keypair_new(&w->cfg.key);
	w->cfg.has_join = true;
	memset(w->cfg.join, 7, sizeof(w->cfg.join));
	w->cfg.max_peers = 1000;
	w->cfg.max_sessions = 256;
	w->now_ns = 1000 * S;
	w->cfg.wall_offset_ns = 1700000000 * S;
	w->mail = xcalloc(MAIL, sizeof(*w->mail));
	w->out = (struct core_out){.send = world_send, .ctx = w};
	world_open(w);
}

static inline void
world_restart(struct world *w)
{
	core_free(w->core);
	world_open(w);
	w->read = w->sent;
}

static inline void
world_finish(struct world *w)
{
	core_free(w->core);
	free(w->mail);
}

/* Goes on for so long, with the ticks that belong to it. */
static inline void
world_wait(struct world *w, uint64_t ns)
{
	uint64_t end = w->now_ns + ns;
	while (w->now_ns < end) {
		w->now_ns = w->now_ns + 100 * MS < end ? w->now_ns + 100 * MS : end;
		core_tick(w->core, &w->out, w->now_ns);
	}
}

static inline void
world_give(struct world *w, const struct rd_addr *from, const uint8_t *data, size_t len)
{
	uint8_t copy[2000];
	memcpy(copy, data, len);
	core_datagram(w->core, &w->out, from, copy, len, w->now_ns);
}

/* The next datagram to that address; those to others before it are passed over. NULL: none. */
static inline const struct mail *
world_mail(struct world *w, const struct rd_addr *to)
{
	while (w->read < w->sent) {
		const struct mail *m = &w->mail[w->read++ % MAIL];
		if (rd_addr_equal(&m->to, to))
			return m;
	}
	return NULL;
}

static inline struct core_stats
world_stats(const struct world *w)
{
	struct core_stats s;
	core_stats(w->core, &s);
	return s;
}

/* --- ends --- */

static inline void
end_init(struct end *e, struct world *w, enum rd_relay_role role, unsigned host)
{
	*e = (struct end){.w = w, .role = role, .addr = addr_of(host, 5000), .time_ns = 1};
	rd_keypair_new(&e->keys);
}

/* An INIT, in `last`. */
static inline void
end_make_init(struct end *e)
{
	uint8_t payload[11], noise[sizeof(payload) + 96];
	struct rd_buf b = {.data = payload, .cap = sizeof(payload)};
	rd_buf_u64(&b, e->time_ns++);
	rd_buf_u16(&b, RD_RELAY_VERSION);
	rd_buf_u8(&b, (uint8_t)e->role);
	rd_noise_start(&e->noise, &(struct rd_noise_init){.pattern = RD_NOISE_IK, .initiator = true,
		.prologue = RD_RELAY_PROLOGUE, .prologue_len = strlen(RD_RELAY_PROLOGUE),
		.s = &e->keys, .rs = &e->w->cfg.key.public});
	int len = rd_noise_write(&e->noise, payload, sizeof(payload), noise);
	assert_int_equal(len, sizeof(noise));
	e->index = randombytes_random();
	struct rd_buf out = {.data = e->last, .cap = sizeof(e->last)};
	rd_packet_pack(&out, &(struct rd_packet){.type = RD_PACKET_INIT, .sender = e->index,
		.noise = noise, .noise_len = (size_t)len});
	rd_mac1_put(e->last, out.len, &e->w->cfg.key.public);
	e->last_len = out.len;
}

/* Sends what is in `last`, perhaps again. */
static inline void
end_send(struct end *e)
{
	world_give(e->w, &e->addr, e->last, e->last_len);
}

/* A RESPONSE, if one has come, is taken. */
static inline bool
end_take_response(struct end *e)
{
	struct rd_packet p;
	uint8_t payload[64];
	const struct mail *m = world_mail(e->w, &e->addr);
	if (!m || rd_packet_parse(&p, m->data, m->len) != 0 || p.type != RD_PACKET_RESPONSE)
		return false;
	assert_true(m->len <= e->last_len);
	assert_int_equal(p.receiver, e->index);
	assert_true(rd_mac1_check(m->data, m->len, &e->keys.public));
	struct rd_noise n = e->noise;
	assert_int_equal(rd_noise_read(&n, p.noise, p.noise_len, payload), 6);
	struct rd_reader r;
	rd_reader_init(&r, payload, 6);
	assert_int_equal(rd_reader_u16(&r), RD_RELAY_VERSION);
	assert_int_equal(rd_reader_u32(&r), 90);
	e->theirs = p.sender;
	e->number = 0;
	rd_noise_split(&n, e->send, e->recv);
	memcpy(e->hash, rd_noise_hash(&n), sizeof(e->hash));
	return true;
}

static inline bool
end_open(struct end *e)
{
	end_make_init(e);
	end_send(e);
	return end_take_response(e);
}

static inline void
nonce_of(uint64_t number, uint8_t nonce[12])
{
	memset(nonce, 0, 12);
	memcpy(nonce + 4, &number, 8);
}

static inline void
end_seal(struct end *e, const struct rd_relay_msg *m)
{
	uint8_t nonce[12];
	unsigned long long sealed;
	struct rd_buf head = {.data = e->last, .cap = 16};
	struct rd_buf body = {.data = e->last + 16, .cap = sizeof(e->last) - 32};
	rd_packet_pack(&head, &(struct rd_packet){.type = RD_PACKET_DATA, .receiver = e->theirs,
		.number = e->number});
	rd_relay_msg_pack(&body, m);
	nonce_of(e->number++, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(e->last + 16, &sealed, body.data, body.len,
		e->last, 16, NULL, nonce, e->send);
	e->last_len = 16 + (size_t)sealed;
}

/* A request, with a new number where it has none. */
static inline void
end_say(struct end *e, struct rd_relay_msg m)
{
	m.request = m.request ? m.request : ++e->request;
	end_seal(e, &m);
	end_send(e);
}

/* The next message to it. Type 0: none. Its datagram is borrowed of the end. */
static inline struct rd_relay_msg
end_hear(struct end *e)
{
	struct rd_packet p;
	struct rd_relay_msg msg = {0};
	uint8_t nonce[12];
	unsigned long long len;
	const struct mail *m = world_mail(e->w, &e->addr);
	if (!m)
		return msg;
	assert_int_equal(rd_packet_parse(&p, m->data, m->len), 0);
	assert_int_equal(p.type, RD_PACKET_DATA);
	assert_int_equal(p.receiver, e->index);
	nonce_of(p.number, nonce);
	assert_int_equal(crypto_aead_chacha20poly1305_ietf_decrypt(e->heard, &len, NULL, p.noise,
		p.noise_len, m->data, 16, nonce, e->recv), 0);
	assert_int_equal(rd_relay_msg_parse(&msg, e->heard, (size_t)len), 0);
	return msg;
}

static inline struct rd_relay_msg
end_asks(struct end *e, struct rd_relay_msg m)
{
	e->w->read = e->w->sent;
	end_say(e, m);
	return end_hear(e);
}

/* Asks, and is told no: why. */
static inline unsigned
end_is_refused(struct end *e, struct rd_relay_msg m)
{
	struct rd_relay_msg a = end_asks(e, m);
	assert_int_equal(a.type, RD_RELAY_NO);
	assert_int_equal(a.of, m.type);
	return a.why;
}

static inline struct rd_relay_msg
register_with(const struct end *e, const uint8_t join[RD_JOIN_KEY])
{
	struct rd_relay_msg m = {.type = RD_RELAY_REGISTER, .has_proof = join != NULL};
	if (join)
		rd_join_proof(join, e->hash, m.proof);
	return m;
}

/* A host that is registered. */
static inline void
end_host(struct end *e, struct world *w, unsigned host)
{
	end_init(e, w, RD_ROLE_HOST, host);
	assert_true(end_open(e));
	assert_int_equal(end_asks(e, register_with(e, w->cfg.join)).type, RD_RELAY_REGISTERED);
}

static inline void
end_viewer(struct end *e, struct world *w, unsigned host)
{
	end_init(e, w, RD_ROLE_VIEWER, host);
	assert_true(end_open(e));
}

static inline uint32_t
end_slot(struct end *e)
{
	struct rd_relay_msg m = end_asks(e, (struct rd_relay_msg){.type = RD_RELAY_SLOT});
	assert_int_equal(m.type, RD_RELAY_SLOT_IS);
	assert_true(m.slot > 0);
	return m.slot;
}

static inline struct rd_relay_msg
connect_slot(uint32_t slot)
{
	return (struct rd_relay_msg){.type = RD_RELAY_CONNECT, .slot = slot,
		.datagram = (const uint8_t *)"first", .datagram_len = 5};
}

static inline struct rd_relay_msg
connect_key(const struct end *host)
{
	return (struct rd_relay_msg){.type = RD_RELAY_CONNECT, .by_key = true,
		.key = host->keys.public, .datagram = (const uint8_t *)"first", .datagram_len = 5};
}

/* The leg of each end, once they have met. */
struct met { struct rd_relay_msg viewer, host; };

static inline struct met
ends_meet(struct end *viewer, struct end *host, struct rd_relay_msg m)
{
	struct met met = {.viewer = end_asks(viewer, m)};
	assert_int_equal(met.viewer.type, RD_RELAY_CONNECTED);
	met.host = end_hear(host);
	assert_int_equal(met.host.type, RD_RELAY_OFFER);
	return met;
}

static inline bool
routed(struct world *w, const struct rd_addr *from, const uint8_t handle[RD_HANDLE],
	struct core_route *r, enum core_drop *why)
{
	return core_route(w->core, from, handle, 1, 1000, w->now_ns, r, why);
}

/* From there, by that handle, it goes to that end by that one. */
static inline void
assert_routed(struct world *w, const struct rd_addr *from, const uint8_t *handle,
	const struct rd_addr *to, const uint8_t *other)
{
	struct core_route r;
	enum core_drop why;
	assert_true(routed(w, from, handle, &r, &why));
	assert_true(rd_addr_equal(&r.to, to));
	assert_memory_equal(r.handle, other, RD_HANDLE);
}

static inline void
assert_dropped(struct world *w, const struct rd_addr *from, const uint8_t *handle,
	enum core_drop expected)
{
	struct core_route r;
	enum core_drop why;
	assert_false(routed(w, from, handle, &r, &why));
	assert_int_equal(why, expected);
}

#endif
