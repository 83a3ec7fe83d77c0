#ifndef TESTS_NET_FAKERELAY_H
#define TESTS_NET_FAKERELAY_H

/*
 * A relay for the tests of who uses one: real cryptography, real tickets, no
 * limits and no I/O. Datagrams in, datagrams out by `send`. What a relay must
 * withstand is tested with the real one (tests/rd-relay).
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sodium.h>

#include "net/cookie.h"
#include "net/noise.h"
#include "net/relay_msg.h"
#include "net/relay_packet.h"
#include "net/replay.h"
#include "net/stun.h"
#include "net/ticket.h"

#define FAKE_PEERS 64
#define FAKE_LEGS 64
#define FAKE_SLOTS 16

struct fake_peer {
	uint32_t own, peer;		/* own 0: free */
	uint64_t time, number, used_ns;
	uint8_t role, send[32], recv[32], hash[RD_NOISE_HASH], init[16];
	uint8_t response[256];
	size_t response_len;
	struct rd_replay replay;
	struct rd_key key;
	struct rd_addr addr;
	bool confirmed, registered;
	struct { uint16_t request; bool there; unsigned leg; } connects[4];
};

struct fake_leg {
	bool there;
	uint8_t handle[RD_HANDLE], ticket[RD_TICKET];
	unsigned other;
	struct rd_addr addr;		/* family 0: not bound */
};

struct fake_slot { uint32_t slot; uint16_t request; struct rd_key host; uint8_t over; };

struct fakerelay {
	struct rd_keypair key;
	uint8_t ticket_key[RD_TICKET_KEY];
	struct rd_cookie_jar jar;
	bool busy;			/* asks for cookies */
	bool deaf;			/* is not there at all */
	bool has_join;
	uint8_t join[RD_JOIN_KEY];
	uint8_t no_register, no_connect;	/* what it says NO with; 0: it does not */
	uint32_t retry_s, lifetime_s;
	enum rd_path_policy policy;
	bool forget_tickets;		/* takes none */
	bool deaf_to_stun;

	struct fake_peer peers[FAKE_PEERS];
	struct fake_leg legs[FAKE_LEGS];
	struct fake_slot slots[FAKE_SLOTS];
	uint32_t slot;			/* the last one given */
	unsigned asks, inits, registers, keeps, connects, offers, binds, challenges, forwarded, byes,
		stuns, unslots;

	void (*send)(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len);
	void *ctx;
};

static inline void
fakerelay_init(struct fakerelay *f,
	void (*send)(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len), void *ctx)
{
	memset(f, 0, sizeof(*f));
	rd_keypair_new(&f->key);
	randombytes_buf(f->ticket_key, sizeof(f->ticket_key));
	f->lifetime_s = 90;
	f->slot = 6;
	f->send = send;
	f->ctx = ctx;
}

/* It is started anew: it knows its own keys, and nobody. */
static inline void
fakerelay_restart(struct fakerelay *f)
{
	memset(f->peers, 0, sizeof(f->peers));
	memset(f->legs, 0, sizeof(f->legs));
	memset(f->slots, 0, sizeof(f->slots));
	f->slot += 100;
}

static inline void
fake_out(struct fakerelay *f, const struct rd_addr *to, struct rd_buf *b)
{
	f->send(f->ctx, to, b->data, b->len);
	rd_buf_finish(b);
}

static inline void
fake_nonce(uint64_t number, uint8_t nonce[static 12])
{
	memset(nonce, 0, 4);
	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(number >> 8 * i);
}

static inline void
fake_say(struct fakerelay *f, struct fake_peer *p, const struct rd_relay_msg *m)
{
	struct rd_buf message = {0}, out = {0};
	uint8_t nonce[12];
	unsigned long long n;
	rd_relay_msg_pack(&message, m);
	rd_packet_pack(&out, &(struct rd_packet){.type = RD_PACKET_DATA, .receiver = p->peer,
		.number = p->number});
	fake_nonce(p->number++, nonce);
	rd_buf_room(&out, message.len + 16);
	crypto_aead_chacha20poly1305_ietf_encrypt(out.data + RD_PACKET_DATA_HEADER, &n,
		message.data, message.len, out.data, RD_PACKET_DATA_HEADER, NULL, nonce, p->send);
	out.len += (size_t)n;
	rd_buf_finish(&message);
	fake_out(f, &p->addr, &out);
}

static inline void
fake_no(struct fakerelay *f, struct fake_peer *p, const struct rd_relay_msg *m, uint8_t why)
{
	fake_say(f, p, &(struct rd_relay_msg){.type = RD_RELAY_NO, .request = m->request,
		.of = (uint8_t)m->type, .why = why, .seconds = f->retry_s});
}

/* --- handshakes --- */

static inline void
fake_ask(struct fakerelay *f, const struct rd_packet *p, const struct rd_addr *from)
{
	static const uint8_t zero[16];
	struct rd_buf b = {0};
	f->asks++;
	rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_TELL, .receiver = p->sender,
		.nonce = p->nonce, .nonce_host = zero, .salt = zero, .key = f->key.public.bytes,
		.ways = RD_WAY_RELAY});
	fake_out(f, from, &b);
}

static inline void
fake_respond(struct fakerelay *f, struct fake_peer *p, struct rd_noise *n, const struct rd_packet *in)
{
	struct rd_buf payload = {0}, b = {0};
	uint8_t noise[256];
	rd_buf_u16(&payload, RD_RELAY_VERSION);
	rd_buf_u32(&payload, f->lifetime_s);
	int len = rd_noise_write(n, payload.data, payload.len, noise);
	rd_buf_finish(&payload);
	if (len < 0)
		abort();
	rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_RESPONSE, .sender = p->own,
		.receiver = in->sender, .noise = noise, .noise_len = (size_t)len});
	rd_mac1_put(b.data, b.len, &p->key);
	memcpy(p->response, b.data, b.len);
	p->response_len = b.len;
	rd_noise_split(n, p->send, p->recv);
	memcpy(p->hash, rd_noise_hash(n), sizeof(p->hash));
	rd_buf_finish(&b);
}

static inline struct fake_peer *
fake_peer_new(struct fakerelay *f, uint64_t now_ns)
{
	struct fake_peer *oldest = &f->peers[0];
	for (unsigned i = 0; i < FAKE_PEERS; i++) {
		if (f->peers[i].own == 0) {
			oldest = &f->peers[i];
			break;
		}
		if (f->peers[i].used_ns < oldest->used_ns)
			oldest = &f->peers[i];
	}
	*oldest = (struct fake_peer){.used_ns = now_ns};
	do
		oldest->own = randombytes_random();
	while (oldest->own == 0);
	return oldest;
}

static inline void
fake_init(struct fakerelay *f, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	uint8_t payload[256], seen[16];
	struct rd_noise n;
	f->inits++;
	if (!rd_mac1_check(data, len, &f->key.public))
		return;
	if (f->busy && !rd_cookie_check(&f->jar, from, now_ns, data, len)) {
		struct rd_buf b = {0};
		rd_cookie_reply(&f->jar, from, now_ns, &f->key.public, data, len, p->sender, &b);
		fake_out(f, from, &b);
		return;
	}
	crypto_generichash(seen, sizeof(seen), p->noise, p->noise_len, NULL, 0);
	for (unsigned i = 0; i < FAKE_PEERS; i++) {
		struct fake_peer *q = &f->peers[i];
		if (q->own && !q->confirmed && memcmp(q->init, seen, sizeof(seen)) == 0) {
			f->send(f->ctx, from, q->response, q->response_len);
			return;
		}
	}
	rd_noise_start(&n, &(struct rd_noise_init){.pattern = RD_NOISE_IK,
		.prologue = RD_RELAY_PROLOGUE, .prologue_len = strlen(RD_RELAY_PROLOGUE), .s = &f->key});
	int got = rd_noise_read(&n, p->noise, p->noise_len, payload);
	struct rd_reader r;
	rd_reader_init(&r, payload, got > 0 ? (size_t)got : 0);
	uint64_t time = rd_reader_u64(&r);
	uint16_t version = rd_reader_u16(&r);
	uint8_t role = rd_reader_u8(&r);
	if (got < 0 || r.bad || version != RD_RELAY_VERSION)
		return;
	for (unsigned i = 0; i < FAKE_PEERS; i++)
		if (f->peers[i].own && rd_key_equal(&f->peers[i].key, rd_noise_peer(&n)) &&
			f->peers[i].confirmed && f->peers[i].time >= time)
			return; /* a replay */
	struct fake_peer *peer = fake_peer_new(f, now_ns);
	peer->peer = p->sender;
	peer->role = role;
	peer->time = time;
	peer->key = *rd_noise_peer(&n);
	peer->addr = *from;
	memcpy(peer->init, seen, sizeof(seen));
	fake_respond(f, peer, &n, p);
	f->send(f->ctx, from, peer->response, peer->response_len);
	rd_noise_finish(&n);
}

/* --- requests --- */

static inline void
fake_register(struct fakerelay *f, struct fake_peer *p, const struct rd_relay_msg *m)
{
	uint8_t proof[32];
	f->registers++;
	rd_join_proof(f->join, p->hash, proof);
	if (f->no_register) {
		fake_no(f, p, m, f->no_register);
		return;
	}
	if (f->has_join && (!m->has_proof || memcmp(proof, m->proof, sizeof(proof)) != 0)) {
		fake_no(f, p, m, m->has_proof ? RD_NO_JOIN_KEY : RD_NO_ADMISSION);
		return;
	}
	p->registered = true;
	fake_say(f, p, &(struct rd_relay_msg){.type = RD_RELAY_REGISTERED, .request = m->request,
		.seconds = 90, .policy = (uint8_t)f->policy, .addr = p->addr});
}

static inline void
fake_slot_request(struct fakerelay *f, struct fake_peer *p, const struct rd_relay_msg *m)
{
	struct fake_slot *free_slot = NULL;
	if (!p->registered) {
		fake_no(f, p, m, RD_NO_NOT_REGISTERED);
		return;
	}
	for (unsigned i = 0; i < FAKE_SLOTS; i++) {
		struct fake_slot *s = &f->slots[i];
		if (!s->slot && !free_slot)
			free_slot = s;
		if (s->slot && !s->over && s->request == m->request &&
			rd_key_equal(&s->host, &p->key)) {
			free_slot = s;
			break;
		}
	}
	if (!free_slot) {
		fake_no(f, p, m, RD_NO_BUSY);
		return;
	}
	if (!free_slot->slot)
		*free_slot = (struct fake_slot){.slot = ++f->slot, .request = m->request, .host = p->key};
	fake_say(f, p, &(struct rd_relay_msg){.type = RD_RELAY_SLOT_IS, .request = m->request,
		.slot = free_slot->slot, .seconds = 600});
}

static inline void
fake_unslot(struct fakerelay *f, struct fake_peer *p, const struct rd_relay_msg *m)
{
	f->unslots++;
	for (unsigned i = 0; i < FAKE_SLOTS; i++)
		if (f->slots[i].slot == m->slot && rd_key_equal(&f->slots[i].host, &p->key))
			f->slots[i].over = m->why;
	fake_say(f, p, &(struct rd_relay_msg){.type = RD_RELAY_UNSLOTTED, .request = m->request});
}

static inline struct fake_peer *
fake_host(struct fakerelay *f, const struct rd_key *key)
{
	struct fake_peer *found = NULL;
	for (unsigned i = 0; i < FAKE_PEERS; i++) {
		struct fake_peer *p = &f->peers[i];
		if (p->own && p->registered && rd_key_equal(&p->key, key) &&
			(!found || p->time > found->time))
			found = p;
	}
	return found;
}

static inline void
fake_ticket(struct fakerelay *f, unsigned leg, unsigned side, const struct rd_addr *to)
{
	struct fake_leg *l = &f->legs[leg];
	struct rd_ticket t = {.leg = (uint8_t)side, .session = leg / 2, .not_after_s = UINT32_MAX,
		.issued_to = *to};
	memcpy(t.handle, l->handle, RD_HANDLE);
	memcpy(t.other, f->legs[l->other].handle, RD_HANDLE);
	rd_ticket_seal(&t, f->ticket_key, l->ticket);
	l->addr = *to;
}

static inline int
fake_session_new(struct fakerelay *f, const struct rd_addr *viewer, const struct rd_addr *host)
{
	for (unsigned i = 0; i < FAKE_LEGS; i += 2) {
		if (f->legs[i].there || f->legs[i + 1].there)
			continue;
		for (unsigned k = 0; k < 2; k++) {
			f->legs[i + k] = (struct fake_leg){.there = true, .other = i + 1 - k};
			randombytes_buf(f->legs[i + k].handle, RD_HANDLE);
		}
		fake_ticket(f, i, 0, viewer);
		fake_ticket(f, i + 1, 1, host);
		return (int)i;
	}
	return -1;
}

static inline void
fake_offer(struct fakerelay *f, struct fake_peer *viewer, struct fake_peer *host, unsigned leg,
	const struct rd_relay_msg *m)
{
	struct rd_relay_msg connected = {.type = RD_RELAY_CONNECTED, .request = m->request,
		.policy = (uint8_t)f->policy};
	struct rd_relay_msg offer = {.type = RD_RELAY_OFFER, .slot = m->by_key ? 0 : m->slot,
		.key = viewer->key, .datagram = m->datagram, .datagram_len = m->datagram_len};
	memcpy(connected.handle, f->legs[leg].handle, RD_HANDLE);
	memcpy(connected.ticket, f->legs[leg].ticket, RD_TICKET);
	memcpy(offer.handle, f->legs[leg + 1].handle, RD_HANDLE);
	memcpy(offer.ticket, f->legs[leg + 1].ticket, RD_TICKET);
	f->offers++;
	fake_say(f, viewer, &connected);
	fake_say(f, host, &offer);
}

static inline void
fake_connect(struct fakerelay *f, struct fake_peer *p, const struct rd_relay_msg *m)
{
	const struct fake_slot *slot = NULL;
	f->connects++;
	for (unsigned i = 0; i < FAKE_SLOTS && !m->by_key; i++)
		if (f->slots[i].slot && f->slots[i].slot == m->slot)
			slot = &f->slots[i];
	struct fake_peer *host = m->by_key ? fake_host(f, &m->key) : slot ? fake_host(f, &slot->host) :
		NULL;
	uint8_t why = f->no_connect;
	if (!why && !m->by_key && !slot)
		why = RD_NO_SLOT;
	if (!why && slot && slot->over)
		why = slot->over == RD_SLOT_BURNT ? RD_NO_SLOT_BURNT : RD_NO_SLOT_USED;
	if (!why && !host)
		why = RD_NO_HOST;
	if (why) {
		fake_no(f, p, m, why);
		return;
	}
	for (unsigned i = 0; i < 4; i++)
		if (p->connects[i].there && p->connects[i].request == m->request) {
			fake_offer(f, p, host, p->connects[i].leg, m);
			return;
		}
	int leg = fake_session_new(f, &p->addr, &host->addr);
	if (leg < 0) {
		fake_no(f, p, m, RD_NO_BUSY);
		return;
	}
	for (unsigned i = 0; i < 4; i++)
		if (!p->connects[i].there || i == 3) {
			p->connects[i].there = true;
			p->connects[i].request = m->request;
			p->connects[i].leg = (unsigned)leg;
			break;
		}
	fake_offer(f, p, host, (unsigned)leg, m);
}

static inline void
fake_message(struct fakerelay *f, struct fake_peer *p, const struct rd_relay_msg *m)
{
	switch (m->type) {
	case RD_RELAY_REGISTER:
		fake_register(f, p, m);
		break;
	case RD_RELAY_KEEP:
		f->keeps++;
		if (p->role == RD_ROLE_HOST && !p->registered)
			fake_no(f, p, m, RD_NO_NOT_REGISTERED);
		else
			fake_say(f, p, &(struct rd_relay_msg){.type = RD_RELAY_KEPT,
				.request = m->request, .addr = p->addr});
		break;
	case RD_RELAY_SLOT:
		fake_slot_request(f, p, m);
		break;
	case RD_RELAY_UNSLOT:
		fake_unslot(f, p, m);
		break;
	case RD_RELAY_CONNECT:
		fake_connect(f, p, m);
		break;
	case RD_RELAY_BYE:
		f->byes++;
		memset(p, 0, sizeof(*p));
		break;
	default:
		break;
	}
}

static inline void
fake_data(struct fakerelay *f, const struct rd_packet *packet, const struct rd_addr *from,
	uint8_t *data, uint64_t now_ns)
{
	uint8_t nonce[12], *body = data + RD_PACKET_DATA_HEADER;
	unsigned long long n;
	struct rd_relay_msg m;
	for (unsigned i = 0; i < FAKE_PEERS; i++) {
		struct fake_peer *p = &f->peers[i];
		if (!p->own || p->own != packet->receiver || !rd_replay_fresh(&p->replay, packet->number))
			continue;
		fake_nonce(packet->number, nonce);
		if (crypto_aead_chacha20poly1305_ietf_decrypt(body, &n, NULL, body, packet->noise_len,
				data, RD_PACKET_DATA_HEADER, nonce, p->recv) != 0)
			return;
		if (packet->number >= p->replay.next)
			p->addr = *from;
		rd_replay_mark(&p->replay, packet->number);
		p->confirmed = true;
		p->used_ns = now_ns;
		if (rd_relay_msg_parse(&m, body, (size_t)n) == 0)
			fake_message(f, p, &m);
		return;
	}
}

/* --- legs --- */

static inline struct fake_leg *
fake_leg(struct fakerelay *f, const uint8_t *handle)
{
	for (unsigned i = 0; i < FAKE_LEGS; i++)
		if (f->legs[i].there && memcmp(f->legs[i].handle, handle, RD_HANDLE) == 0)
			return &f->legs[i];
	return NULL;
}

static inline void
fake_forward(struct fakerelay *f, const struct rd_addr *from, struct rd_relay_packet *p,
	uint8_t *data, size_t len)
{
	struct rd_buf b = {0};
	struct fake_leg *l = fake_leg(f, p->handle);
	if (!l) {
		rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_GONE,
			.handle = p->handle});
		fake_out(f, from, &b);
		return;
	}
	struct fake_leg *other = &f->legs[l->other];
	if (!rd_addr_equal(&l->addr, from) || !other->addr.family)
		return;
	rd_relayed_put(data, p->traffic_class, false, other->handle);
	f->forwarded++;
	f->send(f->ctx, &other->addr, data, len);
}

static inline struct fake_leg *
fake_revive(struct fakerelay *f, const struct rd_ticket *t)
{
	struct fake_leg *l = fake_leg(f, t->handle);
	for (unsigned i = 0; !l && i < FAKE_LEGS; i += 2) {
		if (f->legs[i].there)
			continue;
		for (unsigned k = 0; k < 2; k++) {
			f->legs[i + k] = (struct fake_leg){.there = true, .other = i + 1 - k};
			memcpy(f->legs[i + k].handle, k == t->leg ? t->handle : t->other, RD_HANDLE);
		}
		l = &f->legs[i + t->leg];
	}
	return l;
}

static inline void
fake_bind(struct fakerelay *f, const struct rd_addr *from, const struct rd_relay_packet *p,
	uint64_t now_ns)
{
	struct rd_ticket t;
	struct rd_buf b = {0};
	uint8_t cookie[RD_RELAY_COOKIE];
	struct rd_addr plain = *from;
	plain.carrier = 0;
	f->binds++;
	rd_cookie_make(&f->jar, from, now_ns, cookie);
	struct rd_relay_packet bound = {.type = RD_RELAY_BOUND, .mark = p->mark,
		.why = RD_BOUND_TICKET, .handle = p->ticket};
	if (!f->forget_tickets && rd_ticket_open(&t, f->ticket_key, p->ticket) == 0) {
		struct fake_leg *l = fake_revive(f, &t);
		if (!rd_addr_equal(&t.issued_to, &plain) && sodium_memcmp(cookie, p->cookie, 16) != 0) {
			f->challenges++;
			rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_CHALLENGED,
				.mark = p->mark, .cookie = cookie});
			fake_out(f, from, &b);
			return;
		}
		bound.why = l ? RD_BOUND_OK : RD_BOUND_FULL;
		bound.handle = t.handle;
		if (l)
			l->addr = *from;
	}
	rd_relay_packet_pack(&b, &bound);
	fake_out(f, from, &b);
}

static inline void
fakerelay_drain(struct fakerelay *f, uint32_t seconds)
{
	for (unsigned i = 0; i < FAKE_PEERS; i++)
		if (f->peers[i].own && f->peers[i].registered)
			fake_say(f, &f->peers[i],
				&(struct rd_relay_msg){.type = RD_RELAY_DRAIN, .seconds = seconds});
}

static inline void
fakerelay_receive(struct fakerelay *f, const struct rd_addr *from, uint8_t *data, size_t len,
	uint64_t now_ns)
{
	struct rd_relay_packet r;
	struct rd_packet p;
	struct rd_stun s;
	if (f->deaf)
		return;
	if (rd_stun_is(data, len)) {
		uint8_t out[RD_STUN_MAX];
		if (rd_stun_parse(&s, data, len) != 0 || s.kind != RD_STUN_BINDING)
			return;
		f->stuns++;
		if (f->deaf_to_stun)
			return;
		s.kind = RD_STUN_SUCCESS;
		s.mapped = *from;
		f->send(f->ctx, from, out, rd_stun_put(out, &s));
		return;
	}
	if (rd_relay_packet_is(data, len)) {
		if (rd_relay_packet_parse(&r, data, len) != 0)
			return;
		if (r.type == RD_RELAY_RELAYED)
			fake_forward(f, from, &r, data, len);
		else if (r.type == RD_RELAY_BIND)
			fake_bind(f, from, &r, now_ns);
		return;
	}
	if (rd_packet_parse(&p, data, len) != 0)
		return;
	if (p.type == RD_PACKET_ASK)
		fake_ask(f, &p, from);
	else if (p.type == RD_PACKET_INIT)
		fake_init(f, &p, from, data, len, now_ns);
	else if (p.type == RD_PACKET_DATA)
		fake_data(f, &p, from, data, now_ns);
}

#endif
