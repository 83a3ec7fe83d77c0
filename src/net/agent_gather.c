#include <string.h>

#include "base/clock.h"
#include "net/agent_priv.h"

#define OLD_NS (10 * RD_NS_PER_S)	/* before somebody comes, what is older is looked at anew */
#define SHARED_NS (1 * RD_NS_PER_S)	/* so long one gathering does for all who find no path */
#define AGAIN_NS (1 * RD_NS_PER_S)	/* where nobody answered; doubles up to: */
#define AGAIN_MAX_NS (60 * RD_NS_PER_S)

/* --- asking --- */

/*
 * Every address of the relay by its port, then by the next one: so the last
 * question goes where nothing of ours went before, and its answer has the
 * newest port of a NAT that gives one to each.
 */
static unsigned
servers(const struct rd_agent *a, struct rd_addr *out, unsigned most)
{
	unsigned count = 0;
	for (unsigned next = 0; next < 2; next++)
		for (unsigned i = 0; i < a->relay.count && count < most; i++) {
			/* Both ports of as many addresses as there is room for. */
			if (i >= most / 2 && a->relay.count > most / 2)
				break;
			if (a->gather.extra && a->relay.addrs[i].family != 4)
				continue;
			out[count] = a->relay.addrs[i];
			out[count].port = (uint16_t)(out[count].port + next);
			out[count++].carrier = a->gather.extra;
		}
	return count;
}

static void
close_extra(struct rd_agent *a)
{
	if (a->gather.extra)
		rd_endpoint_extra_close(a->endpoint, a->gather.extra);
	a->gather.extra = 0;
}

static void
want_mapping(struct rd_agent *a)
{
	struct rd_addr own[AGENT_OWN];
	if (!a->portmap || rd_agent_policy(a) == RD_PATH_RELAY)
		return;
	unsigned count = rd_endpoint_own(a->endpoint, own, AGENT_OWN);
	for (unsigned i = 0; i < count; i++)
		if (own[i].family == 4) {
			rd_portmap_want(a->portmap, own[i].port);
			return;
		}
}

void
agent_gather_begin(struct rd_agent *a, uint64_t now_ns)
{
	struct gather *g = &a->gather;
	struct rd_addr to[RD_NAT_SERVERS];
	if (g->running) {
		g->wanted = true;
		return;
	}
	g->wanted = false;
	g->begun_ns = now_ns;
	g->again_ns = UINT64_MAX;
	g->counts = false;
	/* A NAT that counts: only a new socket tells where it is. */
	if (g->nat.mapping == RD_NAT_SEQUENTIAL &&
		rd_endpoint_extra(a->endpoint, 4, &g->extra, 1) != 1)
		g->extra = 0;
	/* By TLS it also tells whether UDP gets through by now. */
	bool useful = rd_agent_policy(a) != RD_PATH_RELAY || rd_relay_client_at(a->client)->stream;
	unsigned count = a->relay.udp && useful ? servers(a, to, RD_NAT_SERVERS) : 0;
	rd_nat_begin(&g->probe, to, count, now_ns);
	g->running = count > 0;
	if (!g->running)
		close_extra(a);
	want_mapping(a);
	agent_gather_tell(a);
}

void
agent_gather_fresh(struct rd_agent *a, uint64_t now_ns)
{
	const struct gather *g = &a->gather;
	if (now_ns >= g->begun_ns + OLD_NS ||
		(g->nat.mapping == RD_NAT_SEQUENTIAL && !g->running))
		agent_gather_begin(a, now_ns);
}

void
agent_gather_share(struct rd_agent *a, uint64_t now_ns)
{
	if (!a->gather.running && now_ns >= a->gather.begun_ns + SHARED_NS)
		agent_gather_begin(a, now_ns);
}

void
rd_agent_gather(struct rd_agent *a)
{
	if (!a->begun)
		return;
	agent_gather_begin(a, rd_clock_ns());
	rd_agent_poke(a);
}

size_t
agent_gather_send(struct rd_agent *a, struct rd_addr *to, uint8_t *out, uint64_t now_ns)
{
	return a->gather.running ? rd_nat_send(&a->gather.probe, to, out, now_ns) : 0;
}

/* --- what is known --- */

/* Answers that tell of the NAT are still to come. */
static bool
asks(const struct gather *g)
{
	return g->running && !rd_nat_complete(&g->probe, 4);
}

/* From the main socket: by another one we are not reached there. */
static void
learn(struct rd_agent *a)
{
	struct gather *g = &a->gather;
	struct rd_addr own[AGENT_OWN];
	struct rd_nat nat;
	unsigned count = rd_endpoint_own(a->endpoint, own, AGENT_OWN);
	for (unsigned k = 0; k < 2; k++) {
		rd_nat_judge(&g->probe, k == 0 ? 4 : 6, own, count, &nat);
		if (nat.seen.family && !g->extra)
			g->reflexive[k] = nat.seen;
		/* Of every other answer the step would be twice what it is. */
		bool early = nat.mapping == RD_NAT_SEQUENTIAL && asks(g);
		g->counts = g->counts || (k == 0 && early);
		/* What does not answer yet says nothing about the NAT. */
		if (k == 0 && !early &&
			(nat.seen.family || (!g->running && nat.mapping == RD_NAT_BLOCKED)) &&
			!(g->running && nat.mapping == RD_NAT_UNKNOWN))
			g->nat = nat;
	}
}

static void
add_own(struct rd_agent *a, struct rd_candidates *c, uint8_t family)
{
	struct rd_addr own[AGENT_OWN];
	unsigned count = rd_endpoint_own(a->endpoint, own, AGENT_OWN);
	for (unsigned i = 0; i < count; i++)
		if (own[i].family == family)
			rd_candidates_add(c, RD_CANDIDATE_HOST, &own[i]);
}

static void
list(struct rd_agent *a, struct rd_candidates *c)
{
	const struct gather *g = &a->gather;
	c->policy = rd_agent_policy(a);
	/* Who wants no direct path tells nobody where it is. */
	if (c->policy == RD_PATH_RELAY)
		return;
	c->nat = g->nat;
	add_own(a, c, 6);
	add_own(a, c, 4);
	if (g->mapped.family)
		rd_candidates_add(c, RD_CANDIDATE_MAPPED, &g->mapped);
	for (unsigned k = 0; k < 2; k++)
		if (g->reflexive[k].family)
			rd_candidates_add(c, RD_CANDIDATE_REFLEXIVE, &g->reflexive[k]);
}

/*
 * Where a NAT that counts is now, is known when its last answer is there. Whoever is
 * told before that where it was probes those ports, and spends the ones that it is
 * itself expected at.
 */
static bool
is_pending(const struct gather *g)
{
	return asks(g) && (g->counts || g->nat.mapping == RD_NAT_SEQUENTIAL);
}

void
agent_gather_tell(struct rd_agent *a)
{
	struct gather *g = &a->gather;
	struct rd_candidates c = {0};
	bool pending = is_pending(g) && rd_agent_policy(a) != RD_PATH_RELAY;
	if (pending)
		c = g->own;
	else
		list(a, &c);
	c.policy = rd_agent_policy(a);
	c.pending = pending;
	c.generation = g->own.generation + 1;
	if (g->own.generation && c.pending == g->own.pending && rd_candidates_same(&c, &g->own))
		return;
	g->own = c;
	if (a->ops.candidates)
		a->ops.candidates(a->ctx, &g->own);
}

const struct rd_candidates *
rd_agent_own(const struct rd_agent *a)
{
	return &a->gather.own;
}

const struct rd_addr *
rd_agent_seen(const struct rd_agent *a, uint8_t family)
{
	const struct rd_addr *seen = &a->gather.reflexive[family == 4 ? 0 : 1];
	return seen->family ? seen : NULL;
}

void
rd_agent_mapped(struct rd_agent *a, const struct rd_addr *outside)
{
	a->gather.mapped = *outside;
	if (a->begun)
		agent_gather_tell(a);
}

/* --- answers --- */

/*
 * No answer need not mean that UDP is blocked: a network one has just come to may
 * not carry anything yet, though it has told its addresses, and tells nothing more
 * when it does. By TLS agent_way.c looks at UDP again.
 */
static void
plan_again(struct rd_agent *a, uint64_t now_ns)
{
	struct gather *g = &a->gather;
	if (g->nat.mapping != RD_NAT_BLOCKED) {
		g->again_wait_ns = 0;
		return;
	}
	uint64_t wait = g->again_wait_ns ? 2 * g->again_wait_ns : AGAIN_NS;
	g->again_wait_ns = wait < AGAIN_MAX_NS ? wait : AGAIN_MAX_NS;
	g->again_ns = now_ns + g->again_wait_ns;
}

static bool
again_counts(const struct rd_agent *a)
{
	return !a->gather.running && !rd_relay_client_at(a->client)->stream;
}

static void
finish(struct rd_agent *a, uint64_t now_ns)
{
	struct gather *g = &a->gather;
	if (!g->running || !rd_nat_done(&g->probe, now_ns))
		return;
	g->running = false;
	learn(a);
	close_extra(a);
	plan_again(a, now_ns);
	agent_gather_tell(a);
	if (g->wanted && !a->closed)
		agent_gather_begin(a, now_ns);
}

void
agent_gather_receive(struct rd_agent *a, const struct rd_addr *from, const uint8_t *data,
	size_t len, uint64_t now_ns)
{
	struct gather *g = &a->gather;
	struct rd_addr at = *from;
	/* Which of our addresses it came to does not matter. */
	if (!g->extra)
		at.carrier = 0;
	if (!rd_nat_receive(&g->probe, &at, data, len, now_ns))
		return;
	at.carrier = 0;
	agent_way_heard(a, &at, now_ns);
	/* One that took longer than we wait tells as much. */
	learn(a);
	agent_gather_tell(a);
	if (!a->closed)
		finish(a, now_ns);
}

void
agent_gather_tick(struct rd_agent *a, uint64_t now_ns)
{
	finish(a, now_ns);
	if (!a->closed && again_counts(a) && now_ns >= a->gather.again_ns)
		agent_gather_begin(a, now_ns);
}

uint64_t
agent_gather_deadline(const struct rd_agent *a)
{
	if (a->gather.running)
		return rd_nat_deadline(&a->gather.probe);
	return again_counts(a) ? a->gather.again_ns : UINT64_MAX;
}

void
agent_gather_close(struct rd_agent *a)
{
	close_extra(a);
}
