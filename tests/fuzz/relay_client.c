/*
 * A relay's client between a hostile relay, a hostile network and its owner:
 * bytes are orders. Whatever comes, it stays bounded, does not spin, and after
 * all of it serves again.
 */
#include "../net/relaynet.h"
#include "net/relay_client_priv.h"

#define ORDERS_MAX 400

struct play {
	struct relaynet net;
	struct rd_reader in;
};

/* A message of a relay with the right keys and no manners. */
static void
message(struct play *p, struct relay_end *e)
{
	struct fakerelay *f = &p->net.relay;
	size_t len = rd_reader_u8(&p->in);
	const uint8_t *bytes = rd_reader_bytes(&p->in, len);
	for (unsigned i = 0; bytes && len && i < FAKE_PEERS; i++) {
		struct fake_peer *peer = &f->peers[i];
		struct rd_buf out = {0};
		uint8_t nonce[12];
		unsigned long long n;
		if (!peer->own || !rd_key_equal(&peer->key, &e->keys.public))
			continue;
		rd_packet_pack(&out, &(struct rd_packet){.type = RD_PACKET_DATA,
			.receiver = peer->peer, .number = peer->number});
		fake_nonce(peer->number++, nonce);
		rd_buf_room(&out, len + 16);
		crypto_aead_chacha20poly1305_ietf_encrypt(out.data + RD_PACKET_DATA_HEADER, &n, bytes,
			len, out.data, RD_PACKET_DATA_HEADER, NULL, nonce, peer->send);
		out.len += (size_t)n;
		fake_out(f, &e->addr, &out);
	}
}

/* An answer to what was just asked, with what follows as its body. */
static void
answer(struct play *p, struct relay_end *e)
{
	struct fakerelay *f = &p->net.relay;
	struct rd_relay_msg m = {.type = (enum rd_relay_msg_type)(0x81 + rd_reader_u8(&p->in) % 8)};
	m.slot = m.seconds = rd_reader_u8(&p->in);
	m.of = rd_reader_u8(&p->in) % 8;
	m.why = rd_reader_u8(&p->in) % 12;
	m.policy = m.of % 3;
	m.addr = e->addr;
	m.addr.port = (uint16_t)(5000 + m.why);
	memset(m.handle, (int)m.slot, sizeof(m.handle));
	m.datagram = m.handle;
	m.datagram_len = m.of % (sizeof(m.handle) + 1);
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++)
		if (e->client->requests[i].type && (m.type == RD_RELAY_NO || i == m.slot % 4u))
			m.request = e->client->requests[i].number;
	for (unsigned i = 0; i < FAKE_PEERS; i++)
		if (f->peers[i].own && rd_key_equal(&f->peers[i].key, &e->keys.public))
			fake_say(f, &f->peers[i], &m);
}

static void
raw(struct play *p, const struct rd_addr *to)
{
	size_t len = rd_reader_u8(&p->in);
	const uint8_t *bytes = rd_reader_bytes(&p->in, len);
	if (bytes && len)
		relaynet_relay_send(&p->net, to, bytes, len);
}

/* What is under way is changed, lost, or comes at once. */
static void
next_one(struct play *p, unsigned how)
{
	struct vnet *v = &p->net.v;
	if (!v->flying)
		return;
	struct vnet_datagram d = vnet_pop(v);
	if (how == 0 && d.len)
		d.data[rd_reader_u16(&p->in) % d.len] ^= rd_reader_u8(&p->in);
	if (how == 1)
		free(d.data);
	else
		relaynet_deliver(&p->net, &d);
}

static void
owner(struct play *p, struct relay_end *e)
{
	unsigned how = rd_reader_u8(&p->in), with = rd_reader_u8(&p->in);
	struct rd_addr to = p->net.relay_end.addr;
	uint64_t now = p->net.v.now_ns;
	switch (how % 9) {
	case 0:
		rd_relay_client_want_slot(e->client, now);
		break;
	case 1:
		rd_relay_client_unslot(e->client, with, RD_SLOT_USED, now);
		break;
	case 2:
		rd_relay_client_connect(e->client, with, with & 1 ? &p->net.ends[0].keys.public : NULL,
			(const uint8_t *)"first", 5, now);
		break;
	case 3:
		rd_relay_client_rebind(e->client, e->leg, now);
		break;
	case 4:
		rd_relay_client_drop(e->client, e->leg);
		break;
	case 5:
		to.stream = with & 1;
		to.carrier = to.stream ? with : 0;
		rd_relay_client_to(e->client, &to, now);
		break;
	case 6:
		to.ip[3] = (uint8_t)with;
		rd_relay_client_also(e->client, &to, now);
		break;
	case 7:
		rd_relay_client_trust(e->client, &p->net.relay.key.public, now);
		break;
	default:
		relaynet_say(&p->net, e, "hello");
	}
}

static void
obey(struct play *p, unsigned order)
{
	struct relay_end *e = &p->net.ends[order & 1];
	switch (order >> 1 & 7) {
	case 0:
		message(p, e);
		break;
	case 1:
		answer(p, e);
		break;
	case 2:
		raw(p, &e->addr);
		break;
	case 3:
		next_one(p, order >> 4 & 3);
		break;
	case 4:
		owner(p, e);
		break;
	case 5:
		fakerelay_restart(&p->net.relay);
		break;
	default:
		relaynet_run(&p->net, (uint64_t)(order >> 4) * (order >> 4) * 300 * MS, NULL);
	}
}

static void
check(const struct relay_end *e)
{
	unsigned legs = 0;
	for (unsigned i = 0; i < e->client->legs_max; i++)
		legs += e->client->legs[i].leg.number != 0;
	if (legs != e->client->legs_count)
		abort();
}

static bool
all_stand(struct relaynet *n)
{
	return rd_relay_client_stands(n->ends[0].client) && rd_relay_client_stands(n->ends[1].client);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct play p;
	if (vnet_sodium() < 0)
		abort();
	dice_state = 1;
	relaynet_init(&p.net);
	rd_reader_init(&p.in, data, size);
	relaynet_add(&p.net, RD_ROLE_HOST, true, NULL);
	relaynet_add(&p.net, RD_ROLE_VIEWER, false, NULL);
	for (unsigned n = 0; n < ORDERS_MAX && rd_reader_left(&p.in) > 0; n++) {
		obey(&p, rd_reader_u8(&p.in));
		relaynet_pump(&p.net);
		check(&p.net.ends[0]);
		check(&p.net.ends[1]);
	}
	/* A host that was told it is not wanted stays away; any other comes back. */
	for (unsigned i = 0; i < 2; i++) {
		rd_relay_client_trust(p.net.ends[i].client, &p.net.relay.key.public, p.net.v.now_ns);
		rd_relay_client_to(p.net.ends[i].client, &p.net.relay_end.addr, p.net.v.now_ns);
	}
	if (!p.net.ends[0].client->stopped && !p.net.ends[1].client->stopped &&
		!relaynet_run(&p.net, 200 * S, all_stand))
		abort();
	relaynet_finish(&p.net);
	return 0;
}
