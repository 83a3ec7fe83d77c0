#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/relay_msg.h"

#define FLAG_PROOF 1
#define FLAG_BY_CODE 2

/* --- addresses --- */

static size_t
ip_size(uint8_t family)
{
	return family == 4 ? 4 : family == 6 ? 16 : 0;
}

void
rd_addr_pack(struct rd_buf *b, const struct rd_addr *a)
{
	size_t n = ip_size(a->family);

	rd_buf_u8(b, n ? a->family : 0);
	rd_buf_u8(b, 0);
	rd_buf_u16(b, n ? a->port : 0);
	rd_buf_bytes(b, a->ip, n);
}

/* An IPv4 address has one form only (net/addr.h). */
static bool
is_mapped(const struct rd_addr *a)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return a->family == 6 && memcmp(a->ip, prefix, sizeof(prefix)) == 0;
}

int
rd_addr_unpack(struct rd_reader *r, struct rd_addr *a)
{
	*a = (struct rd_addr){.family = rd_reader_u8(r)};
	uint8_t zero = rd_reader_u8(r);
	a->port = rd_reader_u16(r);
	size_t n = ip_size(a->family);
	const uint8_t *ip = rd_reader_bytes(r, n);
	if (r->bad || zero || (n == 0 && (a->family || a->port))) {
		*a = (struct rd_addr){0};
		return -EPROTO;
	}
	memcpy(a->ip, ip, n);
	if (!is_mapped(a))
		return 0;
	*a = (struct rd_addr){0};
	return -EPROTO;
}

/* --- reading --- */

/* Copies n bytes; nothing where they are missing. */
static void
take(struct rd_reader *r, void *out, size_t n)
{
	const uint8_t *p = rd_reader_bytes(r, n);

	if (p)
		memcpy(out, p, n);
}

/* Ends of before there was one do not write it. */
static void
take_program(struct rd_relay_msg *m, struct rd_reader *r)
{
	if (!r->bad && rd_reader_left(r) >= sizeof(m->program))
		m->program = rd_reader_u32(r);
}

static bool
take_datagram(struct rd_relay_msg *m, struct rd_reader *r)
{
	m->datagram_len = rd_reader_u16(r);
	m->datagram = rd_reader_bytes(r, m->datagram_len);
	return m->datagram_len <= RD_RELAY_FIRST_MAX;
}

static bool
take_register(struct rd_relay_msg *m, struct rd_reader *r)
{
	uint8_t flags = rd_reader_u8(r);
	m->has_proof = flags & FLAG_PROOF;
	m->by_code = flags & FLAG_BY_CODE;
	const uint8_t *proof = rd_reader_bytes(r, sizeof(m->proof));
	if (proof && m->has_proof)
		memcpy(m->proof, proof, sizeof(m->proof));
	take_program(m, r);
	return true;
}

static bool
take_unslot(struct rd_relay_msg *m, struct rd_reader *r)
{
	m->slot = rd_reader_u32(r);
	m->why = rd_reader_u8(r);
	return m->why >= RD_SLOT_USED && m->why <= RD_SLOT_WITHDRAWN;
}

static bool
take_connect(struct rd_relay_msg *m, struct rd_reader *r)
{
	uint8_t how = rd_reader_u8(r);

	m->by_key = how == 1;
	if (m->by_key)
		take(r, m->key.bytes, sizeof(m->key.bytes));
	else
		m->slot = rd_reader_u32(r);
	if (how > 1 || !take_datagram(m, r))
		return false;
	if (m->by_key)
		take_program(m, r);
	return true;
}

/* A policy is a wish: one that we do not know is none. */
static void
take_policy(struct rd_relay_msg *m, struct rd_reader *r)
{
	m->policy = rd_reader_u8(r);
	if (m->policy > RD_PATH_RELAY)
		m->policy = RD_PATH_AUTO;
}

static bool
take_registered(struct rd_relay_msg *m, struct rd_reader *r)
{
	m->seconds = rd_reader_u32(r);
	take_policy(m, r);
	return rd_addr_unpack(r, &m->addr) == 0;
}

static void
take_leg(struct rd_relay_msg *m, struct rd_reader *r)
{
	take(r, m->handle, sizeof(m->handle));
	take(r, m->ticket, sizeof(m->ticket));
}

static bool
take_offer(struct rd_relay_msg *m, struct rd_reader *r)
{
	m->slot = rd_reader_u32(r);
	take(r, m->key.bytes, sizeof(m->key.bytes));
	take_leg(m, r);
	return take_datagram(m, r);
}

static bool
take_body(struct rd_relay_msg *m, struct rd_reader *r)
{
	switch (m->type) {
	case RD_RELAY_REGISTER:
		return take_register(m, r);
	case RD_RELAY_UNSLOT:
		return take_unslot(m, r);
	case RD_RELAY_CONNECT:
		return take_connect(m, r);
	case RD_RELAY_KEEP:
	case RD_RELAY_SLOT:
	case RD_RELAY_BYE:
	case RD_RELAY_UNSLOTTED:
		return true;
	case RD_RELAY_REGISTERED:
		return take_registered(m, r);
	case RD_RELAY_KEPT:
		return rd_addr_unpack(r, &m->addr) == 0;
	case RD_RELAY_SLOT_IS:
		m->slot = rd_reader_u32(r);
		m->seconds = rd_reader_u32(r);
		return true;
	case RD_RELAY_CONNECTED:
		take_policy(m, r);
		take_leg(m, r);
		take_program(m, r);
		return true;
	case RD_RELAY_OFFER:
		return take_offer(m, r);
	case RD_RELAY_NO:
		m->of = rd_reader_u8(r);
		m->why = rd_reader_u8(r);
		m->seconds = rd_reader_u32(r);
		return true;
	case RD_RELAY_DRAIN:
		m->seconds = rd_reader_u32(r);
		return true;
	}
	return false;
}

int
rd_relay_msg_parse(struct rd_relay_msg *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	*m = (struct rd_relay_msg){.type = rd_reader_u8(&r)};
	uint8_t zero = rd_reader_u8(&r);
	m->request = rd_reader_u16(&r);
	return zero == 0 && take_body(m, &r) && !r.bad ? 0 : -EPROTO;
}

/* --- writing --- */

static void
put_datagram(struct rd_buf *b, const struct rd_relay_msg *m)
{
	rd_buf_u16(b, (uint16_t)m->datagram_len);
	rd_buf_bytes(b, m->datagram, m->datagram_len);
}

static void
put_program(struct rd_buf *b, const struct rd_relay_msg *m)
{
	if (m->program)
		rd_buf_u32(b, m->program);
}

static void
put_leg(struct rd_buf *b, const struct rd_relay_msg *m)
{
	rd_buf_bytes(b, m->handle, sizeof(m->handle));
	rd_buf_bytes(b, m->ticket, sizeof(m->ticket));
}

static void
put_request(struct rd_buf *b, const struct rd_relay_msg *m)
{
	static const uint8_t zeros[sizeof(m->proof)];

	switch (m->type) {
	case RD_RELAY_REGISTER:
		rd_buf_u8(b, (uint8_t)((m->has_proof ? FLAG_PROOF : 0) |
			(m->by_code ? FLAG_BY_CODE : 0)));
		rd_buf_bytes(b, m->has_proof ? m->proof : zeros, sizeof(m->proof));
		put_program(b, m);
		break;
	case RD_RELAY_UNSLOT:
		rd_buf_u32(b, m->slot);
		rd_buf_u8(b, m->why);
		break;
	case RD_RELAY_CONNECT:
		rd_buf_u8(b, m->by_key);
		if (m->by_key)
			rd_buf_bytes(b, m->key.bytes, sizeof(m->key.bytes));
		else
			rd_buf_u32(b, m->slot);
		put_datagram(b, m);
		if (m->by_key)
			put_program(b, m);
		break;
	default:
		break; /* nothing but its head */
	}
}

void
rd_relay_msg_pack(struct rd_buf *b, const struct rd_relay_msg *m)
{
	rd_buf_u8(b, (uint8_t)m->type);
	rd_buf_u8(b, 0);
	rd_buf_u16(b, m->request);
	switch (m->type) {
	case RD_RELAY_REGISTERED:
		rd_buf_u32(b, m->seconds);
		rd_buf_u8(b, m->policy);
		rd_addr_pack(b, &m->addr);
		break;
	case RD_RELAY_KEPT:
		rd_addr_pack(b, &m->addr);
		break;
	case RD_RELAY_SLOT_IS:
		rd_buf_u32(b, m->slot);
		rd_buf_u32(b, m->seconds);
		break;
	case RD_RELAY_CONNECTED:
		rd_buf_u8(b, m->policy);
		put_leg(b, m);
		put_program(b, m);
		break;
	case RD_RELAY_OFFER:
		rd_buf_u32(b, m->slot);
		rd_buf_bytes(b, m->key.bytes, sizeof(m->key.bytes));
		put_leg(b, m);
		put_datagram(b, m);
		break;
	case RD_RELAY_NO:
		rd_buf_u8(b, m->of);
		rd_buf_u8(b, m->why);
		rd_buf_u32(b, m->seconds);
		break;
	case RD_RELAY_DRAIN:
		rd_buf_u32(b, m->seconds);
		break;
	default:
		put_request(b, m);
		break;
	}
}

void
rd_join_proof(const uint8_t join[static RD_JOIN_KEY], const uint8_t hash[static 64],
	uint8_t out[static 32])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, join, RD_JOIN_KEY, 32);
	crypto_generichash_update(&st, (const uint8_t *)"rd-join", 7);
	crypto_generichash_update(&st, hash, 64);
	crypto_generichash_final(&st, out, 32);
	sodium_memzero(&st, sizeof(st));
}
