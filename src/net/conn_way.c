#include "net/conn_priv.h"

/* Why a session is not on a direct path; what a person is told. */

static const char *
why_not_by_nat(const struct rd_nat *own, const struct rd_nat *peer)
{
	if (own->mapping == RD_NAT_BLOCKED)
		return "UDP is blocked here";
	if (peer->mapping == RD_NAT_BLOCKED)
		return "UDP is blocked at the peer";
	if (own->mapping == RD_NAT_RANDOM && peer->mapping == RD_NAT_RANDOM)
		return "both NATs choose ports at random";
	if (rd_nat_is_hard(own) && rd_nat_is_hard(peer))
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

/* Whether an end has one of that kind (and family, if any). */
static bool
has(const struct rd_candidates *c, enum rd_candidate_kind kind, uint8_t family)
{
	for (unsigned i = 0; i < c->count; i++)
		if (c->list[i].kind == kind && (!family || c->list[i].addr.family == family))
			return true;
	return false;
}

/*
 * What is known of both ends leaves nothing that could succeed soon. Two that are
 * blocked, or have one address outside, may share a network of their own; ports
 * that go in steps on both sides are worked out; IPv6 and mapped ports need no luck.
 */
static bool
is_hopeless(const struct rd_conn_paths *p)
{
	const struct rd_nat *own = &p->own.nat, *peer = &p->peer.nat;
	if (!p->has_own || !p->has_peer)
		return false;
	if (p->policy == RD_PATH_RELAY || p->peer.policy == RD_PATH_RELAY)
		return true;
	if (has(&p->own, RD_CANDIDATE_MAPPED, 0) || has(&p->peer, RD_CANDIDATE_MAPPED, 0))
		return false;
	if (has(&p->own, RD_CANDIDATE_HOST, 6) && has(&p->peer, RD_CANDIDATE_HOST, 6))
		return false;
	if (own->mapping == RD_NAT_BLOCKED || peer->mapping == RD_NAT_BLOCKED)
		return own->mapping != peer->mapping;
	bool steps = own->mapping == RD_NAT_SEQUENTIAL && peer->mapping == RD_NAT_SEQUENTIAL;
	return rd_nat_is_hard(own) && rd_nat_is_hard(peer) && !steps &&
		!rd_addr_same_ip(&own->seen, &peer->seen);
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
	if (p->punch && c->recovery)
		w.how = rd_punch_how(p->punch, &w.path);
	w.rtt_ns = c->recovery ? rd_recovery_rtt(c->recovery)->smoothed_ns : 0;
	if (!w.rtt_ns && is)
		w.rtt_ns = is->rtt_ns;
	if (w.path.relayed) {
		w.why = why_relayed(p);
		w.hopeless = is_hopeless(p);
	}
	return w;
}
