#ifndef TESTS_NET_NATSIM_H
#define TESTS_NET_NATSIM_H

/*
 * NATs, firewalls and routers on vnet.h's virtual clock: a viewer and a host
 * with rd_conn, each behind a chain of them, and a relay that is a pair of
 * addresses. A datagram passes its own side's NATs when it is sent, and the
 * other side's when it arrives there; every NAT and every router of the core
 * takes one hop.
 *
 * A NAT (RFC 4787): mapping, filtering, how ports are chosen, how long it
 * remembers, whether it turns packets back inside (hairpin), how many ports a
 * machine may have. `clash`: as Linux without a drop of what comes unasked:
 * such a packet makes an entry, and what goes to its sender from inside then
 * gets another port than usual.
 */
#include "pair.h"

#define SIM_ENTRIES 8192
#define SIM_SOCKETS (1 + RD_PUNCH_SOCKETS)
#define SIM_CHAIN 2
#define SIM_CORE_HOPS 6

enum sim_scope { SIM_ANY, SIM_ADDRESS, SIM_PLACE };	/* of mapping, of filtering */
enum sim_ports { SIM_KEEP, SIM_COUNT, SIM_DICE };

struct sim_kind {
	const char *name;
	enum sim_scope mapping, filtering;
	enum sim_ports ports;
	int step;			/* SIM_COUNT */
	bool clash, hairpin, firewall;	/* firewall: addresses stay what they are */
	uint64_t timeout_ns;		/* 0: 60 s */
	unsigned ports_max;		/* of one machine inside; 0: any */
};

static const struct sim_kind sim_kinds[] = {
	{.name = "FC", .mapping = SIM_ANY, .filtering = SIM_ANY, .ports = SIM_KEEP},
	{.name = "ADR", .mapping = SIM_ANY, .filtering = SIM_ADDRESS, .ports = SIM_KEEP},
	{.name = "PRC", .mapping = SIM_ANY, .filtering = SIM_PLACE, .ports = SIM_KEEP},
	{.name = "PRCx", .mapping = SIM_ANY, .filtering = SIM_PLACE, .ports = SIM_DICE},
	{.name = "ADM", .mapping = SIM_ADDRESS, .filtering = SIM_PLACE, .ports = SIM_DICE},
	{.name = "SEQ", .mapping = SIM_PLACE, .filtering = SIM_PLACE, .ports = SIM_COUNT, .step = 1},
	{.name = "RND", .mapping = SIM_PLACE, .filtering = SIM_PLACE, .ports = SIM_DICE},
};
enum { FC, ADR, PRC, PRCX, ADM, SEQ, RND, SIM_KINDS };

/* A connection as a NAT knows it; without `inside`: made by what came unasked. */
struct sim_entry {
	struct rd_addr inside, remote;
	uint16_t port;
	uint64_t used_ns;
};

struct sim_nat {
	struct sim_kind kind;
	struct rd_addr outside;		/* its port counts for nothing */
	uint16_t next;			/* SIM_COUNT */
	uint16_t offset;		/* SIM_KEEP: since it was restarted */
	struct sim_entry *entries;
	unsigned count;
	unsigned clashes;
};

struct natsim;

struct sim_host {
	struct party party;		/* first: pair.h's callbacks find it here */
	struct natsim *sim;
	struct rd_conn *dialled;	/* the viewer's; owned */
	struct rd_server *server;	/* the host's */
	struct rd_addr inside[2];	/* IPv4, IPv6 (family 0: none) */
	struct sim_nat *chain[2][SIM_CHAIN];	/* from the inside out */
	unsigned lan;
	uint64_t owd_ns;		/* to the core */
	uint16_t ports[SIM_SOCKETS];
	unsigned sockets;
	unsigned sockets_asked;
	unsigned sockets_gone;
	bool leg_lost;			/* the relay knows it by another address */
	uint64_t leg_back_ns;		/* … until then */
	uint64_t rebind_ns;		/* how long a BIND takes */
	unsigned stuck, anew;		/* anew: asked to find out where it is, once more */
	bool counts;			/* its NAT does, as it knows */
	unsigned asked_from;		/* sockets of which it has asked since */
	struct rd_candidates own;
	uint64_t direct_ns;		/* when its path was direct for the first time */
	uint64_t probes, sent;		/* datagrams by itself, of 64 bytes; all */
};

struct natsim {
	struct vnet net;		/* its clock and heap */
	struct sim_host viewer, host;
	struct rd_keypair viewer_keys, host_keys;
	uint64_t relay_ns;		/* what the way through the relay costs more, one way */
	bool relay_down, direct_down;
	bool direct_down_to_viewer;	/* one way only */
	unsigned loss;			/* per mille */
	size_t mtu;			/* of direct paths: larger datagrams vanish; 0: any size passes */
	const char *cc;
	uint64_t bps, established_ns;
	unsigned unasked;		/* probes to places that nobody has named: must stay 0 */
};

/* --- addresses --- */

static inline struct rd_addr
sim_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
	return (struct rd_addr){.family = 4, .port = port, .ip = {a, b, c, d}};
}

static inline bool
sim_is_private(const struct rd_addr *a)
{
	return a->family == 4 && (a->ip[0] == 10 || (a->ip[0] == 192 && a->ip[1] == 168) ||
		(a->ip[0] == 100 && a->ip[1] == 64));
}

static inline bool
sim_same_place(const struct rd_addr *a, const struct rd_addr *b)
{
	return rd_addr_same_ip(a, b) && a->port == b->port;
}

/* A leg of the relay. */
static inline struct rd_addr
sim_leg(uint32_t carrier)
{
	struct rd_addr a = sim_v4(203, 0, 113, 1, 21120);
	a.relayed = true;
	a.carrier = carrier;
	return a;
}

/* --- a NAT --- */

static inline struct sim_nat *
sim_nat_new(struct sim_kind kind, struct rd_addr outside)
{
	struct sim_nat *n = xcalloc(1, sizeof(*n));
	n->kind = kind;
	if (!n->kind.timeout_ns)
		n->kind.timeout_ns = 60 * S;
	n->outside = outside;
	n->next = (uint16_t)(20000 + dice_below(20000));
	n->entries = xcalloc(SIM_ENTRIES, sizeof(n->entries[0]));
	return n;
}

static inline void
sim_nat_free(struct sim_nat *n)
{
	if (n)
		free(n->entries);
	free(n);
}

/* It was switched off and on: knows nothing, and gives other ports. */
static inline void
sim_nat_restart(struct sim_nat *n)
{
	n->count = 0;
	n->offset = (uint16_t)(n->offset + 1000 + dice_below(1000));
}

static inline bool
sim_within(enum sim_scope scope, const struct rd_addr *a, const struct rd_addr *b)
{
	return scope == SIM_ANY || (scope == SIM_ADDRESS ? rd_addr_same_ip(a, b) :
		sim_same_place(a, b));
}

static inline void
sim_nat_expire(struct sim_nat *n, uint64_t now_ns)
{
	for (unsigned i = 0; i < n->count;)
		if (now_ns > n->entries[i].used_ns + n->kind.timeout_ns)
			n->entries[i] = n->entries[--n->count];
		else
			i++;
}

static inline struct sim_entry *
sim_nat_add(struct sim_nat *n, const struct rd_addr *inside, const struct rd_addr *remote,
	uint16_t port, uint64_t now_ns)
{
	if (n->count == SIM_ENTRIES) {
		fprintf(stderr, "a NAT is full\n");
		abort();
	}
	struct sim_entry *e = &n->entries[n->count++];
	*e = (struct sim_entry){.remote = *remote, .port = port, .used_ns = now_ns};
	if (inside)
		e->inside = *inside;
	return e;
}

static inline bool
sim_nat_taken(const struct sim_nat *n, uint16_t port, const struct rd_addr *inside,
	const struct rd_addr *remote)
{
	for (unsigned i = 0; i < n->count; i++) {
		const struct sim_entry *e = &n->entries[i];
		if (e->port != port)
			continue;
		if (!e->inside.family ? sim_same_place(&e->remote, remote) :
			!sim_same_place(&e->inside, inside))
			return true;
	}
	return false;
}

/* Towards another place a NAT that takes another port takes another one, not by chance the same. */
static inline bool
sim_nat_had(const struct sim_nat *n, uint16_t port, const struct rd_addr *inside)
{
	for (unsigned i = 0; i < n->count; i++)
		if (n->entries[i].port == port && sim_same_place(&n->entries[i].inside, inside))
			return true;
	return false;
}

static inline uint16_t
sim_nat_port(struct sim_nat *n, const struct rd_addr *inside, const struct rd_addr *remote)
{
	uint16_t port = (uint16_t)(inside->port + n->offset);
	if (n->kind.ports == SIM_COUNT) {
		port = n->next;
		n->next = (uint16_t)(n->next + n->kind.step);
	}
	if (n->kind.ports == SIM_DICE)
		do
			port = (uint16_t)(1024 + dice_below(64512));
		while (sim_nat_had(n, port, inside));
	while (sim_nat_taken(n, port, inside, remote)) {
		n->clashes++;
		port = (uint16_t)(1024 + dice_below(64512));
	}
	return port;
}

static inline unsigned
sim_nat_ports_of(const struct sim_nat *n, const struct rd_addr *inside)
{
	unsigned count = 0;
	for (unsigned i = 0; i < n->count; i++)
		count += rd_addr_same_ip(&n->entries[i].inside, inside);
	return count;
}

/* From the inside: rewrites *from. False: it goes no further. */
static inline bool
sim_nat_out(struct sim_nat *n, struct rd_addr *from, const struct rd_addr *to, uint64_t now_ns)
{
	struct sim_entry *like = NULL, *same = NULL;
	sim_nat_expire(n, now_ns);
	for (unsigned i = 0; i < n->count; i++) {
		struct sim_entry *e = &n->entries[i];
		if (!e->inside.family || !sim_same_place(&e->inside, from))
			continue;
		if (sim_same_place(&e->remote, to))
			same = e;
		else if (sim_within(n->kind.mapping, &e->remote, to))
			like = e;
	}
	if (!same) {
		uint16_t port = like ? like->port : 0;
		if (n->kind.firewall)
			port = from->port;
		else if (!like || sim_nat_taken(n, port, from, to)) {
			if (n->kind.ports_max && sim_nat_ports_of(n, from) >= n->kind.ports_max)
				return false;
			port = sim_nat_port(n, from, to);
		}
		same = sim_nat_add(n, from, to, port, now_ns);
	}
	same->used_ns = now_ns;
	if (!n->kind.firewall) {
		struct rd_addr out = n->outside;
		out.port = same->port;
		out.hops = from->hops;
		*from = out;
	}
	return true;
}

/* From the outside: rewrites *to. False: it is not let in. */
static inline bool
sim_nat_in(struct sim_nat *n, const struct rd_addr *from, struct rd_addr *to, uint64_t now_ns)
{
	sim_nat_expire(n, now_ns);
	for (unsigned i = 0; i < n->count; i++) {
		struct sim_entry *e = &n->entries[i];
		if (!e->inside.family || e->port != to->port ||
			(n->kind.firewall && !rd_addr_same_ip(&e->inside, to)) ||
			!sim_within(n->kind.filtering, &e->remote, from))
			continue;
		e->used_ns = now_ns;
		*to = e->inside;
		return true;
	}
	if (!n->kind.clash || n->kind.firewall)
		return false;
	for (unsigned i = 0; i < n->count; i++)
		if (!n->entries[i].inside.family && n->entries[i].port == to->port &&
			sim_same_place(&n->entries[i].remote, from)) {
			n->entries[i].used_ns = now_ns;
			return false;
		}
	sim_nat_add(n, NULL, from, to->port, now_ns);
	return false;
}

/* --- the way of a datagram --- */

static inline unsigned
sim_family(const struct rd_addr *a)
{
	return a->family == 6;
}

static inline struct sim_host *
sim_other(struct sim_host *h)
{
	return h == &h->sim->viewer ? &h->sim->host : &h->sim->viewer;
}

/* In at this place of a machine's chain, down to the machine. */
static inline bool
sim_inwards(struct sim_host *h, unsigned from_nat, const struct rd_addr *from, struct rd_addr *to,
	unsigned hops, uint64_t now_ns)
{
	for (unsigned i = from_nat; i-- > 0;) {
		struct sim_nat *n = h->chain[sim_family(to)][i];
		if (hops == 0 || !n || !sim_nat_in(n, from, to, now_ns))
			return false;
		hops--;
	}
	return hops > 0 && rd_addr_same_ip(to, &h->inside[sim_family(to)]);
}

static inline unsigned
sim_chain(const struct sim_host *h, unsigned family)
{
	unsigned n = 0;
	while (n < SIM_CHAIN && h->chain[family][n])
		n++;
	return n;
}

static inline void
sim_deliver(struct sim_host *h, struct rd_addr from, const struct rd_addr *to, uint8_t *data,
	size_t len)
{
	from.hops = from.traffic = 0;
	if (!from.relayed) {
		unsigned i = 0;
		while (i < h->sockets && h->ports[i] != to->port)
			i++;
		if (i == h->sockets)
			return;
		from.carrier = i;
	}
	if (h->dialled)
		rd_conn_receive(h->dialled, &from, data, len, h->sim->net.now_ns);
	else if (h->server)
		rd_server_receive(h->server, &from, data, len, h->sim->net.now_ns);
}

static inline void
sim_send_relayed(struct sim_host *h, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct natsim *s = h->sim;
	struct sim_host *other = sim_other(h);
	struct rd_addr from = sim_leg(other == &s->viewer ? 1 : 2);
	(void)to;
	if (s->relay_down || (h->leg_lost && s->net.now_ns < h->leg_back_ns))
		return;
	h->leg_lost = false;
	vnet_push(&s->net, &from, &from, data, len, false,
		s->net.now_ns + h->owd_ns + s->relay_ns + other->owd_ns);
}

/* Out through the own NATs; what a NAT turns back, and what stays in the LAN, is there soon. */
static inline void
sim_send_direct(struct sim_host *h, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct natsim *s = h->sim;
	struct sim_host *other = sim_other(h);
	unsigned family = sim_family(to), n = sim_chain(h, family);
	struct rd_addr from = h->inside[family], at = *to;
	unsigned hops = to->hops ? to->hops : 64;
	at.hops = at.traffic = 0;
	at.carrier = 0;
	if (!from.family)
		return;
	from.port = h->ports[to->carrier < h->sockets ? to->carrier : 0];
	if (h->lan == other->lan && rd_addr_same_ip(&at, &other->inside[family])) {
		from.hops = 255;
		vnet_push(&s->net, &from, &at, data, len, false, s->net.now_ns + MS / 2);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		struct sim_nat *nat = h->chain[family][i];
		if (hops-- == 1 || !sim_nat_out(nat, &from, &at, s->net.now_ns))
			return;
		bool back = !nat->kind.firewall && rd_addr_same_ip(&at, &nat->outside);
		if (back && (!nat->kind.hairpin || other->chain[family][i] != nat))
			return;
		if (back) {
			if (sim_inwards(other, i + 1, &from, &at, hops, s->net.now_ns)) {
				from.hops = 255;
				vnet_push(&s->net, &from, &at, data, len, false, s->net.now_ns + MS);
			}
			return;
		}
	}
	if ((s->mtu && len > s->mtu) || hops <= SIM_CORE_HOPS || sim_is_private(&at) || s->direct_down ||
		(s->direct_down_to_viewer && other == &s->viewer) || vnet_chance(s->loss))
		return;
	from.hops = (uint8_t)(hops - SIM_CORE_HOPS);
	vnet_push(&s->net, &from, &at, data, len, false, s->net.now_ns + h->owd_ns + other->owd_ns);
}

static inline void
sim_send(struct sim_host *h, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	h->sent++;
	h->probes += len == 64 && !to->relayed;
	if (to->relayed)
		sim_send_relayed(h, to, data, len);
	else
		sim_send_direct(h, to, data, len);
}

/* Who lives at that address of the core, if anybody. */
static inline bool
sim_lives(const struct sim_host *h, const struct rd_addr *a)
{
	unsigned family = sim_family(a), n = sim_chain(h, family);
	if (n == 0 || h->chain[family][n - 1]->kind.firewall)
		return rd_addr_same_ip(a, &h->inside[family]);
	return rd_addr_same_ip(a, &h->chain[family][n - 1]->outside);
}

static inline void
sim_arrive(struct natsim *s, struct vnet_datagram *d)
{
	struct sim_host *hosts[] = {&s->viewer, &s->host};
	if (d->from.relayed) {
		struct sim_host *h = hosts[d->from.carrier - 1];
		if (!s->relay_down && !(h->leg_lost && s->net.now_ns < h->leg_back_ns))
			sim_deliver(h, d->from, &d->to, d->data, d->len);
		free(d->data);
		return;
	}
	for (unsigned i = 0; i < 2; i++) {
		struct sim_host *h = hosts[i];
		/* 255: it has not been outside. */
		if (d->from.hops == 255 ? rd_addr_same_ip(&d->to, &h->inside[sim_family(&d->to)]) :
			sim_lives(h, &d->to) && sim_inwards(h, sim_chain(h, sim_family(&d->to)), &d->from,
				&d->to, d->from.hops, s->net.now_ns)) {
			sim_deliver(h, d->from, &d->to, d->data, d->len);
			break;
		}
	}
	free(d->data);
}

/* --- the ends --- */

static inline void sim_tell(struct sim_host *h);

static inline void
sim_on_established(void *ctx)
{
	struct sim_host *h = ctx;
	h->party.established++;
	if (h == &h->sim->viewer)
		h->sim->established_ns = h->sim->net.now_ns;
}

static inline void
sim_on_moved(void *ctx, const struct rd_addr *to)
{
	struct sim_host *h = ctx;
	h->party.moved++;
	if (!to->relayed && !h->direct_ns)
		h->direct_ns = h->sim->net.now_ns;
}

static inline void
sim_on_sockets(void *ctx, unsigned count)
{
	struct sim_host *h = ctx;
	uint32_t carriers[RD_PUNCH_SOCKETS];
	if (count == 0) {
		h->sockets_gone++;
		return;
	}
	h->sockets_asked++;
	for (unsigned i = 0; i < count; i++) {
		carriers[i] = i + 1;
		h->ports[i + 1] = (uint16_t)(30000 + i);
	}
	h->sockets = 1 + count;
	rd_conn_sockets(h->party.conn, carriers, count, h->sim->net.now_ns);
}

static inline void
sim_on_stuck(void *ctx, const struct rd_addr *path)
{
	struct sim_host *h = ctx;
	h->anew += !path->family;
	if (!path->relayed) {
		sim_tell(h);
		return;
	}
	h->stuck++;
	if (h->leg_lost && h->leg_back_ns == UINT64_MAX)
		h->leg_back_ns = h->sim->net.now_ns + h->rebind_ns;
}

static inline struct rd_conn_ops
sim_ops(void)
{
	struct rd_conn_ops ops = pair_conn_ops;
	ops.established = sim_on_established;
	ops.moved = sim_on_moved;
	ops.sockets = sim_on_sockets;
	ops.stuck = sim_on_stuck;
	return ops;
}

static inline bool
sim_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	struct natsim *s = ctx;
	*ops = sim_ops();
	*conn_ctx = &s->host;
	s->host.party.conn = conn;
	return true;
}

static inline void
sim_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct natsim *s = ctx;
	(void)conn_ctx;
	if (s->host.party.conn == conn)
		s->host.party.conn = NULL;
}

static const struct rd_server_ops sim_server_ops = {.accept = sim_accept, .gone = sim_gone};

/* --- what an agent would find out --- */

/*
 * As nat.h does, of two addresses of a relay with two ports each; they answer at once.
 * Where a NAT counts it asks from a new socket each time, as agent_gather.c does.
 */
static inline void
sim_classify(struct sim_host *h, struct rd_nat *out)
{
	const struct rd_addr servers[] = {sim_v4(203, 0, 113, 1, 21120), sim_v4(203, 0, 113, 1, 21121),
		sim_v4(203, 0, 113, 2, 21120), sim_v4(203, 0, 113, 2, 21121)};
	struct rd_nat_probe p;
	uint8_t data[RD_STUN_MAX];
	struct rd_addr to;
	size_t len;
	uint64_t now = h->sim->net.now_ns;
	rd_nat_begin(&p, servers, 4, now);
	while ((len = rd_nat_send(&p, &to, data, now)) > 0) {
		struct rd_addr from = h->inside[0];
		struct rd_stun s;
		bool out_there = true;
		from.port = h->counts ? (uint16_t)(50000 + h->asked_from) : h->ports[0];
		for (unsigned i = 0; i < sim_chain(h, 0) && out_there; i++)
			out_there = sim_nat_out(h->chain[0][i], &from, &to, now);
		if (!out_there || rd_stun_parse(&s, data, len) != 0)
			continue;
		s.kind = RD_STUN_SUCCESS;
		s.mapped = from;
		len = rd_stun_put(data, &s);
		rd_nat_receive(&p, &to, data, len, now);
	}
	rd_nat_judge(&p, 4, &h->inside[0], 1, out);
	h->asked_from++;
	h->counts = out->mapping == RD_NAT_SEQUENTIAL;
}

static inline void
sim_gather(struct sim_host *h)
{
	struct rd_addr a;
	memset(&h->own, 0, sizeof(h->own));
	for (unsigned f = 0; f < 2; f++) {
		a = h->inside[f];
		a.port = h->ports[0];
		if (a.family)
			rd_candidates_add(&h->own, RD_CANDIDATE_HOST, &a);
	}
	if (!h->inside[0].family)
		return;
	sim_classify(h, &h->own.nat);
	if (h->own.nat.seen.family)
		rd_candidates_add(&h->own, RD_CANDIDATE_REFLEXIVE, &h->own.nat.seen);
}

static inline void
sim_tell(struct sim_host *h)
{
	sim_gather(h);
	if (h->dialled)
		rd_conn_candidates(h->dialled, &h->own, h->sim->net.now_ns);
	else
		rd_server_candidates(h->server, &h->own, h->sim->net.now_ns);
}

/* --- making and ending a world --- */

/* Each at an address of its own LAN; no NATs yet. */
static inline void
sim_init(struct natsim *s)
{
	memset(s, 0, sizeof(*s));
	s->net.now_ns = S;
	s->relay_ns = 5 * MS;
	rd_keypair_new(&s->viewer_keys);
	rd_keypair_new(&s->host_keys);
	struct sim_host *hosts[] = {&s->viewer, &s->host};
	for (unsigned i = 0; i < 2; i++) {
		struct sim_host *h = hosts[i];
		h->sim = s;
		h->lan = i;
		h->owd_ns = 10 * MS;
		h->inside[0] = sim_v4(10, 0, (uint8_t)i, 2, 0);
		h->sockets = 1;
		h->ports[0] = i ? 21118 : (uint16_t)(40000 + dice_below(1000));
		h->leg_back_ns = UINT64_MAX;
		h->rebind_ns = 40 * MS;
	}
}

static inline void
sim_behind(struct sim_host *h, unsigned place, struct sim_kind kind, struct rd_addr outside)
{
	h->chain[0][place] = sim_nat_new(kind, outside);
}

static inline void
sim_behind_kinds(struct natsim *s, struct sim_kind viewer, struct sim_kind host)
{
	sim_behind(&s->viewer, 0, viewer, sim_v4(198, 51, 100, 1, 0));
	sim_behind(&s->host, 0, host, sim_v4(198, 51, 100, 2, 0));
}

/* The viewer dials through the relay; both have told where they are. */
static inline void
sim_dial(struct natsim *s)
{
	struct rd_server_config cfg = {.conn = {.own = &s->host_keys, .cc = s->cc, .cc_bps = s->bps,
		.unit_max = 1 << 20}};
	struct rd_conn_config own = {.own = &s->viewer_keys, .cc = s->cc, .cc_bps = s->bps,
		.unit_max = 1 << 20};
	struct rd_conn_dial dial = {.to = sim_leg(1), .host = &s->host_keys.public, .wall_ns = 1000};
	struct rd_conn_ops ops = sim_ops();
	s->host.server = rd_server_new(&cfg, &sim_server_ops, s);
	s->viewer.dialled = s->viewer.party.conn =
		rd_conn_dial(&own, &dial, &ops, &s->viewer, s->net.now_ns);
	sim_tell(&s->viewer);
	sim_tell(&s->host);
}

static inline void
sim_finish(struct natsim *s)
{
	rd_conn_free(s->viewer.dialled);
	rd_server_free(s->host.server);
	struct sim_host *hosts[] = {&s->viewer, &s->host};
	for (unsigned i = 0; i < 2; i++)
		for (unsigned f = 0; f < 2; f++)
			for (unsigned k = 0; k < SIM_CHAIN; k++) {
				/* Two machines may have one NAT. */
				if (i == 0 || hosts[0]->chain[f][k] != hosts[1]->chain[f][k])
					sim_nat_free(hosts[i]->chain[f][k]);
			}
	vnet_finish(&s->net);
	rd_keypair_wipe(&s->viewer_keys);
	rd_keypair_wipe(&s->host_keys);
}

/* --- time --- */

static inline void
sim_pump(struct sim_host *h)
{
	uint8_t out[RD_PACKET_MAX];
	struct rd_addr to;
	size_t len;
	unsigned n = 0;
	for (;;) {
		memset(&to, 0, sizeof(to));
		len = h->dialled ? rd_conn_send(h->dialled, &to, out, sizeof(out), h->sim->net.now_ns) :
			rd_server_send(h->server, &to, out, sizeof(out), h->sim->net.now_ns);
		if (len == 0)
			return;
		if (++n > VNET_SPIN) {
			fprintf(stderr, "it sends without end\n");
			abort();
		}
		sim_send(h, &to, out, len);
	}
}

static inline uint64_t
sim_due(const struct sim_host *h)
{
	return h->dialled ? rd_conn_deadline(h->dialled) : rd_server_deadline(h->server);
}

static inline void
sim_wake(struct sim_host *h)
{
	if (sim_due(h) > h->sim->net.now_ns)
		return;
	if (h->dialled)
		rd_conn_tick(h->dialled, h->sim->net.now_ns);
	else
		rd_server_tick(h->server, h->sim->net.now_ns);
}

/* Lets time go on until then, or until `done` says so: that it did. */
static inline bool
sim_until(struct natsim *s, uint64_t until_ns, bool (*done)(struct natsim *s))
{
	unsigned spin = 0;
	for (;;) {
		sim_pump(&s->viewer);
		sim_pump(&s->host);
		if (done && done(s))
			return true;
		uint64_t next = s->net.flying ? s->net.heap[0].at_ns : UINT64_MAX;
		next = sim_due(&s->viewer) < next ? sim_due(&s->viewer) : next;
		next = sim_due(&s->host) < next ? sim_due(&s->host) : next;
		if (next > until_ns) {
			s->net.now_ns = until_ns;
			return false;
		}
		spin = next <= s->net.now_ns ? spin + 1 : 0;
		if (spin > VNET_SPIN) {
			fprintf(stderr, "it is awake without end\n");
			abort();
		}
		s->net.now_ns = next > s->net.now_ns ? next : s->net.now_ns;
		while (s->net.flying && s->net.heap[0].at_ns <= s->net.now_ns) {
			struct vnet_datagram d = vnet_pop(&s->net);
			sim_arrive(s, &d);
			sim_pump(&s->viewer);
			sim_pump(&s->host);
		}
		sim_wake(&s->viewer);
		sim_wake(&s->host);
	}
}

static inline bool
sim_run(struct natsim *s, uint64_t ns, bool (*done)(struct natsim *s))
{
	return sim_until(s, s->net.now_ns + ns, done);
}

/* --- what tests ask --- */

static inline bool
sim_is_direct(const struct sim_host *h)
{
	return h->party.conn && h->party.established && !rd_conn_path(h->party.conn)->relayed;
}

static inline bool
sim_both_direct(struct natsim *s)
{
	return sim_is_direct(&s->viewer) && sim_is_direct(&s->host);
}

static inline bool
sim_none_direct(struct natsim *s)
{
	return !sim_is_direct(&s->viewer) && !sim_is_direct(&s->host);
}

static inline bool
sim_open(struct natsim *s)
{
	return s->viewer.party.established && s->host.party.established;
}

#endif
