#include <string.h>

#include <sodium.h>

#include "net/relay_client_priv.h"

#define NONCE crypto_aead_chacha20poly1305_ietf_NPUBBYTES
#define RENEW_NS (UINT64_C(3600) * 1000000000)
#define RENEW_JITTER 10	/* ± per cent */
#define S UINT64_C(1000000000)

/* As in rd-session(5): 32 zero bits, then the number, little endian. */
static void
nonce_of(uint64_t number, uint8_t nonce[static NONCE])
{
	memset(nonce, 0, 4);
	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(number >> 8 * i);
}

void
client_keys_drop(struct client_keys *k)
{
	sodium_memzero(k, sizeof(*k));
}

void
client_keys_take(struct rd_relay_client *c, uint32_t peer, uint32_t lifetime_s, uint64_t now_ns)
{
	struct client_keys *k = &c->keys;
	client_keys_drop(&c->old);
	c->old = c->keys;
	client_keys_drop(k);
	c->moved = false;
	k->there = true;
	k->own = c->hs.index;
	k->peer = peer;
	rd_noise_split(&c->hs.noise, k->send, k->recv);
	memcpy(k->hash, rd_noise_hash(&c->hs.noise), RD_NOISE_HASH);
	k->made_ns = now_ns;
	k->renew_ns = now_ns + client_jitter(RENEW_NS, RENEW_JITTER);
	c->lifetime_ns = lifetime_s ? lifetime_s * S : UINT64_MAX / 2;
	c->heard_ns = now_ns;
}

size_t
client_seal(struct rd_relay_client *c, const struct rd_buf *message, uint8_t *out, size_t cap)
{
	uint8_t nonce[NONCE];
	unsigned long long sealed;
	struct client_keys *k = &c->keys;
	if (RD_PACKET_OVERHEAD + message->len > cap)
		return 0;
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf head = {.data = out, .cap = RD_PACKET_DATA_HEADER};
	rd_packet_pack(&head, &(struct rd_packet){.type = RD_PACKET_DATA, .receiver = k->peer,
		.number = k->number});
	nonce_of(k->number++, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(out + RD_PACKET_DATA_HEADER, &sealed,
		message->data, message->len, out, RD_PACKET_DATA_HEADER, NULL, nonce, k->send);
	return RD_PACKET_DATA_HEADER + (size_t)sealed;
}

uint8_t *
client_open(struct client_keys *k, const struct rd_packet *p, uint8_t *data, size_t *len)
{
	uint8_t nonce[NONCE];
	uint8_t *body = data + RD_PACKET_DATA_HEADER;
	unsigned long long opened;
	if (p->epoch != 0 || !rd_replay_fresh(&k->replay, p->number))
		return NULL;
	nonce_of(p->number, nonce);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(body, &opened, NULL, body, p->noise_len, data,
		RD_PACKET_DATA_HEADER, nonce, k->recv) != 0)
		return NULL;
	rd_replay_mark(&k->replay, p->number);
	*len = (size_t)opened;
	return body;
}
