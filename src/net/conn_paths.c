#include <errno.h>
#include <string.h>

#include "net/conn_priv.h"

#define RETELL_NS (UINT64_C(400) * 1000000)	/* longer than it takes to ask a relay (nat.h) */

bool
rd_paths_managed(const struct rd_conn *c)
{
	return c->paths.punch && c->paths.has_peer;
}

void
rd_paths_free(struct rd_conn *c)
{
	rd_punch_free(c->paths.punch);
	c->paths.punch = NULL;
}

/* --- candidates --- */

static uint64_t
round_trip(const struct rd_conn *c)
{
	uint64_t rtt = c->recovery ? rd_recovery_rtt(c->recovery)->smoothed_ns : 0;
	return rtt ? rtt : c->paths.handshake_rtt_ns;
}

/* The peer begins when it hears of our addresses; does it know them yet? */
static void
set_lag(struct rd_conn *c)
{
	rd_punch_lag(c->paths.punch, c->paths.known ? 0 : round_trip(c) / 2);
}

static void
tell(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	p->own.generation++;
	p->own.policy = p->policy;
	p->say = true;
	p->known = false;
	p->anew = false;
	p->retell_ns = UINT64_MAX;
	set_lag(c);
	rd_punch_own(p->punch, &p->own, now_ns);
	p->choose = true;
}

/* The path in use when probing begins was proven by the handshake. */
static void
settle(struct rd_conn *c, uint64_t now_ns)
{
	rd_punch_keep(c->paths.punch, &c->path.current, now_ns);
	rd_punch_use(c->paths.punch, &c->path.current);
}

void
rd_conn_candidates(struct rd_conn *c, const struct rd_candidates *own, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	uint32_t generation = p->own.generation;
	bool first = !p->punch;
	if (first)
		p->punch = rd_punch_new(now_ns);
	if (!p->has_policy)
		p->policy = own->policy;
	p->own = *own;
	p->own.generation = generation;
	p->has_own = true;
	if (first && c->recovery)
		settle(c, now_ns);
	tell(c, now_ns);
	if (first && p->has_peer)
		rd_punch_peer(p->punch, &p->peer, now_ns);
}

void
rd_conn_policy(struct rd_conn *c, enum rd_path_policy policy, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	bool news = !p->has_policy || policy != p->policy;
	p->policy = policy;
	p->has_policy = true;
	if (news && p->punch && policy != p->own.policy)
		tell(c, now_ns);
}

void
rd_conn_sockets(struct rd_conn *c, const uint32_t *carriers, unsigned count, uint64_t now_ns)
{
	if (c->paths.punch)
		rd_punch_sockets(c->paths.punch, carriers, count, now_ns);
}

void
rd_paths_open(struct rd_conn *c, uint64_t now_ns)
{
	if (c->asked_ns)
		c->paths.handshake_rtt_ns = now_ns - c->asked_ns;
	if (c->paths.punch)
		settle(c, now_ns);
}

int
rd_paths_frame(struct rd_conn *c, const struct rd_frame *f, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	struct rd_candidates peer;
	if (rd_candidates_parse(&peer, f->data, f->len) != 0)
		return -EPROTO;
	if (p->has_peer && peer.generation <= p->peer.generation)
		return 0;
	p->peer = peer;
	p->has_peer = true;
	p->choose = true;
	if (!p->punch)
		return 0;
	set_lag(c);
	rd_punch_peer(p->punch, &peer, now_ns);
	p->anew = rd_punch_anew(p->punch) || p->anew;
	return 0;
}

void
rd_paths_told(struct rd_conn *c, uint64_t generation)
{
	if (generation == c->paths.own.generation) {
		c->paths.known = true;
		c->paths.say = false;
	}
}

void
rd_paths_untold(struct rd_conn *c, uint64_t generation)
{
	if (generation == c->paths.own.generation && !c->paths.known)
		c->paths.say = true;
}

void
rd_paths_heard(struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns)
{
	if (c->paths.punch)
		rd_punch_heard(c->paths.punch, from, now_ns);
}

enum rd_path_policy
rd_paths_policy(const struct rd_conn_paths *p)
{
	if (p->policy == RD_PATH_RELAY || (p->has_peer && p->peer.policy == RD_PATH_RELAY))
		return RD_PATH_RELAY;
	return p->policy;
}

bool
rd_paths_held(const struct rd_conn *c)
{
	const struct rd_conn_paths *p = &c->paths;
	return c->path.current.relayed && p->punch && (p->policy == RD_PATH_DIRECT ||
		(p->has_peer && p->peer.policy == RD_PATH_DIRECT));
}

/* --- time --- */

/* Sockets are wanted that there are not, or none that there are: but the one a path needs. */
static bool
sockets_due(const struct rd_conn *c)
{
	const struct rd_conn_paths *p = &c->paths;
	bool wanted = p->punch && rd_punch_wants(p->punch);
	if (wanted || !p->sockets)
		return wanted != p->sockets;
	return !p->punch || !c->path.current.relayed ||
		!rd_punch_best(p->punch, RD_PATH_DIRECT, NULL, c->now_ns);
}

/* That nothing has changed nobody says; the peer waits for it all the same. */
static void
look_anew(struct rd_conn *c, uint64_t now_ns)
{
	static const struct rd_addr nowhere;
	struct rd_conn_paths *p = &c->paths;
	p->anew = false;
	p->retell_ns = now_ns + RETELL_NS;
	if (c->ops.stuck)
		c->ops.stuck(rd_paths_ctx(c), &nowhere);
}

void
rd_paths_tick(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	if (p->anew)
		look_anew(c, now_ns);
	if (now_ns >= p->retell_ns)
		tell(c, now_ns);
	if (p->choose)
		rd_paths_choose(c, now_ns);
	if (now_ns >= rd_paths_dead_at(c))
		rd_paths_leave_dead(c, now_ns);
	if (now_ns >= p->nudge_ns) {
		p->nudge_ns = UINT64_MAX;
		c->probes = c->probes ? c->probes : 1;
	}
	if (sockets_due(c)) {
		p->sockets = !p->sockets;
		if (c->ops.sockets)
			c->ops.sockets(rd_paths_ctx(c), p->sockets ? rd_punch_wants(p->punch) : 0);
	}
}

uint64_t
rd_paths_deadline(const struct rd_conn *c)
{
	const struct rd_conn_paths *p = &c->paths;
	uint64_t dead = rd_paths_dead_at(c);
	if (p->choose || p->anew || sockets_due(c))
		return 0;
	uint64_t due = p->nudge_ns < p->retell_ns ? p->nudge_ns : p->retell_ns;
	return dead < due ? dead : due;
}
