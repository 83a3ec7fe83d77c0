/* The bound on what is unacknowledged, on a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "base/clock.h"
#include "wire/acks.h"

#define MS RD_NS_PER_MS

static void
two_frames_always(void **state)
{
	struct rd_acks a;

	(void)state;
	rd_acks_init(&a);
	assert_true(rd_acks_room(&a, 0));
	rd_acks_sent(&a, 1, 1000, 5 * MS);
	/* However old the one is, a second may go. */
	assert_true(rd_acks_room(&a, 3600 * RD_NS_PER_S));
	rd_acks_sent(&a, 2, 1000, 6 * MS);
	assert_int_equal(rd_acks_outstanding(&a), 2);
	assert_true(rd_acks_room(&a, 105 * MS));
	assert_false(rd_acks_room(&a, 106 * MS));
	assert_int_equal(rd_acks_acked(&a, 1, 200 * MS), 0);
	assert_true(rd_acks_room(&a, 3600 * RD_NS_PER_S));
}

static void
nothing_older_than_a_round_trip_and_slack(void **state)
{
	struct rd_acks a;

	(void)state;
	rd_acks_init(&a);
	rd_acks_sent(&a, 1, 100, 0);
	assert_int_equal(rd_acks_acked(&a, 1, 80 * MS), 0);
	assert_true(a.rtt_min_ns == 80 * MS);
	rd_acks_sent(&a, 2, 100, 1000 * MS);
	assert_int_equal(rd_acks_acked(&a, 2, 1030 * MS), 0);
	assert_true(a.rtt_min_ns == 30 * MS);
	/* A slower one does not raise the smallest. */
	rd_acks_sent(&a, 3, 100, 2000 * MS);
	assert_int_equal(rd_acks_acked(&a, 3, 2500 * MS), 0);
	assert_true(a.rtt_min_ns == 30 * MS);
	assert_true(a.rtt_ns == 500 * MS);

	for (uint32_t i = 4; i < 10; i++)
		rd_acks_sent(&a, i, 100, 3000 * MS);
	assert_true(rd_acks_room(&a, 3130 * MS));
	assert_false(rd_acks_room(&a, 3131 * MS));
	/* One acknowledgement stands for all before it. */
	assert_int_equal(rd_acks_acked(&a, 8, 3140 * MS), 0);
	assert_int_equal(rd_acks_outstanding(&a), 1);
	assert_true(rd_acks_room(&a, 9000 * MS));
}

static void
only_what_was_sent_is_acknowledged(void **state)
{
	struct rd_acks a;

	(void)state;
	rd_acks_init(&a);
	assert_int_equal(rd_acks_acked(&a, 1, 0), -EPROTO);
	rd_acks_sent(&a, 1, 10, 0);
	assert_int_equal(rd_acks_acked(&a, 2, MS), -EPROTO);
	assert_int_equal(rd_acks_outstanding(&a), 1);
	assert_int_equal(rd_acks_acked(&a, 1, MS), 0);
	/* Once more, or an old one, is no harm and no measurement. */
	assert_int_equal(rd_acks_acked(&a, 1, 50 * MS), 0);
	assert_true(a.rtt_ns == MS);
}

static void
the_ring_is_full_before_it_overflows(void **state)
{
	struct rd_acks a;

	(void)state;
	rd_acks_init(&a);
	for (uint32_t i = 1; i <= RD_ACKS_MAX; i++) {
		assert_true(rd_acks_room(&a, 0));
		rd_acks_sent(&a, i, 1, 0);
	}
	assert_false(rd_acks_room(&a, 0));
	/* Who sends nevertheless loses the oldest from sight, nothing more. */
	rd_acks_sent(&a, RD_ACKS_MAX + 1, 1, 0);
	assert_int_equal(rd_acks_outstanding(&a), RD_ACKS_MAX);
	assert_int_equal(rd_acks_acked(&a, RD_ACKS_MAX + 1, MS), 0);
	assert_int_equal(rd_acks_outstanding(&a), 0);
}

/*
 * A way of `bps` and `delay_ns` each direction: frame i is sent at its turn
 * and acknowledged when its last bit has crossed and the answer has come back.
 */
static void
simulate(struct rd_acks *a, uint64_t bps, uint64_t delay_ns, uint32_t bytes, uint64_t every_ns,
	uint32_t frames)
{
	uint64_t free_at = 0, acked_at[4096];
	uint32_t acked = 0;

	for (uint32_t i = 1; i <= frames; i++) {
		uint64_t now = i * every_ns;
		while (acked + 1 < i && acked_at[acked + 1] <= now) {
			acked++;
			assert_int_equal(rd_acks_acked(a, acked, acked_at[acked]), 0);
		}
		rd_acks_sent(a, i, bytes, now);
		free_at = (free_at > now ? free_at : now) + bytes * UINT64_C(8) * RD_NS_PER_S / bps;
		acked_at[i] = free_at + 2 * delay_ns;
	}
}

static void
a_full_way_is_measured(void **state)
{
	struct rd_acks a;

	(void)state;
	/* 5 Mbit/s, 20 ms, and 20 kB every 30 ms: more than it carries. */
	rd_acks_init(&a);
	simulate(&a, 5000000, 10 * MS, 20000, 30 * MS, 200);
	assert_in_range(a.bps, 4900000, 5100000);
}

static void
an_idle_way_is_not_taken_for_a_narrow_one(void **state)
{
	struct rd_acks a;

	(void)state;
	/* 100 bytes every 10 ms on a way of 100 Mbit/s and 50 ms. */
	rd_acks_init(&a);
	simulate(&a, 100000000, 25 * MS, 100, 10 * MS, 200);
	assert_int_equal(a.bps, 0);

	/* And once measured, such frames do not lower the figure. */
	a.bps = 90000000;
	struct rd_acks b = a;
	b.count = b.head = 0;
	b.newest = 0;
	b.busy_ns = 0;
	simulate(&b, 100000000, 25 * MS, 100, 10 * MS, 200);
	assert_int_equal(b.bps, 90000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_frames_always),
		cmocka_unit_test(nothing_older_than_a_round_trip_and_slack),
		cmocka_unit_test(only_what_was_sent_is_acknowledged),
		cmocka_unit_test(the_ring_is_full_before_it_overflows),
		cmocka_unit_test(a_full_way_is_measured),
		cmocka_unit_test(an_idle_way_is_not_taken_for_a_narrow_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
