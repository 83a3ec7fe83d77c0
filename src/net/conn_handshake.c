#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/conn_priv.h"

#define RETRY_MAX_NS (UINT64_C(2000) * 1000000)
#define RETRY_JITTER 10	/* ± per cent */

void
rd_handshake_new(struct rd_conn *c, uint64_t now_ns)
{
	c->hs = xcalloc(1, sizeof(*c->hs));
	c->hs->retry_ns = UINT64_MAX;
	c->hs->give_up_ns = now_ns + RD_CONN_HALF_OPEN_NS;
}

void
rd_handshake_free(struct rd_conn *c)
{
	if (!c->hs)
		return;
	rd_buf_finish(&c->hs->out);
	rd_inits_finish(&c->hs->inits);
	rd_noise_finish(&c->hs->noise);
	rd_cpace_wipe(&c->hs->cpace);
	sodium_memzero(c->hs, sizeof(*c->hs));
	free(c->hs);
	c->hs = NULL;
}

struct rd_params
rd_handshake_params(const struct rd_conn *c)
{
	return (struct rd_params){.version = RD_SESSION_VERSION, .window = RD_MUX_WINDOW,
		.stream_window = RD_MUX_STREAM_WINDOW, .units_window = RD_MUX_UNITS_WINDOW,
		.unit_max = c->cfg.unit_max};
}

void
rd_handshake_say(struct rd_conn *c, enum rd_conn_state state)
{
	c->state = state;
	c->hs->due = true;
	c->hs->ask_due = false;
	c->hs->wait_ns = RD_CONN_RETRY_NS;
	c->hs->retry_ns = UINT64_MAX; /* counts from when it is sent */
}

/* So that viewers who lost the same host at the same time do not come back in step. */
static uint64_t
jitter(uint64_t ns)
{
	uint64_t percent = 100 - RETRY_JITTER + randombytes_uniform(2 * RETRY_JITTER + 1);
	return ns / 100 * percent;
}

static void
said(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_handshake *hs = c->hs;
	hs->due = false;
	c->asked_ns = now_ns;
	if (!c->initiator)
		return;
	hs->retry_ns = now_ns + jitter(hs->wait_ns);
	hs->wait_ns = hs->wait_ns * 2 < RETRY_MAX_NS ? hs->wait_ns * 2 : RETRY_MAX_NS;
	if (hs->patience_ns) {
		hs->give_up_ns = now_ns + hs->patience_ns;
		hs->patience_ns = 0;
	}
}

void
rd_handshake_pack_ask(const struct rd_conn *c, struct rd_buf *b)
{
	rd_packet_pack(b, &(struct rd_packet){.type = RD_PACKET_ASK, .sender = c->index,
		.nonce = c->hs->sid});
}

size_t
rd_handshake_send(struct rd_conn *c, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	struct rd_handshake *hs = c->hs;
	*to = c->initiator ? hs->dial.to : hs->peer;
	if (hs->due) {
		memcpy(out, hs->out.data, hs->out.len);
		said(c, now_ns);
		return hs->out.len;
	}
	if (!hs->ask_due)
		return 0;
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf ask = {.data = out, .cap = RD_PACKET_HANDSHAKE_MAX};
	rd_handshake_pack_ask(c, &ask);
	hs->ask_due = false;
	return ask.len;
}

void
rd_conn_patience(struct rd_conn *c, uint64_t patience_ns, uint64_t now_ns)
{
	if (!rd_conn_half_open(c))
		return;
	c->hs->dial.patience_ns = patience_ns;
	c->hs->give_up_ns = now_ns + patience_ns;
}

static void
give_up(struct rd_conn *c)
{
	if (c->state == RD_CONN_XX1)
		rd_conn_end(c, c->slot ? RD_CLOSE_CODE : RD_CLOSE_PASSWORD, "");
	else
		rd_conn_end(c, RD_CLOSE_NO_ANSWER, "");
}

void
rd_handshake_tick(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_handshake *hs = c->hs;
	if (rd_conn_half_open(c) && now_ns >= hs->give_up_ns) {
		give_up(c);
		return;
	}
	if (now_ns < hs->retry_ns)
		return;
	if (c->state == RD_CONN_INIT && hs->other_key) {
		rd_conn_end(c, RD_CLOSE_HOST_KEY, "");
		return;
	}
	if (c->state == RD_CONN_INIT)
		rd_ik_again(c, now_ns);
	hs->due = true;
	hs->ask_due = c->state == RD_CONN_INIT;
	hs->retry_ns = UINT64_MAX;
}

uint64_t
rd_handshake_deadline(const struct rd_conn *c)
{
	const struct rd_handshake *hs = c->hs;
	return rd_conn_half_open(c) && hs->give_up_ns < hs->retry_ns ? hs->give_up_ns : hs->retry_ns;
}

int
rd_handshake_read(struct rd_conn *c, const struct rd_packet *p, uint8_t *payload)
{
	struct rd_noise attempt = c->hs->noise;
	int len = rd_noise_read(&attempt, p->noise, p->noise_len, payload);
	if (len >= 0)
		c->hs->noise = attempt;
	rd_noise_finish(&attempt);
	return len;
}

void
rd_handshake_take(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_keys *k = &c->keys.now;
	const struct rd_noise *n = &c->hs->noise;
	k->there = true;
	k->epoch = 0;
	rd_noise_split(n, k->send, k->recv);
	memcpy(k->hash, rd_noise_hash(n), RD_NOISE_HASH);
	rd_noise_export(n, "rekey", k->psk);
	k->made_ns = now_ns;
	memcpy(c->hash, k->hash, RD_NOISE_HASH);
	c->peer = *rd_noise_peer(n);
	c->peer_known = true;
}

void
rd_handshake_seen(const struct rd_packet *p, uint8_t out[static RD_CONN_SEEN])
{
	if (p->type != RD_PACKET_PAKE) {
		crypto_generichash(out, RD_CONN_SEEN, p->noise, p->noise_len, NULL, 0);
		return;
	}
	crypto_generichash_state st;
	crypto_generichash_init(&st, NULL, 0, RD_CONN_SEEN);
	crypto_generichash_update(&st, p->nonce, 16);
	crypto_generichash_update(&st, p->nonce_host, 16);
	crypto_generichash_update(&st, p->share, RD_CPACE_SHARE);
	crypto_generichash_final(&st, out, RD_CONN_SEEN);
}

bool
rd_handshake_repeated(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from)
{
	uint8_t seen[RD_CONN_SEEN];
	if (c->initiator || !c->hs || p->sender != c->peer_index)
		return false;
	rd_handshake_seen(p, seen);
	if (sodium_memcmp(seen, c->hs->seen, sizeof(seen)) != 0)
		return false;
	c->hs->elsewhere = c->hs->elsewhere || !rd_addr_equal(from, &c->hs->peer);
	c->hs->peer = *from;
	c->hs->due = true;
	return true;
}

/*
 * TELL proves nothing, but that its sender has seen ASK. Beside INIT it can only say that another machine lives
 * there; should the one we look for answer all the same, before INIT is
 * repeated once more, then that counts.
 */
static int
told(struct rd_conn *c, const struct rd_packet *p)
{
	if (sodium_memcmp(p->nonce, c->hs->sid, 16) != 0)
		return -EPROTO;
	if (c->state == RD_CONN_ASK)
		return rd_password_tell(c, p);
	if (c->state != RD_CONN_INIT)
		return -EPROTO;
	struct rd_key key;
	memcpy(key.bytes, p->key, sizeof(key.bytes));
	c->hs->other_key = !rd_key_equal(&key, c->hs->dial.host);
	return 0;
}

int
rd_handshake_receive(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	if (!c->hs || p->receiver != c->index)
		return -EPROTO;
	if (c->state == RD_CONN_INIT && p->type == RD_PACKET_RESPONSE)
		return rd_ik_response(c, p, from, data, len, now_ns);
	if (c->state == RD_CONN_INIT && p->type == RD_PACKET_COOKIE)
		return rd_ik_cookie(c, p);
	if (c->initiator && p->type == RD_PACKET_TELL)
		return told(c, p);
	if (c->state == RD_CONN_PAKE && p->type == RD_PACKET_PAKE_REPLY)
		return rd_password_reply(c, p);
	if (c->state == RD_CONN_XX1 && p->type == RD_PACKET_XX2)
		return rd_password_xx2(c, p, from, now_ns);
	if (c->state == RD_CONN_PAKED && p->type == RD_PACKET_XX1)
		return rd_password_xx1(c, p, from);
	if (c->state == RD_CONN_XXED && p->type == RD_PACKET_XX1)
		return rd_handshake_repeated(c, p, from) ? 0 : -EPROTO;
	if (c->state == RD_CONN_XXED && p->type == RD_PACKET_XX3)
		return rd_password_xx3(c, p, now_ns);
	return -EPROTO;
}
