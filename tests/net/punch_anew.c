/*
 * Second chances: sessions that have found no direct path in the rounds though their
 * NATs promise one find it soon after, and those that nothing is promised to, or that
 * have had their chances, say nothing more than they did. On the virtual clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/nat.h"
#include "net/natsim.h"

static void
begin(struct natsim *s, unsigned viewer, unsigned host)
{
	sim_init(s);
	sim_behind_kinds(s, sim_kinds[viewer], sim_kinds[host]);
	sim_dial(s);
}

/* Something else behind that NAT takes as many ports. */
static void
others(struct natsim *s, struct sim_host *h, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct rd_addr from = sim_v4(10, 0, 0, 99, (uint16_t)(3000 + i));
		struct rd_addr to = sim_v4(192, 0, 2, 77, 53);
		assert_true(sim_nat_out(h->chain[0][0], &from, &to, s->net.now_ns));
	}
}

/* Either end: the other may only have heard of it. */
static bool
predicted(const struct natsim *s)
{
	return rd_conn_way(s->viewer.party.conn).how == RD_HOW_PREDICTED ||
		rd_conn_way(s->host.party.conn).how == RD_HOW_PREDICTED;
}

/* Whichever of both it is whose ports were taken. */
static void
a_port_was_taken(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		struct natsim s;
		sim_init(&s);
		s.viewer.owd_ns = MS + dice_below(60 * MS);
		s.host.owd_ns = MS + dice_below(60 * MS);
		sim_behind_kinds(&s, sim_kinds[SEQ], sim_kinds[SEQ]);
		sim_dial(&s);
		others(&s, i % 2 ? &s.viewer : &s.host, 1 + i % 7);
		assert_true(sim_run(&s, 5 * S, sim_open));
		assert_false(sim_run(&s, 5 * S, sim_both_direct));
		assert_true(sim_run(&s, 5 * S, sim_both_direct));
		assert_true(predicted(&s));
		assert_true(s.viewer.anew <= 1 && s.host.anew <= 1);
		sim_run(&s, 100 * S, NULL);
		assert_true(sim_both_direct(&s));
		assert_true(s.viewer.anew <= 1 && s.host.anew <= 1);
		sim_finish(&s);
	}
}

/* It may go wrong again, and once more. */
static void
three_times(void **state)
{
	struct natsim s;
	(void)state;
	begin(&s, SEQ, SEQ);
	s.direct_down = true;
	sim_run(&s, 40 * S, NULL);
	assert_int_equal(s.viewer.anew, 2);
	assert_int_equal(s.host.anew, 2);
	s.direct_down = false;
	assert_true(sim_run(&s, 60 * S, sim_both_direct));
	assert_int_equal(s.viewer.anew, 3);
	sim_finish(&s);
	/* … and no more. */
	begin(&s, SEQ, SEQ);
	s.direct_down = true;
	sim_run(&s, 200 * S, NULL);
	assert_int_equal(s.viewer.anew, 3);
	assert_int_equal(s.host.anew, 3);
	uint64_t probes = s.viewer.probes;
	sim_run(&s, 600 * S, NULL);
	assert_int_equal(s.viewer.anew + s.host.anew, 6);
	/* A round a minute, of eight addresses at most. */
	assert_true(s.viewer.probes - probes <= 11 * 8);
	sim_finish(&s);
}

/* What kept them apart is gone when the rounds are over. */
static void
usual_ones(void **state)
{
	struct natsim s;
	(void)state;
	begin(&s, PRC, PRCX);
	s.direct_down = true;
	sim_run(&s, 5900 * MS, NULL);
	s.direct_down = false;
	assert_true(sim_run(&s, 4 * S, sim_both_direct));
	sim_finish(&s);
}

static void
guesses_once_more(void **state)
{
	struct natsim s;
	(void)state;
	begin(&s, PRC, RND);
	s.direct_down = true;
	sim_run(&s, 11100 * MS, NULL);
	s.direct_down = false;
	assert_true(sim_none_direct(&s));
	assert_true(sim_run(&s, 8 * S, sim_both_direct));
	assert_true(s.host.sockets_asked && s.viewer.anew + s.host.anew > 0);
	sim_finish(&s);
	begin(&s, ADM, PRC);
	s.direct_down = true;
	sim_run(&s, 300 * S, NULL);
	assert_int_equal(s.viewer.anew, 1);
	assert_int_equal(s.host.anew, 1);
	sim_finish(&s);
}

/* Nothing at all where no path is promised, or none wanted. */
static void
never(void **state)
{
	static const unsigned hopeless[][2] = {{ADM, ADM}, {ADM, SEQ}, {ADM, RND}, {SEQ, ADM},
		{SEQ, RND}, {RND, ADM}, {RND, SEQ}, {RND, RND}};
	struct natsim s;
	(void)state;
	for (unsigned i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++) {
		begin(&s, hopeless[i][0], hopeless[i][1]);
		sim_run(&s, 300 * S, NULL);
		assert_true(sim_none_direct(&s));
		assert_int_equal(s.viewer.anew + s.host.anew, 0);
		/* Ten rounds and one a minute, of two addresses and five ports. */
		assert_true(s.viewer.probes <= 15 * 7 && s.host.probes <= 15 * 7);
		sim_finish(&s);
	}
	begin(&s, SEQ, SEQ);
	rd_conn_policy(s.viewer.dialled, RD_PATH_RELAY, s.net.now_ns);
	sim_run(&s, 300 * S, NULL);
	assert_int_equal(s.viewer.anew + s.host.anew, 0);
	sim_finish(&s);
}

/* A host that is just finding out where it is now does not tell where it was. */
static void
not_what_is_old(void **state)
{
	struct natsim s;
	(void)state;
	begin(&s, SEQ, SEQ);
	struct rd_candidates pending = s.host.own;
	pending.pending = true;
	rd_server_candidates(s.host.server, &pending, s.net.now_ns);
	others(&s, &s.host, 9);
	assert_true(sim_run(&s, 5 * S, sim_open));
	sim_run(&s, 100 * MS, NULL);
	assert_false(rd_conn_way(s.viewer.party.conn).peer_told);
	sim_tell(&s.host);
	assert_true(sim_run(&s, 500 * MS, sim_both_direct));
	assert_true(predicted(&s));
	sim_finish(&s);
}

/* A NAT that counts, which has several addresses: a new socket may be seen at any. */
static struct rd_candidates
seen_at(unsigned at, unsigned times)
{
	struct rd_candidates c = {.generation = times + 1, .nat = {.mapping = RD_NAT_SEQUENTIAL,
		.step = 1, .seen = sim_v4(203, 0, 113, (uint8_t)(at + times % 50), 4000)}};
	rd_candidates_add(&c, RD_CANDIDATE_REFLEXIVE, &c.nat.seen);
	return c;
}

/* Each is seen to have moved by what the last chance found; that goes not on for ever. */
static void
seen_elsewhere_each_time(void **state)
{
	struct rd_punch *p[2];
	unsigned times[2] = {0, 0};
	(void)state;
	for (unsigned i = 0; i < 2; i++)
		p[i] = rd_punch_new(S);
	for (unsigned i = 0; i < 2; i++) {
		struct rd_candidates c = seen_at(100 * i, 0);
		rd_punch_own(p[i], &c, S);
		rd_punch_peer(p[!i], &c, S);
	}
	for (uint64_t now = S; now < 3000 * S; now += 10 * MS)
		for (unsigned i = 0; i < 2; i++) {
			struct rd_addr to;
			uint8_t data[8];
			while (rd_punch_next(p[i], &to, data, now))
				;
			if (!rd_punch_anew(p[i]))
				continue;
			struct rd_candidates c = seen_at(100 * i, ++times[i]);
			rd_punch_own(p[i], &c, now);
			rd_punch_peer(p[!i], &c, now);
		}
	assert_in_range(times[0], 4, 12);
	assert_in_range(times[1], 4, 12);
	for (unsigned i = 0; i < 2; i++)
		rd_punch_free(p[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_was_taken),
		cmocka_unit_test(three_times),
		cmocka_unit_test(usual_ones),
		cmocka_unit_test(guesses_once_more),
		cmocka_unit_test(never),
		cmocka_unit_test(not_what_is_old),
		cmocka_unit_test(seen_elsewhere_each_time),
	};
	if (vnet_sodium() < 0)
		return 1;
	dice_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
