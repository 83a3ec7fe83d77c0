#include <string.h>

#include "rd-relay/core_priv.h"

/*
 * What time ends, a part of it in each tick: nobody waits long for core.lock,
 * and all is looked at every ten seconds (sessions: every second). Where it
 * matters sooner whoever looks for a peer or slot sees that its time is over.
 */
#define TICKS_A_ROUND 100
#define DRAINS_A_TICK 2000

static bool
tick_peers(struct core *c, struct work *w, unsigned *steps, uint64_t now_ns)
{
	struct peers *p = &c->peers;
	for (; *steps > 0 && !work_full(w); (*steps)--) {
		p->cursor = p->cursor + 1 < p->made ? p->cursor + 1 : 0;
		struct peer *peer = peers_at(p, p->cursor);
		if (peer && !peer_alive(peer, now_ns))
			core_forget(c, w, peer, now_ns);
	}
	return *steps > 0;
}

static bool
tick_slots(struct core *c, struct work *w, unsigned *steps, uint64_t now_ns)
{
	while (*steps > 0 && !work_full(w)) {
		uint32_t number = slots_sweep(&c->slots, steps, now_ns);
		if (number)
			core_slot_over(c, w, number, SLOT_HAS_EXPIRED, now_ns);
	}
	return *steps > 0;
}

/* A leg whose end says nothing is bound no more; with both, the session is over. */
static void
look_at_session(struct core *c, struct work *w, struct session *s, uint64_t now_ns)
{
	unsigned idle = 0;
	carried_fold(c, s);
	for (unsigned leg = 0; leg < 2; leg++) {
		if (now_ns < legs_heard_ns(&c->legs, s, leg) + c->cfg.idle_ns)
			continue;
		idle++;
		struct where at = legs_at(&c->legs, s->handle[leg]);
		if (!where_nowhere(&at))
			legs_unbind(&c->legs, s, leg);
	}
	if (idle == 2 || now_ns >= s->ends_ns)
		core_end(c, w, s);
}

static bool
tick_sessions(struct core *c, struct work *w, unsigned *steps, uint64_t now_ns)
{
	struct legs *t = &c->legs;
	for (; *steps > 0 && !work_full(w); (*steps)--) {
		/* Downwards: the one that takes an ended one's place has been looked at. */
		t->cursor = t->cursor > 0 && t->cursor <= t->count ? t->cursor - 1 : t->count;
		if (t->cursor < t->count)
			look_at_session(c, w, &t->session[t->live[t->cursor]], now_ns);
	}
	return *steps > 0;
}

static void
sweep(struct core *c, const struct core_out *out, unsigned steps, uint64_t now_ns,
	bool (*some)(struct core *c, struct work *w, unsigned *steps, uint64_t now_ns))
{
	bool more = true;
	while (more) {
		struct work w = {.datagrams = 0};
		pthread_mutex_lock(&c->lock);
		more = some(c, &w, &steps, now_ns);
		pthread_mutex_unlock(&c->lock);
		work_done(c, out, &w);
	}
}

/* DRAIN to hosts, as far as there is room for the datagrams. */
static bool
tick_drain(struct core *c, struct work *w, unsigned *steps, uint64_t now_ns)
{
	uint64_t left = c->drain_until_ns > now_ns ? c->drain_until_ns - now_ns : 0;
	for (; *steps > 0 && w->datagrams < WORK_DATAGRAMS; (*steps)--) {
		if (c->drain_cursor >= c->peers.made) {
			c->drain_cursor = UINT32_MAX;
			return false;
		}
		struct peer *peer = peers_at(&c->peers, c->drain_cursor++);
		if (peer && peer->registered)
			work_say(c, w, peer, &(struct rd_relay_msg){.type = RD_RELAY_DRAIN,
				.seconds = (uint32_t)(left / NS_PER_S)}, 0, now_ns);
	}
	return *steps > 0;
}

void
core_tick(struct core *c, const struct core_out *out, uint64_t now_ns)
{
	pthread_mutex_lock(&c->lock);
	halves_expire(&c->halves, now_ns);
	carried_day(c, now_ns);
	unsigned peers = c->peers.made / TICKS_A_ROUND + 10;
	unsigned sessions = c->legs.count / 10 + 100;
	pthread_mutex_unlock(&c->lock);
	sweep(c, out, peers, now_ns, tick_peers);
	sweep(c, out, sessions, now_ns, tick_sessions);
	pthread_mutex_lock(&c->lock);
	carried_crowd(c, now_ns);
	pthread_mutex_unlock(&c->lock);
	sweep(c, out, SLOT_LAST / TICKS_A_ROUND + 1, now_ns, tick_slots);
	sweep(c, out, DRAINS_A_TICK, now_ns, tick_drain);
}

void
core_drain(struct core *c, const struct core_out *out, uint32_t seconds, uint64_t now_ns)
{
	pthread_mutex_lock(&c->lock);
	c->draining = true;
	c->drain_until_ns = now_ns + seconds * NS_PER_S;
	c->drain_cursor = 0;
	pthread_mutex_unlock(&c->lock);
	sweep(c, out, DRAINS_A_TICK, now_ns, tick_drain);
}

static bool
end_sessions(struct core *c, struct work *w, unsigned *steps, uint64_t now_ns)
{
	(void)now_ns;
	while (c->legs.count > 0 && !work_full(w))
		core_end(c, w, &c->legs.session[c->legs.live[0]]);
	*steps = c->legs.count;
	return *steps > 0;
}

void
core_stop(struct core *c)
{
	sweep(c, NULL, 1, 0, end_sessions);
}
