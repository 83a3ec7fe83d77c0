#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../net/vnet.h"
#include "net/relay_msg.h"
#include "net/stun.h"
#include "rd-relay/core_priv.h"

/*
 * A relay's core with a host and two viewers, one with a leg to the host, whom
 * the input plays, and strangers besides. However it goes: who has not proven
 * its address is sent no more than it sent, and only where it sent from; no
 * datagram is larger than what a path carries; state stays within its bounds.
 *
 * Orders, each a byte and what the order takes.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENDS 3
#define ORDERS_MAX 300
#define ANSWER_MAX 1280
#define HOST_INDEX 0x1000	/* of the host's session; the viewers' follow */

struct play {
	struct core *core;
	struct core_out out;
	struct rd_reader in;
	uint64_t now_ns;
	uint64_t number[ENDS];		/* of DATA */
	struct rd_addr asked_from;	/* what is being answered */
	size_t asked;
	uint8_t handle[2][RD_HANDLE], ticket[2][RD_TICKET];
	uint8_t key[RD_TICKET_KEY];
};

static struct rd_addr
end_addr(unsigned n)
{
	struct rd_addr a = vnet_addr((uint8_t)(n + 1), 5000);
	a.stream = n == 2;
	a.carrier = a.stream ? 7 : 0;
	return a;
}

/* Of the ends, which have proven theirs, or of one of a few strangers. */
static struct rd_addr
some_addr(struct play *p)
{
	unsigned n = rd_reader_u8(&p->in);
	return n % 8 < ENDS ? end_addr(n % 8) : vnet_addr((uint8_t)(100 + n % 8), n);
}

static bool
proven(const struct rd_addr *a)
{
	for (unsigned i = 0; i < ENDS; i++) {
		struct rd_addr end = end_addr(i);
		if (rd_addr_equal(&end, a))
			return true;
	}
	return false;
}

static void
answered(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct play *p = ctx;
	if (len == 0 || len > ANSWER_MAX || !data)
		abort();
	if (proven(to))
		return;
	if (!rd_addr_equal(to, &p->asked_from) || len > p->asked)
		abort();
	p->asked = 0;	/* one answer */
}

static void
told(void *ctx, const struct core_event *e)
{
	(void)ctx;
	if (e->what > CORE_SLOT_OVER)
		abort();
}

static void
give(struct play *p, const struct rd_addr *from, uint8_t *data, size_t len)
{
	p->asked_from = *from;
	p->asked = len;
	core_datagram(p->core, &p->out, from, data, len, p->now_ns);
	p->asked = 0;
}

/* --- orders --- */

static size_t
take_bytes(struct play *p, uint8_t *out, size_t cap)
{
	size_t len = rd_reader_u8(&p->in) * 5u % cap;
	if (len > rd_reader_left(&p->in))
		len = rd_reader_left(&p->in);
	if (len)
		memcpy(out, rd_reader_bytes(&p->in, len), len);
	return len;
}

static void
raw(struct play *p)
{
	uint8_t data[1400];
	struct rd_addr from = some_addr(p);
	size_t len = take_bytes(p, data, sizeof(data));
	give(p, &from, data, len);
}

/* A message of an end that has the keys, from where it is. */
static void
message(struct play *p, unsigned n, const uint8_t *bytes, size_t len)
{
	uint8_t data[1400];
	struct peer as = {.theirs = HOST_INDEX + n, .sent = p->number[n]++};
	struct rd_addr from = end_addr(n);
	memset(as.send, (int)n, sizeof(as.send));
	memcpy(data + RD_PACKET_DATA_HEADER, bytes, len);
	len = peer_seal(&as, data, len);
	give(p, &from, data, len);
}

static void
any_message(struct play *p, unsigned order)
{
	uint8_t bytes[1200];
	size_t len = take_bytes(p, bytes, sizeof(bytes));
	if (len)
		message(p, order % ENDS, bytes, len);
}

static void
good_message(struct play *p, unsigned order)
{
	static const enum rd_relay_msg_type types[] = {RD_RELAY_REGISTER, RD_RELAY_KEEP,
		RD_RELAY_SLOT, RD_RELAY_UNSLOT, RD_RELAY_CONNECT, RD_RELAY_CONNECT, RD_RELAY_BYE,
		RD_RELAY_KEEP};
	uint8_t room[RD_RELAY_MSG_MAX], first[256] = {1};
	struct rd_buf b = {.data = room, .cap = sizeof(room)};
	unsigned what = rd_reader_u8(&p->in);
	struct rd_relay_msg m = {.type = types[what % 8], .request = what / 8 % 4,
		.slot = rd_reader_u8(&p->in), .why = 1 + what / 32 % 3, .by_key = what & 128,
		.datagram = first, .datagram_len = what};
	uint8_t key = rd_reader_u8(&p->in);
	m.key.bytes[0] = key % 4;
	m.program = key / 4 % 8;
	m.by_code = key & 128;
	rd_relay_msg_pack(&b, &m);
	message(p, order % ENDS, b.data, b.len);
}

static void
init(struct play *p)
{
	uint8_t data[1200];
	struct rd_addr from = some_addr(p);
	struct rd_buf b = {.data = data, .cap = sizeof(data)};
	uint8_t noise[300] = {0};
	size_t len = 96 + take_bytes(p, noise, 200);
	rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_INIT, .sender = 5, .noise = noise,
		.noise_len = len});
	rd_mac1_put(data, b.len, &p->core->own.public);
	give(p, &from, data, b.len);
}

/* A ticket as it was issued, or one that this relay might have issued. */
static void
bind_ticket(struct play *p, unsigned order)
{
	uint8_t data[RD_BIND_SIZE], ticket[RD_TICKET], cookie[RD_RELAY_COOKIE] = {0};
	struct rd_addr from = some_addr(p);
	struct rd_buf b = {.data = data, .cap = sizeof(data)};
	memcpy(ticket, p->ticket[order & 1], sizeof(ticket));
	unsigned at = rd_reader_u8(&p->in) % RD_TICKET;
	ticket[at] ^= rd_reader_u8(&p->in);
	if (order & 2)
		crypto_generichash(ticket + RD_TICKET_BODY, 16, ticket, RD_TICKET_BODY, p->key,
			sizeof(p->key));
	rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_BIND, .ticket = ticket,
		.cookie = cookie});
	give(p, &from, data, b.len);
}

static void
forward(struct play *p, unsigned order)
{
	struct core_route r;
	enum core_drop why;
	uint8_t handle[RD_HANDLE];
	struct rd_addr from = some_addr(p);
	memcpy(handle, p->handle[order & 1], sizeof(handle));
	handle[rd_reader_u8(&p->in) % RD_HANDLE] ^= order & 4 ? rd_reader_u8(&p->in) : 0;
	p->asked_from = from;
	p->asked = RD_RELAYED_HEADER;
	if (core_route(p->core, &from, handle, 1, 1000, p->now_ns, &r, &why)) {
		if (!r.to.family)
			abort();
	} else if (why == DROP_UNKNOWN) {
		core_gone(p->core, &p->out, &from, handle, p->now_ns);
	}
	p->asked = 0;
}

static void
pass_time(struct play *p)
{
	unsigned how = rd_reader_u8(&p->in);
	uint64_t step_ns = (uint64_t)(how & 15) << (how >> 4) << 20;
	for (unsigned i = 0; i < 20; i++) {
		p->now_ns += step_ns / 20;
		core_tick(p->core, &p->out, p->now_ns);
	}
}

static void
operate(struct play *p, unsigned order)
{
	struct core_config cfg = {.has_join = order & 8, .open = order & 16, .max_sessions = 4};
	if (order & 32)
		core_reload(p->core, &cfg);
	else if (order & 64)
		core_drain(p->core, &p->out, 5, p->now_ns);
	else
		core_carrier_gone(p->core, order & 8 ? 7 : 8);
}

static void
obey(struct play *p, unsigned order)
{
	switch (order & 7) {
	case 0:
		raw(p);
		break;
	case 1:
		any_message(p, order >> 3);
		break;
	case 2:
		good_message(p, order >> 3);
		break;
	case 3:
		init(p);
		break;
	case 4:
		bind_ticket(p, order >> 3);
		break;
	case 5:
		forward(p, order >> 3);
		break;
	case 6:
		pass_time(p);
		break;
	default:
		operate(p, order);
	}
}

/* --- the relay --- */

static void
add_end(struct play *p, unsigned n)
{
	struct rd_addr at = end_addr(n);
	struct peer as = {.index = HOST_INDEX + n, .theirs = n, .at = where_of(&at), .timestamp = 1,
		.heard_ns = p->now_ns};
	memset(as.recv, (int)n, sizeof(as.recv));
	memset(as.send, (int)(100 + n), sizeof(as.send));
	/* The last one has the first one's, as another program of that host would. */
	as.key.bytes[0] = (uint8_t)(n % (ENDS - 1));
	struct peer *peer = peers_add(&p->core->peers, &as, n ? PEERS_VIEWER : PEERS_HOST);
	if (n == 0)
		peers_register(&p->core->peers, peer, NULL, 0, p->now_ns);
}

static void
add_leg(struct play *p)
{
	struct rd_addr at[2] = {end_addr(1), end_addr(0)};
	struct session_new n = {.id = 77, .ends_ns = p->now_ns + 1000 * NS_PER_S,
		.at = {where_of(&at[0]), where_of(&at[1])}, .kbps = 100};
	struct session *s = legs_add(&p->core->legs, &n, p->now_ns);
	for (unsigned leg = 0; leg < 2; leg++) {
		struct rd_ticket t = {.leg = (uint8_t)leg, .session = 77, .issued_to = at[leg],
			.not_after_s = core_wall_s(p->core, p->now_ns) + 1000};
		handle_bytes(s->handle[leg], t.handle);
		handle_bytes(s->handle[!leg], t.other);
		memcpy(p->handle[leg], t.handle, RD_HANDLE);
		rd_ticket_seal(&t, p->core->ticket_key, p->ticket[leg]);
	}
	memcpy(p->key, p->core->ticket_key, sizeof(p->key));
}

static void
check(struct play *p)
{
	struct core_stats s;
	core_stats(p->core, &s);
	if (s.peers_udp + s.peers_tls > 8 || s.hosts > 8 || s.slots > 24 || s.sessions > 4 ||
		s.half_open > HALVES)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play p = {.now_ns = 100 * NS_PER_S};
	struct core_config cfg = {.max_peers = 8, .max_sessions = 4, .has_join = true};
	dice_state = 1;
	if (vnet_sodium() < 0)
		abort();
	rd_reader_init(&p.in, data, size);
	memset(&cfg.key.secret, 3, sizeof(cfg.key.secret));
	rd_keypair_derive(&cfg.key);
	p.core = core_new(&cfg, told, &p);
	p.out = (struct core_out){.send = answered, .ctx = &p};
	for (unsigned n = 0; n < ENDS; n++)
		add_end(&p, n);
	add_leg(&p);
	for (unsigned n = 0; n < ORDERS_MAX && rd_reader_left(&p.in) > 0; n++) {
		obey(&p, rd_reader_u8(&p.in));
		check(&p);
	}
	core_free(p.core);
	return 0;
}
