#include "rd-relay/world.h"

/* Bounds of more than one session: a host's day, and all that is forwarded. */
struct pair { struct world w; struct end host, viewer; };

#define MEET 65536

static void
pair_init(struct pair *p, uint64_t day_bytes, uint64_t total_bps)
{
	world_init(&p->w);
	p->w.cfg.host_day_bytes = day_bytes;
	p->w.cfg.total_bps = total_bps;
	p->w.cfg.connects_minute = 1000;
	world_restart(&p->w);
	end_host(&p->host, &p->w, 1);
	end_viewer(&p->viewer, &p->w, 2);
}

/* How many of so many datagrams of 1000 bytes from the viewer go on. */
static unsigned
says(struct pair *p, const struct end *viewer, const struct met *met, unsigned n)
{
	struct core_route r;
	enum core_drop why;
	unsigned passed = 0;
	for (unsigned i = 0; i < n; i++) {
		if (routed(&p->w, &viewer->addr, met->viewer.handle, &r, &why))
			passed++;
		else
			assert_int_equal(why, DROP_QUOTA);
	}
	return passed;
}

static uint64_t
count_of(const struct pair *p, enum core_count what)
{
	return world_stats(&p->w).count[what];
}

/* --- a host's day --- */

static void
a_day_is_used_up(void **state)
{
	struct pair p;
	struct end second, other;
	(void)state;
	pair_init(&p, 1000000, 0);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	assert_int_equal(says(&p, &p.viewer, &met, 900), 900);
	world_wait(&p.w, 200 * MS);
	assert_int_equal(says(&p, &p.viewer, &met, 100), 100);
	/* The next look at it ends it. */
	world_wait(&p.w, 200 * MS);
	assert_int_equal(says(&p, &p.viewer, &met, 10), 0);
	/* Others meet that host all the same, and may go on directly. */
	end_viewer(&second, &p.w, 3);
	struct met again = ends_meet(&second, &p.host, connect_key(&p.host));
	assert_int_equal(says(&p, &second, &again, 100), MEET / 1000 + 1);
	/* Another host has a day of its own. */
	end_host(&other, &p.w, 4);
	struct met elsewhere = ends_meet(&second, &other, connect_key(&other));
	assert_int_equal(says(&p, &second, &elsewhere, 900), 900);
	assert_int_equal(count_of(&p, COUNT_QUOTA_HOST), 0);
	world_wait(&p.w, 62 * S);
	assert_int_equal(world_stats(&p.w).sessions, 0);
	assert_int_equal(count_of(&p, COUNT_QUOTA_HOST), 2);
	assert_int_equal(count_of(&p, COUNT_QUOTA_SESSION), 0);
	world_finish(&p.w);
}

/* Of all its sessions together, over now or not; and both ways. */
static void
sessions_of_a_day_add_up(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, 3000000, 0);
	for (unsigned i = 0; i < 3; i++) {
		struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
		assert_int_equal(says(&p, &p.viewer, &met, 500), 500);
		for (unsigned k = 0; k < 500; k++)
			assert_routed(&p.w, &p.host.addr, met.host.handle, &p.viewer.addr,
				met.viewer.handle);
		world_wait(&p.w, 62 * S);
		assert_int_equal(world_stats(&p.w).sessions, 0);
		end_asks(&p.host, (struct rd_relay_msg){.type = RD_RELAY_KEEP});
		end_asks(&p.viewer, (struct rd_relay_msg){.type = RD_RELAY_KEEP});
	}
	/* The third has used it up; those before it ended with what they wanted said. */
	assert_int_equal(count_of(&p, COUNT_QUOTA_HOST), 1);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	assert_int_equal(says(&p, &p.viewer, &met, 100), MEET / 1000 + 1);
	world_finish(&p.w);
}

static void
registering_again_begins_no_new_day(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, 1000000, 0);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	says(&p, &p.viewer, &met, 1000);
	world_wait(&p.w, 200 * MS);
	end_say(&p.host, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(world_stats(&p.w).hosts, 0);
	p.host.addr = addr_of(9, 7000);
	assert_true(end_open(&p.host));
	assert_int_equal(end_asks(&p.host, register_with(&p.host, p.w.cfg.join)).type,
		RD_RELAY_REGISTERED);
	met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	assert_int_equal(says(&p, &p.viewer, &met, 100), MEET / 1000 + 1);
	world_finish(&p.w);
}

/* Nor do tickets of a session that is over. */
static void
tickets_begin_no_new_day(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, 1000000, 0);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	says(&p, &p.viewer, &met, 1000);
	world_wait(&p.w, 62 * S);
	assert_int_equal(world_stats(&p.w).sessions, 0);
	for (unsigned i = 0; i < 2; i++) {
		const struct end *e = i ? &p.host : &p.viewer;
		uint8_t bind[RD_BIND_SIZE];
		struct rd_buf b = {.data = bind, .cap = sizeof(bind)};
		rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_BIND,
			.ticket = i ? met.host.ticket : met.viewer.ticket,
			.cookie = (const uint8_t[RD_RELAY_COOKIE]){0}});
		world_give(&p.w, &e->addr, b.data, b.len);
	}
	assert_int_equal(world_stats(&p.w).sessions, 1);
	assert_int_equal(says(&p, &p.viewer, &met, 100), MEET / 1000 + 1);
	world_finish(&p.w);
}

/* At midnight of UTC, which is the relay's clock's, and which 5400 s are away. */
static void
midnight_begins_a_new_day(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, 1000000, 0);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	says(&p, &p.viewer, &met, 1000);
	world_wait(&p.w, 5 * S);
	assert_int_equal(says(&p, &p.viewer, &met, 1), 0);
	core_clock(p.w.core, p.w.cfg.wall_offset_ns + 5394 * S);
	world_wait(&p.w, 900 * MS);
	assert_int_equal(says(&p, &p.viewer, &met, 1), 0);
	world_wait(&p.w, 200 * MS);
	assert_int_equal(says(&p, &p.viewer, &met, 1000), 1000);
	world_wait(&p.w, 200 * MS);
	assert_int_equal(says(&p, &p.viewer, &met, 1), 0);
	world_finish(&p.w);
}

/* Another bound by a reload counts for what has been used before, and for running sessions. */
static void
another_bound_counts_for_the_same_day(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, 0, 0);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	assert_int_equal(says(&p, &p.viewer, &met, 1000), 1000);
	p.w.cfg.host_day_bytes = 1000000;
	core_reload(p.w.core, &p.w.cfg);
	world_wait(&p.w, 200 * MS);
	assert_int_equal(says(&p, &p.viewer, &met, 1), 0);
	p.w.cfg.host_day_bytes = 2000000;
	core_reload(p.w.core, &p.w.cfg);
	world_wait(&p.w, 200 * MS);
	assert_int_equal(says(&p, &p.viewer, &met, 100), 100);
	world_finish(&p.w);
}

/* A session's own bound stays what it is, in a day that is used up too. */
static void
both_bounds(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, 1000000, 0);
	p.w.cfg.session_bytes = 20000;
	core_reload(p.w.core, &p.w.cfg);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	assert_int_equal(says(&p, &p.viewer, &met, 100), 20);
	world_wait(&p.w, 62 * S);
	assert_int_equal(count_of(&p, COUNT_QUOTA_SESSION), 1);
	p.w.cfg.host_day_bytes = 1;
	core_reload(p.w.core, &p.w.cfg);
	end_asks(&p.host, (struct rd_relay_msg){.type = RD_RELAY_KEEP});
	met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	assert_int_equal(says(&p, &p.viewer, &met, 100), 20);
	world_finish(&p.w);
}

/* --- accounts --- */

/* Four times as many hosts as there are places: who has used much is not forgotten for it. */
static void
a_table_that_is_full(void **state)
{
	struct accounts a = {.day = 20000};
	(void)state;
	accounts_init(&a);
	assert_int_equal(accounts_charge(&a, 1, 0), 0);
	for (uint32_t i = 0; i < 1000; i++)
		accounts_charge(&a, i, 1000 + i);
	for (uint32_t i = 1000; i < 4 * ACCOUNTS_SETS * ACCOUNTS_WAYS; i++)
		accounts_charge(&a, i, 1);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(accounts_charge(&a, i, 0), 1000 + i);
	/* The last one that came was taken; and asking takes nobody's place. */
	uint32_t last = 4 * ACCOUNTS_SETS * ACCOUNTS_WAYS - 1;
	assert_int_equal(accounts_charge(&a, last, 1), 2);
	for (uint32_t i = 0; i < 100000; i++)
		accounts_charge(&a, last + 1 + i, 0);
	assert_int_equal(accounts_charge(&a, last, 0), 2);
	/* Tomorrow all places are free, and a clock that goes back finds what is left of today. */
	a.day++;
	assert_int_equal(accounts_charge(&a, 5, 0), 0);
	assert_int_equal(accounts_charge(&a, 5, 7), 7);
	a.day--;
	assert_int_equal(accounts_charge(&a, 6, 0), 1006);
	accounts_finish(&a);
}

/* --- all that is forwarded --- */

/* So many kilobytes every tenth of a second, for so long. */
static void
load(struct pair *p, const struct met *met, unsigned kb, uint64_t ns)
{
	for (uint64_t end = p->w.now_ns + ns; p->w.now_ns < end;) {
		assert_int_equal(says(p, &p->viewer, met, kb), kb);
		world_wait(&p->w, 100 * MS);
	}
}

static unsigned
marks(struct pair *p, const struct met *met)
{
	struct core_route r;
	enum core_drop why;
	assert_true(routed(&p->w, &p->viewer.addr, met->viewer.handle, &r, &why));
	return r.marks;
}

/* 8 Mbit/s are 100 kB in each tick. */
static void
near_the_rate_nobody_new_comes(void **state)
{
	struct pair p;
	struct end second;
	(void)state;
	pair_init(&p, 0, 8000000);
	struct rd_relay_msg m = connect_key(&p.host);
	m.request = 7;
	struct met met = ends_meet(&p.viewer, &p.host, m);
	load(&p, &met, 80, 5 * S);
	assert_false(world_stats(&p.w).crowded);
	assert_int_equal(marks(&p, &met), 0);
	/* It is an average: a moment is none. */
	load(&p, &met, 120, 100 * MS);
	assert_false(world_stats(&p.w).crowded);
	load(&p, &met, 80, 5 * S);
	load(&p, &met, 90, 3 * S);
	assert_true(world_stats(&p.w).crowded);
	assert_int_equal(marks(&p, &met), RD_RELAYED_CE);
	end_viewer(&second, &p.w, 3);
	assert_int_equal(end_is_refused(&second, connect_key(&p.host)), RD_NO_BUSY);
	assert_int_equal(count_of(&p, COUNT_RATELIMITED_RELAY), 1);
	/* Who has met, and asks again because he heard nothing, is no new one. */
	assert_int_equal(end_asks(&p.viewer, m).type, RD_RELAY_CONNECTED);
	/* It does not flutter about the bound. */
	load(&p, &met, 80, 5 * S);
	assert_true(world_stats(&p.w).crowded);
	load(&p, &met, 70, 3 * S);
	assert_false(world_stats(&p.w).crowded);
	assert_int_equal(marks(&p, &met), 0);
	assert_int_equal(end_asks(&second, connect_key(&p.host)).type, RD_RELAY_CONNECTED);
	world_finish(&p.w);
}

/* When what made it ends, and when a reload takes the bound away. */
static void
it_is_over_with_its_cause(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p, 0, 8000000);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	load(&p, &met, 100, 4 * S);
	assert_true(world_stats(&p.w).crowded);
	world_wait(&p.w, S);
	assert_false(world_stats(&p.w).crowded);
	load(&p, &met, 100, 4 * S);
	assert_true(world_stats(&p.w).crowded);
	p.w.cfg.total_bps = 0;
	core_reload(p.w.core, &p.w.cfg);
	load(&p, &met, 100, 100 * MS);
	assert_false(world_stats(&p.w).crowded);
	assert_int_equal(marks(&p, &met), 0);
	world_finish(&p.w);
}

/* Of more sessions than one tick looks at: the sum is theirs all the same. */
static void
many_sessions_add_up(void **state)
{
	enum { N = 250 };
	struct pair p;
	static struct end viewer[N];
	static struct met met[N];
	(void)state;
	pair_init(&p, 0, 20000000);
	p.w.cfg.sessions_each = 1000;
	core_reload(p.w.core, &p.w.cfg);
	for (unsigned i = 0; i < N; i++) {
		end_viewer(&viewer[i], &p.w, 10 + i);
		met[i] = ends_meet(&viewer[i], &p.host, connect_key(&p.host));
	}
	/* 10 kB a second each: 20 Mbit/s together. Then 70 % of it. */
	for (unsigned tick = 0; tick < 80; tick++) {
		for (unsigned i = 0; i < N; i++)
			if (tick < 40 || tick % 10 < 7)
				assert_int_equal(says(&p, &viewer[i], &met[i], 1), 1);
		world_wait(&p.w, 100 * MS);
		if (tick == 39)
			assert_true(world_stats(&p.w).crowded);
	}
	world_wait(&p.w, 300 * MS);
	assert_false(world_stats(&p.w).crowded);
	world_finish(&p.w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_used_up),
		cmocka_unit_test(sessions_of_a_day_add_up),
		cmocka_unit_test(registering_again_begins_no_new_day),
		cmocka_unit_test(tickets_begin_no_new_day),
		cmocka_unit_test(midnight_begins_a_new_day),
		cmocka_unit_test(another_bound_counts_for_the_same_day),
		cmocka_unit_test(both_bounds),
		cmocka_unit_test(a_table_that_is_full),
		cmocka_unit_test(near_the_rate_nobody_new_comes),
		cmocka_unit_test(it_is_over_with_its_cause),
		cmocka_unit_test(many_sessions_add_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
