#include "net/conn_priv.h"

/* Why a session is not on a direct path; what a person is told. */

static bool
is_hard(const struct rd_nat *n)
{
	return n->mapping == RD_NAT_ADDRESS || n->mapping == RD_NAT_SEQUENTIAL ||
		n->mapping == RD_NAT_RANDOM;
}

static const char *
why_not_by_nat(const struct rd_nat *own, const struct rd_nat *peer)
{
	if (own->mapping == RD_NAT_BLOCKED)
		return "UDP is blocked here";
	if (peer->mapping == RD_NAT_BLOCKED)
		return "UDP is blocked at the peer";
	if (own->mapping == RD_NAT_RANDOM && peer->mapping == RD_NAT_RANDOM)
		return "both NATs choose ports at random";
	if (is_hard(own) && is_hard(peer))
		return "both NATs use another port towards everybody";
	return "no answer to any probe";
}

static const char *
why_relayed(const struct rd_conn_paths *p)
{
	if (p->policy == RD_PATH_RELAY)
		return "this end, or the relay's policy, asks for the relay";
	if (p->has_peer && p->peer.policy == RD_PATH_RELAY)
		return "the peer, or its relay's policy, asks for the relay";
	if (!p->has_own)
		return "this end has not told its addresses";
	if (!p->has_peer)
		return "the peer has not told its addresses";
	if (!rd_punch_tired(p->punch) && p->own.nat.mapping != RD_NAT_BLOCKED &&
		p->peer.nat.mapping != RD_NAT_BLOCKED)
		return "a direct path is being looked for";
	return why_not_by_nat(&p->own.nat, &p->peer.nat);
}

struct rd_conn_way
rd_conn_way(const struct rd_conn *c)
{
	const struct rd_conn_paths *p = &c->paths;
	struct rd_conn_way w = {.path = *rd_conn_path(c), .peer_told = p->has_peer,
		.own = p->own.nat, .peer = p->peer.nat};
	w.how = w.path.relayed ? RD_HOW_RELAY : RD_HOW_GIVEN;
	w.since_ns = c->recovery ? c->moved_ns : c->born_ns;
	const struct rd_punched *is =
		p->punch ? rd_punch_find(p->punch, &w.path, c->now_ns) : NULL;
	if (is)
		w.how = is->how;
	w.rtt_ns = c->recovery ? rd_recovery_rtt(c->recovery)->smoothed_ns : 0;
	if (!w.rtt_ns && is)
		w.rtt_ns = is->rtt_ns;
	if (w.path.relayed)
		w.why = why_relayed(p);
	return w;
}
