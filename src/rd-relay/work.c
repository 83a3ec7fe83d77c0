#include <assert.h>

#include "rd-relay/core_priv.h"

/* What a request causes, gathered under core.lock and let out after it. */

void
core_count(struct core *c, enum core_count what)
{
	atomic_fetch_add_explicit(&c->count[what], 1, memory_order_relaxed);
}

void
work_done(struct core *c, const struct core_out *out, struct work *w)
{
	assert(out || w->datagrams == 0);
	for (unsigned i = 0; i < w->datagrams; i++)
		out->send(out->ctx, &w->datagram[i].to, w->datagram[i].data, w->datagram[i].len);
	for (unsigned i = 0; i < w->events && c->event; i++)
		c->event(c->ctx, &w->event[i].e);
	w->datagrams = w->events = 0;
}

void
work_tell(struct work *w, const struct core_event *e, const struct rd_key *key,
	const struct rd_addr *from)
{
	assert(w->events < WORK_EVENTS);
	unsigned i = w->events++;
	w->event[i].e = *e;
	/* They point to copies beside them: a work stays where it is. */
	w->event[i].e.key = key ? &w->event[i].key : NULL;
	w->event[i].e.from = from ? &w->event[i].from : NULL;
	if (key)
		w->event[i].key = *key;
	if (from)
		w->event[i].from = *from;
}

/*
 * Whoever has a session's keys might name somebody else's address as his new
 * one: larger answers go there only within a limit of that address.
 */
static bool
may_say(struct core *c, const struct peer *peer, const struct rd_addr *to, size_t asked, size_t len,
	uint64_t now_ns)
{
	return !peer->unproven || len <= asked || limit_allow(&c->moved, to, now_ns);
}

void
work_say(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	size_t asked, uint64_t now_ns)
{
	if (where_nowhere(&peer->at) || w->datagrams == WORK_DATAGRAMS)
		return;
	struct rd_addr to = where_addr(&peer->at);
	uint8_t *data = w->datagram[w->datagrams].data;
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = data + RD_PACKET_DATA_HEADER,
		.cap = DATAGRAM_MAX - RD_PACKET_OVERHEAD};
	rd_relay_msg_pack(&b, m);
	if (!may_say(c, peer, &to, asked, b.len + RD_PACKET_OVERHEAD, now_ns))
		return;
	w->datagram[w->datagrams].to = to;
	w->datagram[w->datagrams++].len = peer_seal(peer, data, b.len);
}

/* --- ends --- */

void
core_slot_over(struct core *c, struct work *w, uint32_t number, enum slot_state why,
	uint64_t now_ns)
{
	static const uint8_t whys[] = {[SLOT_WAS_USED] = RD_SLOT_USED,
		[SLOT_WAS_BURNT] = RD_SLOT_BURNT, [SLOT_WAS_WITHDRAWN] = RD_SLOT_WITHDRAWN,
		[SLOT_HAS_EXPIRED] = 0, [SLOT_HOST_LEFT] = RD_SLOT_WITHDRAWN};
	if (slots_over(&c->slots, number, why, now_ns))
		work_tell(w, &(struct core_event){.what = CORE_SLOT_OVER, .slot = number,
			.why = whys[why]}, &c->slots.slot[number].host, NULL);
}

void
core_forget(struct core *c, struct work *w, struct peer *peer, uint64_t now_ns)
{
	struct rd_addr from = where_addr(&peer->at);
	for (unsigned i = 0; i < PEER_SLOTS && peer->registered; i++) {
		struct slot *slot;
		if (slots_look(&c->slots, peer->slot[i], &slot, now_ns) == SLOT_LIVE &&
			slot_of(slot, &peer->key, peer->program))
			core_slot_over(c, w, peer->slot[i], SLOT_HOST_LEFT, now_ns);
	}
	if (peer->registered)
		work_tell(w, &(struct core_event){.what = CORE_LEFT}, &peer->key, &from);
	peers_remove(&c->peers, peer);
}

/* Numbers of sessions are drawn by chance: they are their own hashes. */
static struct spent *
spent_place(const struct core *c, uint64_t session)
{
	return &c->spent[session % SPENT];
}

uint64_t
core_spent(const struct core *c, uint64_t session)
{
	const struct spent *s = spent_place(c, session);
	return s->session == session ? s->bytes : 0;
}

void
core_end(struct core *c, struct work *w, struct session *s)
{
	carried_fold(c, s);
	uint64_t bytes = s->carried;
	if (s->max_bytes)
		*spent_place(c, s->id) = (struct spent){.session = s->id,
			.bytes = core_spent(c, s->id) + bytes};
	if (s->max_bytes && bytes >= s->max_bytes)
		core_count(c, COUNT_QUOTA_SESSION);
	else if (s->cut)
		core_count(c, COUNT_QUOTA_HOST);
	work_tell(w, &(struct core_event){.what = CORE_SESSION_ENDED, .slot = s->slot,
		.session = s->id, .began_ns = s->began_ns, .bytes = bytes,
		.packets = legs_packets(&c->legs, s, 0) + legs_packets(&c->legs, s, 1),
		.tag_viewer = s->tag[0], .tag_host = s->tag[1], .viewer = s->viewer, .host = s->host,
		.stream = s->stream}, NULL, NULL);
	legs_remove(&c->legs, s);
}
