#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/pair.h"
#include "net/server_priv.h"

/* A stranger's INIT: well formed, of a new key each, with the host's mac1 or without. */
static size_t
bogus_init(const struct pair *p, uint8_t *out, bool mac1)
{
	struct rd_buf b = {.data = out, .cap = RD_PACKET_HANDSHAKE_MAX};
	uint8_t noise[140];
	dice_bytes(noise, sizeof(noise));
	rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_INIT, .sender = (uint32_t)dice(),
		.noise = noise, .noise_len = sizeof(noise)});
	if (mac1)
		rd_mac1_put(out, b.len, &p->host_keys.public);
	return b.len;
}

/* The n-th datagram of a type, as it went by. */
struct tap {
	unsigned type;
	size_t len;
	uint8_t data[RD_PACKET_HANDSHAKE_MAX];
	struct rd_addr from;
	unsigned count[RD_PACKET_XX3 + 1];
};

static bool
tap(void *ctx, struct vnet_end *from, struct vnet_datagram *d)
{
	struct tap *t = ctx;
	(void)from;
	if (d->data[0] <= RD_PACKET_XX3)
		t->count[d->data[0]]++;
	if (d->data[0] == t->type && t->len == 0) {
		t->len = d->len;
		t->from = d->from;
		memcpy(t->data, d->data, d->len);
	}
	return true;
}

static void
replay(struct pair *p, struct tap *t, const struct rd_addr *from)
{
	uint8_t copy[RD_PACKET_HANDSHAKE_MAX];
	memcpy(copy, t->data, t->len);
	rd_server_receive(p->server, from, copy, t->len, p->net.now_ns);
}

static void
a_replayed_init(void **state)
{
	struct pair p;
	struct tap t = {.type = RD_PACKET_INIT};
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = tap;
	p.net.ctx = &t;
	assert_true(pair_open(&p));
	assert_int_equal(t.count[RD_PACKET_RESPONSE], 1);
	for (unsigned i = 0; i < 3; i++) {
		struct rd_addr from = vnet_addr((uint8_t)(50 + i), 1);
		replay(&p, &t, i ? &from : &t.from);
		pair_wait(&p, S);
	}
	assert_int_equal(rd_server_count(p.server), 1);
	assert_int_equal(rd_server_stats(p.server).replays, 3);
	assert_int_equal(t.count[RD_PACKET_RESPONSE], 1);
	assert_string_equal(p.noted, "a replayed INIT");
	/* After the session, too; and the same viewer comes in anew with a later one. */
	rd_conn_close(p.viewer.conn, RD_CLOSE_DONE, "", p.net.now_ns);
	assert_true(pair_until(&p, S, pair_is_over));
	replay(&p, &t, &t.from);
	assert_int_equal(rd_server_count(p.server), 0);
	p.host.established = 0;
	assert_true(pair_open(&p));
	pair_finish(&p);
}

/* Somebody else's INIT, well made, from some address. Its length in `data`. */
static size_t
stranger_init(struct pair *p, const struct rd_keypair *keys, uint64_t wall_ns, uint8_t *data)
{
	struct rd_addr to;
	struct rd_conn_config cfg = pair_config(p, keys);
	struct rd_conn_dial dial = {.to = p->host_end.addr, .host = &p->host_keys.public,
		.wall_ns = wall_ns};
	struct rd_conn *c = rd_conn_dial(&cfg, &dial, &pair_conn_ops, &p->viewer, p->net.now_ns);
	size_t len = rd_conn_send(c, &to, data, RD_PACKET_MAX, p->net.now_ns);
	rd_conn_free(c);
	return len;
}

/* More keys than there are places, none of which comes to a session. */
static void
strangers_push_nobody_out(void **state)
{
	struct pair p;
	struct tap t = {.type = RD_PACKET_INIT};
	uint8_t data[RD_PACKET_MAX];
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = tap;
	p.net.ctx = &t;
	assert_true(pair_open(&p));
	rd_conn_close(p.viewer.conn, RD_CLOSE_DONE, "", p.net.now_ns);
	assert_true(pair_until(&p, S, pair_is_over));
	for (unsigned i = 0; i < RD_SERVER_TIMESTAMPS + 10; i++) {
		struct rd_keypair keys;
		struct rd_addr from = vnet_addr((uint8_t)i, (uint16_t)(i + 1));
		rd_keypair_new(&keys);
		size_t len = stranger_init(&p, &keys, 5, data);
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
		pair_wait(&p, 25 * MS);
	}
	pair_wait(&p, RD_CONN_HALF_OPEN_NS + S);
	assert_int_equal(rd_server_count(p.server), 0);
	assert_int_equal(rd_server_stats(p.server).replays, 0);
	replay(&p, &t, &t.from);
	assert_int_equal(rd_server_stats(p.server).replays, 1);
	assert_int_equal(rd_server_count(p.server), 0);
	pair_finish(&p);
}

/* INITs of one key that were caught on the way: the oldest do not come after the newest. */
static void
an_older_init_while_half_open(void **state)
{
	enum { INITS = 3 };
	struct pair p;
	uint8_t init[INITS][RD_PACKET_MAX], data[RD_PACKET_MAX];
	size_t len[INITS];
	struct rd_addr from = vnet_addr(9, 9);
	(void)state;
	pair_init(&p, false, false);
	for (unsigned i = 0; i < INITS; i++)
		len[i] = stranger_init(&p, &p.viewer_keys, i, init[i]);
	static const struct { unsigned which, count, replays; } steps[] = {
		{1, 1, 0}, {0, 1, 1}, {1, 1, 1}, {2, 2, 1}, {0, 2, 2}, {1, 2, 2},
	};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		unsigned which = steps[i].which;
		memcpy(data, init[which], len[which]);
		rd_server_receive(p.server, &from, data, len[which], p.net.now_ns);
		assert_int_equal(rd_server_count(p.server), steps[i].count);
		assert_int_equal(rd_server_stats(p.server).replays, steps[i].replays);
	}
	pair_finish(&p);
}

/* While it is half open the very same INIT gets the very same answer. */
static void
a_repeated_init(void **state)
{
	struct pair p;
	struct tap t = {.type = RD_PACKET_INIT};
	struct rd_addr to;
	uint8_t first[RD_PACKET_MAX], again[RD_PACKET_MAX];
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = tap;
	p.net.ctx = &t;
	pair_dial(&p, &p.host_keys.public);
	vnet_pump(&p.net, &p.viewer_end);
	replay(&p, &t, &t.from);
	size_t len = rd_server_send(p.server, &to, first, sizeof(first), p.net.now_ns);
	assert_true(len > 0);
	for (unsigned i = 0; i < 3; i++) {
		replay(&p, &t, &t.from);
		assert_int_equal(rd_server_send(p.server, &to, again, sizeof(again), p.net.now_ns), len);
		assert_memory_equal(first, again, len);
		assert_int_equal(rd_server_send(p.server, &to, again, sizeof(again), p.net.now_ns), 0);
	}
	assert_true(len <= t.len);
	assert_int_equal(rd_server_count(p.server), 1);
	assert_int_equal(rd_server_stats(p.server).accepted, 0);
	/* Nobody confirms it: it goes. */
	p.viewer_end.conn = NULL;
	pair_wait(&p, RD_CONN_HALF_OPEN_NS + S);
	assert_int_equal(rd_server_count(p.server), 0);
	pair_finish(&p);
}

static void
bogus_inits(void **state)
{
	struct pair p;
	uint8_t data[RD_PACKET_HANDSHAKE_MAX];
	(void)state;
	pair_init(&p, false, false);
	for (unsigned i = 0; i < 1000; i++) {
		struct rd_addr from = vnet_addr((uint8_t)i, (uint16_t)i);
		size_t len = bogus_init(&p, data, false);
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
	}
	assert_int_equal(rd_server_stats(p.server).initiations, 0);
	assert_int_equal(rd_server_count(p.server), 0);
	for (unsigned i = 0; i < 1000; i++) {
		struct rd_addr from = vnet_addr((uint8_t)i, (uint16_t)i);
		size_t len = bogus_init(&p, data, true);
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
	}
	struct rd_server_stats st = rd_server_stats(p.server);
	assert_int_equal(st.initiations, 1000);
	assert_int_equal(st.refused, RD_SERVER_BUSY);
	/* The answers wait to be sent, and there is room for so many. */
	assert_int_equal(st.cookies, SERVER_REPLIES);
	assert_int_equal(rd_server_count(p.server), 0);
	pair_finish(&p);
}

/* However many ask who we are: there is room for COOKIEs. */
static void
a_flood_of_asks(void **state)
{
	struct pair p;
	uint8_t data[RD_PACKET_HANDSHAKE_MAX], nonce[16] = {0};
	struct rd_buf b = {.data = data, .cap = sizeof(data)};
	struct rd_addr from = vnet_addr(3, 3), to;
	(void)state;
	pair_init(&p, true, false);
	for (unsigned i = 0; i < 1000; i++) {
		rd_buf_reset(&b);
		rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_ASK, .sender = 77,
			.nonce = nonce});
		rd_server_receive(p.server, &from, data, b.len, p.net.now_ns);
	}
	for (unsigned i = 0; i < 2 * RD_SERVER_BUSY; i++) {
		size_t len = bogus_init(&p, data, true);
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
	}
	assert_int_equal(rd_server_stats(p.server).cookies, RD_SERVER_BUSY);
	unsigned tells = 0;
	while (rd_server_send(p.server, &to, data, sizeof(data), p.net.now_ns))
		tells += data[0] == RD_PACKET_TELL;
	assert_int_equal(tells, SERVER_REPLIES / 2);
	pair_finish(&p);
}

/* A hundred thousand a second at most, from everywhere, half of them with the right mac1. */
static void
flood(struct pair *p, unsigned each)
{
	uint8_t data[RD_PACKET_HANDSHAKE_MAX];
	for (unsigned i = 0; i < each; i++) {
		struct rd_addr from = vnet_addr((uint8_t)dice(), (uint16_t)dice());
		size_t len = bogus_init(p, data, i % 2);
		rd_server_receive(p->server, &from, data, len, p->net.now_ns);
	}
}

static void
under_load(void **state)
{
	struct pair p;
	struct tap t = {.type = RD_PACKET_COOKIE};
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = tap;
	p.net.ctx = &t;
	flood(&p, 1000);
	pair_dial(&p, &p.host_keys.public);
	unsigned ms = 0;
	for (; ms < 1000 && !pair_is_open(&p); ms++) {
		flood(&p, 100);
		pair_wait(&p, MS);
	}
	/* INIT, COOKIE, INIT, RESPONSE, DATA: five ways, or a repeat more. */
	assert_in_range(ms, 50, 600);
	assert_int_equal(rd_server_count(p.server), 1);
	assert_true(t.len > 0);
	assert_int_equal(rd_server_stats(p.server).accepted, 1);
	assert_int_equal(p.viewer.established, 1);
	pair_finish(&p);
}

/* Under load each source has its limit, with a cookie, too; other sources do not suffer. */
static void
a_source_that_comes_too_often(void **state)
{
	struct pair p;
	struct tap t = {0};
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = tap;
	p.net.ctx = &t;
	unsigned open = 0;
	p.net.weather.delay_ns = 2 * MS;
	for (unsigned i = 0; i < 60; i++) {
		flood(&p, 200);
		p.host.established = 0;
		p.viewer_end.addr = vnet_addr(1, (uint16_t)(1000 + i));
		pair_dial(&p, &p.host_keys.public);
		pair_until(&p, 12 * MS, pair_is_open);
		open += pair_is_open(&p);
	}
	/* A burst of 5, and 20 a second for the ¾ s at most that this took. */
	assert_in_range(open, 5, 5 + 15);
	assert_true(rd_server_stats(p.server).refused >= 60 - 20);
	assert_true(t.count[RD_PACKET_COOKIE] > 0);
	p.host.established = 0;
	p.viewer_end.addr = vnet_addr(9, 9);
	pair_dial(&p, &p.host_keys.public);
	assert_true(pair_until(&p, 2 * S, pair_is_open));
	pair_finish(&p);
}

/* Half-open sessions are few; the oldest goes first. */
static void
half_open_sessions(void **state)
{
	struct pair p;
	struct rd_keypair keys;
	uint8_t data[RD_PACKET_MAX];
	(void)state;
	pair_init(&p, false, false);
	for (unsigned i = 0; i < RD_SERVER_HALF_OPEN + 50; i++) {
		struct rd_addr from = vnet_addr((uint8_t)i, (uint16_t)(i + 1));
		rd_keypair_new(&keys);
		size_t len = stranger_init(&p, &keys, 5, data);
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
		p.net.now_ns += 25 * MS;
	}
	assert_int_equal(rd_server_count(p.server), RD_SERVER_HALF_OPEN);
	assert_true(pair_open(&p));
	assert_int_equal(rd_server_stats(p.server).accepted, 1);
	pair_wait(&p, RD_CONN_HALF_OPEN_NS);
	assert_int_equal(rd_server_count(p.server), 1);
	pair_finish(&p);
}

/* One source with hundreds of handshakes it never ends, and a viewer far away. */
static void
one_source_crowds_nobody_out(void **state)
{
	struct pair p;
	uint8_t data[RD_PACKET_MAX];
	(void)state;
	pair_init(&p, false, false);
	p.net.weather.delay_ns = 4500 * MS;
	pair_dial(&p, &p.host_keys.public);
	pair_wait(&p, p.net.weather.delay_ns);
	assert_int_equal(rd_server_count(p.server), 1);
	for (unsigned i = 0; i < 400; i++) {
		struct rd_keypair keys;
		struct rd_addr from = vnet_addr(200, (uint16_t)(i + 1));
		rd_keypair_new(&keys);
		size_t len = stranger_init(&p, &keys, 5, data);
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
		pair_wait(&p, 22 * MS);
		assert_true(rd_server_count(p.server) <= RD_SERVER_HALF_OPEN);
	}
	assert_int_equal(rd_server_count(p.server), RD_SERVER_HALF_OPEN);
	assert_int_equal(rd_server_stats(p.server).cookies, 0);
	assert_true(pair_until(&p, 6 * S, pair_is_open));
	assert_int_equal(rd_server_stats(p.server).accepted, 1);
	pair_finish(&p);
}

/* Well made on the outside, nothing within: these take nobody's place. */
static void
bogus_inits_take_no_place(void **state)
{
	struct pair p;
	uint8_t data[RD_PACKET_HANDSHAKE_MAX];
	struct rd_keypair keys;
	uint8_t init[RD_PACKET_MAX];
	(void)state;
	pair_init(&p, false, false);
	for (unsigned i = 0; i < RD_SERVER_HALF_OPEN; i++) {
		struct rd_addr from = vnet_addr((uint8_t)i, 1);
		rd_keypair_new(&keys);
		size_t len = stranger_init(&p, &keys, 5, init);
		rd_server_receive(p.server, &from, init, len, p.net.now_ns);
		p.net.now_ns += 22 * MS;
	}
	const struct rd_conn *first = p.server->list[0]->conn;
	for (unsigned i = 0; i < 20; i++) {
		struct rd_addr from = vnet_addr((uint8_t)i, 2);
		size_t len = bogus_init(&p, data, true);
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
		p.net.now_ns += 22 * MS;
	}
	assert_int_equal(rd_server_count(p.server), RD_SERVER_HALF_OPEN);
	assert_ptr_equal(p.server->list[0]->conn, first);
	pair_finish(&p);
}

static void
a_host_that_says_no(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, false);
	p.refuse = true;
	pair_dial(&p, &p.host_keys.public);
	assert_true(pair_until(&p, 5 * S, pair_is_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_BUSY);
	assert_int_equal(p.host.established + p.host.closed + p.host.gone, 0);
	assert_int_equal(rd_server_stats(p.server).accepted, 0);
	/* Or changes its mind. */
	p.refuse = false;
	p.close_in_accept = true;
	pair_dial(&p, &p.host_keys.public);
	assert_true(pair_until(&p, 5 * S, pair_is_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_GOING);
	assert_int_equal(p.host.established, 0);
	assert_int_equal(p.host.closed, 1);
	assert_int_equal(p.host.gone, 1);
	pair_finish(&p);
}

/* --- ASK --- */

static void
asked(void **state)
{
	uint8_t ask[RD_PACKET_ASK_SIZE], out[RD_PACKET_MAX], nonce[16] = {3, 1, 4};
	struct rd_addr from = vnet_addr(3, 3), to;
	struct rd_packet tell;
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct pair p;
		struct rd_buf b = {.data = ask, .cap = sizeof(ask)};
		bool introduce = i & 1, password = i & 2;
		pair_init(&p, introduce, password);
		rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_ASK, .sender = 77,
			.nonce = nonce});
		rd_server_receive(p.server, &from, ask, b.len, p.net.now_ns);
		size_t len = rd_server_send(p.server, &to, out, sizeof(out), p.net.now_ns);
		assert_int_equal(len > 0, introduce || password);
		if (len > 0) {
			assert_true(len <= b.len);
			assert_int_equal(rd_packet_parse(&tell, out, len), 0);
			assert_int_equal(tell.type, RD_PACKET_TELL);
			assert_int_equal(tell.receiver, 77);
			assert_memory_equal(tell.nonce, nonce, sizeof(nonce));
			assert_memory_equal(tell.key, p.host_keys.public.bytes, RD_KEY_SIZE);
			assert_int_equal(!!(tell.ways & RD_WAY_PASSWORD), password);
			assert_true(rd_addr_equal(&to, &from));
		}
		pair_finish(&p);
	}
}

/* --- passwords --- */

static void
a_wrong_password(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, true);
	uint8_t right[RD_CONN_PRF_SIZE];
	memcpy(right, p.prs, sizeof(right));
	for (unsigned i = 1; i <= 3; i++) {
		p.prs[0]++;
		pair_dial(&p, NULL);
		uint64_t t0 = p.net.now_ns;
		assert_true(pair_until(&p, 60 * S, pair_viewer_over));
		assert_int_equal(p.viewer.code, RD_CLOSE_PASSWORD);
		assert_int_equal(p.viewer.established, 0);
		assert_in_range(p.net.now_ns - t0, 4 * S, 6 * S);
		assert_int_equal(rd_server_stats(p.server).guesses, i);
		assert_string_equal(p.noted, "a wrong password");
	}
	assert_int_equal(rd_server_stats(p.server).accepted, 0);
	memcpy(p.prs, right, sizeof(right));
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 5 * S, pair_is_open));
	pair_finish(&p);
}

static void
too_many_guesses(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, true);
	p.prs[0]++;
	for (unsigned i = 0; i < RD_SERVER_GUESSES; i++) {
		pair_dial(&p, NULL);
		assert_true(pair_until(&p, 60 * S, pair_viewer_over));
		assert_int_equal(p.viewer.code, RD_CLOSE_PASSWORD);
	}
	uint64_t locked = p.net.now_ns;
	assert_string_equal(p.noted, "too many wrong passwords: none is taken for 15 minutes");
	p.prs[0]--;
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 60 * S, pair_viewer_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_NO_PASSWORD);
	assert_int_equal(rd_server_stats(p.server).guesses, RD_SERVER_GUESSES);
	/* Keys go on as ever. */
	assert_true(pair_open(&p));
	rd_conn_close(p.viewer.conn, RD_CLOSE_DONE, "", p.net.now_ns);
	assert_true(pair_until(&p, 5 * S, pair_is_over));
	p.host.established = 0;
	pair_wait(&p, locked + 901 * S - p.net.now_ns);
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 5 * S, pair_is_open));
	pair_finish(&p);
}

/* Spread over more than an hour they are no attack. */
static void
guesses_over_a_day(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, true);
	p.prs[0]++;
	for (unsigned i = 0; i < 3 * RD_SERVER_GUESSES; i++) {
		pair_dial(&p, NULL);
		assert_true(pair_until(&p, 60 * S, pair_viewer_over));
		assert_int_equal(p.viewer.code, RD_CLOSE_PASSWORD);
		pair_wait(&p, 420 * S);
	}
	assert_int_equal(rd_server_stats(p.server).guesses, 3 * RD_SERVER_GUESSES);
	pair_finish(&p);
}

/* PAKEs gathered before: each is one guess, however many XX1 follow, and none after the lock. */
static void
guesses_in_parallel(void **state)
{
	enum { PAKES = 40, TRIES = 5 };
	struct pair p;
	struct rd_conn *viewers[PAKES];
	struct rd_addr from = vnet_addr(1, 1), to;
	uint8_t data[RD_PACKET_MAX], xx1[RD_PACKET_MAX];
	(void)state;
	pair_init(&p, false, true);
	p.prs[0]++;
	for (unsigned i = 0; i < PAKES; i++) {
		struct rd_conn_config cfg = pair_config(&p, &p.viewer_keys);
		struct rd_conn_dial dial = {.to = p.host_end.addr, .stretch = pair_stretch};
		from.ip[3] = (uint8_t)(100 + i);
		viewers[i] = rd_conn_dial(&cfg, &dial, &pair_conn_ops, &p.viewer, p.net.now_ns);
		for (unsigned way = 0; way < 2; way++) {
			size_t len = rd_conn_send(viewers[i], &to, data, sizeof(data), p.net.now_ns);
			rd_server_receive(p.server, &from, data, len, p.net.now_ns);
			len = rd_server_send(p.server, &to, data, sizeof(data), p.net.now_ns);
			rd_conn_receive(viewers[i], &p.host_end.addr, data, len, p.net.now_ns);
		}
	}
	assert_int_equal(rd_server_count(p.server), PAKES);
	for (unsigned i = 0; i < PAKES; i++) {
		size_t len = rd_conn_send(viewers[i], &to, xx1, sizeof(xx1), p.net.now_ns);
		assert_int_equal(xx1[0], RD_PACKET_XX1);
		for (unsigned n = 0; n < TRIES; n++) {
			memcpy(data, xx1, len);
			rd_server_receive(p.server, &from, data, len, p.net.now_ns);
			xx1[len - 1]++;
		}
		rd_conn_free(viewers[i]);
	}
	assert_int_equal(rd_server_stats(p.server).guesses, RD_SERVER_GUESSES);
	pair_finish(&p);
}

/* A PAKE needs what TELL said to this address. */
static void
a_pake_out_of_the_blue(void **state)
{
	struct pair p;
	struct tap t = {.type = RD_PACKET_PAKE};
	(void)state;
	pair_init(&p, false, true);
	p.net.filter = tap;
	p.net.ctx = &t;
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 5 * S, pair_is_open));
	struct rd_addr elsewhere = vnet_addr(1, 4999);
	replay(&p, &t, &elsewhere);
	assert_int_equal(rd_server_count(p.server), 1);
	assert_int_equal(rd_server_stats(p.server).refused, 1);
	/* Nor for ever. */
	pair_wait(&p, 2 * RD_COOKIE_LIFE_NS + S);
	replay(&p, &t, &t.from);
	assert_int_equal(rd_server_count(p.server), 1);
	assert_int_equal(rd_server_stats(p.server).refused, 2);
	pair_finish(&p);
}

static void
another_password(void **state)
{
	struct pair p;
	uint8_t none[32] = {0};
	(void)state;
	pair_init(&p, false, true);
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 5 * S, pair_is_open));
	p.prs[3]++;
	rd_server_password(p.server, true, p.prs, p.salt);
	pair_wait(&p, S);
	assert_int_equal(p.host.closed, 0);
	p.host.established = 0;
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 5 * S, pair_is_open));
	rd_server_password(p.server, false, none, none);
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 60 * S, pair_viewer_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_NO_ANSWER);
	pair_finish(&p);
}

/* --- TCP --- */

static void
a_carrier_gone(void **state)
{
	struct pair p;
	struct rd_addr to = vnet_stream(2, PAIR_PORT, 3);
	(void)state;
	pair_init(&p, false, false);
	pair_dial_to(&p, &p.host_keys.public, &to);
	assert_true(pair_until(&p, S, pair_is_open));
	rd_server_carrier_gone(p.server, 4, p.net.now_ns);
	assert_int_equal(rd_conn_path(p.host.conn)->carrier, 3);
	rd_server_carrier_gone(p.server, 3, p.net.now_ns);
	assert_int_equal(rd_conn_path(p.host.conn)->family, 0);
	p.viewer_end.conn = NULL;
	/* Something waits to be sent, and nobody is awake for it. */
	pair_write(&p.host, 0, 1000);
	uint64_t sent = p.host_end.sent;
	pair_wait(&p, RD_CONN_DEAD_NS + S);
	assert_int_equal(p.host_end.sent, sent);
	assert_int_equal(p.host.code, RD_CLOSE_SILENT);
	assert_int_equal(p.host.gone, 1);
	/* Half open: it goes at once. */
	pair_dial_to(&p, &p.host_keys.public, &to);
	vnet_pump(&p.net, &p.viewer_end);
	p.viewer_end.conn = NULL;
	pair_wait(&p, 15 * MS);
	assert_int_equal(rd_server_count(p.server), 1);
	rd_server_carrier_gone(p.server, 3, p.net.now_ns);
	assert_int_equal(rd_server_count(p.server), 0);
	pair_finish(&p);
}

/* Junk of every length and type: nothing comes of it. */
static void
junk(void **state)
{
	struct pair p;
	uint8_t data[2000];
	struct rd_addr from = vnet_addr(4, 4);
	(void)state;
	pair_init(&p, true, true);
	assert_true(pair_open(&p));
	for (unsigned i = 0; i < 20000; i++) {
		size_t len = dice_below(i % 2 ? 200 : sizeof(data));
		dice_bytes(data, len);
		if (len >= 4)
			data[0] = (uint8_t)dice_below(13), data[1] = data[2] = data[3] = 0;
		rd_server_receive(p.server, &from, data, len, p.net.now_ns);
		rd_conn_receive(p.viewer.conn, &from, data, len, p.net.now_ns);
	}
	assert_int_equal(rd_server_count(p.server), 1);
	pair_wait(&p, S);
	assert_int_equal(p.viewer.closed + p.host.closed, 0);
	pair_finish(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_replayed_init),
		cmocka_unit_test(strangers_push_nobody_out),
		cmocka_unit_test(an_older_init_while_half_open),
		cmocka_unit_test(a_repeated_init),
		cmocka_unit_test(bogus_inits),
		cmocka_unit_test(a_flood_of_asks),
		cmocka_unit_test(under_load),
		cmocka_unit_test(a_source_that_comes_too_often),
		cmocka_unit_test(half_open_sessions),
		cmocka_unit_test(one_source_crowds_nobody_out),
		cmocka_unit_test(bogus_inits_take_no_place),
		cmocka_unit_test(a_host_that_says_no),
		cmocka_unit_test(asked),
		cmocka_unit_test(a_wrong_password),
		cmocka_unit_test(too_many_guesses),
		cmocka_unit_test(guesses_over_a_day),
		cmocka_unit_test(guesses_in_parallel),
		cmocka_unit_test(a_pake_out_of_the_blue),
		cmocka_unit_test(another_password),
		cmocka_unit_test(a_carrier_gone),
		cmocka_unit_test(junk),
	};
	dice_seed();
	if (vnet_sodium() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
