#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

#include "base/clock.h"
#include "net/packet.h"
#include "net/path.h"

#define MS RD_NS_PER_MS
#define S RD_NS_PER_S

static const struct rd_addr home = {.family = 4, .port = 1, .ip = {10, 0, 0, 1}};
static const struct rd_addr rebound = {.family = 4, .port = 2, .ip = {10, 0, 0, 1}};
static const struct rd_addr away = {.family = 4, .port = 1, .ip = {10, 0, 0, 2}};
static const struct rd_addr tcp = {.family = 4, .port = 1, .ip = {10, 0, 0, 1}, .stream = true,
	.carrier = 7};

static void
moves_when_answered(void **state)
{
	struct rd_path p;
	uint8_t asked[8], other[8] = {0};
	(void)state;
	rd_path_init(&p, &home, 0);
	assert_int_equal(rd_path_size(&p), 1200);
	assert_false(rd_path_challenge(&p, 0, asked));
	/* Not the newest: late on the way, or replayed. */
	rd_path_received(&p, &away, 100, false, 1);
	assert_int_equal(p.candidate.family, 0);
	rd_path_received(&p, &away, 100, true, 1);
	assert_true(rd_addr_equal(&p.current, &home));
	assert_int_equal(rd_path_deadline(&p), 0); /* a size to probe, and the challenge */
	assert_false(rd_path_answered(&p, p.challenge, 1)); /* nobody was asked yet */
	assert_true(rd_path_challenge(&p, 1, asked));
	assert_false(rd_path_answered(&p, other, 2));
	assert_true(rd_addr_equal(&p.current, &home));
	assert_true(rd_path_answered(&p, asked, 2));
	assert_true(rd_addr_equal(&p.current, &away));
	assert_int_equal(p.candidate.family, 0);
	assert_false(rd_path_answered(&p, asked, 3));
}

static void
challenges_end(void **state)
{
	struct rd_path p;
	uint8_t first[8], asked[8];
	unsigned n = 0;
	(void)state;
	rd_path_init(&p, &home, 0);
	rd_path_probe_sent(&p, 1);
	rd_path_received(&p, &away, 100, true, 0);
	uint64_t now = 0;
	for (; rd_path_deadline(&p) != UINT64_MAX; n++) {
		now = rd_path_deadline(&p);
		if (rd_path_challenge(&p, now, n ? asked : first) && n)
			assert_memory_equal(asked, first, 8);
	}
	assert_int_equal(n, 6);
	assert_in_range(now, 3 * S, 4 * S);
	assert_int_equal(p.candidate.family, 0);
	/* It speaks on: it is asked again, with other bytes. */
	rd_path_received(&p, &away, 100, true, now);
	assert_true(rd_path_challenge(&p, now, asked));
	assert_memory_not_equal(asked, first, 8);
}

static void
comes_back(void **state)
{
	struct rd_path p;
	uint8_t asked[8];
	(void)state;
	rd_path_init(&p, &home, 0);
	rd_path_received(&p, &away, 100, true, 0);
	assert_true(rd_path_challenge(&p, 0, asked));
	rd_path_received(&p, &home, 100, false, 0);
	assert_int_equal(p.candidate.family, 4);
	rd_path_received(&p, &home, 100, true, 0);
	assert_int_equal(p.candidate.family, 0);
	assert_false(rd_path_answered(&p, asked, 1));
}

static void
three_times(void **state)
{
	struct rd_path p;
	(void)state;
	rd_path_init(&p, &home, 0);
	assert_int_equal(rd_path_candidate_budget(&p), 0);
	rd_path_received(&p, &away, 100, true, 0);
	assert_int_equal(rd_path_candidate_budget(&p), 300);
	rd_path_sent(&p, &home, 1000);
	assert_int_equal(rd_path_candidate_budget(&p), 300);
	rd_path_sent(&p, &away, 250);
	assert_int_equal(rd_path_candidate_budget(&p), 50);
	rd_path_received(&p, &away, 10, false, 0);
	assert_int_equal(rd_path_candidate_budget(&p), 80);
	rd_path_sent(&p, &away, 100);
	assert_int_equal(rd_path_candidate_budget(&p), 0);
}

/* Lets probes up to `mtu` pass; returns how many it took. */
static unsigned
search(struct rd_path *p, size_t mtu, uint64_t *now)
{
	unsigned n = 0;
	for (; rd_path_deadline(p) != UINT64_MAX && n < 100; n++) {
		if (*now < rd_path_deadline(p))
			*now = rd_path_deadline(p);
		size_t size = rd_path_probe(p, *now);
		assert_true(size > rd_path_size(p));
		rd_path_probe_sent(p, n);
		assert_int_equal(rd_path_probe(p, *now), 0);
		rd_path_probe_acked(p, n + 1, *now); /* another packet */
		assert_int_equal(rd_path_probe(p, *now), 0);
		if (size <= mtu)
			rd_path_probe_acked(p, n, *now);
		else
			rd_path_probe_lost(p, n, *now);
	}
	return n;
}

static void
finds_the_size(void **state)
{
	static const struct { size_t mtu, found; unsigned probes; } cases[] = {
		{1200, 1200, 3}, {1280, 1280, 4}, {1451, 1400, 6}, {1452, 1452, 7},
		{8899, 1452, 7}, {8900, 8900, 5}, {65000, 8900, 5},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rd_path p;
		uint64_t now = 0;
		rd_path_init(&p, &home, now);
		assert_int_equal(search(&p, cases[i].mtu, &now), cases[i].probes);
		assert_int_equal(rd_path_size(&p), cases[i].found);
	}
	/* No relay forwards the largest one. */
	const struct rd_addr leg = {.family = 4, .relayed = true, .carrier = 1};
	struct rd_path p;
	uint64_t now = 0;
	rd_path_init(&p, &leg, now);
	assert_int_equal(search(&p, 65000, &now), 4);
	assert_int_equal(rd_path_size(&p), 1452);
}

static void
black_hole(void **state)
{
	struct rd_path p;
	uint64_t now = 0;
	(void)state;
	rd_path_init(&p, &home, now);
	search(&p, 1452, &now);
	rd_path_black_hole(&p, now);
	assert_int_equal(rd_path_size(&p), 1200);
	assert_true(rd_path_deadline(&p) >= now + 30 * S);
	search(&p, 1300, &now);
	assert_int_equal(rd_path_size(&p), 1280);
	/* At 1200 there is nothing to go back to. */
	rd_path_init(&p, &home, now);
	search(&p, 1200, &now);
	rd_path_black_hole(&p, now);
	assert_int_equal(rd_path_deadline(&p), UINT64_MAX);
}

static void
size_and_moves(void **state)
{
	struct rd_path p;
	uint8_t asked[8];
	uint64_t now = 0;
	(void)state;
	rd_path_init(&p, &home, now);
	search(&p, 1452, &now);
	rd_path_received(&p, &rebound, 100, true, now);
	assert_true(rd_path_challenge(&p, now, asked) && rd_path_answered(&p, asked, now));
	assert_int_equal(rd_path_size(&p), 1452);
	assert_int_equal(rd_path_deadline(&p), UINT64_MAX);
	rd_path_received(&p, &away, 100, true, now);
	assert_true(rd_path_challenge(&p, now, asked) && rd_path_answered(&p, asked, now));
	assert_int_equal(rd_path_size(&p), 1200);
	assert_int_equal(rd_path_probe(&p, now), 1280);
	rd_path_move(&p, &tcp, now);
	assert_int_equal(rd_path_size(&p), RD_PACKET_MAX);
	assert_int_equal(rd_path_deadline(&p), UINT64_MAX);
}

static void
moved_by_ourselves(void **state)
{
	struct rd_path p;
	(void)state;
	rd_path_init(&p, &home, 0);
	rd_path_move(&p, &tcp, 0);
	/* The peer has not heard of it yet. */
	rd_path_received(&p, &home, 100, true, 10 * MS);
	assert_int_equal(p.candidate.family, 0);
	rd_path_received(&p, &tcp, 100, true, 20 * MS);
	/* It has, and now goes back. */
	rd_path_received(&p, &home, 100, true, 30 * MS);
	assert_int_equal(p.candidate.family, 4);
	/* One that never follows is followed in the end. */
	rd_path_init(&p, &home, 0);
	rd_path_move(&p, &tcp, 0);
	rd_path_received(&p, &home, 100, true, 5 * S);
	assert_int_equal(p.candidate.family, 4);
}

static void
nowhere(void **state)
{
	struct rd_path p;
	uint8_t asked[8];
	(void)state;
	rd_path_init(&p, &tcp, 0);
	assert_false(rd_path_carrier_gone(&p, 8));
	assert_true(rd_path_carrier_gone(&p, 7));
	assert_int_equal(rd_path_size(&p), 0);
	assert_int_equal(rd_path_probe(&p, S), 0);
	assert_int_equal(rd_path_deadline(&p), UINT64_MAX);
	rd_path_received(&p, &home, 100, true, S);
	assert_true(rd_path_challenge(&p, S, asked) && rd_path_answered(&p, asked, S));
	assert_int_equal(rd_path_size(&p), 1200);
	assert_int_equal(rd_path_probe(&p, S), 1280);
	rd_path_init(&p, NULL, 0);
	rd_path_received(&p, &tcp, 100, true, S);
	assert_false(rd_path_carrier_gone(&p, 7));
	assert_int_equal(p.candidate.family, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moves_when_answered),
		cmocka_unit_test(challenges_end),
		cmocka_unit_test(comes_back),
		cmocka_unit_test(three_times),
		cmocka_unit_test(finds_the_size),
		cmocka_unit_test(black_hole),
		cmocka_unit_test(size_and_moves),
		cmocka_unit_test(moved_by_ourselves),
		cmocka_unit_test(nowhere),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
