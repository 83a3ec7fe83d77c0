#include <sodium.h>

#include "net/relay_client_priv.h"

#define S UINT64_C(1000000000)
#define RETRY_S 5	/* where a relay names no time */
#define RETRY_S_MAX 60
#define JITTER 20	/* ± per cent */

static void
registered(struct rd_relay_client *c, const struct rd_relay_msg *m, uint64_t now_ns)
{
	bool anew = !c->stands;
	if (m->seconds)
		c->lifetime_ns = m->seconds * S;
	client_ready(c, &m->addr, (enum rd_path_policy)m->policy, now_ns);
	if (anew)
		client_slots_again(c, now_ns);
}

static struct client_slot *
slot_by(struct rd_relay_client *c, uint16_t request)
{
	struct client_slot *unused = NULL;
	for (unsigned i = 0; i < CLIENT_SLOTS; i++) {
		if (c->slots[i].slot && c->slots[i].request == request)
			return &c->slots[i];
		if (!c->slots[i].slot)
			unused = &c->slots[i];
	}
	return unused;
}

static void
slot_is(struct rd_relay_client *c, const struct rd_relay_msg *m, uint64_t now_ns)
{
	struct client_slot *s = slot_by(c, m->request);
	if (!s || m->slot == 0)
		return;
	uint32_t was = s->slot;
	*s = (struct client_slot){.slot = m->slot, .request = m->request,
		.until_ns = now_ns + m->seconds * S};
	if (was == m->slot)
		return;
	if (was && c->ops.slot_gone)
		c->ops.slot_gone(c->ctx, was);
	if (c->ops.slot)
		c->ops.slot(c->ctx, m->slot, m->seconds);
}

static void
connected(struct rd_relay_client *c, struct client_request *r, const struct rd_relay_msg *m,
	uint64_t now_ns)
{
	struct rd_relay_msg as = *m;
	if (m->program)
		c->program = m->program;
	as.slot = r->slot;
	as.key = r->key;
	struct rd_addr seen = c->seen;
	struct client_leg *l = r->leg || client_leg_by_handle(c, m->handle) ? NULL :
		client_leg_add(c, &as, now_ns);
	if (l)
		client_request_met(r, l->leg.number, now_ns);
	else if (!r->leg)
		client_request_end(r);
	/* What its policy is, a viewer hears here. */
	if (c->stands && c->policy != (enum rd_path_policy)m->policy)
		client_ready(c, &seen, (enum rd_path_policy)m->policy, now_ns);
	c->policy = (enum rd_path_policy)m->policy;
	if (c->keep_ns == UINT64_MAX)
		client_keep(c, now_ns);
	if (l && c->ops.leg)
		c->ops.leg(c->ctx, &l->leg, NULL, 0);
}

/* A relay that says when it may be asked again is; others, and all at once, wait a little. */
static void
later(struct client_request *r, uint32_t retry_s, uint64_t now_ns)
{
	uint64_t s = retry_s == 0 ? RETRY_S : retry_s < RETRY_S_MAX ? retry_s : RETRY_S_MAX;
	client_request_later(r, now_ns + client_jitter(s * S, JITTER));
}

static void
refused(struct rd_relay_client *c, struct client_request *r, const struct rd_relay_msg *m,
	uint64_t now_ns)
{
	enum rd_relay_msg_type of = r->type;
	if (m->of != of || r->leg)
		return;
	if (m->why == RD_NO_NOT_REGISTERED && c->role == RD_ROLE_HOST && of != RD_RELAY_REGISTER) {
		/* What it waits for is on its way again. */
		c->stands = false;
		client_request_later(r, now_ns);
		if (of == RD_RELAY_KEEP)
			client_request_end(r);
		client_request_once(c, RD_RELAY_REGISTER, now_ns);
		return;
	}
	if (m->why == RD_NO_ADMISSION || m->why == RD_NO_JOIN_KEY)
		c->stopped = of == RD_RELAY_REGISTER;
	if (of == RD_RELAY_CONNECT || of == RD_RELAY_UNSLOT || c->stopped ||
		(m->why != RD_NO_BUSY && m->why != RD_NO_DRAINING))
		client_request_end(r);
	else
		later(r, m->seconds, now_ns);
	if (c->ops.no)
		c->ops.no(c->ctx, of, (enum rd_relay_no)m->why, m->seconds);
}

static bool
answers(enum rd_relay_msg_type type, enum rd_relay_msg_type of)
{
	switch (type) {
	case RD_RELAY_REGISTERED:
		return of == RD_RELAY_REGISTER;
	case RD_RELAY_KEPT:
		return of == RD_RELAY_KEEP;
	case RD_RELAY_SLOT_IS:
		return of == RD_RELAY_SLOT;
	case RD_RELAY_UNSLOTTED:
		return of == RD_RELAY_UNSLOT;
	case RD_RELAY_CONNECTED:
		return of == RD_RELAY_CONNECT;
	case RD_RELAY_NO:
		return true;
	default:
		return false;
	}
}

static void
answered(struct rd_relay_client *c, struct client_request *r, const struct rd_relay_msg *m,
	uint64_t now_ns)
{
	if (m->type == RD_RELAY_NO) {
		refused(c, r, m, now_ns);
		return;
	}
	if (m->type == RD_RELAY_CONNECTED) {
		connected(c, r, m, now_ns);
		return;
	}
	client_request_end(r);
	switch (m->type) {
	case RD_RELAY_REGISTERED:
		registered(c, m, now_ns);
		break;
	case RD_RELAY_KEPT:
		/* A host stands once it is registered. */
		if (c->role == RD_ROLE_VIEWER || c->stands)
			client_ready(c, &m->addr, c->policy, now_ns);
		break;
	case RD_RELAY_SLOT_IS:
		slot_is(c, m, now_ns);
		break;
	default:
		break;
	}
}

/* Somebody wants to meet us. The other end repeats itself until it is answered. */
static void
offered(struct rd_relay_client *c, const struct rd_relay_msg *m, uint64_t now_ns, uint32_t *leg,
	uint8_t **payload, size_t *payload_len)
{
	if (c->role != RD_ROLE_HOST)
		return;
	/* Within what rd_relay_client_receive was given, which is not const. */
	uint8_t *first = (uint8_t *)(uintptr_t)m->datagram;
	struct client_leg *l = client_leg_by_handle(c, m->handle);
	if (l && m->datagram_len) {
		*leg = l->leg.number;
		*payload = first;
		*payload_len = m->datagram_len;
	}
	if (l)
		return;
	l = client_leg_add(c, m, now_ns);
	if (l && c->ops.leg)
		c->ops.leg(c->ctx, &l->leg, first, m->datagram_len);
}

void
client_message(struct rd_relay_client *c, uint8_t *data, size_t len, uint64_t now_ns,
	uint32_t *leg, uint8_t **payload, size_t *payload_len)
{
	struct rd_relay_msg m;
	if (rd_relay_msg_parse(&m, data, len) != 0 || c->stopped)
		return;
	if (m.type == RD_RELAY_OFFER) {
		offered(c, &m, now_ns, leg, payload, payload_len);
		return;
	}
	if (m.type == RD_RELAY_DRAIN) {
		if (c->ops.drain)
			c->ops.drain(c->ctx, m.seconds);
		return;
	}
	struct client_request *r = client_request_find(c, m.request);
	if (r && answers(m.type, r->type))
		answered(c, r, &m, now_ns);
}
