#include "rd-relay/core_priv.h"

#define REQUESTS_A_SECOND 20	/* of one session, and a burst of two seconds */

/* One request, and whose it is. */
struct request {
	struct core *c;
	struct work *w;
	struct peer *peer;
	const struct rd_relay_msg *m;
	size_t asked;		/* bytes of its datagram */
	uint64_t now_ns;
};

static void
answer(const struct request *r, struct rd_relay_msg *a)
{
	a->request = r->m->request;
	work_say(r->c, r->w, r->peer, a, r->asked, r->now_ns);
}

void
serve_no(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	enum rd_relay_no why, uint32_t retry_s, size_t asked, uint64_t now_ns)
{
	struct rd_relay_msg a = {.type = RD_RELAY_NO, .request = m->request,
		.of = (uint8_t)m->type, .why = (uint8_t)why, .seconds = retry_s};
	work_say(c, w, peer, &a, asked, now_ns);
}

static void
no(const struct request *r, enum rd_relay_no why, uint32_t retry_s)
{
	serve_no(r->c, r->w, r->peer, r->m, why, retry_s, r->asked, r->now_ns);
}

/* --- hosts --- */

static void
registered(const struct request *r)
{
	answer(r, &(struct rd_relay_msg){.type = RD_RELAY_REGISTERED,
		.seconds = (uint32_t)(PEER_LIFE_NS / NS_PER_S), .policy = (uint8_t)r->c->cfg.policy,
		.addr = where_addr(&r->peer->at)});
}

/* Another program of a key; where there are many, in the place of one that says nothing any more. */
static bool
has_place(const struct request *r)
{
	struct peer *quietest;
	if (peers_hosts(&r->c->peers, &r->peer->key, &quietest) < HOSTS_OF_KEY)
		return true;
	if (!peer_quiet(quietest, r->now_ns))
		return false;
	core_forget(r->c, r->w, quietest, r->now_ns);
	return true;
}

static void
do_register(const struct request *r)
{
	struct core *c = r->c;
	struct peer *peer = r->peer;
	struct rd_addr from = where_addr(&peer->at);
	enum admitted how;
	if (peer->registered) {
		registered(r);
		return;
	}
	if (c->draining) {
		no(r, RD_NO_DRAINING, 0);
		return;
	}
	int why = admit_host(c, peer, r->m, &how);
	if (why) {
		work_tell(r->w, &(struct core_event){.what = CORE_REFUSED, .why = (uint8_t)why},
			&peer->key, &from);
		no(r, (enum rd_relay_no)why, 0);
		return;
	}
	struct peer *old = peers_program(&c->peers, &peer->key, r->m->program);
	/* One that was replaced says it again; its newer session is the host. */
	if (old && old->timestamp > peer->timestamp)
		return;
	if (!old && !has_place(r)) {
		core_count(c, COUNT_RATELIMITED_HOST);
		no(r, RD_NO_BUSY, 10);
		return;
	}
	peers_register(&c->peers, peer, old, r->m->program, r->now_ns);
	peer->admitted = (uint8_t)how;
	peer->by_code = r->m->by_code;
	if (!old)
		work_tell(r->w, &(struct core_event){.what = CORE_REGISTERED}, &peer->key, &from);
	registered(r);
}

static void
slot_is(const struct request *r, uint32_t number)
{
	const struct slot *s = &r->c->slots.slot[number];
	uint64_t left = s->until_ns > r->now_ns ? s->until_ns - r->now_ns : 0;
	answer(r, &(struct rd_relay_msg){.type = RD_RELAY_SLOT_IS, .slot = number,
		.seconds = (uint32_t)(left / NS_PER_S)});
}

/* NULL: that number is not a live slot of this host, any more. */
static struct slot *
own_slot(const struct request *r, uint32_t number)
{
	struct slot *s;
	enum slot_state state = slots_look(&r->c->slots, number, &s, r->now_ns);
	if (state == SLOT_FREE || !slot_of(s, &r->peer->key, r->peer->program))
		return NULL;
	if (state == SLOT_HAS_EXPIRED)
		core_slot_over(r->c, r->w, number, SLOT_HAS_EXPIRED, r->now_ns);
	return state == SLOT_LIVE ? s : NULL;
}

/*
 * A free place, or that of the slot which this very request made, be it in an
 * earlier session of the host, which asks again in a new one; -1: there is none.
 */
static int
place_for_slot(const struct request *r)
{
	int place = -1;
	for (int i = 0; i < PEER_SLOTS; i++) {
		struct slot *s = own_slot(r, r->peer->slot[i]);
		if (s && s->request == r->m->request) {
			s->session = r->peer->index;
			return i;
		}
		if (s)
			continue;
		r->peer->slot[i] = 0;
		place = i;
	}
	return place;
}

/* Of a host that has as many as it may: one of an earlier session, perhaps of a program that died. */
static int
slot_left_over(const struct request *r)
{
	for (int i = 0; i < PEER_SLOTS; i++) {
		const struct slot *s = own_slot(r, r->peer->slot[i]);
		if (!s || s->session == r->peer->index)
			continue;
		core_slot_over(r->c, r->w, r->peer->slot[i], SLOT_WAS_WITHDRAWN, r->now_ns);
		r->peer->slot[i] = 0;
		return i;
	}
	return -1;
}

static void
do_slot(const struct request *r)
{
	struct core *c = r->c;
	if (!r->peer->registered) {
		no(r, RD_NO_NOT_REGISTERED, 0);
		return;
	}
	int i = place_for_slot(r);
	if (i >= 0 && r->peer->slot[i]) {
		slot_is(r, r->peer->slot[i]);
		return;
	}
	if (c->draining) {
		no(r, RD_NO_DRAINING, 0);
		return;
	}
	struct rd_addr source = admit_source(r->peer);
	if (!limit_allow(&c->slot, &source, r->now_ns)) {
		core_count(c, COUNT_RATELIMITED_SOURCE);
		no(r, RD_NO_BUSY, 10);
		return;
	}
	if (i < 0)
		i = slot_left_over(r);
	uint32_t number = i < 0 ? 0 : slots_new(&c->slots, &r->peer->key, r->peer->program,
		r->peer->index, r->m->request, r->now_ns);
	if (!number) {
		no(r, RD_NO_BUSY, 60);
		return;
	}
	r->peer->slot[i] = number;
	work_tell(r->w, &(struct core_event){.what = CORE_SLOT, .slot = number}, &r->peer->key, NULL);
	slot_is(r, number);
}

static void
do_unslot(const struct request *r)
{
	static const enum slot_state states[] = {[RD_SLOT_USED] = SLOT_WAS_USED,
		[RD_SLOT_BURNT] = SLOT_WAS_BURNT, [RD_SLOT_WITHDRAWN] = SLOT_WAS_WITHDRAWN};
	if (!r->peer->registered) {
		no(r, RD_NO_NOT_REGISTERED, 0);
		return;
	}
	for (unsigned i = 0; i < PEER_SLOTS; i++) {
		if (r->peer->slot[i] != r->m->slot || !own_slot(r, r->m->slot))
			continue;
		core_slot_over(r->c, r->w, r->m->slot, states[r->m->why], r->now_ns);
		r->peer->slot[i] = 0;
	}
	answer(r, &(struct rd_relay_msg){.type = RD_RELAY_UNSLOTTED});
}

/* --- all --- */

static void
do_keep(const struct request *r)
{
	answer(r, &(struct rd_relay_msg){.type = RD_RELAY_KEPT, .addr = where_addr(&r->peer->at)});
	if (!r->c->draining || !r->peer->registered)
		return;
	uint64_t left = r->c->drain_until_ns > r->now_ns ? r->c->drain_until_ns - r->now_ns : 0;
	work_say(r->c, r->w, r->peer, &(struct rd_relay_msg){.type = RD_RELAY_DRAIN,
		.seconds = (uint32_t)(left / NS_PER_S)}, r->asked, r->now_ns);
}

void
serve_request(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	size_t asked, uint64_t now_ns)
{
	struct request r = {c, w, peer, m, asked, now_ns};
	if (!bucket_take(&peer->requests_ns, NS_PER_S / REQUESTS_A_SECOND, 2 * NS_PER_S, now_ns)) {
		core_count(c, COUNT_RATELIMITED_PEER);
		return;
	}
	switch (m->type) {
	case RD_RELAY_REGISTER:
		do_register(&r);
		break;
	case RD_RELAY_KEEP:
		do_keep(&r);
		break;
	case RD_RELAY_SLOT:
		do_slot(&r);
		break;
	case RD_RELAY_UNSLOT:
		do_unslot(&r);
		break;
	case RD_RELAY_CONNECT:
		meet_connect(c, w, peer, m, asked, now_ns);
		break;
	case RD_RELAY_BYE:
		core_forget(c, w, peer, now_ns);
		break;
	default:
		break; /* a relay's own, from a peer */
	}
}
