#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "net/conn_priv.h"

#define NOISE_MAX 256	/* any message of ours: keys, tags, params */
#define CI_MAX (1 + sizeof(RD_CONN_PROLOGUE) + 1 + 10 + 1 + RD_KEY_SIZE)

/* An index as CPace's associated data binds it. */
static void
index_bytes(uint32_t index, uint8_t out[static 4])
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (uint8_t)(index >> 8 * i);
}

/* lv(version) || lv(slot) || lv(relay): neither of these for a permanent password. */
static size_t
channel(const struct rd_password_secret *secret, uint8_t ci[static CI_MAX])
{
	char slot[11] = "";
	/* Memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = ci, .cap = CI_MAX};
	if (secret->slot)
		snprintf(slot, sizeof(slot), "%u", (unsigned)secret->slot);
	size_t relay = secret->slot ? sizeof(secret->relay->bytes) : 0;
	rd_buf_u8(&b, sizeof(RD_CONN_PROLOGUE) - 1);
	rd_buf_bytes(&b, RD_CONN_PROLOGUE, sizeof(RD_CONN_PROLOGUE) - 1);
	rd_buf_u8(&b, (uint8_t)strlen(slot));
	rd_buf_bytes(&b, slot, strlen(slot));
	rd_buf_u8(&b, (uint8_t)relay);
	if (relay)
		rd_buf_bytes(&b, secret->relay->bytes, relay);
	return b.len;
}

static void
start_cpace(struct rd_conn *c, const struct rd_password_secret *secret)
{
	uint8_t ci[CI_MAX];
	size_t len = channel(secret, ci);
	rd_cpace_start(&c->hs->cpace, secret->prs, RD_CONN_PRF_SIZE, ci, len, c->hs->sid,
		sizeof(c->hs->sid), NULL);
}

/* The strong secret of both, and XXpsk0 with it. */
static int
start_noise(struct rd_conn *c, const uint8_t share[static RD_CPACE_SHARE])
{
	static const char label[] = RD_CONN_PROLOGUE "password";
	uint8_t isk[RD_CPACE_SECRET], psk[32], viewer[4], host[4];
	struct rd_handshake *hs = c->hs;
	index_bytes(c->initiator ? c->index : c->peer_index, viewer);
	index_bytes(c->initiator ? c->peer_index : c->index, host);
	/* It is used up by finish; another share may still be the right one. */
	struct rd_cpace cpace = hs->cpace;
	int err = rd_cpace_finish(&cpace, c->initiator, share, viewer, sizeof(viewer), host,
		sizeof(host), isk);
	rd_cpace_wipe(&cpace);
	if (err < 0)
		return err;
	crypto_generichash_blake2b(psk, sizeof(psk), isk, sizeof(isk), (const uint8_t *)"rd-psk", 6);
	uint8_t prologue[sizeof(label) - 1 + RD_CONN_SID];
	memcpy(prologue, label, sizeof(label) - 1);
	memcpy(prologue + sizeof(label) - 1, hs->sid, RD_CONN_SID);
	rd_noise_start(&hs->noise, &(struct rd_noise_init){.pattern = RD_NOISE_XXPSK0,
		.initiator = c->initiator, .prologue = prologue, .prologue_len = sizeof(prologue),
		.s = c->cfg.own, .psk = psk});
	rd_cpace_wipe(&hs->cpace);
	sodium_memzero(isk, sizeof(isk));
	sodium_memzero(psk, sizeof(psk));
	return 0;
}

/* XX1 says nothing but itself; XX2 and XX3 say who we are. */
static int
write_message(struct rd_conn *c, enum rd_packet_type type)
{
	uint8_t noise[NOISE_MAX];
	struct rd_params ours = rd_handshake_params(c);
	struct rd_buf payload = {0};
	if (type != RD_PACKET_XX1)
		rd_params_pack(&payload, &ours);
	int len = rd_noise_write(&c->hs->noise, payload.data, payload.len, noise);
	rd_buf_finish(&payload);
	if (len < 0)
		return -EPROTO;
	rd_buf_reset(&c->hs->out);
	rd_packet_pack(&c->hs->out, &(struct rd_packet){.type = type, .sender = c->index,
		.receiver = c->peer_index, .noise = noise, .noise_len = (size_t)len});
	return 0;
}

void
rd_password_start(struct rd_conn *c)
{
	c->by_password = true;
	c->slot = c->hs->dial.slot;
	rd_handshake_pack_ask(c, &c->hs->out);
	rd_handshake_say(c, RD_CONN_ASK);
}

int
rd_password_tell(struct rd_conn *c, const struct rd_packet *p)
{
	struct rd_handshake *hs = c->hs;
	uint8_t prs[RD_CONN_PRF_SIZE];
	if (!(p->ways & (c->slot ? RD_WAY_CODE : RD_WAY_PASSWORD))) {
		rd_conn_end(c, c->slot ? RD_CLOSE_CODE : RD_CLOSE_NO_PASSWORD, "");
		return 0;
	}
	if (!hs->dial.stretch || !hs->dial.stretch(c->ctx, p->salt, prs)) {
		sodium_memzero(prs, sizeof(prs));
		rd_conn_end(c, c->slot ? RD_CLOSE_CODE : RD_CLOSE_PASSWORD, "");
		return 0;
	}
	memcpy(hs->sid + 16, p->nonce_host, 16);
	start_cpace(c, &(struct rd_password_secret){.prs = prs, .slot = c->slot,
		.relay = &hs->dial.relay});
	sodium_memzero(prs, sizeof(prs));
	rd_buf_reset(&hs->out);
	rd_packet_pack(&hs->out, &(struct rd_packet){.type = RD_PACKET_PAKE, .sender = c->index,
		.nonce = hs->sid, .nonce_host = hs->sid + 16, .share = hs->cpace.share});
	/* Stretching a password, or asking for one, took time that is not the host's. */
	hs->patience_ns = hs->dial.patience_ns;
	rd_handshake_say(c, RD_CONN_PAKE);
	return 0;
}

int
rd_password_reply(struct rd_conn *c, const struct rd_packet *p)
{
	c->peer_index = p->sender;
	if (start_noise(c, p->share) < 0 || write_message(c, RD_PACKET_XX1) < 0)
		return -EPROTO;
	/*
	 * A host that holds another password says nothing from here on. It was there
	 * a moment ago, so half the patience tells.
	 */
	c->hs->patience_ns = c->hs->dial.patience_ns / 2;
	rd_handshake_say(c, RD_CONN_XX1);
	return 0;
}

static int
take_params(struct rd_conn *c, const uint8_t *payload, int len)
{
	struct rd_reader r;
	rd_reader_init(&r, payload, (size_t)len);
	return rd_params_parse(&r, &c->hs->theirs);
}

int
rd_password_xx2(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns)
{
	uint8_t payload[RD_PACKET_HANDSHAKE_MAX];
	int len = p->sender == c->peer_index ? rd_handshake_read(c, p, payload) : -EPROTO;
	if (len < 0)
		return -EPROTO;
	if (take_params(c, payload, len) != 0 || write_message(c, RD_PACKET_XX3) < 0) {
		rd_conn_end(c, RD_CLOSE_PROTOCOL, "");
		return 0;
	}
	rd_handshake_take(c, now_ns);
	/* Repeated until DATA shows that it has come. */
	rd_handshake_say(c, RD_CONN_OPEN);
	struct rd_addr path = c->hs->dial.to;
	rd_conn_open(c, &path, now_ns);
	rd_path_received(&c->path, from, p->noise_len, true, now_ns);
	return 0;
}

int
rd_password_answer_pake(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	const struct rd_password_secret *secret)
{
	struct rd_handshake *hs = c->hs;
	c->by_password = true;
	c->slot = secret->slot;
	c->peer_index = p->sender;
	hs->peer = *from;
	memcpy(hs->sid, p->nonce, 16);
	memcpy(hs->sid + 16, p->nonce_host, 16);
	start_cpace(c, secret);
	rd_packet_pack(&hs->out, &(struct rd_packet){.type = RD_PACKET_PAKE_REPLY,
		.sender = c->index, .receiver = c->peer_index, .share = hs->cpace.share});
	if (start_noise(c, p->share) < 0)
		return -EPROTO;
	rd_handshake_seen(p, hs->seen);
	rd_handshake_say(c, RD_CONN_PAKED);
	return 0;
}

int
rd_password_xx1(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from)
{
	uint8_t payload[RD_PACKET_HANDSHAKE_MAX];
	if (p->sender != c->peer_index)
		return -EPROTO;
	int len = rd_handshake_read(c, p, payload);
	if (len < 0)
		return len;
	if (write_message(c, RD_PACKET_XX2) < 0)
		return -EPROTO;
	/* What counts is where XX2 goes to. */
	c->hs->peer = *from;
	c->hs->elsewhere = false;
	rd_handshake_seen(p, c->hs->seen);
	rd_handshake_say(c, RD_CONN_XXED);
	return 0;
}

int
rd_password_xx3(struct rd_conn *c, const struct rd_packet *p, uint64_t now_ns)
{
	uint8_t payload[RD_PACKET_HANDSHAKE_MAX];
	int len = p->sender == c->peer_index ? rd_handshake_read(c, p, payload) : -EPROTO;
	if (len < 0 || take_params(c, payload, len) != 0)
		return -EPROTO;
	rd_handshake_take(c, now_ns);
	c->peer_known = false; /* the server is told with the first DATA, as for keys */
	c->hs->due = false;
	c->state = RD_CONN_KEYED;
	return 0;
}
