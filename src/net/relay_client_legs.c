#include <string.h>

#include <sodium.h>

#include "net/relay_client_priv.h"

#define MS UINT64_C(1000000)
#define BIND_MAX_NS (500 * MS)	/* between repeats: a session waits for it */
#define BIND_JITTER 20		/* ± per cent */
#define BIND_AGAIN_NS (500 * MS)	/* from one that was answered to the next */
#define BIND_SPREAD_NS (1 * MS)	/* from one leg to the next, of many */
#define BIND_FULL_NS (2000 * MS)
#define BIND_FOR_NS (60000 * MS)	/* then only a relay that is heard of again makes it try */
#define CHALLENGES 3		/* answered at once; then with the repeats */

struct client_leg *
client_leg_find(struct rd_relay_client *c, uint32_t number)
{
	struct client_leg *l = &c->legs[number % c->legs_max];
	return number && l->leg.number == number ? l : NULL;
}

struct client_leg *
client_leg_by_handle(struct rd_relay_client *c, const uint8_t handle[static RD_HANDLE])
{
	if (c->last && c->last->leg.number && memcmp(c->last->leg.handle, handle, RD_HANDLE) == 0)
		return c->last;
	for (unsigned i = 0; i < c->legs_max && c->legs_count; i++) {
		struct client_leg *l = &c->legs[i];
		if (l->leg.number && memcmp(l->leg.handle, handle, RD_HANDLE) == 0)
			return c->last = l;
	}
	return NULL;
}

static void
bind_begin(struct client_leg *l, uint64_t due_ns)
{
	l->binding = true;
	l->mark = randombytes_random();
	l->has_cookie = false;
	l->challenged = 0;
	l->begun_ns = l->due_ns = due_ns;
	l->wait_ns = CLIENT_RETRY_NS;
}

struct client_leg *
client_leg_add(struct rd_relay_client *c, const struct rd_relay_msg *m, uint64_t now_ns)
{
	unsigned place = 0;
	while (place < c->legs_max && c->legs[place].leg.number)
		place++;
	if (place == c->legs_max)
		return NULL;
	struct client_leg *l = &c->legs[place];
	/* Never 0, which is no leg; and not soon the same again. */
	c->generation = c->generation % (UINT32_MAX / RD_RELAY_LEGS - 1) + 1;
	*l = (struct client_leg){.leg = {.number = c->generation * c->legs_max + place,
		.slot = m->slot, .peer = m->key}};
	memcpy(l->leg.handle, m->handle, RD_HANDLE);
	memcpy(l->leg.ticket, m->ticket, RD_TICKET);
	c->legs_count++;
	if (c->moved)
		bind_begin(l, now_ns);
	return l;
}

static void
forget(struct rd_relay_client *c, struct client_leg *l)
{
	sodium_memzero(l, sizeof(*l));
	c->legs_count--;
}

void
rd_relay_client_drop(struct rd_relay_client *c, uint32_t leg)
{
	struct client_leg *l = client_leg_find(c, leg);
	if (l)
		forget(c, l);
}

const struct rd_relay_leg *
rd_relay_client_leg(struct rd_relay_client *c, uint32_t leg)
{
	struct client_leg *l = client_leg_find(c, leg);
	return l ? &l->leg : NULL;
}

bool
rd_relay_client_wrap(struct rd_relay_client *c, uint32_t leg, uint8_t traffic,
	uint8_t out[static RD_RELAYED_HEADER], struct rd_addr *to)
{
	struct client_leg *l = client_leg_find(c, leg);
	if (!l || c->to.family == 0 || c->stopped)
		return false;
	rd_relayed_put(out, rd_relayed_class(traffic), false, l->leg.handle);
	*to = c->to;
	return true;
}

/* --- binding --- */

/* Whoever says so proves nothing: not more often than it can do harm. */
static void
bind_again(struct client_leg *l, uint64_t now_ns)
{
	uint64_t soonest = l->begun_ns + BIND_AGAIN_NS;
	if (!l->binding)
		bind_begin(l, l->begun_ns && soonest > now_ns ? soonest : now_ns);
}

void
rd_relay_client_rebind(struct rd_relay_client *c, uint32_t leg, uint64_t now_ns)
{
	struct client_leg *l = client_leg_find(c, leg);
	if (!l)
		return;
	bind_again(l, now_ns);
	/* If the relay itself is gone, this tells. */
	if (c->keys.there)
		client_request_once(c, RD_RELAY_KEEP, now_ns);
}

void
client_legs_bind(struct rd_relay_client *c, bool now, uint64_t now_ns)
{
	uint64_t due_ns = now_ns;
	for (unsigned i = 0; i < c->legs_max && c->legs_count; i++) {
		if (!c->legs[i].leg.number)
			continue;
		if (now)
			bind_begin(&c->legs[i], due_ns);
		else
			bind_again(&c->legs[i], due_ns);
		due_ns += BIND_SPREAD_NS;
	}
}

size_t
client_legs_send(struct rd_relay_client *c, uint8_t *out, size_t cap, uint64_t now_ns)
{
	static const uint8_t none[RD_RELAY_COOKIE];
	if (cap < RD_BIND_SIZE)
		return 0;
	for (unsigned i = 0; i < c->legs_max && c->legs_count; i++) {
		struct client_leg *l = &c->legs[(c->turn + i) % c->legs_max];
		if (!l->leg.number || !l->binding || now_ns < l->due_ns)
			continue;
		c->turn = (c->turn + i + 1) % c->legs_max;
		/* Borrowed memory that is large enough: this buffer never grows. */
		struct rd_buf b = {.data = out, .cap = cap};
		rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_BIND,
			.mark = l->mark, .ticket = l->leg.ticket,
			.cookie = l->has_cookie ? l->cookie : none});
		l->due_ns = now_ns + client_jitter(l->wait_ns, BIND_JITTER);
		l->wait_ns = l->wait_ns * 2 < BIND_MAX_NS ? l->wait_ns * 2 : BIND_MAX_NS;
		return b.len;
	}
	return 0;
}

static struct client_leg *
by_mark(struct rd_relay_client *c, uint32_t mark)
{
	for (unsigned i = 0; i < c->legs_max; i++)
		if (c->legs[i].leg.number && c->legs[i].binding && c->legs[i].mark == mark)
			return &c->legs[i];
	return NULL;
}

static void
challenged(struct client_leg *l, const uint8_t *cookie, uint64_t now_ns)
{
	memcpy(l->cookie, cookie, sizeof(l->cookie));
	l->has_cookie = true;
	if (l->challenged++ < CHALLENGES)
		l->due_ns = now_ns;
}

static void
bound(struct rd_relay_client *c, struct client_leg *l, const struct rd_relay_packet *p,
	uint64_t now_ns)
{
	uint32_t number = l->leg.number;
	switch (p->why) {
	case RD_BOUND_OK:
		l->binding = false;
		memcpy(l->leg.handle, p->handle, RD_HANDLE);
		/* It is there, and we have no keys: it was started anew. */
		if (!c->keys.there)
			client_handshake_again(c, now_ns);
		if (c->ops.leg_bound)
			c->ops.leg_bound(c->ctx, number);
		break;
	case RD_BOUND_FULL:
		l->due_ns = now_ns + client_jitter(BIND_FULL_NS, BIND_JITTER);
		break;
	default:
		forget(c, l);
		if (c->ops.leg_gone)
			c->ops.leg_gone(c->ctx, number);
	}
}

void
client_legs_receive(struct rd_relay_client *c, const struct rd_relay_packet *p, uint64_t now_ns,
	uint32_t *leg, uint8_t **payload, size_t *payload_len)
{
	struct client_leg *l;
	switch (p->type) {
	case RD_RELAY_RELAYED:
		if (!(l = client_leg_by_handle(c, p->handle)) || p->payload_len == 0)
			return;
		*leg = l->leg.number;
		if (!l->heard)
			client_request_heard(c, l->leg.number);
		l->heard = true;
		/* Within what rd_relay_client_receive was given, which is not const. */
		*payload = (uint8_t *)(uintptr_t)p->payload;
		*payload_len = p->payload_len;
		break;
	case RD_RELAY_CHALLENGED:
		if ((l = by_mark(c, p->mark)))
			challenged(l, p->cookie, now_ns);
		break;
	case RD_RELAY_BOUND:
		if (!(l = by_mark(c, p->mark)))
			return;
		c->there_ns = now_ns;
		bound(c, l, p, now_ns);
		break;
	case RD_RELAY_GONE:
		if (!(l = client_leg_by_handle(c, p->handle)))
			return;
		c->there_ns = now_ns;
		rd_relay_client_rebind(c, l->leg.number, now_ns);
		break;
	default:
		break; /* a relay's */
	}
}

void
client_legs_tick(struct rd_relay_client *c, uint64_t now_ns)
{
	for (unsigned i = 0; i < c->legs_max && c->legs_count; i++) {
		struct client_leg *l = &c->legs[i];
		if (l->binding && now_ns >= l->begun_ns + BIND_FOR_NS)
			l->binding = false;
	}
}

uint64_t
client_legs_deadline(const struct rd_relay_client *c)
{
	uint64_t due = UINT64_MAX;
	for (unsigned i = 0; i < c->legs_max && c->legs_count; i++)
		if (c->legs[i].binding && c->legs[i].due_ns < due)
			due = c->legs[i].due_ns;
	return due;
}
