#include <errno.h>
#include <string.h>

#include "net/conn_priv.h"

#define MS UINT64_C(1000000)
#define DEAD_RTTS 3
#define DEAD_NS (300 * MS)	/* without an acknowledgement, at least */
#define DEAD_UNKNOWN_NS (1000 * MS)	/* where the round trip is not known yet */
#define DEAD_STREAM_NS (2000 * MS)	/* TCP has its own patience */
#define STUCK_MAX_NS (2000 * MS)
#define NUDGE_NS (100 * MS)	/* for what `stuck` leads to, before something is said again */
#define FOLLOWED_NS (1000 * MS)	/* by then the responder has followed our move */
#define ALIVE_NS (1000 * MS)

static void *
paths_ctx(const struct rd_conn *c)
{
	return c->ops.paths_ctx ? c->ops.paths_ctx : c->ctx;
}

static bool
managed(const struct rd_conn *c)
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

/* --- going elsewhere --- */

/* What both ends allow; where one asks for the relay, that is what counts. */
static enum rd_path_policy
policy_of(const struct rd_conn_paths *p)
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

static void
tell_moved(struct rd_conn *c)
{
	if (c->ops.moved)
		c->ops.moved(c->ctx, &c->path.current);
}

void
rd_paths_moved(struct rd_conn *c, const struct rd_addr *was, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	p->first = c->number;
	p->unheard_ns = p->stuck_ns = 0;
	p->nudge_ns = UINT64_MAX;
	if (!p->punch)
		return;
	rd_punch_use(p->punch, &c->path.current);
	if (was->relayed)
		rd_punch_keep(p->punch, was, now_ns);
	rd_recovery_expect(c->recovery, rd_punch_rtt(p->punch, &c->path.current));
	if (rd_punch_find(p->punch, &c->path.current, now_ns))
		return;
	if (c->path.current.relayed || c->path.current.stream)
		rd_punch_keep(p->punch, &c->path.current, now_ns);
	else
		rd_punch_heard(p->punch, &c->path.current, now_ns);
}

static void
go(struct rd_conn *c, const struct rd_addr *to, uint64_t now_ns)
{
	struct rd_addr was = c->path.current;
	rd_path_move(&c->path, to, now_ns);
	c->paths.chosen_ns = now_ns;
	rd_conn_on_move(c, &was, now_ns);
	tell_moved(c);
}

/* All that was said on the dead path is said again on the new one, events first. */
static void
escape(struct rd_conn *c, const struct rd_addr *to, uint64_t now_ns)
{
	go(c, to, now_ns);
	rd_recovery_give_up(c->recovery, now_ns);
	if (c->mux)
		rd_mux_again(c->mux);
}

/* The initiator takes the best path; the responder only when its own is dead. */
static void
choose(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	p->choose = false;
	if (!p->punch || (!c->initiator && !p->stuck_ns))
		return;
	const struct rd_punched *best =
		rd_punch_best(p->punch, policy_of(p), &c->path.current, now_ns);
	if (best && !rd_addr_equal(&best->addr, &c->path.current)) {
		struct rd_addr to = best->addr;
		if (p->stuck_ns)
			escape(c, &to, now_ns);
		else
			go(c, &to, now_ns);
	}
}

void
rd_paths_heard(struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns)
{
	if (c->paths.punch)
		rd_punch_heard(c->paths.punch, from, now_ns);
}

/*
 * Two ends that move at the same time must not follow one another: for a moment
 * after its own move the initiator stays, and the responder comes. Who leaves a
 * direct path for the relay, or leaves without being the one who chooses, has
 * found it dead: it is not to be taken again before a new probe has proven it,
 * and as NATs may have forgotten it both ends have to knock.
 */
static void
follow(struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	struct rd_addr was = c->path.current;
	if (c->initiator || (from->relayed && !was.relayed))
		rd_punch_dead(p->punch, &was, now_ns);
	rd_path_follow(&c->path, from, now_ns);
	rd_conn_on_move(c, &was, now_ns);
	tell_moved(c);
}

/*
 * What we have just left ourselves is where the peer has not heard of it yet;
 * but a responder that has proven it anew since then knows that it lives again.
 */
static bool
just_left(const struct rd_conn *c, const struct rd_addr *from, const struct rd_punched *is,
	uint64_t now_ns)
{
	return now_ns < c->path.left_until_ns && rd_addr_equal(from, &c->path.left) &&
		(c->initiator || is->proven_ns <= c->paths.chosen_ns);
}

bool
rd_paths_newest(struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	p->peer_at = *from;
	if (!managed(c) || rd_addr_equal(from, &c->path.current))
		return false;
	const struct rd_punched *is = rd_punch_find(p->punch, from, now_ns);
	if (!is || just_left(c, from, is, now_ns))
		return false;
	if (c->initiator && p->chosen_ns && now_ns < p->chosen_ns + FOLLOWED_NS)
		return true;
	follow(c, from, now_ns);
	return true;
}

bool
rd_paths_answered(struct rd_conn *c, const uint8_t data[static 8], const struct rd_addr *from,
	uint64_t now_ns)
{
	struct rd_punched proven;
	if (!c->paths.punch || !rd_punch_answered(c->paths.punch, data, from, now_ns, &proven))
		return false;
	choose(c, now_ns);
	/* The peer is there already, and may have nothing more to say. */
	if (!c->initiator && managed(c) && rd_addr_equal(&proven.addr, &c->paths.peer_at) &&
		!rd_addr_equal(&proven.addr, &c->path.current))
		follow(c, &proven.addr, now_ns);
	return true;
}

/* --- dead paths --- */

void
rd_paths_sent(struct rd_conn *c, uint64_t now_ns)
{
	if (!c->paths.unheard_ns)
		c->paths.unheard_ns = now_ns;
}

void
rd_paths_acked(struct rd_conn *c, uint64_t number, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	/* What went another way says nothing of this one. */
	if (number < p->first)
		return;
	bool stuck = p->stuck_ns;
	p->unheard_ns = p->stuck_ns = 0;
	p->nudge_ns = UINT64_MAX;
	if (p->punch && (stuck || now_ns >= p->alive_ns + ALIVE_NS)) {
		p->alive_ns = now_ns;
		rd_punch_alive(p->punch, &c->path.current, now_ns);
	}
}

static uint64_t
dead_at(const struct rd_conn *c)
{
	const struct rd_conn_paths *p = &c->paths;
	if (!p->unheard_ns || (!p->punch && !c->ops.stuck) || !c->path.current.family)
		return UINT64_MAX;
	if (p->stuck_ns)
		return p->stuck_ns;
	uint64_t rtt = rd_recovery_rtt(c->recovery)->smoothed_ns;
	uint64_t wait = rtt ? DEAD_RTTS * rtt : DEAD_UNKNOWN_NS;
	wait = wait > DEAD_NS ? wait : DEAD_NS;
	if (c->path.current.stream && wait < DEAD_STREAM_NS)
		wait = DEAD_STREAM_NS;
	return p->unheard_ns + wait;
}

/* Where to go from a dead path; false: there is nowhere. */
static bool
way_out(const struct rd_conn *c, struct rd_addr *to, uint64_t now_ns)
{
	const struct rd_conn_paths *p = &c->paths;
	if (!managed(c))
		return false;
	const struct rd_punched *best = rd_punch_best(p->punch, policy_of(p), NULL, now_ns);
	/* Without a direct path the relay's at least carries what leads to one. */
	if (!best)
		best = rd_punch_best(p->punch, RD_PATH_AUTO, NULL, now_ns);
	if (best) {
		*to = best->addr;
		return true;
	}
	const struct rd_addr *resort = rd_punch_resort(p->punch, &c->path.current);
	if (!resort || c->path.current.relayed)
		return false;
	*to = *resort;
	return true;
}

static void
tell_stuck(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	p->stuck_wait_ns = !p->stuck_ns ? DEAD_NS :
		2 * p->stuck_wait_ns < STUCK_MAX_NS ? 2 * p->stuck_wait_ns : STUCK_MAX_NS;
	p->stuck_ns = now_ns + p->stuck_wait_ns;
	p->nudge_ns = now_ns + NUDGE_NS;
	if (c->ops.stuck)
		c->ops.stuck(paths_ctx(c), &c->path.current);
}

static void
leave_dead(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	struct rd_addr was = c->path.current, to;
	if (!p->stuck_ns && managed(c))
		rd_punch_dead(p->punch, &was, now_ns);
	if (!way_out(c, &to, now_ns)) {
		tell_stuck(c, now_ns);
		return;
	}
	bool proven = rd_punch_find(p->punch, &to, now_ns);
	escape(c, &to, now_ns);
	/* It is a last resort that has not answered of late: no time is to be lost. */
	if (!proven)
		tell_stuck(c, now_ns);
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

void
rd_paths_tick(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	if (p->choose)
		choose(c, now_ns);
	if (now_ns >= dead_at(c))
		leave_dead(c, now_ns);
	if (now_ns >= p->nudge_ns) {
		p->nudge_ns = UINT64_MAX;
		c->probes = c->probes ? c->probes : 1;
	}
	if (sockets_due(c)) {
		p->sockets = !p->sockets;
		if (c->ops.sockets)
			c->ops.sockets(paths_ctx(c), p->sockets ? rd_punch_wants(p->punch) : 0);
	}
}

uint64_t
rd_paths_deadline(const struct rd_conn *c)
{
	const struct rd_conn_paths *p = &c->paths;
	uint64_t dead = dead_at(c);
	if (p->choose || sockets_due(c))
		return 0;
	return dead < p->nudge_ns ? dead : p->nudge_ns;
}
