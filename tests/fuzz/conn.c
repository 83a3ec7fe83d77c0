#include <stdint.h>
#include <stdlib.h>

#include "../net/pair.h"
#include "net/server_priv.h"

/*
 * A viewer and a host whose network, clock and users the input plays. With the
 * same input all is the same: randomness is made anew each time. However it
 * goes: nothing that was changed on the way is accepted, nobody is awake for
 * nothing, and in the end both sessions are over.
 *
 * First byte: bit 0 by password, bit 1 over TCP, bit 2 not open to begin with, bit
 * 3 through a relay, by a one-time code where bit 0 is set, bit 4 both have told
 * their candidates.
 * Then orders, each a byte and what the order takes.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ORDERS_MAX 400
#define KEPT 8		/* datagrams to choose from for replays */
#define MEMORY_MAX (32 << 20)

struct play {
	struct pair pair;
	struct rd_reader in;
	struct { uint8_t *data; size_t len; struct rd_addr from, to; } kept[KEPT];
	unsigned keeps;
	bool dead;	/* the network */
};

/* All that is sent waits in the network until it is ordered on. */
static bool
keep(void *ctx, struct vnet_end *from, struct vnet_datagram *d)
{
	struct play *p = ctx;
	unsigned i = p->keeps++ % KEPT;
	(void)from;
	free(p->kept[i].data);
	p->kept[i].data = xmalloc(d->len);
	memcpy(p->kept[i].data, d->data, d->len);
	p->kept[i].len = d->len;
	p->kept[i].from = d->from;
	p->kept[i].to = d->to;
	return !p->dead;
}

static struct party *
party_of(struct play *p, unsigned order)
{
	return order & 1 ? &p->pair.host : &p->pair.viewer;
}

/* The mux of a session that is open; NULL: it is not. */
static struct rd_mux *
mux_of(struct play *p, unsigned order)
{
	struct party *party = party_of(p, order);
	return party->conn && !party->closed ? rd_conn_mux(party->conn) : NULL;
}

static void
deliver_next(struct play *p)
{
	struct vnet *net = &p->pair.net;
	if (!net->flying)
		return;
	struct vnet_datagram d = vnet_pop(net);
	if (d.at_ns > net->now_ns)
		net->now_ns = d.at_ns;
	vnet_deliver(net, &d);
}

static void
lose_next(struct play *p)
{
	if (p->pair.net.flying)
		free(vnet_pop(&p->pair.net).data);
}

/* Types that are proven by what follows, not by themselves, may be changed with effect. */
static void
change_next(struct play *p)
{
	struct vnet *net = &p->pair.net;
	size_t at = rd_reader_u16(&p->in);
	uint8_t with = rd_reader_u8(&p->in);
	if (!net->flying || net->heap[0].to.stream || net->heap[0].len <= RD_MAC)
		return;
	struct vnet_datagram *d = &net->heap[0];
	bool macs = d->data[0] == RD_PACKET_INIT || d->data[0] == RD_PACKET_RESPONSE;
	bool guarded = vnet_guarded(d->data);
	at %= macs ? d->len - RD_MAC : d->len;
	d->data[at] ^= with;
	d->harmed = with && guarded && vnet_guarded(d->data);
	deliver_next(p);
}

static void
replay(struct play *p)
{
	unsigned i = rd_reader_u8(&p->in) % KEPT;
	struct rd_addr elsewhere = vnet_addr(66, 66);
	if (p->kept[i].data)
		vnet_push(&p->pair.net, i & 1 ? &elsewhere : &p->kept[i].from, &p->kept[i].to,
			p->kept[i].data, p->kept[i].len, false, p->pair.net.now_ns);
}

/* Bytes of nobody, to the viewer or the host. */
static void
raw(struct play *p, unsigned order)
{
	struct vnet *net = &p->pair.net;
	struct rd_addr from = vnet_addr(66, 66);
	size_t len = rd_reader_u8(&p->in);
	const uint8_t *bytes = rd_reader_bytes(&p->in, len);
	if (bytes)
		vnet_push(net, &from, order & 1 ? &p->pair.host_end.addr : &p->pair.viewer_end.addr,
			bytes, len, false, net->now_ns);
}

/* Frames as a hostile peer with the right keys may write them. */
static void
frames(struct play *p, unsigned order)
{
	struct vnet *net = &p->pair.net;
	struct party *from = party_of(p, order);
	uint8_t out[RD_PACKET_MAX];
	size_t len = rd_reader_u8(&p->in);
	const uint8_t *bytes = rd_reader_bytes(&p->in, len);
	if (!bytes || len == 0 || !from->conn || from->conn->state != RD_CONN_OPEN)
		return;
	memcpy(out + RD_PACKET_DATA_HEADER, bytes, len);
	struct vnet_end *end = order & 1 ? &p->pair.host_end : &p->pair.viewer_end;
	/* Its own bookkeeping knows of the number: an ACK of it is no lie. */
	struct rd_sent sent = {.number = from->conn->number, .sent_ns = net->now_ns};
	rd_recovery_sent(from->conn->recovery, &sent);
	/* Unless it is one out of the blue. */
	uint64_t next = sent.number + 1;
	if (order >> 5 == 7)
		from->conn->number += UINT64_C(1) << len % 64;
	len = rd_keys_seal(from->conn, out, len);
	from->conn->number = next;
	vnet_push(net, &end->addr, rd_conn_path(from->conn), out, len, false, net->now_ns);
}

static void
speak(struct play *p, unsigned order)
{
	struct rd_mux *m = mux_of(p, order);
	uint8_t data[600] = {0};
	size_t len = rd_reader_u16(&p->in) % sizeof(data);
	uint64_t now = p->pair.net.now_ns;
	if (!m)
		return;
	switch (rd_reader_u8(&p->in) % 6) {
	case 0:
		rd_mux_stream_write(m, 0, data, len, false);
		break;
	case 1:
		rd_mux_stream_open(m, RD_TRAFFIC_BULK);
		break;
	case 2:
		rd_mux_unit(m, RD_TRAFFIC_PICTURE, data, len, now + 50 * MS, 1);
		break;
	case 3:
		rd_mux_unit(m, RD_TRAFFIC_SOUND, data, len, UINT64_MAX, 1);
		break;
	case 4:
		rd_mux_event(m, data, len, now);
		break;
	default:
		rd_mux_drop_units(m, RD_TRAFFIC_PICTURE);
	}
}

static void
move(struct play *p)
{
	struct rd_addr to = p->pair.host_end.addr;
	struct vnet_end *viewer = &p->pair.viewer_end;
	unsigned how = rd_reader_u8(&p->in);
	to.stream = (how & 1) && !to.relayed;
	to.carrier = how & 1 ? 1 + how % 8 : 0;
	if (how & 2)
		viewer->addr.port = (uint16_t)(5000 + how);
	if (how & 4)
		rd_server_carrier_gone(p->pair.server, how % 8, p->pair.net.now_ns);
	if (viewer->conn && how & 8)
		rd_conn_move(viewer->conn, &to, p->pair.net.now_ns);
}

static void
pass_time(struct play *p)
{
	unsigned how = rd_reader_u8(&p->in);
	p->pair.net.now_ns += (uint64_t)(how & 15) << (how >> 4) << 20;
	for (unsigned i = 0; i < p->pair.net.count; i++)
		vnet_tick(&p->pair.net, p->pair.net.ends[i]);
}

static void
obey(struct play *p, unsigned order)
{
	struct party *party = party_of(p, order);
	switch (order >> 1 & 15) {
	case 0:
	case 1:
	case 2:
		deliver_next(p);
		break;
	case 3:
		lose_next(p);
		break;
	case 4:
		change_next(p);
		break;
	case 5:
		replay(p);
		break;
	case 6:
		raw(p, order);
		break;
	case 7:
	case 8:
		frames(p, order);
		break;
	case 9:
	case 10:
		speak(p, order);
		break;
	case 11:
		move(p);
		break;
	case 12:
		rd_conn_rekey(p->pair.viewer.conn, p->pair.net.now_ns);
		break;
	case 13:
		if (party->conn && order & 0xc0)
			rd_conn_close(party->conn, order >> 6, "", p->pair.net.now_ns);
		break;
	default:
		pass_time(p);
	}
}

static void
check(struct play *p)
{
	if (p->pair.net.harmed_accepted || p->pair.viewer.closed > 1 || p->pair.host.closed > 1)
		abort();
	for (unsigned i = 0; i < 2; i++) {
		struct rd_mux *m = mux_of(p, i);
		if (!m)
			continue;
		struct rd_mux_memory memory = rd_mux_memory(m);
		if (memory.received > MEMORY_MAX)
			abort();
	}
}

/* Each its own address, and one at which nobody is. */
static void
tell(struct play *p)
{
	struct rd_addr nowhere = vnet_addr(99, 99);
	for (unsigned i = 0; i < 2; i++) {
		struct rd_candidates own = {.nat.mapping = i ? RD_NAT_RANDOM : RD_NAT_INDEPENDENT};
		struct rd_addr is = i ? p->pair.host_end.addr : p->pair.viewer_end.addr;
		is.relayed = false;
		own.nat.seen = is;
		rd_candidates_add(&own, RD_CANDIDATE_HOST, &is);
		rd_candidates_add(&own, RD_CANDIDATE_REFLEXIVE, &nowhere);
		if (i)
			rd_server_candidates(p->pair.server, &own, p->pair.net.now_ns);
		else
			rd_conn_candidates(p->pair.viewer.conn, &own, p->pair.net.now_ns);
	}
}

/* A code is of the first leg; who comes by another has none. */
static uint32_t
slot_of(void *ctx, const struct rd_addr *from)
{
	(void)ctx;
	return from->carrier == 1 ? 7 : 0;
}

static bool
code_prs(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	(void)ctx, (void)salt;
	memset(prs, 7, RD_CONN_PRF_SIZE);
	return true;
}

/* Through a relay, of which there is nothing here but its mark on addresses. */
static void
begin_relayed(struct play *p, bool by_code)
{
	static const struct rd_server_ops ops = {.accept = pair_accept, .gone = pair_gone,
		.note = pair_note, .slot = slot_of};
	struct pair *pair = &p->pair;
	struct rd_conn_config cfg = pair_config(pair, &pair->viewer_keys);
	pair->viewer_end.addr.relayed = pair->host_end.addr.relayed = true;
	pair->server->ops = &ops;
	struct rd_conn_dial dial = {.to = pair->host_end.addr, .stretch = code_prs, .slot = 7,
		.host = by_code ? NULL : &pair->host_keys.public,
		.wall_ns = pair->net.now_ns + pair->wall_ns++};
	uint8_t prs[RD_CONN_PRF_SIZE];
	memset(prs, 7, sizeof(prs));
	dial.to.carrier = 1;
	if (rd_server_code(pair->server, 7, &dial.relay, prs, pair->net.now_ns + 600 * S) != 0)
		abort();
	pair->viewer.conn = rd_conn_dial(&cfg, &dial, &pair_conn_ops, &pair->viewer, pair->net.now_ns);
	pair->viewer_end.conn = pair->viewer.conn;
}

static void
begin(struct play *p, unsigned how)
{
	dice_state = 1;
	pair_init(&p->pair, true, true);
	p->pair.cc = "fixed";
	p->pair.net.filter = keep;
	p->pair.net.ctx = p;
	struct rd_addr to = p->pair.host_end.addr;
	to.stream = how & 2;
	to.carrier = to.stream;
	if (how & 8)
		begin_relayed(p, how & 1);
	else
		pair_dial_to(&p->pair, how & 1 ? NULL : &p->pair.host_keys.public, &to);
	if (how & 16)
		tell(p);
	if (!(how & 4) && !pair_until(&p->pair, 5 * S, pair_is_open))
		abort();
}

/* Nothing passes any more: both find out, and nothing is left. */
static void
end(struct play *p)
{
	struct vnet *net = &p->pair.net;
	while (net->flying)
		free(vnet_pop(net).data);
	p->dead = true;
	if (!pair_until(&p->pair, 200 * S, pair_is_over))
		abort();
	for (unsigned i = 0; i < KEPT; i++)
		free(p->kept[i].data);
	pair_finish(&p->pair);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct play p;
	if (vnet_sodium() < 0)
		abort();
	memset(&p, 0, sizeof(p));
	rd_reader_init(&p.in, data, size);
	begin(&p, rd_reader_u8(&p.in));
	for (unsigned n = 0; n < ORDERS_MAX && rd_reader_left(&p.in) > 0; n++) {
		obey(&p, rd_reader_u8(&p.in));
		vnet_pump_all(&p.pair.net);
		check(&p);
	}
	end(&p);
	return 0;
}
