#include "net/conn_priv.h"

/* Who goes where: the initiator chooses, the responder follows (rd-session(5), Which path). */

#define MS UINT64_C(1000000)
#define FOLLOWED_NS (1000 * MS)	/* by then the responder has followed our move */

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

void
rd_paths_escape(struct rd_conn *c, const struct rd_addr *to, uint64_t now_ns)
{
	go(c, to, now_ns);
	rd_recovery_give_up(c->recovery, now_ns);
	if (c->mux)
		rd_mux_again(c->mux);
}

void
rd_paths_choose(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	p->choose = false;
	if (!p->punch || (!c->initiator && !p->stuck_ns))
		return;
	const struct rd_punched *best =
		rd_punch_best(p->punch, rd_paths_policy(p), &c->path.current, now_ns);
	if (best && !rd_addr_equal(&best->addr, &c->path.current)) {
		struct rd_addr to = best->addr;
		if (p->stuck_ns)
			rd_paths_escape(c, &to, now_ns);
		else
			go(c, &to, now_ns);
	}
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
	if (!rd_paths_managed(c) || rd_addr_equal(from, &c->path.current))
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
	rd_paths_choose(c, now_ns);
	/* The peer is there already, and may have nothing more to say. */
	if (!c->initiator && rd_paths_managed(c) && rd_addr_equal(&proven.addr, &c->paths.peer_at) &&
		!rd_addr_equal(&proven.addr, &c->path.current))
		follow(c, &proven.addr, now_ns);
	return true;
}
