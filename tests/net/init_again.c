/* INIT after INIT: two viewers of one key at the same moment, and hosts far away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/pair.h"
#include "net/server_priv.h"

#define VIEWERS 3	/* of one key */
#define KEPT 64

/* What went by, and what is not let through. */
struct watch {
	unsigned inits, responses, cookies;
	unsigned lose_responses;	/* the first so many */
	struct { uint8_t data[RD_PACKET_HANDSHAKE_MAX]; size_t len; } init[KEPT];
};

static bool
watch(void *ctx, struct vnet_end *from, struct vnet_datagram *d)
{
	struct watch *w = ctx;
	(void)from;
	switch (d->data[0]) {
	case RD_PACKET_INIT:
		assert_true(w->inits < KEPT);
		memcpy(w->init[w->inits].data, d->data, d->len);
		w->init[w->inits++].len = d->len;
		break;
	case RD_PACKET_RESPONSE:
		if (w->responses++ < w->lose_responses)
			return false;
		break;
	case RD_PACKET_COOKIE:
		w->cookies++;
		break;
	default:
		break;
	}
	return true;
}

static void
begin(struct pair *p, struct watch *w, uint64_t round_trip_ns)
{
	memset(w, 0, sizeof(*w));
	pair_init(p, false, false);
	p->net.weather.delay_ns = round_trip_ns / 2;
	p->net.filter = watch;
	p->net.ctx = w;
}

static bool
viewer_stands(void *ctx)
{
	return ((struct pair *)ctx)->viewer.established == 1;
}

/* --- one key, several viewers --- */

struct crowd {
	struct pair p;
	struct vnet_end ends[VIEWERS];
	struct party parties[VIEWERS];
};

static bool
all_accepted(void *ctx)
{
	struct crowd *c = ctx;
	return rd_server_stats(c->p.server).accepted == VIEWERS;
}

static void
dial_as(struct crowd *c, unsigned i, uint64_t wall_ns)
{
	struct pair *p = &c->p;
	struct rd_conn_config cfg = pair_config(p, &p->viewer_keys);
	struct rd_conn_dial dial = {.to = p->host_end.addr, .host = &p->host_keys.public,
		.wall_ns = wall_ns};
	c->parties[i].conn = rd_conn_dial(&cfg, &dial, &pair_conn_ops, &c->parties[i], p->net.now_ns);
	c->ends[i] = (struct vnet_end){.addr = vnet_addr(1, (uint16_t)(6000 + i)),
		.conn = c->parties[i].conn};
	vnet_add(&p->net, &c->ends[i]);
}

/* All at once; `step_ns` is how much later than the one after it each says it is. */
static void
all_get_in(uint64_t step_ns, uint64_t round_trip_ns)
{
	struct crowd c = {0};
	struct watch w;
	begin(&c.p, &w, round_trip_ns);
	for (unsigned i = 0; i < VIEWERS; i++)
		dial_as(&c, i, 1000 * S - i * step_ns);
	assert_true(vnet_run(&c.p.net, c.p.net.now_ns + 9 * S, all_accepted, &c));
	/* The second was shut out, as was the third: this is what the test is for. */
	assert_true(rd_server_stats(c.p.server).replays >= VIEWERS - 1);
	vnet_run(&c.p.net, c.p.net.now_ns + RD_CONN_HALF_OPEN_NS + S, NULL, NULL);
	assert_int_equal(rd_server_count(c.p.server), VIEWERS);
	assert_int_equal(rd_server_stats(c.p.server).accepted, VIEWERS);
	for (unsigned i = 0; i < VIEWERS; i++) {
		assert_int_equal(c.parties[i].established, 1);
		assert_int_equal(c.parties[i].closed, 0);
		rd_conn_free(c.parties[i].conn);
	}
	pair_finish(&c.p);
}

static void
one_key_at_one_moment(void **state)
{
	static const uint64_t steps[] = {0, 1, 1000, MS};
	static const uint64_t trips[] = {0, 20 * MS, 700 * MS, 2 * S};
	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		for (size_t k = 0; k < sizeof(trips) / sizeof(trips[0]); k++)
			all_get_in(steps[i], trips[k]);
	/* Two machines, whose clocks do not agree. */
	all_get_in(300 * MS, 20 * MS);
}

/* --- far away --- */

/* The first answer counts, however many INITs have gone since; the rest leaves nothing. */
static void
far_away(void **state)
{
	/* The last: when a new INIT is said every 2 s, of which five are under way. */
	static const struct { uint64_t trip_ns; unsigned least, most; } far[] = {
		{20 * MS, 1, 1}, {700 * MS, 2, 3}, {2 * S, 4, 4}, {3 * S, 4, 4}, {6 * S, 5, 7},
		{9500 * MS, 7, 9},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct pair p;
		struct watch w;
		begin(&p, &w, far[i].trip_ns);
		uint64_t t0 = p.net.now_ns;
		pair_dial(&p, &p.host_keys.public);
		assert_true(pair_until(&p, 30 * S, viewer_stands));
		assert_int_equal(p.net.now_ns - t0, far[i].trip_ns);
		assert_in_range(w.inits, far[i].least, far[i].most);
		assert_null(p.viewer.conn->hs);
		assert_true(pair_until(&p, 30 * S, pair_is_open));
		assert_int_equal(p.net.now_ns - t0, far[i].trip_ns / 2 * 3);
		/* Each of its INITs had made a session, and one is left. */
		assert_int_equal(rd_server_count(p.server), 1);
		assert_int_equal(rd_server_stats(p.server).replays, 0);
		pair_wait(&p, 20 * S);
		assert_int_equal(rd_server_count(p.server), 1);
		assert_int_equal(rd_server_stats(p.server).accepted, 1);
		assert_int_equal(p.viewer.closed + p.host.closed, 0);
		pair_finish(&p);
	}
}

/* Whichever answer is the first to come, and however late it is. */
static void
answers_that_are_lost(void **state)
{
	static const uint64_t trips[] = {20 * MS, 700 * MS, 2 * S};
	(void)state;
	for (unsigned lost = 1; lost <= 5; lost++)
		for (size_t i = 0; i < sizeof(trips) / sizeof(trips[0]); i++) {
			struct pair p;
			struct watch w;
			begin(&p, &w, trips[i]);
			w.lose_responses = lost;
			pair_dial(&p, &p.host_keys.public);
			assert_true(pair_until(&p, 20 * S, pair_is_open));
			assert_int_equal(rd_server_stats(p.server).accepted, 1);
			pair_wait(&p, RD_CONN_HALF_OPEN_NS + S);
			assert_int_equal(rd_server_count(p.server), 1);
			assert_int_equal(p.viewer.established, 1);
			assert_int_equal(p.viewer.closed + p.host.closed, 0);
			pair_finish(&p);
		}
}

/* More INITs than are kept: the oldest answers are of no use, those of the last still are. */
static void
a_host_that_is_long_away(void **state)
{
	struct pair p;
	struct watch w;
	(void)state;
	begin(&p, &w, 3 * S);
	p.patience_ns = 60 * S;
	p.net.weather.loss = 1000;
	pair_dial(&p, &p.host_keys.public);
	pair_wait(&p, 45 * S);
	assert_in_range(w.inits, 2 * RD_INITS, KEPT);
	p.net.weather.loss = 0;
	assert_true(pair_until(&p, 10 * S, pair_is_open));
	assert_int_equal(rd_server_count(p.server), 1);
	pair_finish(&p);
}

/* --- what is said --- */

static bool
same(const struct watch *w, unsigned a, unsigned b)
{
	return w->init[a].len == w->init[b].len &&
		memcmp(w->init[a].data, w->init[b].data, w->init[a].len) == 0;
}

/* The first twice; then each is another, of a later time, and of the same index. */
static void
each_is_of_its_own_time(void **state)
{
	struct pair p;
	struct watch w;
	(void)state;
	begin(&p, &w, 20 * MS);
	w.lose_responses = UINT32_MAX;
	uint64_t t0 = p.net.now_ns;
	pair_dial(&p, &p.host_keys.public);
	uint64_t wall_ns = p.viewer.conn->hs->dial.wall_ns;
	pair_wait(&p, 6 * S);
	p.viewer_end.conn = NULL; /* what is under way arrives */
	pair_wait(&p, 10 * MS);
	assert_true(w.inits >= 5);
	assert_true(same(&w, 0, 1));
	for (unsigned i = 1; i < w.inits; i++) {
		assert_memory_equal(w.init[i].data, w.init[0].data, 8);
		for (unsigned k = i + 1; k < w.inits; k++)
			assert_false(same(&w, i, k));
	}
	/* All of them wait at the host, which has read their times. */
	assert_int_equal(rd_server_count(p.server), w.inits - 1);
	uint64_t last = 0;
	for (unsigned i = 0; i < p.server->count; i++) {
		const struct rd_conn *c = p.server->list[i]->conn;
		/* It came a way later than it was said. */
		assert_int_equal(c->timestamp - wall_ns, c->born_ns - 10 * MS - t0);
		assert_true(i == 0 || c->timestamp > last);
		last = c->timestamp;
	}
	pair_wait(&p, RD_CONN_HALF_OPEN_NS + S);
	assert_int_equal(rd_server_count(p.server), 0);
	pair_finish(&p);
}

/* Who has kept all of them gets no further with them than before. */
static void
kept_and_said_again(void **state)
{
	struct pair p;
	struct watch w;
	(void)state;
	begin(&p, &w, 2 * S);
	pair_dial(&p, &p.host_keys.public);
	assert_true(pair_until(&p, 10 * S, pair_is_open));
	unsigned inits = w.inits, replays = 0;
	for (unsigned i = inits; i-- > 0;) {
		uint8_t copy[RD_PACKET_HANDSHAKE_MAX];
		struct rd_addr from = vnet_addr(66, (uint16_t)(1 + i));
		memcpy(copy, w.init[i].data, w.init[i].len);
		rd_server_receive(p.server, &from, copy, w.init[i].len, p.net.now_ns);
		/* The newest has not been confirmed: it waits for what only its maker can say. */
		assert_int_equal(rd_server_count(p.server), 2);
		assert_int_equal(rd_server_stats(p.server).replays, replays);
		replays++;
	}
	assert_true(inits >= 4);
	pair_wait(&p, RD_CONN_HALF_OPEN_NS + S);
	assert_int_equal(rd_server_count(p.server), 1);
	assert_int_equal(rd_server_stats(p.server).accepted, 1);
	assert_int_equal(p.viewer.closed + p.host.closed, 0);
	pair_finish(&p);
}

/* A COOKIE for an INIT before the last is good for the last, and for those to come. */
static void
a_busy_host_far_away(void **state)
{
	static const struct { uint64_t trip_ns; unsigned cookies, lost; } far[] = {
		{20 * MS, 1, 0}, {20 * MS, 1, 3}, {600 * MS, 2, 0}, {2500 * MS, 4, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct pair p;
		struct watch w;
		begin(&p, &w, far[i].trip_ns);
		p.server->busy_until_ns = UINT64_MAX;
		w.lose_responses = far[i].lost;
		uint64_t t0 = p.net.now_ns;
		pair_dial(&p, &p.host_keys.public);
		assert_true(pair_until(&p, 20 * S, viewer_stands));
		if (!far[i].lost)
			assert_int_equal(p.net.now_ns - t0, 2 * far[i].trip_ns);
		assert_int_equal(w.cookies, far[i].cookies);
		assert_true(pair_until(&p, 20 * S, pair_is_open));
		assert_int_equal(rd_server_count(p.server), 1);
		pair_finish(&p);
	}
}

/* A COOKIE that answers nothing is anybody's: it spoils none that was good. */
static void
a_forged_cookie(void **state)
{
	static const uint8_t nonce[24], sealed[RD_COOKIE_SEALED];
	struct pair p;
	struct watch w;
	struct rd_buf forged = {0};
	(void)state;
	begin(&p, &w, 20 * MS);
	p.server->busy_until_ns = UINT64_MAX;
	w.lose_responses = 3;
	pair_dial(&p, &p.host_keys.public);
	pair_wait(&p, 100 * MS);
	assert_int_equal(w.cookies, 1);
	rd_packet_pack(&forged, &(struct rd_packet){.type = RD_PACKET_COOKIE,
		.receiver = rd_conn_index(p.viewer.conn), .nonce = nonce, .cookie = sealed});
	rd_conn_receive(p.viewer.conn, &p.host_end.addr, forged.data, forged.len, p.net.now_ns);
	rd_buf_finish(&forged);
	assert_true(pair_until(&p, 20 * S, pair_is_open));
	assert_int_equal(w.cookies, 1);
	pair_finish(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_key_at_one_moment),
		cmocka_unit_test(far_away),
		cmocka_unit_test(answers_that_are_lost),
		cmocka_unit_test(a_host_that_is_long_away),
		cmocka_unit_test(each_is_of_its_own_time),
		cmocka_unit_test(kept_and_said_again),
		cmocka_unit_test(a_busy_host_far_away),
		cmocka_unit_test(a_forged_cookie),
	};
	dice_seed();
	if (vnet_sodium() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
