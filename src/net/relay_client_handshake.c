#include <string.h>

#include <sodium.h>

#include "net/relay_client_priv.h"

#define NOISE_MAX 160		/* message 1: keys, tags, {u64 time, u16 version, u8 role} */
#define EAGER_NS (UINT64_C(10) * 1000000000)	/* so long it is repeated often */
#define JITTER_EAGER 10		/* ± per cent */
#define JITTER 20
#define WAIT_MAX_NS (UINT64_C(30) * 1000000000)
/* Bits of client_handshake's `say` and `ask`: a way each, and last where we are. */
#define HERE (UINT32_C(1) << RD_RELAY_WAYS)
#define ALL (HERE - 1)

void
client_handshake_end(struct rd_relay_client *c)
{
	rd_noise_finish(&c->hs.noise);
	rd_inits_finish(&c->hs.inits);
	sodium_memzero(&c->hs, sizeof(c->hs));
}

static uint32_t
new_index(const struct rd_relay_client *c)
{
	uint32_t index;
	do
		index = randombytes_random();
	while (index == 0 || index == c->keys.own || index == c->old.own);
	return index;
}

/* A time of its own for each INIT: a relay takes none twice, and none from before the last. */
static uint64_t
time_to_say(struct rd_relay_client *c, uint64_t now_ns)
{
	uint64_t wall_ns = now_ns + c->ahead_ns;
	c->said_ns = wall_ns > c->said_ns ? wall_ns : c->said_ns + 1;
	return c->said_ns;
}

static bool
write_init(struct rd_relay_client *c, uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	uint8_t noise[NOISE_MAX], payload[8 + 2 + 1];
	/* Borrowed memory that is large enough: these buffers never grow. */
	struct rd_buf b = {.data = payload, .cap = sizeof(payload)};
	struct rd_buf out = {.data = hs->init, .cap = sizeof(hs->init)};
	rd_buf_u64(&b, time_to_say(c, now_ns));
	rd_buf_u16(&b, RD_RELAY_VERSION);
	rd_buf_u8(&b, (uint8_t)c->role);
	rd_noise_finish(&hs->noise);
	rd_noise_start(&hs->noise, &(struct rd_noise_init){.pattern = RD_NOISE_IK,
		.initiator = true, .prologue = RD_RELAY_PROLOGUE,
		.prologue_len = strlen(RD_RELAY_PROLOGUE), .s = &c->own, .rs = &c->key});
	_Static_assert(32 + 48 + 16 + sizeof(payload) <= NOISE_MAX, "message 1 of IK");
	int len = rd_noise_write(&hs->noise, payload, b.len, noise);
	if (len < 0)
		return false;
	rd_packet_pack(&out, &(struct rd_packet){.type = RD_PACKET_INIT, .sender = hs->index,
		.noise = noise, .noise_len = (size_t)len});
	rd_mac1_put(out.data, out.len, &c->key);
	if (now_ns < hs->cookie_until_ns)
		rd_mac2_put(out.data, out.len, hs->cookie);
	hs->init_len = out.len;
	hs->init_ns = now_ns;
	return true;
}

void
client_handshake_begin(struct rd_relay_client *c, uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	client_handshake_end(c);
	hs->index = new_index(c);
	randombytes_buf(hs->nonce, sizeof(hs->nonce));
	hs->state = c->has_key ? HANDSHAKE_INIT : HANDSHAKE_ASK;
	hs->begun_ns = hs->due_ns = now_ns;
	hs->wait_ns = CLIENT_RETRY_NS;
	/* What is no key is nobody's. */
	if (c->has_key && !write_init(c, now_ns))
		c->stopped = true;
}

void
client_handshake_again(struct rd_relay_client *c, uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	if (hs->state == HANDSHAKE_NONE)
		return;
	hs->begun_ns = hs->due_ns = now_ns;
	hs->wait_ns = CLIENT_RETRY_NS;
}

void
rd_relay_client_trust(struct rd_relay_client *c, const struct rd_key *key, uint64_t now_ns)
{
	c->key = *key;
	c->has_key = true;
	if (!c->keys.there)
		client_handshake_begin(c, now_ns);
}

/* --- sending --- */

static void
said(struct client_handshake *hs, uint64_t now_ns)
{
	bool eager = now_ns < hs->begun_ns + EAGER_NS;
	uint64_t most = eager ? CLIENT_RETRY_MAX_NS : WAIT_MAX_NS;
	hs->due_ns = now_ns + client_jitter(hs->wait_ns, eager ? JITTER_EAGER : JITTER);
	if (hs->wait_ns < most)
		hs->wait_ns = hs->wait_ns * 2 < most ? hs->wait_ns * 2 : most;
}

static size_t
put_ask(const struct client_handshake *hs, uint8_t *out, size_t cap)
{
	struct rd_buf b = {.data = out, .cap = cap};
	if (cap < RD_PACKET_ASK_SIZE)
		return 0;
	rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_ASK, .sender = hs->index,
		.nonce = hs->nonce});
	return b.len;
}

/* The first is repeated as it was: mostly it was lost, or its answer is under way (net/inits.h). */
static void
write_another(struct rd_relay_client *c, uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	rd_inits_keep(&hs->inits, &hs->noise, hs->init, hs->init_len);
	write_init(c, now_ns); /* a key that was good is so still */
}

/* It is time to say it (again), to all ways; with keys in use there is just one. */
static void
begin_round(struct rd_relay_client *c, uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	bool init = hs->state == HANDSHAKE_INIT;
	if (init && (hs->rounds > 1 || now_ns >= hs->init_ns + EAGER_NS))
		write_another(c, now_ns);
	hs->say = c->keys.there ? HERE : ALL;
	hs->ask = init && hs->rounds > 0 ? hs->say : 0;
	hs->rounds++;
	said(hs, now_ns);
}

/* The next of those ways that is one, taken from them. False: there is none. */
static bool
next_way(const struct rd_relay_client *c, uint32_t *ways, struct rd_addr *to)
{
	while (*ways) {
		unsigned i = (unsigned)__builtin_ctz(*ways);
		*ways &= *ways - 1;
		*to = i < RD_RELAY_WAYS ? c->ways[i] : c->to;
		if (to->family)
			return true;
	}
	return false;
}

size_t
client_handshake_send(struct rd_relay_client *c, struct rd_addr *to, uint8_t *out, size_t cap,
	uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	struct rd_addr way;
	if ((hs->state != HANDSHAKE_ASK && hs->state != HANDSHAKE_INIT) || hs->init_len > cap)
		return 0;
	if (now_ns >= hs->due_ns)
		begin_round(c, now_ns);
	bool ask = hs->state == HANDSHAKE_ASK;
	if (!next_way(c, &hs->say, &way)) {
		if (!next_way(c, &hs->ask, &way))
			return 0;
		ask = true;
	}
	*to = way;
	if (ask)
		return put_ask(hs, out, cap);
	memcpy(out, hs->init, hs->init_len);
	return hs->init_len;
}

/* --- receiving --- */

/* It proves nothing but that its sender has seen our ASK. */
static void
tell(struct rd_relay_client *c, const struct rd_packet *p)
{
	struct client_handshake *hs = &c->hs;
	struct rd_key key;
	if (sodium_memcmp(p->nonce, hs->nonce, sizeof(hs->nonce)) != 0 || !(p->ways & RD_WAY_RELAY))
		return;
	memcpy(key.bytes, p->key, sizeof(key.bytes));
	if (hs->state == HANDSHAKE_ASK) {
		hs->state = HANDSHAKE_TOLD;
		if (c->ops.told)
			c->ops.told(c->ctx, &key);
	} else if (hs->state == HANDSHAKE_INIT && !c->other_told) {
		/* Should the one we know answer all the same, until INIT is repeated, that counts. */
		bool other = !rd_key_equal(&key, &c->key);
		hs->other = key;
		hs->other_ns = other ? hs->due_ns : 0;
	}
}

/* It goes with every INIT from now on; at once the first time, then when it is time again. */
static void
cookie(struct rd_relay_client *c, const struct rd_packet *p, uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	if (hs->state != HANDSHAKE_INIT || rd_inits_cookie(&hs->inits, hs->init, hs->init_len, p,
			&c->key, hs->cookie) != 0)
		return;
	rd_mac2_put(hs->init, hs->init_len, hs->cookie);
	if (now_ns >= hs->cookie_until_ns) {
		hs->due_ns = now_ns;
		hs->wait_ns = CLIENT_RETRY_NS;
	}
	hs->cookie_until_ns = now_ns + RD_COOKIE_LIFE_NS;
}

/* Where we have asked; else somebody on the way could draw us away. */
static bool
is_way(const struct rd_relay_client *c, const struct rd_addr *from)
{
	for (unsigned i = 0; i <= RD_RELAY_WAYS; i++) {
		struct rd_addr way = i < RD_RELAY_WAYS ? c->ways[i] : c->to;
		/* Of UDP it says to which of our addresses it came. */
		if (!way.stream)
			way.carrier = from->carrier;
		if (way.family && rd_addr_equal(&way, from))
			return true;
	}
	return false;
}

static void
response(struct rd_relay_client *c, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	uint8_t payload[RD_PACKET_HANDSHAKE_MAX];
	if (c->hs.state != HANDSHAKE_INIT || !is_way(c, from) ||
		!rd_mac1_check(data, len, &c->own.public))
		return;
	int got = rd_inits_read(&c->hs.inits, &c->hs.noise, p, payload);
	if (got < 0)
		return;
	struct rd_reader r;
	rd_reader_init(&r, payload, (size_t)got);
	uint16_t version = rd_reader_u16(&r);
	uint32_t lifetime_s = rd_reader_u32(&r);
	if (r.bad || version < RD_RELAY_VERSION)
		return;
	client_keys_take(c, p->sender, lifetime_s, now_ns);
	client_handshake_end(c);
	if (c->unsure)
		client_legs_bind(c, !rd_addr_equal(&c->to, from), now_ns);
	c->to = *from;
	client_requests_anew(c, now_ns);
}

bool
client_handshake_receive(struct rd_relay_client *c, const struct rd_packet *p,
	const struct rd_addr *from, const uint8_t *data, size_t len, uint64_t now_ns)
{
	if (c->hs.state == HANDSHAKE_NONE || p->receiver != c->hs.index || c->stopped)
		return false;
	switch (p->type) {
	case RD_PACKET_TELL:
		tell(c, p);
		return true;
	case RD_PACKET_COOKIE:
		cookie(c, p, now_ns);
		return true;
	case RD_PACKET_RESPONSE:
		response(c, p, from, data, len, now_ns);
		return true;
	default:
		return false;
	}
}

/* --- time --- */

void
client_handshake_tick(struct rd_relay_client *c, uint64_t now_ns)
{
	struct client_handshake *hs = &c->hs;
	struct rd_key other = hs->other;
	if (!hs->other_ns || now_ns < hs->other_ns || hs->state != HANDSHAKE_INIT)
		return;
	/* Anybody on the way can say so: it is told, and tried less often. */
	hs->other_ns = 0;
	hs->wait_ns = WAIT_MAX_NS;
	c->other_told = true;
	if (c->ops.other_key)
		c->ops.other_key(c->ctx, &other);
}

uint64_t
client_handshake_deadline(const struct rd_relay_client *c)
{
	const struct client_handshake *hs = &c->hs;
	if (hs->state == HANDSHAKE_NONE || hs->state == HANDSHAKE_TOLD)
		return UINT64_MAX;
	if (hs->say | hs->ask)
		return 0;
	return hs->other_ns && hs->other_ns < hs->due_ns ? hs->other_ns : hs->due_ns;
}
