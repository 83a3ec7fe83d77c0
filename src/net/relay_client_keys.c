#include <string.h>

#include <sodium.h>

#include "net/relay_client_priv.h"

#define RENEW_NS (UINT64_C(3600) * 1000000000)
#define RENEW_JITTER 10	/* ± per cent */
#define S UINT64_C(1000000000)

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
	struct client_keys *k = &c->keys;
	if (RD_PACKET_OVERHEAD + message->len > cap)
		return 0;
	memcpy(out + RD_PACKET_DATA_HEADER, message->data, message->len);
	return rd_packet_seal(&(struct rd_packet){.type = RD_PACKET_DATA, .receiver = k->peer,
		.number = k->number++}, out, message->len, k->send);
}

uint8_t *
client_open(struct client_keys *k, const struct rd_packet *p, uint8_t *data, size_t *len)
{
	if (p->epoch != 0 || !rd_replay_fresh(&k->replay, p->number))
		return NULL;
	uint8_t *message = rd_packet_open(p, data, len, k->recv);
	if (message)
		rd_replay_mark(&k->replay, p->number);
	return message;
}
