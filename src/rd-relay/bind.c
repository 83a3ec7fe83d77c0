#include <string.h>

#include <sodium.h>

#include "rd-relay/core_priv.h"

_Static_assert(RD_BIND_SIZE >= 24, "no answer to BIND is larger than it");

static void
reply(const struct core_out *out, const struct rd_addr *to, const struct rd_relay_packet *p)
{
	uint8_t room[RD_BIND_SIZE];
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = room, .cap = sizeof(room)};
	rd_relay_packet_pack(&b, p);
	out->send(out->ctx, to, b.data, b.len);
}

/* TCP has proven the address already; of a datagram a cookie does, of this ticket. */
static bool
proven(struct core *c, const struct rd_addr *from, const struct rd_relay_packet *p,
	uint8_t cookie[static RD_RELAY_COOKIE], uint64_t now_ns)
{
	struct rd_cookie_jar jar;
	const uint8_t *nonce = p->ticket + RD_TICKET_BODY;	/* its mac */
	_Static_assert(RD_RELAY_COOKIE == RD_COOKIE && RD_TICKET - RD_TICKET_BODY == 16,
		"a cookie over 16 bytes");
	if (from->stream)
		return true;
	admit_jar(c, &jar, now_ns);
	bool right = rd_cookie_nonce_check(&jar, from, now_ns, nonce, p->cookie);
	rd_cookie_nonce(&jar, from, now_ns, nonce, cookie);
	sodium_memzero(&jar, sizeof(jar));
	return right;
}

static bool
issued_to(const struct rd_ticket *t, const struct rd_addr *from)
{
	return rd_addr_same_ip(&t->issued_to, from) && t->issued_to.port == from->port &&
		t->issued_to.stream == from->stream;
}

/* The session of a ticket, made again from it where it is not known. NULL: *why. */
static struct session *
session_of(struct core *c, struct work *w, const struct rd_ticket *t, enum rd_bound *why,
	uint64_t now_ns)
{
	uint64_t mine = handle_number(t->handle), other = handle_number(t->other);
	bool free, other_free;
	struct session *s = legs_find(&c->legs, mine, &free);
	legs_find(&c->legs, other, &other_free);
	*why = RD_BOUND_TAKEN;
	if (s)
		return s->id == t->session && s->handle[t->leg] == mine ? s : NULL;
	if (!free || !other_free)
		return NULL;
	uint64_t spent = core_spent(c, t->session);
	*why = RD_BOUND_TICKET;
	if (t->max_bytes && spent >= t->max_bytes)
		return NULL;
	*why = RD_BOUND_FULL;
	uint32_t tag[2] = {t->tag_viewer, t->tag_host};
	uint64_t wall_s = core_wall_s(c, now_ns);
	if (c->draining || meet_room(c, w, tag, now_ns))
		return NULL;
	struct session_new n = {.id = t->session, .not_after_s = t->not_after_s,
		.max_bytes = t->max_bytes ? t->max_bytes - spent : 0, .kbps = t->kbps, .tag = {tag[0], tag[1]},
		.ends_ns = now_ns + (t->not_after_s - wall_s) * NS_PER_S};
	n.handle[t->leg] = mine;
	n.handle[!t->leg] = other;
	/* However much all carry: what ends bind stood before, and its rate is marked as that of others. */
	s = legs_add(&c->legs, &n, now_ns);
	if (s)
		carried_fold(c, s);
	if (s)
		work_tell(w, &(struct core_event){.what = CORE_SESSION_BEGAN, .session = s->id,
			.began_ns = now_ns, .tag_viewer = tag[0], .tag_host = tag[1]}, NULL, NULL);
	return s;
}

/* From that address this ticket needs no cookie. */
static bool
trusted(const struct core *c, const struct rd_ticket *t, const struct rd_addr *from)
{
	struct where at = legs_at(&c->legs, handle_number(t->handle)), now = where_of(from);
	/* While another address has the leg, an old BIND that somebody kept does not take it. */
	return where_nowhere(&at) ? issued_to(t, from) : where_equal(&at, &now);
}

static enum rd_bound
bind_at(struct core *c, struct work *w, const struct rd_ticket *t, const struct rd_addr *from,
	uint64_t now_ns)
{
	enum rd_bound why;
	struct where at = where_of(from);
	pthread_mutex_lock(&c->lock);
	struct session *s = session_of(c, w, t, &why, now_ns);
	if (s)
		legs_bind(&c->legs, s, t->leg, &at, now_ns);
	pthread_mutex_unlock(&c->lock);
	return s ? RD_BOUND_OK : why;
}

/* False: it is not of ours, or too old. */
static bool
open_ticket(struct core *c, struct rd_ticket *t, const uint8_t *bytes, uint64_t now_ns)
{
	return rd_ticket_open(t, c->ticket_key, bytes) == 0 && t->leg <= 1 &&
		t->not_after_s > core_wall_s(c, now_ns) &&
		t->not_after_s - core_wall_s(c, now_ns) <= SESSION_LIFE_MAX_S;
}

void
bind_leg(struct core *c, const struct core_out *out, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct rd_relay_packet p;
	struct rd_ticket t;
	struct work w = {.datagrams = 0};
	uint8_t cookie[RD_RELAY_COOKIE] = {0};
	if (rd_relay_packet_parse(&p, data, len) != 0 || p.type != RD_RELAY_BIND)
		return;
	/* Forged ones, with somebody else's address, do not use up what is his for real ones. */
	bool ours = open_ticket(c, &t, p.ticket, now_ns);
	if (!limit_allow(ours ? &c->bind : &c->gone, from, now_ns)) {
		core_count(c, COUNT_RATELIMITED_SOURCE);
		return;
	}
	struct rd_relay_packet bound = {.type = RD_RELAY_BOUND, .mark = p.mark,
		.why = RD_BOUND_TICKET, .handle = (const uint8_t[RD_HANDLE]){0}};
	if (ours) {
		if (!proven(c, from, &p, cookie, now_ns) && !trusted(c, &t, from)) {
			reply(out, from, &(struct rd_relay_packet){.type = RD_RELAY_CHALLENGED,
				.mark = p.mark, .cookie = cookie});
			return;
		}
		bound.why = (uint8_t)bind_at(c, &w, &t, from, now_ns);
		bound.handle = t.handle;
	}
	core_count(c, bound.why == RD_BOUND_OK ? COUNT_BIND_OK : COUNT_BIND_BAD);
	reply(out, from, &bound);
	work_done(c, out, &w);
}
