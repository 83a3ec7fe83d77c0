#include <string.h>

#include <sodium.h>

#include "rd-relay/core_priv.h"

#define UNANSWERED_NS (5 * NS_PER_S)	/* a session whose host said (almost) nothing that long may be replaced */
#define OFFER_EVERY_NS (NS_PER_S / 10)
#define TURN_NS NS_PER_S		/* a host that said nothing that long: another one of its key is asked */
#define LITTLE (UINT64_C(1) << 20)	/* bytes of a host that are no sign of a session yet */

/* A CONNECT, and what has become of it so far. */
struct meeting {
	struct core *c;
	struct work *w;
	struct peer *viewer, *host;
	const struct rd_relay_msg *m;
	size_t asked;
	uint64_t now_ns;
	struct rd_addr from;
	struct rd_addr source;	/* whom limits count it for */
	uint32_t slot;
};

static void
refuse(const struct meeting *t, enum rd_relay_no why, uint32_t retry_s)
{
	core_count(t->c, COUNT_CONNECT_NO);
	work_tell(t->w, &(struct core_event){.what = CORE_CONNECT, .why = (uint8_t)why,
		.slot = t->m->by_key ? 0 : t->m->slot}, &t->viewer->key, &t->from);
	serve_no(t->c, t->w, t->viewer, t->m, why, retry_s, t->asked, t->now_ns);
}

/*
 * The session that this very CONNECT has made, when it comes again: of the same
 * viewer, to the same host. It may come in another session with us than before,
 * since the viewer begins anew when it hears nothing.
 */
static struct session *
made_before(const struct meeting *t)
{
	const struct rd_relay_msg *m = t->m;
	uint32_t tag = rd_ticket_tag(&t->viewer->key);
	struct session *s = NULL;
	while ((s = legs_of_tag(&t->c->legs, 0, tag, s)))
		if (s->met && s->request == m->request && rd_key_equal(&s->viewer, &t->viewer->key) &&
			(m->by_key ? rd_key_equal(&s->host, &m->key) : s->slot == m->slot))
			return s;
	return NULL;
}

/* Where its leg is bound at once; nowhere if only itself says that it is there. */
static struct where
proven_at(const struct peer *peer)
{
	return peer->unproven ? (struct where){0} : peer->at;
}

static void
make_ticket(const struct meeting *t, const struct session *s, unsigned leg,
	const struct peer *peer, struct rd_relay_msg *m)
{
	struct where at = proven_at(peer);
	struct rd_ticket ticket = {.leg = (uint8_t)leg, .node = t->c->cfg.node, .session = s->id,
		.not_after_s = s->not_after_s, .kbps = s->kbps, .max_bytes = s->max_bytes,
		.issued_to = where_addr(&at), .tag_viewer = s->tag[0], .tag_host = s->tag[1]};
	handle_bytes(s->handle[leg], ticket.handle);
	handle_bytes(s->handle[!leg], ticket.other);
	memcpy(m->handle, ticket.handle, sizeof(m->handle));
	rd_ticket_seal(&ticket, t->c->ticket_key, m->ticket);
}

/*
 * Whom it is offered. A viewer that says CONNECT again has heard nothing: where
 * several hosts have the key it asked for, and this one is gone or silent, it is the
 * next one's turn. A code is of one of them, and nobody else's; others would also
 * turn away who has come by it before.
 */
static struct peer *
host_of(const struct meeting *t, struct session *s)
{
	struct core *c = t->c;
	struct peer *host = peers_program(&c->peers, &s->host, s->program);
	bool there = host && (s->named ||
		(!where_nowhere(&host->at) && t->now_ns < s->turned_ns + TURN_NS));
	if (s->slot || there || legs_said(&c->legs, s, 1) > 0)
		return host;
	struct peer *next = host ? peers_next_host(&c->peers, host, t->now_ns) :
		peers_host(&c->peers, &s->host, t->now_ns);
	s->turned_ns = t->now_ns;
	if (!next || next == host || where_nowhere(&next->at))
		return host;
	struct where at = proven_at(next);
	legs_bind(&c->legs, s, 1, &at, t->now_ns);
	s->program = next->program;
	s->named = false;
	s->offered_ns = 0;
	return next;
}

/* CONNECTED, however often it is asked for; OFFER not so often that a host would be flooded. */
static void
introduce(const struct meeting *t, struct session *s)
{
	struct peer *host = host_of(t, s);
	struct rd_relay_msg connected = {.type = RD_RELAY_CONNECTED, .request = t->m->request,
		.policy = (uint8_t)t->c->cfg.policy, .program = s->program};
	struct rd_relay_msg offer = {.type = RD_RELAY_OFFER, .slot = s->slot, .key = t->viewer->key,
		.datagram = t->m->datagram, .datagram_len = t->m->datagram_len};
	make_ticket(t, s, 0, t->viewer, &connected);
	work_say(t->c, t->w, t->viewer, &connected, t->asked, t->now_ns);
	if (!host || where_nowhere(&host->at) ||
		(s->offered_ns && t->now_ns < s->offered_ns + OFFER_EVERY_NS))
		return;
	s->offered_ns = t->now_ns;
	make_ticket(t, s, 1, host, &offer);
	work_say(t->c, t->w, host, &offer, 0, t->now_ns);
}

/* The viewer has come from elsewhere, and proven it, since it met the host: its leg is there. */
static void
follow(const struct meeting *t, struct session *s)
{
	struct where at = proven_at(t->viewer);
	if (s->session == t->viewer->index || where_nowhere(&at))
		return;
	s->session = t->viewer->index;
	legs_bind(&t->c->legs, s, 0, &at, t->now_ns);
}

/* --- whom to --- */

static enum rd_relay_no
why_no_slot(enum slot_state state)
{
	switch (state) {
	case SLOT_WAS_USED:
		return RD_NO_SLOT_USED;
	case SLOT_WAS_BURNT:
		return RD_NO_SLOT_BURNT;
	case SLOT_WAS_WITHDRAWN:
	case SLOT_HAS_EXPIRED:
		return RD_NO_SLOT_EXPIRED;
	case SLOT_HOST_LEFT:
		return RD_NO_HOST;
	case SLOT_FREE:
	case SLOT_LIVE:
		break;
	}
	return RD_NO_SLOT;
}

/* 0, or why there is no host of that slot. */
static int
find_by_slot(struct meeting *t)
{
	struct slot *slot;
	if (admit_guesser(t->c, &t->source, t->now_ns) || admit_guesser(t->c, &t->from, t->now_ns))
		return RD_NO_BUSY;
	enum slot_state state = slots_look(&t->c->slots, t->m->slot, &slot, t->now_ns);
	if (state == SLOT_FREE)
		admit_guessed(t->c, &t->source, t->now_ns);
	if (state == SLOT_HAS_EXPIRED)
		core_slot_over(t->c, t->w, t->m->slot, SLOT_HAS_EXPIRED, t->now_ns);
	/* A host that ends takes its slots back, and is gone: that is what counts. */
	struct peer *host = state == SLOT_FREE ? NULL :
		peers_program(&t->c->peers, &slot->host, slot->program);
	if (state == SLOT_WAS_WITHDRAWN && !host)
		return RD_NO_HOST;
	if (state != SLOT_LIVE)
		return (int)why_no_slot(state);
	t->slot = t->m->slot;
	t->host = host;
	return 0;
}

/* The one that it has been at before, as long as that is there: what has begun there goes on there. */
static struct peer *
find_by_key(const struct meeting *t)
{
	const struct peers *p = &t->c->peers;
	struct peer *before = t->m->program ? peers_program(p, &t->m->key, t->m->program) : NULL;
	return before && !peer_quiet(before, t->now_ns) && !where_nowhere(&before->at) ? before :
		peers_host(p, &t->m->key, t->now_ns);
}

static int
find_host(struct meeting *t)
{
	if (t->m->by_key) {
		t->host = find_by_key(t);
	} else {
		int why = find_by_slot(t);
		if (why)
			return why;
	}
	if (t->host && !peer_alive(t->host, t->now_ns)) {
		core_forget(t->c, t->w, t->host, t->now_ns);
		t->host = NULL;
	}
	return t->host && !where_nowhere(&t->host->at) ? 0 : RD_NO_HOST;
}

/* --- room --- */

/*
 * We cannot see which sessions stand: whoever knows a host's key gets an answer of
 * it, and could hold all its places by that. But to strangers a host says little.
 * So the one that it has said least in may go, if that is not much; of equal ones
 * the oldest. Should it be a session all the same, its ends bind their legs again.
 */
static unsigned
count_of_tag(const struct core *c, unsigned leg, uint32_t tag, struct session **least,
	uint64_t now_ns)
{
	unsigned n = 0;
	uint64_t least_bytes = LITTLE;
	struct session *s = NULL;
	while ((s = legs_of_tag(&c->legs, leg, tag, s))) {
		uint64_t bytes = legs_said(&c->legs, s, 1);
		n++;
		if (now_ns < s->began_ns + UNANSWERED_NS || bytes > least_bytes ||
			(*least && bytes == least_bytes && s->began_ns >= (*least)->began_ns))
			continue;
		least_bytes = bytes;
		*least = s;
	}
	return n;
}

int
meet_room(struct core *c, struct work *w, const uint32_t tag[static 2], uint64_t now_ns)
{
	static const enum core_count counts[] = {COUNT_RATELIMITED_PEER, COUNT_RATELIMITED_HOST};
	for (unsigned leg = 0; leg < 2; leg++) {
		struct session *least = NULL;
		if (count_of_tag(c, leg, tag[leg], &least, now_ns) < c->cfg.sessions_each)
			continue;
		if (!least)
			return (int)counts[leg];
		core_end(c, w, least);
	}
	return 0;
}

/* Everything that limits how often; true: it is too often, and was refused. */
static bool
too_often(const struct meeting *t, const uint32_t tag[static 2])
{
	struct core *c = t->c;
	uint64_t each_ns = 60 * NS_PER_S / c->cfg.connects_minute;
	if (!admit_connect(c, &t->source, &t->host->key, t->now_ns)) {
		core_count(c, COUNT_RATELIMITED_SOURCE);
		refuse(t, RD_NO_BUSY, 10);
		return true;
	}
	if (!bucket_take(&t->host->connects_ns, each_ns, 60 * NS_PER_S, t->now_ns)) {
		core_count(c, COUNT_RATELIMITED_HOST);
		refuse(t, RD_NO_BUSY, 10);
		return true;
	}
	int full = meet_room(c, t->w, tag, t->now_ns);
	if (full) {
		core_count(c, (enum core_count)full);
		refuse(t, RD_NO_BUSY, 60);
	}
	return full != 0;
}

static void
meet(const struct meeting *t)
{
	struct core *c = t->c;
	uint64_t life_s = c->cfg.session_life_s, id;
	struct session_new n = {.ends_ns = t->now_ns + life_s * NS_PER_S,
		.not_after_s = core_wall_s(c, t->now_ns) + life_s, .kbps = c->cfg.session_kbps,
		.max_bytes = c->cfg.session_bytes, .at = {proven_at(t->viewer), proven_at(t->host)},
		.tag = {rd_ticket_tag(&t->viewer->key), rd_ticket_tag(&t->host->key)}};
	if (too_often(t, n.tag))
		return;
	randombytes_buf(&id, sizeof(id));
	n.id = id;
	struct session *s = legs_add(&c->legs, &n, t->now_ns);
	if (!s) {
		refuse(t, RD_NO_BUSY, 60);
		return;
	}
	carried_fold(c, s);
	s->met = true;
	s->viewer = t->viewer->key;
	s->session = t->viewer->index;
	s->request = t->m->request;
	s->slot = t->slot;
	s->host = t->host->key;
	s->program = t->host->program;
	s->named = t->m->program == s->program && t->host->by_code;
	s->turned_ns = t->now_ns;
	core_count(c, COUNT_CONNECT_OK);
	work_tell(t->w, &(struct core_event){.what = CORE_CONNECT, .slot = t->slot, .session = id,
		.tag_viewer = s->tag[0], .tag_host = s->tag[1]}, &t->viewer->key, &t->from);
	work_tell(t->w, &(struct core_event){.what = CORE_SESSION_BEGAN, .slot = t->slot,
		.session = id, .began_ns = t->now_ns, .tag_viewer = s->tag[0], .tag_host = s->tag[1]},
		&t->host->key, &t->from);
	introduce(t, s);
}

void
meet_connect(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	size_t asked, uint64_t now_ns)
{
	struct meeting t = {.c = c, .w = w, .viewer = peer, .m = m, .asked = asked,
		.now_ns = now_ns, .from = where_addr(&peer->at), .source = admit_source(peer)};
	struct session *s = made_before(&t);
	if (s) {
		follow(&t, s);
		introduce(&t, s);
		return;
	}
	if (c->draining) {
		refuse(&t, RD_NO_DRAINING, 0);
		return;
	}
	if (!limit_allow(&c->connect, &t.source, now_ns)) {
		core_count(c, COUNT_RATELIMITED_SOURCE);
		refuse(&t, RD_NO_BUSY, 2);
		return;
	}
	if (c->crowd.crowded) {
		core_count(c, COUNT_RATELIMITED_RELAY);
		refuse(&t, RD_NO_BUSY, 10);
		return;
	}
	int why = find_host(&t);
	if (why)
		refuse(&t, (enum rd_relay_no)why, why == RD_NO_BUSY ? 60 : 0);
	else
		meet(&t);
}
