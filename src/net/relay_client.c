#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/relay_client_priv.h"

#define KEEP_JITTER 10	/* ± per cent */

uint64_t
client_jitter(uint64_t ns, unsigned percent)
{
	return ns / 100 * (100 - percent + randombytes_uniform(2 * percent + 1));
}

struct rd_relay_client *
rd_relay_client_new(const struct rd_relay_client_config *cfg,
	const struct rd_relay_client_ops *ops, void *ctx, uint64_t now_ns)
{
	struct rd_relay_client *c = xcalloc(1, sizeof(*c));
	c->own = *cfg->own;
	c->role = cfg->role;
	c->by_code = cfg->by_code;
	c->program = cfg->program;
	while (c->role == RD_ROLE_HOST && c->program == 0)
		c->program = randombytes_random();
	if (cfg->relay) {
		c->has_key = true;
		c->key = *cfg->relay;
	}
	if (cfg->join) {
		c->has_join = true;
		memcpy(c->join, cfg->join, sizeof(c->join));
	}
	c->ops = *ops;
	c->ctx = ctx;
	rd_relay_client_clock(c, cfg->wall_ns, now_ns);
	c->keep_ns = UINT64_MAX;
	/* A relay knows a request again by our key and its number: not those of another run. */
	c->number = (uint16_t)randombytes_random();
	c->legs_max = c->role == RD_ROLE_HOST ? RD_RELAY_LEGS : CLIENT_LEGS_VIEWER;
	c->legs = xcalloc(c->legs_max, sizeof(*c->legs));
	return c;
}

void
rd_relay_client_clock(struct rd_relay_client *c, uint64_t wall_ns, uint64_t now_ns)
{
	c->ahead_ns = wall_ns - now_ns;
}

void
rd_relay_client_free(struct rd_relay_client *c)
{
	if (!c)
		return;
	client_handshake_end(c);
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++)
		client_request_end(&c->requests[i]);
	sodium_memzero(c->legs, c->legs_max * sizeof(*c->legs));
	free(c->legs);
	sodium_memzero(c, sizeof(*c));
	free(c);
}

/* --- where it is --- */

void
rd_relay_client_to(struct rd_relay_client *c, const struct rd_addr *to, uint64_t now_ns)
{
	c->to = *to;
	memset(c->ways, 0, sizeof(c->ways));
	c->ways[0] = *to;
	if (to->family == 0 || c->stopped)
		return;
	client_handshake_again(c, now_ns);
	if (c->keys.there) {
		struct client_request *keep = client_request_once(c, RD_RELAY_KEEP, now_ns);
		if (keep)
			keep->due_ns = now_ns;
	} else if (c->hs.state == HANDSHAKE_NONE) {
		client_handshake_begin(c, now_ns);
	}
	client_legs_bind(c, true, now_ns);
}

void
rd_relay_client_also(struct rd_relay_client *c, const struct rd_addr *to, uint64_t now_ns)
{
	unsigned i = 0;
	while (i < RD_RELAY_WAYS && c->ways[i].family)
		i++;
	if (c->to.family == 0) {
		rd_relay_client_to(c, to, now_ns);
		return;
	}
	if (i == RD_RELAY_WAYS)
		return;
	c->ways[i] = *to;
	if (!c->keys.there && c->hs.state != HANDSHAKE_NONE)
		c->hs.say |= UINT32_C(1) << i;
}

void
rd_relay_client_not(struct rd_relay_client *c, const struct rd_addr *to)
{
	for (unsigned i = 0; i < RD_RELAY_WAYS; i++)
		if (c->ways[i].family && rd_addr_equal(&c->ways[i], to))
			c->ways[i] = (struct rd_addr){0};
}

const struct rd_addr *
rd_relay_client_at(const struct rd_relay_client *c)
{
	return &c->to;
}

bool
rd_relay_client_stands(const struct rd_relay_client *c)
{
	return c->stands;
}

uint32_t
rd_relay_client_program(const struct rd_relay_client *c)
{
	return c->program;
}

const struct rd_key *
rd_relay_client_key(const struct rd_relay_client *c)
{
	return c->has_key ? &c->key : NULL;
}

/* By a third of what it waits at the latest. */
void
client_keep(struct rd_relay_client *c, uint64_t now_ns)
{
	uint64_t every = c->lifetime_ns / 3 < RD_RELAY_KEEP_NS ? c->lifetime_ns / 3 : RD_RELAY_KEEP_NS;
	c->keep_ns = now_ns + client_jitter(every > RD_RELAY_KEEP_NS / 25 ? every :
		RD_RELAY_KEEP_NS / 25, KEEP_JITTER);
}

/* A new address there is one that our legs are not bound to. */
void
client_ready(struct rd_relay_client *c, const struct rd_addr *seen, enum rd_path_policy policy,
	uint64_t now_ns)
{
	bool moved = c->seen.family && !rd_addr_equal(seen, &c->seen);
	bool again = c->stands && !moved && policy == c->policy;
	client_keep(c, now_ns);
	c->seen = *seen;
	c->policy = policy;
	if (again)
		return;
	if (c->unsure || moved)
		client_legs_bind(c, false, now_ns);
	/* A handshake proves that we are there. */
	c->moved |= moved;
	if (moved && !c->to.stream)
		c->keys.renew_ns = now_ns;
	c->unsure = false;
	c->stands = true;
	c->other_told = false;
	if (c->ops.ready)
		c->ops.ready(c->ctx, seen, policy);
}

/* --- time --- */

void
rd_relay_client_again(struct rd_relay_client *c, uint64_t now_ns)
{
	if (!c->keys.there || c->stopped)
		return;
	c->stands = false;
	c->unsure = true;
	c->keep_ns = UINT64_MAX;
	client_keys_drop(&c->old);
	client_keys_drop(&c->keys);
	/* It goes with the keys; what was asked for is asked for again with the next ones. */
	client_request_end(client_request_of(c, RD_RELAY_KEEP));
	client_request_end(client_request_of(c, RD_RELAY_REGISTER));
	client_handshake_begin(c, now_ns);
}

static void
lose(struct rd_relay_client *c, uint64_t now_ns)
{
	bool stood = c->stands;
	rd_relay_client_again(c, now_ns);
	if (stood && c->ops.lost)
		c->ops.lost(c->ctx);
}

static bool
needed(const struct rd_relay_client *c)
{
	return c->role == RD_ROLE_HOST || c->legs_count > 0;
}

/* A viewer that has nobody to talk to lets the relay forget it. */
static uint64_t
forgotten_ns(const struct rd_relay_client *c)
{
	return needed(c) ? UINT64_MAX : c->heard_ns + c->lifetime_ns;
}

static void
tick_keys(struct rd_relay_client *c, uint64_t now_ns)
{
	if (c->old.there && now_ns >= c->keys.made_ns + CLIENT_OLD_NS)
		client_keys_drop(&c->old);
	if (client_requests_lost(c, now_ns)) {
		lose(c, now_ns);
		return;
	}
	if (now_ns >= c->keep_ns) {
		c->keep_ns = UINT64_MAX;
		if (needed(c))
			client_request_once(c, RD_RELAY_KEEP, now_ns);
	}
	if (now_ns >= forgotten_ns(c)) {
		client_keys_drop(&c->keys);
		c->stands = false;
	} else if (now_ns >= c->keys.renew_ns && needed(c) && c->hs.state == HANDSHAKE_NONE)
		client_handshake_begin(c, now_ns);
}

void
rd_relay_client_tick(struct rd_relay_client *c, uint64_t now_ns)
{
	if (c->stopped)
		return;
	for (unsigned i = 0; i < CLIENT_SLOTS; i++)
		if (c->slots[i].slot && now_ns >= c->slots[i].until_ns)
			c->slots[i] = (struct client_slot){0};
	if (c->to.family == 0)
		return;
	client_handshake_tick(c, now_ns);
	if (c->keys.there)
		tick_keys(c, now_ns);
	client_legs_tick(c, now_ns);
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t
rd_relay_client_deadline(const struct rd_relay_client *c)
{
	if (c->stopped || c->to.family == 0)
		return UINT64_MAX;
	uint64_t due = earlier(client_handshake_deadline(c), client_legs_deadline(c));
	if (!c->keys.there)
		return due;
	due = earlier(due, client_requests_deadline(c));
	due = earlier(due, c->keep_ns);
	if (c->old.there)
		due = earlier(due, c->keys.made_ns + CLIENT_OLD_NS);
	if (c->hs.state == HANDSHAKE_NONE && needed(c))
		due = earlier(due, c->keys.renew_ns);
	due = earlier(due, forgotten_ns(c));
	return due;
}

/* --- datagrams --- */

bool
rd_relay_client_receive(struct rd_relay_client *c, const struct rd_addr *from, uint8_t *data,
	size_t len, uint64_t now_ns, uint32_t *leg, uint8_t **payload, size_t *payload_len)
{
	struct rd_relay_packet r;
	struct rd_packet p;
	*leg = 0;
	if (rd_relay_packet_is(data, len)) {
		if (rd_relay_packet_parse(&r, data, len) == 0)
			client_legs_receive(c, &r, now_ns, leg, payload, payload_len);
		return true;
	}
	if (rd_packet_parse(&p, data, len) != 0)
		return false;
	if (p.type != RD_PACKET_DATA)
		return client_handshake_receive(c, &p, from, data, len, now_ns);
	struct client_keys *k = c->keys.there && p.receiver == c->keys.own ? &c->keys :
		c->old.there && p.receiver == c->old.own ? &c->old : NULL;
	if (!k)
		return false;
	size_t n;
	uint8_t *message = client_open(k, &p, data, &n);
	c->heard_ns = message ? now_ns : c->heard_ns;
	if (message)
		client_message(c, message, n, now_ns, leg, payload, payload_len);
	return true;
}

size_t
rd_relay_client_send(struct rd_relay_client *c, struct rd_addr *to, uint8_t *out, size_t cap,
	uint64_t now_ns)
{
	if (c->stopped || c->to.family == 0)
		return 0;
	*to = c->to;
	size_t len = client_handshake_send(c, to, out, cap, now_ns);
	if (len == 0 && c->keys.there)
		len = client_requests_send(c, out, cap, now_ns);
	if (len == 0)
		len = client_legs_send(c, out, cap, now_ns);
	return len;
}

size_t
rd_relay_client_bye(struct rd_relay_client *c, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct rd_buf message = {0};
	if (!c->keys.there || c->to.family == 0 || c->stopped)
		return 0;
	c->stopped = true;
	*to = c->to;
	rd_relay_msg_pack(&message, &(struct rd_relay_msg){.type = RD_RELAY_BYE,
		.request = ++c->number});
	size_t len = client_seal(c, &message, out, cap);
	rd_buf_finish(&message);
	return len;
}
