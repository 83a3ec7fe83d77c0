#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "net/conn_priv.h"
#include "net/pair.h"

/* What passes is counted by type; the first so many of one type are lost. */
struct gate {
	unsigned count[RD_PACKET_XX3 + 1];
	unsigned lose_type, lose;
	bool deaf;	/* nothing passes */
};

static bool
gate(void *ctx, struct vnet_end *from, struct vnet_datagram *d)
{
	struct gate *g = ctx;
	unsigned type = d->data[0];
	(void)from;
	assert_in_range(type, 1, RD_PACKET_XX3);
	g->count[type]++;
	if (type == g->lose_type && g->lose > 0) {
		g->lose--;
		return false;
	}
	return !g->deaf;
}

static void
close_and_check(struct pair *p)
{
	rd_conn_close(p->viewer.conn, RD_CLOSE_DONE, "that was all", p->net.now_ns);
	assert_true(pair_until(p, 5 * S, pair_is_over));
	assert_int_equal(p->viewer.closed, 1);
	assert_int_equal(p->viewer.code, RD_CLOSE_DONE);
	assert_int_equal(p->host.closed, 1);
	assert_int_equal(p->host.code, RD_CLOSE_DONE);
	assert_string_equal(p->host.text, "that was all");
	assert_int_equal(p->host.gone, 1);
}

/* --- opening --- */

static void
known_peers(void **state)
{
	struct pair p;
	struct gate g = {0};
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = gate;
	p.net.ctx = &g;
	uint64_t t0 = p.net.now_ns;
	assert_true(pair_open(&p));
	/* One round trip, and half a one until the host knows. */
	assert_int_equal(p.net.now_ns - t0, 30 * MS);
	assert_int_equal(g.count[RD_PACKET_INIT], 1);
	assert_int_equal(g.count[RD_PACKET_RESPONSE], 1);
	assert_true(rd_key_equal(rd_conn_peer(p.viewer.conn), &p.host_keys.public));
	assert_true(rd_key_equal(rd_conn_peer(p.host.conn), &p.viewer_keys.public));
	assert_memory_equal(rd_conn_hash(p.viewer.conn), rd_conn_hash(p.host.conn), RD_NOISE_HASH);
	char here[RD_CONN_NAME], there[RD_CONN_NAME];
	assert_string_equal(rd_conn_name(p.viewer.conn, here), rd_conn_name(p.host.conn, there));
	assert_int_equal(strspn(here, "0123456789abcdef"), RD_CONN_NAME - 1);
	assert_false(rd_conn_by_password(p.viewer.conn) || rd_conn_by_password(p.host.conn));
	assert_null(p.viewer.conn->hs);
	assert_null(p.host.conn->hs);
	close_and_check(&p);
	pair_finish(&p);
}

static void
a_password(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, true);
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, 60 * S, pair_is_open));
	assert_int_equal(p.stretched, 1);
	assert_true(rd_conn_by_password(p.viewer.conn) && rd_conn_by_password(p.host.conn));
	assert_true(rd_key_equal(rd_conn_peer(p.viewer.conn), &p.host_keys.public));
	assert_true(rd_key_equal(rd_conn_peer(p.host.conn), &p.viewer_keys.public));
	pair_wait(&p, S);
	assert_null(p.viewer.conn->hs);
	close_and_check(&p);
	pair_finish(&p);
}

/* Any one datagram of a handshake may get lost, even several times. */
static void
each_handshake_datagram_lost(void **state)
{
	static const unsigned by_keys[] = {RD_PACKET_INIT, RD_PACKET_RESPONSE, RD_PACKET_DATA};
	static const unsigned by_password[] = {RD_PACKET_ASK, RD_PACKET_TELL, RD_PACKET_PAKE,
		RD_PACKET_PAKE_REPLY, RD_PACKET_XX1, RD_PACKET_XX2, RD_PACKET_XX3, RD_PACKET_DATA};
	(void)state;
	for (unsigned i = 0; i < 11; i++) {
		struct pair p;
		bool keys = i < 3;
		struct gate g = {.lose_type = keys ? by_keys[i] : by_password[i - 3],
			.lose = 1 + i % 3};
		pair_init(&p, true, true);
		p.net.filter = gate;
		p.net.ctx = &g;
		pair_dial(&p, keys ? &p.host_keys.public : NULL);
		assert_true(pair_until(&p, 10 * S, pair_is_open));
		pair_wait(&p, 5 * S);
		assert_int_equal(g.lose, 0);
		assert_int_equal(p.viewer.established, 1);
		assert_int_equal(p.host.established, 1);
		assert_int_equal(rd_server_count(p.server), 1);
		assert_int_equal(rd_server_stats(p.server).accepted, 1);
		assert_int_equal(p.viewer.closed + p.host.closed, 0);
		close_and_check(&p);
		pair_finish(&p);
	}
}

static void
nobody_answers(void **state)
{
	struct pair p;
	struct gate g = {.deaf = true};
	(void)state;
	pair_init(&p, true, true);
	p.net.filter = gate;
	p.net.ctx = &g;
	for (unsigned i = 0; i < 2; i++) {
		pair_dial(&p, i ? NULL : &p.host_keys.public);
		uint64_t t0 = p.net.now_ns;
		assert_true(pair_until(&p, 60 * S, pair_viewer_over));
		assert_int_equal(p.net.now_ns - t0, RD_CONN_HALF_OPEN_NS);
		assert_int_equal(p.viewer.code, RD_CLOSE_NO_ANSWER);
		assert_int_equal(p.viewer.closed, 1);
		assert_int_equal(p.viewer.established, 0);
	}
	/* 0, ¼, ¾, 1¾, 3¾, 5¾, 7¾, 9¾ s, ± 10 % each; ASK beside all but the first INIT. */
	assert_in_range(g.count[RD_PACKET_INIT], 7, 9);
	assert_in_range(g.count[RD_PACKET_ASK], g.count[RD_PACKET_INIT] - 1 + 7, 17);
	pair_finish(&p);
}

static void
another_host(void **state)
{
	(void)state;
	for (unsigned introduce = 0; introduce < 2; introduce++) {
		struct pair p;
		struct rd_keypair expected;
		pair_init(&p, introduce, false);
		rd_keypair_new(&expected);
		pair_dial(&p, &expected.public);
		assert_true(pair_until(&p, 60 * S, pair_viewer_over));
		assert_int_equal(p.viewer.code,
			introduce ? RD_CLOSE_HOST_KEY : RD_CLOSE_NO_ANSWER);
		assert_int_equal(rd_server_stats(p.server).initiations, 0);
		rd_keypair_wipe(&expected);
		pair_finish(&p);
	}
}

/*
 * Somebody on the way tells of another key; the host itself answers a moment
 * later. Who has not seen ASK is not even listened to: nothing it says ends anything.
 */
static void
a_lie_about_the_host(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct pair p;
		uint8_t tell[RD_PACKET_TELL_SIZE], zeros[32] = {0};
		struct rd_buf b = {.data = tell, .cap = sizeof(tell)};
		bool knows = i == 0, password = i == 2;
		pair_init(&p, false, password);
		p.net.weather.delay_ns = 60 * MS;
		pair_dial(&p, password ? NULL : &p.host_keys.public);
		pair_wait(&p, 60 * MS);
		const uint8_t *nonce = knows ? p.viewer.conn->hs->sid : zeros;
		rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_TELL,
			.receiver = rd_conn_index(p.viewer.conn), .nonce = nonce, .nonce_host = zeros,
			.salt = zeros, .key = zeros, .ways = RD_WAY_KEYS});
		assert_int_equal(rd_conn_receive(p.viewer.conn, &p.host_end.addr, b.data, b.len,
			p.net.now_ns), knows ? 0 : -EPROTO);
		assert_int_equal(p.viewer.conn->hs->other_key, knows);
		assert_true(pair_until(&p, 5 * S, pair_is_open));
		pair_finish(&p);
	}
}

static void
a_key_that_is_none(void **state)
{
	struct pair p;
	struct rd_key zero = {{0}};
	(void)state;
	pair_init(&p, true, false);
	pair_dial(&p, &zero);
	assert_true(pair_until(&p, S, pair_viewer_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_HOST_KEY);
	pair_finish(&p);
}

static void
no_password_there(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, true, false);
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, S, pair_viewer_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_NO_PASSWORD);
	assert_int_equal(p.stretched, 0);
	pair_finish(&p);
	/* Nor does the viewer know one. */
	pair_init(&p, false, true);
	dice_bytes(p.salt, sizeof(p.salt));
	pair_dial(&p, NULL);
	assert_true(pair_until(&p, S, pair_viewer_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_PASSWORD);
	pair_finish(&p);
}

/* The same machine as viewer and as host of the other: two sessions, both stand. */
static void
both_dial_each_other(void **state)
{
	struct pair a, b;
	(void)state;
	pair_init(&a, false, false);
	pair_init(&b, false, false);
	b.viewer_keys = a.host_keys;
	b.host_end.addr = vnet_addr(1, PAIR_PORT);
	b.viewer_end.addr = vnet_addr(2, 5000);
	vnet_add(&a.net, &b.viewer_end);
	vnet_add(&a.net, &b.host_end);
	pair_dial(&a, &a.host_keys.public);
	pair_dial(&b, &b.host_keys.public);
	pair_wait(&a, S);
	assert_true(pair_is_open(&a) && pair_is_open(&b));
	assert_true(rd_key_equal(rd_conn_peer(b.host.conn), rd_conn_peer(a.viewer.conn)));
	assert_memory_not_equal(rd_conn_hash(a.host.conn), rd_conn_hash(b.host.conn), RD_NOISE_HASH);
	char one[RD_CONN_NAME], other[RD_CONN_NAME];
	assert_string_not_equal(rd_conn_name(a.host.conn, one), rd_conn_name(b.host.conn, other));
	pair_finish(&a);
	pair_finish(&b);
}

/* --- ending --- */

static void
closing_from_either_end(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct pair p;
		pair_init(&p, false, false);
		assert_true(pair_open(&p));
		pair_wait(&p, S);
		if (i != 1)
			rd_conn_close(p.viewer.conn, RD_CLOSE_DONE, "", p.net.now_ns);
		if (i != 0)
			rd_conn_close(p.host.conn, RD_CLOSE_EXPIRED, "\033[31mred", p.net.now_ns);
		assert_true(pair_until(&p, S, pair_is_over));
		assert_int_equal(p.viewer.closed, 1);
		assert_int_equal(p.host.closed, 1);
		assert_int_equal(p.viewer.code, i == 1 ? RD_CLOSE_EXPIRED : RD_CLOSE_DONE);
		assert_int_equal(p.host.code, i == 0 ? RD_CLOSE_DONE : RD_CLOSE_EXPIRED);
		if (i == 1)
			assert_string_equal(p.viewer.text, "\\x1b[31mred");
		assert_int_equal(rd_conn_deadline(p.viewer.conn), UINT64_MAX);
		pair_finish(&p);
	}
}

/* The first CLOSE is lost, and the second; the peer hears the third. */
static void
closing_under_loss(void **state)
{
	struct pair p;
	struct gate g = {0};
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = gate;
	p.net.ctx = &g;
	assert_true(pair_open(&p));
	pair_wait(&p, 12 * S);
	g.lose_type = RD_PACKET_DATA;
	g.lose = 2;
	rd_conn_close(p.viewer.conn, RD_CLOSE_DONE, "", p.net.now_ns);
	assert_true(pair_until(&p, 5 * S, pair_is_over));
	assert_int_equal(p.host.code, RD_CLOSE_DONE);
	assert_int_equal(p.host.closed, 1);
	pair_finish(&p);
}

static void
closing_before_it_stands(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, false);
	pair_dial(&p, &p.host_keys.public);
	rd_conn_close(p.viewer.conn, RD_CLOSE_DONE, "", p.net.now_ns);
	assert_int_equal(p.viewer.closed, 0); /* only ever from tick and receive */
	assert_true(pair_until(&p, S, pair_viewer_over));
	assert_int_equal(p.viewer.closed, 1);
	pair_finish(&p);
}

static void
a_dead_peer(void **state)
{
	struct pair p;
	struct gate g = {0};
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = gate;
	p.net.ctx = &g;
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	g.deaf = true;
	uint64_t t0 = p.net.now_ns;
	pair_write(&p.viewer, 0, 100);
	pair_wait(&p, RD_CONN_SILENT_NS + 10 * MS);
	assert_int_equal(p.viewer.silent, 1);
	assert_int_equal(p.host.silent, 0);
	assert_true(pair_until(&p, 60 * S, pair_is_over));
	assert_in_range(p.net.now_ns - t0, RD_CONN_DEAD_NS - 12 * S, RD_CONN_DEAD_NS + S);
	assert_int_equal(p.viewer.code, RD_CLOSE_SILENT);
	assert_int_equal(p.host.code, RD_CLOSE_SILENT);
	assert_int_equal(p.viewer.heard_again, 0);
	pair_finish(&p);
}

static void
silence_that_ends(void **state)
{
	struct pair p;
	struct gate g = {0};
	(void)state;
	pair_init(&p, false, false);
	p.net.filter = gate;
	p.net.ctx = &g;
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	g.deaf = true;
	pair_write(&p.viewer, 0, 100000);
	pair_wait(&p, 8 * S);
	g.deaf = false;
	pair_wait(&p, 8 * S);
	assert_int_equal(p.viewer.silent, 1);
	assert_int_equal(p.viewer.heard_again, 1);
	assert_int_equal(p.host.bytes, 100000);
	assert_int_equal(p.host.wrong, 0);
	pair_finish(&p);
}

/* So much is out that nothing new may go: a probe still does, or nobody would get on. */
static void
a_full_ledger(void **state)
{
	struct pair p;
	struct gate g = {0};
	uint64_t at = 0;
	(void)state;
	pair_init(&p, false, false);
	p.cc = "fixed";
	p.bps = UINT64_C(10000000000);
	p.net.filter = gate;
	p.net.ctx = &g;
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	g.deaf = true;
	for (; rd_recovery_room(p.viewer.conn->recovery); at++) {
		pair_write(&p.viewer, at, 1);
		p.net.now_ns += 10000;
		vnet_pump(&p.net, &p.viewer_end);
		assert_true(at < 2 * RD_RECOVERY_MAX_OUTSTANDING);
	}
	g.deaf = false;
	pair_wait(&p, 10 * S);
	assert_int_equal(p.host.bytes, at);
	assert_int_equal(p.host.wrong, 0);
	assert_int_equal(p.viewer.closed + p.host.closed, 0);
	pair_finish(&p);
}

/* What was lost is not spoken of for ever: also where one end only acknowledges. */
static void
acknowledgements_stay_small(void **state)
{
	(void)state;
	for (unsigned both = 0; both < 2; both++) {
		struct pair p;
		pair_init(&p, false, false);
		p.net.weather = (struct vnet_weather){.loss = 50, .delay_ns = 10 * MS, .mtu = 1200};
		assert_true(pair_open(&p));
		for (unsigned i = 0; i < 200; i++) {
			pair_write(&p.viewer, i * 10000, 10000);
			if (both)
				pair_write(&p.host, i * 10000, 10000);
			pair_wait(&p, 100 * MS);
		}
		p.net.weather.loss = 0;
		pair_wait(&p, 5 * S);
		pair_write(&p.viewer, 2000000, 100000);
		pair_wait(&p, 5 * S);
		assert_int_equal(p.host.bytes, 2100000);
		struct rd_conn_stats st;
		rd_conn_stats(p.viewer.conn, &st);
		assert_true(st.packets.lost > RD_FRAME_ACK_RANGES);
		assert_in_range(p.host.conn->received.count, 1, RD_RECEIVED_MANY);
		if (both)
			assert_in_range(p.viewer.conn->received.count, 1, RD_RECEIVED_MANY);
		/* And it does not keep them awake. */
		uint64_t sent = p.viewer_end.sent + p.host_end.sent;
		pair_wait(&p, 9 * S);
		assert_true(p.viewer_end.sent + p.host_end.sent - sent <= 4);
		pair_finish(&p);
	}
}

/* The packet that carries the last of something is lost, and nothing follows it. */
struct tail {
	struct pair *p;
	bool (*is_last)(struct pair *p);
	uint64_t lost_ns, probe_ns;	/* when it went, and when the next packet did */
};

static bool
tail(void *ctx, struct vnet_end *from, struct vnet_datagram *d)
{
	struct tail *t = ctx;
	(void)d;
	if (from != &t->p->viewer_end)
		return true;
	if (t->lost_ns) {
		t->probe_ns = t->probe_ns ? t->probe_ns : t->p->net.now_ns;
		return true;
	}
	if (!t->is_last(t->p))
		return true;
	t->lost_ns = t->p->net.now_ns;
	return false;
}

static bool
unit_is_all_sent(struct pair *p)
{
	return rd_mux_units_unsent(rd_conn_mux(p->viewer.conn), RD_TRAFFIC_PICTURE) == 0;
}

static bool
stream_is_all_sent(struct pair *p)
{
	return !rd_mux_pending(rd_conn_mux(p->viewer.conn), p->net.now_ns);
}

static bool
rekey_is_sent(struct pair *p)
{
	return p->viewer.conn->rekey.said_len && !p->viewer.conn->rekey.say;
}

static bool
unit_has_come(void *ctx)
{
	return ((struct pair *)ctx)->host.units == 1;
}

static bool
stream_has_come(void *ctx)
{
	return ((struct pair *)ctx)->host.bytes == 5000;
}

static bool
rekey_has_come(void *ctx)
{
	return ((struct pair *)ctx)->host.conn->keys.next.there;
}

/* RFC 9002 section 6.2.4: it costs a probe timeout, and no round trip more. */
static void
the_last_packet_is_lost(void **state)
{
	static const struct {
		bool (*is_last)(struct pair *p);
		bool (*has_come)(void *ctx);
	} cases[] = {
		{unit_is_all_sent, unit_has_come},
		{stream_is_all_sent, stream_has_come},
		{rekey_is_sent, rekey_has_come},
	};
	static const uint8_t unit[5000];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pair p;
		struct tail t = {.p = &p, .is_last = cases[i].is_last};
		pair_init(&p, false, false);
		p.net.weather.mtu = 1200;
		assert_true(pair_open(&p));
		pair_wait(&p, 5 * S);
		p.net.filter = tail;
		p.net.ctx = &t;
		if (i == 0)
			rd_mux_unit(rd_conn_mux(p.viewer.conn), RD_TRAFFIC_PICTURE, unit,
				sizeof(unit), UINT64_MAX, 0);
		else if (i == 1)
			pair_write(&p.viewer, 0, 5000);
		else
			rd_conn_rekey(p.viewer.conn, p.net.now_ns);
		assert_true(pair_until(&p, 5 * S, cases[i].has_come));
		assert_true(t.lost_ns > 0 && t.probe_ns > t.lost_ns);
		assert_true(t.probe_ns - t.lost_ns <= rd_recovery_pto_ns(p.viewer.conn->recovery));
		assert_int_equal(p.net.now_ns - t.probe_ns, p.net.weather.delay_ns);
		assert_int_equal(p.host.wrong, 0);
		pair_wait(&p, S);
		assert_int_equal(p.viewer.closed + p.host.closed, 0);
		pair_finish(&p);
	}
}

/* An authenticated peer that breaks a rule. */
static void
a_broken_rule(void **state)
{
	static const struct { const char *bytes; size_t len; } wrong[] = {
		{"\x3f", 1},			/* no such frame */
		{"\x06\x05", 2},		/* cut short */
		{"\x02\x40\xff\x00\x00\x00\x00", 7},	/* acknowledges what was never sent */
		{"\x12\x03xyz", 5},		/* no message of a rekeying */
		{"\x04\x03\x00\x01x", 5},	/* a stream of ours that we never opened */
	};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct pair p;
		uint8_t out[RD_PACKET_MAX];
		pair_init(&p, false, false);
		assert_true(pair_open(&p));
		pair_wait(&p, S);
		memcpy(out + RD_PACKET_DATA_HEADER, wrong[i].bytes, wrong[i].len);
		size_t len = rd_keys_seal(p.viewer.conn, out, wrong[i].len);
		rd_server_receive(p.server, &p.viewer_end.addr, out, len, p.net.now_ns);
		assert_true(pair_until(&p, 5 * S, pair_is_over));
		assert_int_equal(p.host.code, RD_CLOSE_PROTOCOL);
		assert_int_equal(p.viewer.code, RD_CLOSE_PROTOCOL);
		pair_finish(&p);
	}
}

/* Anybody with a key can come so far: the greatest number is taken, a greater one is nothing. */
static void
enormous_numbers(void **state)
{
	static const uint64_t numbers[] = {UINT64_C(1) << 62, UINT64_C(1) << 63, UINT64_MAX - 1,
		UINT64_MAX, (UINT64_C(1) << 62) - 1};
	struct pair p;
	struct rd_conn_stats was, is;
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint8_t out[RD_PACKET_MAX];
		bool fits = i == 4;
		rd_conn_stats(p.host.conn, &was);
		out[RD_PACKET_DATA_HEADER] = RD_FRAME_PING;
		p.viewer.conn->number = numbers[i];
		size_t len = rd_keys_seal(p.viewer.conn, out, 1);
		rd_server_receive(p.server, &p.viewer_end.addr, out, len, p.net.now_ns);
		pair_wait(&p, 100 * MS);
		rd_conn_stats(p.host.conn, &is);
		assert_int_equal(is.bytes_received > was.bytes_received, fits);
	}
	/* It was acknowledged; the viewer knows of no such packet. */
	assert_true(pair_until(&p, 5 * S, pair_viewer_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_PROTOCOL);
	pair_finish(&p);
}

/* --- what is not ours --- */

static void
forgeries(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, true);
	p.net.weather = (struct vnet_weather){.harm = 500, .replay = 500, .reflect = 500,
		.twice = 300, .delay_ns = 5 * MS, .jitter_ns = 10 * MS};
	assert_true(pair_open(&p));
	for (unsigned i = 0; i < 50; i++) {
		pair_write(&p.viewer, i * 2000, 2000);
		pair_write(&p.host, i * 2000, 2000);
		pair_wait(&p, 50 * MS);
	}
	pair_wait(&p, 2 * S);
	assert_true(p.net.harmed > 200);
	assert_int_equal(p.net.harmed_accepted, 0);
	assert_int_equal(p.host.bytes, 100000);
	assert_int_equal(p.viewer.bytes, 100000);
	assert_int_equal(p.viewer.wrong + p.host.wrong, 0);
	/* An INIT replayed from elsewhere makes the host challenge the viewer's address, too. */
	assert_int_equal(p.viewer.moved, 0);
	assert_in_range(p.host.moved, 0, 1);
	assert_true(rd_addr_equal(rd_conn_path(p.host.conn), &p.viewer_end.addr));
	pair_finish(&p);
}

/* --- moving --- */

static bool
host_has_64k(void *ctx)
{
	return ((struct pair *)ctx)->host.bytes >= 65536;
}

static bool
viewer_has_64k(void *ctx)
{
	return ((struct pair *)ctx)->viewer.bytes >= 65536;
}

static void
the_viewer_moves(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	p.viewer_end.addr = vnet_addr(7, 5001);
	pair_write(&p.viewer, 0, 65536);
	pair_write(&p.host, 0, 65536);
	assert_true(pair_until(&p, 3 * S, host_has_64k));
	assert_true(pair_until(&p, 3 * S, viewer_has_64k));
	assert_int_equal(p.host.moved, 1);
	assert_int_equal(p.viewer.moved, 0);
	assert_true(rd_addr_equal(rd_conn_path(p.host.conn), &p.viewer_end.addr));
	assert_int_equal(p.viewer.wrong + p.host.wrong, 0);
	pair_finish(&p);
}

static void
the_host_moves(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	p.host_end.addr = vnet_addr(8, 999);
	pair_write(&p.viewer, 0, 65536);
	pair_write(&p.host, 0, 65536);
	assert_true(pair_until(&p, 3 * S, viewer_has_64k));
	assert_true(pair_until(&p, 3 * S, host_has_64k));
	assert_int_equal(p.viewer.moved, 1);
	assert_true(rd_addr_equal(rd_conn_path(p.viewer.conn), &p.host_end.addr));
	pair_finish(&p);
}

/* A viewer that only listens says where it is now when its own machine tells it. */
static void
told_to_move(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	p.viewer_end.addr = vnet_addr(9, 1);
	struct rd_addr to = *rd_conn_path(p.viewer.conn);
	rd_conn_move(p.viewer.conn, &to, p.net.now_ns);
	pair_wait(&p, 200 * MS);
	assert_int_equal(p.host.moved, 1);
	pair_finish(&p);
}

/* What goes to an address and comes from it, while it is unproven. */
struct meter {
	struct rd_addr at;
	uint64_t to, from;
	bool deaf;		/* what goes there is lost */
};

static bool
meter(void *ctx, struct vnet_end *from, struct vnet_datagram *d)
{
	struct meter *m = ctx;
	(void)from;
	m->from += rd_addr_equal(&d->from, &m->at) ? d->len : 0;
	m->to += rd_addr_equal(&d->to, &m->at) ? d->len : 0;
	return !(m->deaf && rd_addr_equal(&d->to, &m->at));
}

/* It spoke from there, perhaps by a forged address: nobody there asks for a flood. */
static void
three_times_at_most(void **state)
{
	struct pair p;
	struct meter m = {.at = vnet_addr(77, 77), .deaf = true};
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	pair_wait(&p, S);
	p.net.filter = meter;
	p.net.ctx = &m;
	struct rd_addr home = p.viewer_end.addr;
	p.viewer_end.addr = m.at;
	rd_mux_event(rd_conn_mux(p.viewer.conn), "x", 1, p.net.now_ns);
	vnet_pump(&p.net, &p.viewer_end);
	p.viewer_end.addr = home;
	pair_write(&p.host, 0, 65536);
	pair_wait(&p, 10 * MS);
	assert_int_equal(rd_conn_path(p.host.conn)->port, home.port);
	assert_true(m.from > 0);
	/* The answers to what came from there go there, but nothing of the 64 KiB. */
	for (unsigned i = 0; i < 30; i++) {
		pair_wait(&p, 100 * MS);
		assert_true(m.to <= 3 * m.from);
	}
	assert_true(viewer_has_64k(&p));
	assert_int_equal(p.host.moved, 0);
	pair_finish(&p);
}

static void
the_size_of_a_path(void **state)
{
	static const size_t mtu[] = {1200, 1279, 1280, 1399, 1452, 9000, 0};
	static const size_t size[] = {1200, 1200, 1280, 1350, 1452, 8900, 8900};
	(void)state;
	for (unsigned i = 0; i < 7; i++) {
		struct pair p;
		struct rd_conn_stats st;
		pair_init(&p, false, false);
		p.net.weather.mtu = mtu[i];
		assert_true(pair_open(&p));
		pair_wait(&p, 10 * S);
		rd_conn_stats(p.viewer.conn, &st);
		assert_int_equal(st.size, size[i]);
		rd_conn_stats(p.host.conn, &st);
		assert_int_equal(st.size, size[i]);
		pair_finish(&p);
	}
}

static void
a_black_hole(void **state)
{
	struct pair p;
	struct rd_conn_stats st;
	(void)state;
	pair_init(&p, false, false);
	p.net.weather.mtu = 1500;
	assert_true(pair_open(&p));
	pair_wait(&p, 10 * S);
	p.net.weather.mtu = 1300;
	pair_write(&p.viewer, 0, 65536);
	assert_true(pair_until(&p, 20 * S, host_has_64k));
	rd_conn_stats(p.viewer.conn, &st);
	assert_int_equal(st.size, 1200);
	/* Later it looks again, and finds what passes now. */
	pair_wait(&p, 80 * S);
	rd_conn_stats(p.viewer.conn, &st);
	assert_int_equal(st.size, 1280);
	pair_finish(&p);
}

/* --- TCP --- */

static void
over_a_stream(void **state)
{
	struct pair p;
	struct rd_conn_stats st;
	struct rd_addr to;
	(void)state;
	pair_init(&p, false, false);
	p.net.weather = (struct vnet_weather){.loss = 900, .delay_ns = 10 * MS};
	to = vnet_stream(2, PAIR_PORT, 1);
	pair_dial_to(&p, &p.host_keys.public, &to);
	assert_true(pair_until(&p, S, pair_is_open));
	pair_write(&p.viewer, 0, 4 << 20);
	pair_write(&p.host, 0, 65536);
	pair_wait(&p, S);
	pair_wait(&p, 20 * S);
	assert_int_equal(p.host.bytes, 4 << 20);
	assert_int_equal(p.viewer.bytes, 65536);
	rd_conn_stats(p.viewer.conn, &st);
	assert_int_equal(st.size, RD_PACKET_MAX);
	assert_int_equal(st.packets.lost, 0);
	assert_true(p.viewer_end.sent < 1000);
	close_and_check(&p);
	pair_finish(&p);
}

/* The connection breaks with bytes in it; the viewer makes another one. */
static void
from_one_stream_to_another(void **state)
{
	struct pair p;
	struct rd_addr to;
	(void)state;
	pair_init(&p, false, false);
	to = vnet_stream(2, PAIR_PORT, 1);
	pair_dial_to(&p, &p.host_keys.public, &to);
	assert_true(pair_until(&p, S, pair_is_open));
	pair_wait(&p, S);
	for (uint32_t carrier = 2; carrier < 5; carrier++) {
		uint64_t had = p.host.bytes;
		pair_write(&p.viewer, had, 1 << 20);
		pair_write(&p.host, p.viewer.bytes, 1 << 20);
		pair_wait(&p, 15 * MS);
		while (p.net.flying) /* lost with the connection */
			free(vnet_pop(&p.net).data);
		assert_true(rd_conn_carrier_gone(p.viewer.conn, carrier - 1, p.net.now_ns));
		rd_server_carrier_gone(p.server, carrier - 1, p.net.now_ns);
		assert_int_equal(rd_conn_path(p.host.conn)->family, 0);
		pair_wait(&p, 500 * MS);
		assert_int_equal(p.net.flying, 0);
		to = vnet_stream(2, PAIR_PORT, carrier);
		rd_conn_move(p.viewer.conn, &to, p.net.now_ns);
		pair_wait(&p, 10 * S);
		assert_int_equal(p.host.bytes, had + (1 << 20));
		assert_int_equal(p.viewer.bytes, had + (1 << 20));
		assert_int_equal(rd_conn_path(p.host.conn)->carrier, carrier);
	}
	assert_int_equal(p.viewer.wrong + p.host.wrong, 0);
	pair_finish(&p);
}

static void
from_datagrams_to_a_stream_and_back(void **state)
{
	struct pair p;
	struct rd_conn_stats st;
	struct rd_addr tcp = vnet_stream(2, PAIR_PORT, 1), udp = vnet_addr(2, PAIR_PORT);
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	for (unsigned i = 0; i < 4; i++) {
		pair_write(&p.viewer, p.host.bytes, 1 << 20);
		pair_write(&p.host, p.viewer.bytes, 1 << 20);
		pair_wait(&p, 20 * MS);
		rd_conn_move(p.viewer.conn, i % 2 ? &udp : &tcp, p.net.now_ns);
		pair_wait(&p, 30 * S);
		assert_int_equal(p.host.bytes, (uint64_t)(i + 1) << 20);
		assert_int_equal(p.viewer.bytes, (uint64_t)(i + 1) << 20);
		assert_int_equal(p.host.moved, i + 1);
		rd_conn_stats(p.host.conn, &st);
		assert_int_equal(st.path.stream, i % 2 == 0);
		assert_int_equal(st.size == RD_PACKET_MAX, i % 2 == 0);
	}
	assert_int_equal(p.viewer.wrong + p.host.wrong, 0);
	pair_finish(&p);
}

/* --- time --- */

static void
idle_is_idle(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, false);
	p.net.weather.mtu = 1500;
	assert_true(pair_open(&p));
	pair_wait(&p, 20 * S);
	uint64_t sent = p.viewer_end.sent + p.host_end.sent;
	pair_wait(&p, 60 * S);
	/* A PING and its ACK every ten seconds. */
	assert_in_range(p.viewer_end.sent + p.host_end.sent - sent, 2, 2 * 7);
	assert_true(rd_conn_deadline(p.viewer.conn) > p.net.now_ns);
	assert_int_equal(p.viewer.closed + p.host.closed, 0);
	pair_finish(&p);
}

static void
rekeying_by_time(void **state)
{
	struct pair p;
	struct rd_conn_stats a, b;
	uint8_t first[32];
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	memcpy(first, p.viewer.conn->keys.now.send, sizeof(first));
	pair_wait(&p, RD_CONN_REKEY_NS - 10 * S);
	rd_conn_stats(p.viewer.conn, &a);
	assert_int_equal(a.epoch, 0);
	pair_wait(&p, 30 * S);
	rd_conn_stats(p.viewer.conn, &a);
	rd_conn_stats(p.host.conn, &b);
	assert_int_equal(a.epoch, 1);
	assert_int_equal(b.epoch, 1);
	assert_memory_not_equal(p.viewer.conn->keys.now.send, first, sizeof(first));
	assert_memory_equal(p.viewer.conn->keys.now.send, p.host.conn->keys.now.recv, 32);
	assert_false(p.viewer.conn->keys.old.there || p.host.conn->keys.old.there);
	assert_false(p.viewer.conn->keys.next.there || p.host.conn->keys.next.there);
	/* The handshake's hash names the session for as long as it lives. */
	assert_memory_equal(rd_conn_hash(p.viewer.conn), rd_conn_hash(p.host.conn), RD_NOISE_HASH);
	pair_wait(&p, 1000 * S);
	rd_conn_stats(p.viewer.conn, &a);
	assert_in_range(a.epoch, 7, 9);
	assert_int_equal(p.viewer.closed + p.host.closed, 0);
	pair_finish(&p);
}

/* The epoch's low 8 bits stand on the wire: more than 256 rekeyings, under loss. */
static void
rekeying_under_loss(void **state)
{
	struct pair p;
	struct rd_conn_stats a, b;
	(void)state;
	pair_init(&p, false, false);
	p.net.weather = (struct vnet_weather){.loss = 200, .twice = 100, .harm = 100, .replay = 100,
		.delay_ns = 5 * MS, .jitter_ns = 20 * MS};
	assert_true(pair_open(&p));
	for (unsigned i = 0; i < 300; i++) {
		pair_write(&p.viewer, i * 1000, 1000);
		pair_write(&p.host, i * 1000, 1000);
		rd_conn_rekey(p.viewer.conn, p.net.now_ns);
		pair_wait(&p, i % 3 ? 100 * MS : 400 * MS);
	}
	pair_wait(&p, 20 * S);
	rd_conn_stats(p.viewer.conn, &a);
	rd_conn_stats(p.host.conn, &b);
	assert_in_range(a.epoch, 200, 300);
	assert_int_equal(a.epoch, b.epoch);
	assert_int_equal(p.host.bytes, 300000);
	assert_int_equal(p.viewer.bytes, 300000);
	assert_int_equal(p.viewer.wrong + p.host.wrong, 0);
	assert_int_equal(p.net.harmed_accepted, 0);
	pair_finish(&p);
}

/* A rekeying that never gets an answer. */
static void
keys_too_old(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, false, false);
	assert_true(pair_open(&p));
	uint64_t t0 = p.net.now_ns;
	p.viewer.conn->rekey.noise = xcalloc(1, sizeof(struct rd_noise));
	assert_true(pair_until(&p, 300 * S, pair_viewer_over));
	assert_int_equal(p.viewer.code, RD_CLOSE_KEYS_OLD);
	assert_in_range(p.net.now_ns - t0, RD_CONN_KEYS_DEAD_NS - S, RD_CONN_KEYS_DEAD_NS + 11 * S);
	pair_finish(&p);
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(rd_close_name(RD_CLOSE_DONE), "done");
	assert_string_equal(rd_close_name(RD_CLOSE_KEYS_OLD), "keys-old");
	assert_string_equal(rd_close_name(77), "?");
}

static void
params(void **state)
{
	struct rd_params in = {1, 4 << 20, 1 << 20, UINT64_C(1) << 40, 0}, out = {0};
	struct rd_buf b = {0};
	struct rd_reader r;
	(void)state;
	rd_params_pack(&b, &in);
	rd_buf_bytes(&b, "later", 5);
	for (size_t len = 0; len <= b.len; len++) {
		rd_reader_init(&r, b.data, len);
		assert_int_equal(rd_params_parse(&r, &out), len < b.len - 5 ? -EPROTO : 0);
	}
	assert_true(in.version == out.version && in.window == out.window &&
		in.stream_window == out.stream_window && in.units_window == out.units_window &&
		in.unit_max == out.unit_max);
	b.data[0] = 0;
	rd_reader_init(&r, b.data, b.len);
	assert_int_equal(rd_params_parse(&r, &out), -EPROTO);
	rd_buf_finish(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(params),
		cmocka_unit_test(known_peers),
		cmocka_unit_test(a_password),
		cmocka_unit_test(each_handshake_datagram_lost),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(another_host),
		cmocka_unit_test(a_lie_about_the_host),
		cmocka_unit_test(a_key_that_is_none),
		cmocka_unit_test(no_password_there),
		cmocka_unit_test(both_dial_each_other),
		cmocka_unit_test(closing_from_either_end),
		cmocka_unit_test(closing_under_loss),
		cmocka_unit_test(closing_before_it_stands),
		cmocka_unit_test(a_dead_peer),
		cmocka_unit_test(silence_that_ends),
		cmocka_unit_test(a_full_ledger),
		cmocka_unit_test(acknowledgements_stay_small),
		cmocka_unit_test(the_last_packet_is_lost),
		cmocka_unit_test(a_broken_rule),
		cmocka_unit_test(enormous_numbers),
		cmocka_unit_test(forgeries),
		cmocka_unit_test(the_viewer_moves),
		cmocka_unit_test(the_host_moves),
		cmocka_unit_test(told_to_move),
		cmocka_unit_test(three_times_at_most),
		cmocka_unit_test(the_size_of_a_path),
		cmocka_unit_test(a_black_hole),
		cmocka_unit_test(over_a_stream),
		cmocka_unit_test(from_one_stream_to_another),
		cmocka_unit_test(from_datagrams_to_a_stream_and_back),
		cmocka_unit_test(idle_is_idle),
		cmocka_unit_test(rekeying_by_time),
		cmocka_unit_test(rekeying_under_loss),
		cmocka_unit_test(keys_too_old),
	};
	dice_seed();
	if (vnet_sodium() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
