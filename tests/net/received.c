#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dice.h"
#include "net/received.h"

#define T0 (1000 * RD_NS_PER_S)

static void
nothing_has_come(void **state)
{
	struct rd_received r;
	struct rd_ack a;

	(void)state;
	rd_received_init(&r);
	assert_false(rd_received_due(&r, UINT64_MAX - 1));
	assert_true(rd_received_deadline(&r) == UINT64_MAX);
	assert_false(rd_received_ack(&r, 0, T0, &a));
}

static void
one_packet_waits_for_a_second(void **state)
{
	struct rd_received r;

	(void)state;
	rd_received_init(&r);
	rd_received_packet(&r, 0, true, T0);
	assert_false(rd_received_due(&r, T0 + RD_RECEIVED_DELAY_NS - 1));
	assert_true(rd_received_due(&r, T0 + RD_RECEIVED_DELAY_NS));
	assert_true(rd_received_deadline(&r) == T0 + RD_RECEIVED_DELAY_NS);
	rd_received_packet(&r, 1, true, T0 + 1);
	assert_true(rd_received_due(&r, T0 + 1));
	assert_true(rd_received_deadline(&r) <= T0 + 1);
	rd_received_sent(&r);
	assert_false(rd_received_due(&r, T0 + RD_RECEIVED_DELAY_NS));
	assert_true(rd_received_deadline(&r) == UINT64_MAX);
	/* The delay counts from the first that waits. */
	rd_received_packet(&r, 2, true, T0 + 10);
	assert_true(rd_received_deadline(&r) == T0 + 10 + RD_RECEIVED_DELAY_NS);
}

static void
out_of_order_is_told_at_once(void **state)
{
	struct rd_received r;

	(void)state;
	rd_received_init(&r);
	rd_received_packet(&r, 0, true, T0);
	rd_received_sent(&r);
	rd_received_packet(&r, 2, true, T0);
	assert_true(rd_received_due(&r, T0));
	rd_received_sent(&r);
	rd_received_packet(&r, 1, true, T0);
	assert_true(rd_received_due(&r, T0));
	rd_received_sent(&r);
	rd_received_packet(&r, 3, true, T0);
	assert_false(rd_received_due(&r, T0));
}

/* Acknowledgements are not acknowledged, or two ends would never be still. */
static void
what_asks_for_nothing_gets_nothing(void **state)
{
	struct rd_received r;
	struct rd_ack a;

	(void)state;
	rd_received_init(&r);
	for (uint64_t n = 0; n < 100; n += 3)
		rd_received_packet(&r, n, false, T0);
	assert_false(rd_received_due(&r, T0 + RD_NS_PER_S));
	assert_true(rd_received_deadline(&r) == UINT64_MAX);
	assert_true(rd_received_ack(&r, T0, T0, &a));
	assert_int_equal(a.largest, 99);
}

static void
times_are_those_of_the_largest(void **state)
{
	struct rd_received r;
	struct rd_ack a;

	(void)state;
	rd_received_init(&r);
	rd_received_packet(&r, 5, true, T0 + 7000999);
	rd_received_packet(&r, 4, true, T0 + 9000000);
	assert_true(rd_received_ack(&r, T0, T0 + 10001500, &a));
	assert_int_equal(a.largest, 5);
	assert_int_equal(a.received_us, 7000);
	assert_int_equal(a.delay_us, 3000);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.range[0].first, 4);
	assert_int_equal(a.range[0].last, 5);
	/* A clock that goes back gives no huge numbers. */
	assert_true(rd_received_ack(&r, T0 + RD_NS_PER_S, T0, &a));
	assert_int_equal(a.received_us, 0);
	assert_int_equal(a.delay_us, 0);
}

static void
the_newest_ranges_are_kept(void **state)
{
	enum { MAX = RD_FRAME_ACK_RANGES + 1 };
	struct rd_received r;
	struct rd_ack a;

	(void)state;
	rd_received_init(&r);
	for (uint64_t n = 0; n < 1000; n += 2)
		rd_received_packet(&r, n, true, T0);
	assert_true(rd_received_ack(&r, T0, T0, &a));
	assert_int_equal(a.count, MAX);
	for (unsigned i = 0; i < MAX; i++) {
		assert_int_equal(a.range[i].first, 998 - 2 * i);
		assert_int_equal(a.range[i].last, 998 - 2 * i);
	}
	/* One older than all of them is not worth a place. */
	rd_received_packet(&r, 1, true, T0);
	assert_true(rd_received_ack(&r, T0, T0, &a));
	assert_int_equal(a.range[MAX - 1].first, 998 - 2 * (MAX - 1));
	/* One that closes a gap makes room. */
	rd_received_packet(&r, 997, true, T0);
	assert_true(rd_received_ack(&r, T0, T0, &a));
	assert_int_equal(a.count, MAX - 1);
	assert_int_equal(a.range[0].first, 996);
	assert_int_equal(a.range[0].last, 998);
}

/* RFC 9000 section 13.2.4: until the peer has acknowledged the ACK that told of it. */
static void
what_the_peer_knows_is_forgotten(void **state)
{
	struct rd_received r;
	struct rd_ack a;

	(void)state;
	rd_received_init(&r);
	rd_received_known(&r, 1);
	for (uint64_t n = 0; n < 10; n += 2)
		rd_received_packet(&r, n, true, T0);
	uint64_t first = rd_received_sent(&r);
	rd_received_packet(&r, 3, true, T0);	/* after that ACK: 2 to 4 are one range now */
	rd_received_packet(&r, 20, true, T0);
	uint64_t second = rd_received_sent(&r);
	rd_received_known(&r, first);
	assert_true(rd_received_ack(&r, T0, T0, &a));
	assert_int_equal(a.count, 2);
	assert_true(a.range[0].first == 20 && a.range[0].last == 20);
	assert_true(a.range[1].first == 2 && a.range[1].last == 4);
	/* One that comes late is told all the same. */
	rd_received_packet(&r, 5, true, T0);
	rd_received_packet(&r, 11, true, T0);
	rd_received_known(&r, second);
	assert_true(rd_received_ack(&r, T0, T0, &a));
	assert_int_equal(a.count, 3);
	assert_true(a.range[1].first == 11 && a.range[2].first == 2 && a.range[2].last == 5);
	/* The largest stays, and an ACK that comes late of an old one changes nothing. */
	rd_received_known(&r, rd_received_sent(&r));
	rd_received_known(&r, first);
	assert_true(rd_received_ack(&r, T0, T0, &a));
	assert_int_equal(a.count, 1);
	assert_int_equal(a.largest, 20);
}

enum { ACKS = 64, TOLD_MAX = 400 };

/* Packets come in any order, ACKs get lost: whatever the peer may not know of is told. */
static void
nothing_untold_is_forgotten(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		/* By number: 0 has not come, 1 the peer knows of it, 2 it may not. */
		uint8_t came[TOLD_MAX] = {0};
		static uint8_t told[ACKS][TOLD_MAX];
		uint64_t next = 0;
		unsigned acks = 0;
		struct rd_received r;
		struct rd_ack a;
		rd_received_init(&r);
		/* Where there are too many ranges the oldest is given up, told or not. */
		while (next < TOLD_MAX && acks < ACKS && r.count <= RD_FRAME_ACK_RANGES) {
			uint64_t n = dice_below(4) ? next++ : dice_below(next + 1);
			if (dice_below(3) && n < TOLD_MAX && !came[n]) {
				came[n] = 2;
				rd_received_packet(&r, n, true, T0);
				next = n >= next ? n + 1 : next;
			}
			if (r.count == 0 || r.count > RD_FRAME_ACK_RANGES || dice_below(6))
				continue;
			assert_int_equal(rd_received_sent(&r), acks + 1);
			memcpy(told[acks++], came, sizeof(came));
			unsigned known = dice_below(acks);
			rd_received_known(&r, known + 1);
			for (unsigned i = 0; i < TOLD_MAX; i++)
				if (told[known][i])
					came[i] = 1;
			assert_true(rd_received_ack(&r, T0, T0, &a));
			for (unsigned i = 0; i < TOLD_MAX; i++) {
				bool in = false;
				for (unsigned k = 0; k < a.count; k++)
					in = in || (i >= a.range[k].first && i <= a.range[k].last);
				assert_true(!in || came[i]);
				assert_true(in || came[i] != 2);
			}
		}
	}
}

/* Against a flag for every number, with packets in any order. */
static void
ranges_agree_with_a_plain_list(void **state)
{
	enum { NUMBERS = 3000 };

	(void)state;
	for (int round = 0; round < 300; round++) {
		bool seen[NUMBERS + 1] = {0};
		uint64_t lost = dice_below(20), next = 0;
		struct rd_received r;
		struct rd_ack a;
		rd_received_init(&r);
		for (int i = 0; i < NUMBERS; i++) {
			uint64_t n = dice_below(10) || next == 0 ? next++ : next - 1 - dice_below(next < 20 ? next : 20);
			if (n >= NUMBERS || dice_below(100) < lost)
				continue;
			seen[n] = true;
			rd_received_packet(&r, n, dice_below(2), T0);
		}
		if (!rd_received_ack(&r, T0, T0, &a))
			continue;
		assert_in_range(a.count, 1, RD_FRAME_ACK_RANGES + 1);
		uint64_t above = NUMBERS;
		for (unsigned i = 0; i < a.count; i++) {
			for (uint64_t n = a.range[i].first; n <= a.range[i].last; n++)
				assert_true(seen[n]);
			/* Between two ranges nothing has come, unless it was too old for the list. */
			assert_true(i == 0 || a.range[i].last + 1 < above);
			for (uint64_t n = a.range[i].last + 1; n < above; n++)
				assert_false(seen[n]);
			above = a.range[i].first;
		}
	}
}

/* What it says is always a frame that can be written and read. */
static void
its_frame_is_a_good_one(void **state)
{
	(void)state;
	for (int round = 0; round < 500; round++) {
		struct rd_frame f = { .type = RD_FRAME_ACK }, g;
		struct rd_received r;
		struct rd_reader in;
		uint8_t out[1200];
		uint64_t n = dice() >> (3 + dice_below(60));
		rd_received_init(&r);
		for (int i = 0; i < 200; i++, n += 1 + (dice_below(3) ? 0 : dice_below(1000)))
			rd_received_packet(&r, n, true, T0 + (uint64_t)i);
		assert_true(rd_received_ack(&r, T0, T0 + RD_NS_PER_S, &f.ack));
		size_t size = rd_frame_size(&f);
		assert_true(size < sizeof(out));
		assert_ptr_equal(rd_frame_put(out, &f), out + size);
		rd_reader_init(&in, out, size);
		assert_int_equal(rd_frame_parse(&g, &in), 0);
		assert_true(rd_reader_done(&in));
		assert_int_equal(f.ack.count, g.ack.count);
		assert_memory_equal(f.ack.range, g.ack.range, f.ack.count * sizeof(f.ack.range[0]));
	}
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_has_come),
		cmocka_unit_test(one_packet_waits_for_a_second),
		cmocka_unit_test(out_of_order_is_told_at_once),
		cmocka_unit_test(what_asks_for_nothing_gets_nothing),
		cmocka_unit_test(times_are_those_of_the_largest),
		cmocka_unit_test(the_newest_ranges_are_kept),
		cmocka_unit_test(what_the_peer_knows_is_forgotten),
		cmocka_unit_test(nothing_untold_is_forgotten),
		cmocka_unit_test(ranges_agree_with_a_plain_list),
		cmocka_unit_test(its_frame_is_a_good_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
