#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/relay_client_priv.h"

#define JITTER 10	/* ± per cent */
#define MET_NS (2 * CLIENT_RETRY_NS)
#define MET_FOR_NS (UINT64_C(10) * 1000000000)

/* --- the table --- */

struct client_request *
client_request_find(struct rd_relay_client *c, uint16_t number)
{
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++)
		if (c->requests[i].type && c->requests[i].number == number)
			return &c->requests[i];
	return NULL;
}

struct client_request *
client_request_of(struct rd_relay_client *c, enum rd_relay_msg_type type)
{
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++)
		if (c->requests[i].type == type)
			return &c->requests[i];
	return NULL;
}

void
client_request_end(struct client_request *r)
{
	if (!r)
		return;
	free(r->datagram);
	*r = (struct client_request){0};
}

/* 0 is the number of what nobody asked for. */
static uint16_t
new_number(struct rd_relay_client *c)
{
	do
		c->number++;
	while (c->number == 0 || client_request_find(c, c->number));
	return c->number;
}

static struct client_request *
add(struct rd_relay_client *c, enum rd_relay_msg_type type, uint64_t now_ns)
{
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++) {
		struct client_request *r = &c->requests[i];
		if (r->type)
			continue;
		uint16_t number = new_number(c);
		*r = (struct client_request){.type = type, .number = number,
			.due_ns = now_ns, .wait_ns = CLIENT_RETRY_NS};
		return r;
	}
	return NULL;
}

struct client_request *
client_request_once(struct rd_relay_client *c, enum rd_relay_msg_type type, uint64_t now_ns)
{
	struct client_request *r = client_request_of(c, type);
	return r ? r : add(c, type, now_ns);
}

void
client_request_later(struct client_request *r, uint64_t due_ns)
{
	r->due_ns = due_ns;
	r->wait_ns = CLIENT_RETRY_NS;
	r->first_ns = 0;
}

/*
 * Of CONNECTED and OFFER each may be lost. So CONNECT is repeated until something
 * comes through the leg, or so long that nobody waits any more.
 */
void
client_request_met(struct client_request *r, uint32_t leg, uint64_t now_ns)
{
	r->leg = leg;
	r->first_ns = 0;
	r->wait_ns = MET_NS;
	r->due_ns = now_ns + MET_NS;
	r->end_ns = now_ns + MET_FOR_NS;
}

void
client_request_heard(struct rd_relay_client *c, uint32_t leg)
{
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++)
		if (c->requests[i].leg == leg)
			client_request_end(&c->requests[i]);
}

/* Of what is answered with a leg: what is not to be repeated any more. */
static void
reap(struct rd_relay_client *c, uint64_t now_ns)
{
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++) {
		struct client_request *r = &c->requests[i];
		if (r->leg && (now_ns >= r->end_ns || !client_leg_find(c, r->leg)))
			client_request_end(r);
	}
}

void
client_requests_anew(struct rd_relay_client *c, uint64_t now_ns)
{
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++) {
		struct client_request *r = &c->requests[i];
		/* A relay that was started anew would take it for another one. */
		if (r->leg)
			client_request_end(r);
		else if (r->type)
			client_request_later(r, now_ns);
	}
	client_request_once(c, c->role == RD_ROLE_HOST ? RD_RELAY_REGISTER : RD_RELAY_KEEP, now_ns);
}

/* --- for the owner --- */

void
rd_relay_client_want_slot(struct rd_relay_client *c, uint64_t now_ns)
{
	unsigned many = 0;
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++)
		many += c->requests[i].type == RD_RELAY_SLOT;
	for (unsigned i = 0; i < CLIENT_SLOTS; i++)
		many += c->slots[i].slot != 0;
	if (many < CLIENT_SLOTS)
		add(c, RD_RELAY_SLOT, now_ns);
}

void
client_slots_again(struct rd_relay_client *c, uint64_t now_ns)
{
	for (unsigned i = 0; i < CLIENT_SLOTS; i++) {
		if (!c->slots[i].slot || client_request_find(c, c->slots[i].request))
			continue;
		struct client_request *r = add(c, RD_RELAY_SLOT, now_ns);
		if (r)
			r->number = c->slots[i].request;
	}
}

void
rd_relay_client_unslot(struct rd_relay_client *c, uint32_t slot, enum rd_slot_over why,
	uint64_t now_ns)
{
	for (unsigned i = 0; i < CLIENT_SLOTS; i++) {
		if (c->slots[i].slot != slot)
			continue;
		client_request_end(client_request_find(c, c->slots[i].request));
		c->slots[i] = (struct client_slot){0};
	}
	struct client_request *r = add(c, RD_RELAY_UNSLOT, now_ns);
	if (!r)
		return; /* it will expire by itself */
	r->slot = slot;
	r->why = (uint8_t)why;
}

void
rd_relay_client_connect(struct rd_relay_client *c, uint32_t slot, const struct rd_key *host,
	const uint8_t *first, size_t len, uint64_t now_ns)
{
	if (len > RD_RELAY_FIRST_MAX)
		return;
	struct client_request *r = add(c, RD_RELAY_CONNECT, now_ns);
	if (!r)
		return;
	r->slot = host ? 0 : slot;
	r->by_key = host != NULL;
	if (host)
		r->key = *host;
	r->datagram = xmalloc(len ? len : 1);
	r->len = len;
	if (len)
		memcpy(r->datagram, first, len);
	/* It may have forgotten us. */
	if (!c->keys.there && c->hs.state == HANDSHAKE_NONE && c->to.family)
		client_handshake_begin(c, now_ns);
}

/* --- sending --- */

/* What only a registered host may ask waits until it is one. */
static bool
waits(const struct rd_relay_client *c, const struct client_request *r)
{
	return (r->type == RD_RELAY_SLOT || r->type == RD_RELAY_UNSLOT) && !c->stands;
}

static void
pack(const struct rd_relay_client *c, const struct client_request *r, struct rd_buf *b)
{
	struct rd_relay_msg m = {.type = r->type, .request = r->number, .slot = r->slot,
		.why = r->why, .by_key = r->by_key, .key = r->key, .datagram = r->datagram,
		.datagram_len = r->len, .program = c->program, .by_code = c->by_code};
	if (r->type == RD_RELAY_REGISTER && c->has_join) {
		m.has_proof = true;
		rd_join_proof(c->join, c->keys.hash, m.proof);
	}
	rd_relay_msg_pack(b, &m);
}

/* What has been asked for first goes first: CONNECT before the KEEP that came with the keys. */
static struct client_request *
next_due(struct rd_relay_client *c, uint64_t now_ns)
{
	struct client_request *found = NULL;
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++) {
		struct client_request *r = &c->requests[i];
		if (r->type && !waits(c, r) && now_ns >= r->due_ns &&
			(!found || r->due_ns < found->due_ns))
			found = r;
	}
	return found;
}

size_t
client_requests_send(struct rd_relay_client *c, uint8_t *out, size_t cap, uint64_t now_ns)
{
	struct rd_buf message = {0};
	reap(c, now_ns);
	struct client_request *r = next_due(c, now_ns);
	if (!r)
		return 0;
	pack(c, r, &message);
	size_t len = client_seal(c, &message, out, cap);
	rd_buf_finish(&message);
	if (!r->first_ns && !r->leg)
		r->first_ns = now_ns;
	r->due_ns = now_ns + client_jitter(r->wait_ns, JITTER);
	r->wait_ns = r->wait_ns * 2 < CLIENT_RETRY_MAX_NS ? r->wait_ns * 2 : CLIENT_RETRY_MAX_NS;
	return len;
}

/* One that speaks of legs and does not answer was started anew: it does not know us. */
static uint64_t
lost_at(const struct rd_relay_client *c, const struct client_request *r)
{
	if (!r->first_ns)
		return UINT64_MAX;
	return r->first_ns + (c->there_ns > r->first_ns ? CLIENT_UNKNOWN_NS : CLIENT_LOST_NS);
}

uint64_t
client_requests_deadline(const struct rd_relay_client *c)
{
	uint64_t due = UINT64_MAX;
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++) {
		const struct client_request *r = &c->requests[i];
		if (!r->type || waits(c, r))
			continue;
		due = r->due_ns < due ? r->due_ns : due;
		due = lost_at(c, r) < due ? lost_at(c, r) : due;
	}
	return due;
}

bool
client_requests_lost(const struct rd_relay_client *c, uint64_t now_ns)
{
	for (unsigned i = 0; i < CLIENT_REQUESTS; i++) {
		const struct client_request *r = &c->requests[i];
		if (r->type && now_ns >= lost_at(c, r))
			return true;
	}
	return false;
}
