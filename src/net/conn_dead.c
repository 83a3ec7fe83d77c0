#include "net/conn_priv.h"

/* Paths on which nothing is acknowledged (rd-session(5), Which path). */

#define MS UINT64_C(1000000)
#define DEAD_RTTS 3
#define DEAD_NS (300 * MS)	/* without an acknowledgement, at least */
#define DEAD_UNKNOWN_NS (1000 * MS)	/* where the round trip is not known yet */
#define DEAD_STREAM_NS (2000 * MS)	/* TCP has its own patience */
#define STUCK_MAX_NS (2000 * MS)
#define NUDGE_NS (100 * MS)	/* for what `stuck` leads to, before something is said again */
#define ALIVE_NS (1000 * MS)

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

uint64_t
rd_paths_dead_at(const struct rd_conn *c)
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
	if (!rd_paths_managed(c))
		return false;
	const struct rd_punched *best = rd_punch_best(p->punch, rd_paths_policy(p), NULL, now_ns);
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
		c->ops.stuck(rd_paths_ctx(c), &c->path.current);
}

void
rd_paths_leave_dead(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_paths *p = &c->paths;
	struct rd_addr was = c->path.current, to;
	if (!p->stuck_ns && rd_paths_managed(c))
		rd_punch_dead(p->punch, &was, now_ns);
	if (!way_out(c, &to, now_ns)) {
		tell_stuck(c, now_ns);
		return;
	}
	bool proven = rd_punch_find(p->punch, &to, now_ns);
	rd_paths_escape(c, &to, now_ns);
	/* A NAT may have forgotten us, and have another address or port for us now. */
	if (c->ops.stuck)
		c->ops.stuck(rd_paths_ctx(c), &was);
	/* It is a last resort that has not answered of late: no time is to be lost. */
	if (!proven)
		tell_stuck(c, now_ns);
}
