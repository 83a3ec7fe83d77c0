#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "dice.h"
#include "net/recovery.h"
#include "recovery_model.h"

#define MS UINT64_C(1000000)

/* A congestion control that writes down what it is told. */
struct ear {
	struct rd_cc base;
	struct rd_cc_sent sent;
	struct rd_cc_acked acked;
	struct rd_cc_lost lost;
	unsigned sents, ackeds, losts, paths;
};

static void
ear_sent(struct rd_cc *cc, const struct rd_cc_sent *s)
{
	struct ear *e = (struct ear *)cc;

	e->sent = *s;
	e->sents++;
}

static void
ear_acked(struct rd_cc *cc, const struct rd_cc_acked *a)
{
	struct ear *e = (struct ear *)cc;

	e->acked = *a;
	e->ackeds++;
}

static void
ear_lost(struct rd_cc *cc, const struct rd_cc_lost *l)
{
	struct ear *e = (struct ear *)cc;

	e->lost = *l;
	e->losts++;
}

static void
ear_new_path(struct rd_cc *cc)
{
	((struct ear *)cc)->paths++;
}

static const struct rd_cc_ops ear_ops = {
	.sent = ear_sent, .acked = ear_acked, .lost = ear_lost, .new_path = ear_new_path};

struct fixture {
	struct ear ear;
	struct rd_recovery *r;
	uint64_t acked[64], lost[64];	/* numbers, in the order of the calls */
	unsigned ackeds, losts;
};

static void
on_acked(void *ctx, const struct rd_sent *p)
{
	struct fixture *f = ctx;

	f->acked[f->ackeds++ % 64] = p->number;
}

static void
on_lost(void *ctx, const struct rd_sent *p)
{
	struct fixture *f = ctx;

	f->lost[f->losts++ % 64] = p->number;
}

static int
setup(void **state)
{
	static const struct rd_recovery_ops ops = {on_acked, on_lost};
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	f.ear.base.ops = &ear_ops;
	f.r = rd_recovery_new(&ops, &f, &f.ear.base);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	rd_recovery_free(((struct fixture *)*state)->r);
	rd_recovery_free(NULL);
	return 0;
}

static void
send_as(struct fixture *f, uint64_t number, uint64_t now_ns, bool eliciting, bool probe)
{
	struct rd_sent p = {.number = number, .sent_ns = now_ns, .bytes = 1000,
		.eliciting = eliciting, .probe = probe};

	rd_recovery_sent(f->r, &p);
}

static void
send(struct fixture *f, uint64_t number, uint64_t now_ns)
{
	send_as(f, number, now_ns, true, false);
}

static int
ack_late(struct fixture *f, uint64_t first, uint64_t last, uint64_t delay_us, uint64_t now_ns)
{
	struct rd_ack a = {.largest = last, .count = 1, .received_us = 5000000, .delay_us = delay_us};

	a.range[0].first = first;
	a.range[0].last = last;
	return rd_recovery_ack(f->r, &a, now_ns);
}

static int
ack(struct fixture *f, uint64_t first, uint64_t last, uint64_t now_ns)
{
	return ack_late(f, first, last, 0, now_ns);
}

/* --- the round trip -------------------------------------------------------- */

static void
the_round_trip_as_rfc_9002(void **state)
{
	struct fixture *f = *state;
	const struct rd_rtt *rtt = rd_recovery_rtt(f->r);

	assert_true(rtt->smoothed_ns == 0);
	send(f, 0, 100 * MS);
	assert_int_equal(ack_late(f, 0, 0, 10000, 140 * MS), 0);
	/* The first sample is taken whole, whatever the peer says it waited. */
	assert_true(rtt->latest_ns == 40 * MS && rtt->min_ns == 40 * MS);
	assert_true(rtt->smoothed_ns == 40 * MS && rtt->var_ns == 20 * MS);
	send(f, 1, 200 * MS);
	ack_late(f, 1, 1, 16000, 272 * MS);
	/* 72 - 16 = 56: var = 3/4 * 20 + 1/4 * 16, smoothed = 7/8 * 40 + 1/8 * 56 */
	assert_true(rtt->latest_ns == 72 * MS && rtt->min_ns == 40 * MS);
	assert_true(rtt->var_ns == 19 * MS && rtt->smoothed_ns == 42 * MS);
	/* What would fall below the least is not believed. */
	send(f, 2, 300 * MS);
	ack_late(f, 2, 2, 16000, 342 * MS);
	assert_true(rtt->smoothed_ns == 42 * MS && rtt->min_ns == 40 * MS);
	/* No more than the largest delay a peer may have, here 20 of 1000 ms: 82 - 20 = 62. */
	send(f, 3, 400 * MS);
	ack_late(f, 3, 3, 1000000, 482 * MS);
	assert_true(rtt->smoothed_ns == (7 * 42 * MS + 62 * MS) / 8);
}

static void
samples_come_only_from_what_is_new(void **state)
{
	struct fixture *f = *state;
	const struct rd_rtt *rtt = rd_recovery_rtt(f->r);

	for (uint64_t n = 0; n < 3; n++)
		send(f, n, 10 * MS);
	ack(f, 2, 2, 30 * MS);
	assert_true(rtt->latest_ns == 20 * MS);
	assert_true(f->ear.acked.rtt_ns == 20 * MS && f->ear.acked.sent_ns == 10 * MS);
	assert_true(f->ear.acked.received_ns == 5000 * MS);
	/* The largest was known before: nothing is learnt of the way. */
	ack(f, 1, 2, 70 * MS);
	assert_true(rtt->latest_ns == 20 * MS);
	assert_true(f->ear.ackeds == 2 && f->ear.acked.rtt_ns == 0 && f->ear.acked.bytes == 1000);
	/* An ACK that names nothing new at all is not even told. */
	ack(f, 1, 2, 80 * MS);
	assert_true(f->ear.ackeds == 2 && f->ackeds == 2);
}

static void
packets_that_elicit_nothing_count_for_the_round_trip_only(void **state)
{
	struct fixture *f = *state;

	send(f, 0, 10 * MS);
	send_as(f, 1, 15 * MS, false, false);
	assert_true(rd_recovery_in_flight(f->r) == 1000 && f->ear.sents == 1);
	ack(f, 0, 1, 35 * MS);
	assert_true(rd_recovery_rtt(f->r)->latest_ns == 20 * MS);
	assert_true(f->ackeds == 1 && f->ear.acked.bytes == 1000);
	/* Alone it gives no sample (RFC 9002 section 5.1), and is never lost. */
	send_as(f, 2, 40 * MS, false, false);
	ack(f, 2, 2, 90 * MS);
	assert_true(rd_recovery_rtt(f->r)->latest_ns == 20 * MS && f->ear.ackeds == 1);
	send_as(f, 3, 100 * MS, false, false);
	assert_true(rd_recovery_deadline(f->r) == UINT64_MAX && rd_recovery_oldest_ns(f->r) == 0);
}

/* --- losses ------------------------------------------------------------------ */

static void
three_packets_later_it_is_lost(void **state)
{
	struct fixture *f = *state;

	for (uint64_t n = 0; n < 6; n++)
		send(f, n, 100 * MS + n);
	ack(f, 2, 2, 110 * MS);
	assert_int_equal(f->losts, 0);
	ack(f, 4, 4, 110 * MS);
	assert_int_equal(f->losts, 2);
	assert_true(f->lost[0] == 0 && f->lost[1] == 1);
	/* 3 and 5 are out: 3 is but one behind, 5 is newer. */
	assert_true(rd_recovery_in_flight(f->r) == 2000);
	assert_true(f->ear.losts == 1 && f->ear.lost.bytes == 2000);
	assert_true(f->ear.lost.sent_ns == 100 * MS + 1 && f->ear.lost.in_flight == 2000);
	assert_true(rd_recovery_oldest_ns(f->r) == 100 * MS + 3);
}

static void
an_eighth_of_a_round_trip_later_it_is_lost(void **state)
{
	struct fixture *f = *state;

	send(f, 0, 100 * MS);
	send(f, 1, 100 * MS);
	ack(f, 1, 1, 140 * MS);
	assert_true(rd_recovery_deadline(f->r) == 145 * MS);
	assert_int_equal(rd_recovery_tick(f->r, 145 * MS - 1), 0);
	assert_int_equal(f->losts, 0);
	assert_int_equal(rd_recovery_tick(f->r, 145 * MS), 0);
	assert_int_equal(f->losts, 1);
	assert_true(rd_recovery_deadline(f->r) == UINT64_MAX);
	/* Never within a millisecond, however short the way. */
	for (uint64_t n = 2; n < 80; n++) {
		send(f, n, 200 * MS + n);
		ack(f, n, n, 200 * MS + n + 50000);
	}
	send(f, 80, 300 * MS);
	send(f, 81, 300 * MS);
	ack(f, 81, 81, 300 * MS + 50000);
	assert_true(rd_recovery_deadline(f->r) >= 301 * MS);
}

static void
a_late_acknowledgement_undoes_a_loss(void **state)
{
	struct fixture *f = *state;

	for (uint64_t n = 0; n < 6; n++)
		send(f, n, 0);
	ack(f, 5, 5, 20 * MS);
	assert_int_equal(f->losts, 3);
	ack(f, 0, 5, 21 * MS);
	struct rd_recovery_count c = rd_recovery_count(f->r);
	assert_true(c.sent == 6 && c.acked == 3 && c.lost == 3 && c.spurious == 3);
	assert_int_equal(f->ackeds, 6);
	assert_true(f->ear.acked.bytes == 2000);
	ack(f, 0, 5, 22 * MS);
	assert_true(rd_recovery_count(f->r).spurious == 3);
	/* The way reorders by five: now it takes six. */
	for (uint64_t n = 6; n < 13; n++)
		send(f, n, 30 * MS);
	ack(f, 11, 11, 50 * MS);
	assert_int_equal(f->losts, 3);
	ack(f, 12, 12, 50 * MS);
	assert_int_equal(f->losts, 4);
	/* Long after the last mistake it is three again. */
	for (uint64_t n = 13; n < 17; n++)
		send(f, n, 5000 * MS);
	ack(f, 16, 16, 5010 * MS);
	assert_true(f->lost[f->losts - 1] == 13);
}

static void
losses_are_forgotten(void **state)
{
	struct fixture *f = *state;

	for (uint64_t n = 0; n < 4; n++)
		send(f, n, 0);
	ack(f, 3, 3, 20 * MS);
	assert_int_equal(f->losts, 1);
	ack(f, 0, 3, 60000 * MS);
	assert_true(rd_recovery_count(f->r).spurious == 0);
}

static void
a_lost_probe_is_no_congestion(void **state)
{
	struct fixture *f = *state;

	send_as(f, 0, 0, true, true);
	for (uint64_t n = 1; n < 4; n++)
		send(f, n, 0);
	assert_true(rd_recovery_in_flight(f->r) == 4000);
	ack(f, 1, 3, 20 * MS);
	assert_true(f->losts == 1 && f->ear.losts == 0);
	assert_true(rd_recovery_in_flight(f->r) == 0);
}

static void
over_a_stream_nothing_is_lost(void **state)
{
	struct fixture *f = *state;

	rd_recovery_lossless(f->r, true);
	for (uint64_t n = 0; n < 10; n++)
		send(f, n, 0);
	ack(f, 9, 9, 20 * MS);
	assert_int_equal(f->losts, 0);
	uint64_t at = rd_recovery_deadline(f->r);
	assert_true(at != UINT64_MAX);
	assert_int_equal(rd_recovery_tick(f->r, at), 1);
	assert_int_equal(f->losts, 0);
	/* Back on datagrams the next acknowledgement tells. */
	rd_recovery_lossless(f->r, false);
	send(f, 10, 500 * MS);
	ack(f, 10, 10, 520 * MS);
	assert_int_equal(f->losts, 9);
}

/* --- probe timeouts ------------------------------------------------------------ */

static void
probe_timeouts_double_up_to_two_seconds(void **state)
{
	struct fixture *f = *state;
	uint64_t now = 1000 * MS, wait = 320 * MS; /* 100 + 4 * 50 + 20 */

	assert_true(rd_recovery_deadline(f->r) == UINT64_MAX);
	assert_int_equal(rd_recovery_tick(f->r, now), 0);
	send(f, 0, now);
	for (int i = 0; i < 8; i++) {
		assert_true(rd_recovery_deadline(f->r) == now + wait);
		assert_int_equal(rd_recovery_tick(f->r, now + wait - 1), 0);
		assert_int_equal(rd_recovery_tick(f->r, now + wait), i == 0 ? 1 : 2);
		now += wait;
		/* Whether a probe goes out or not, it goes on. */
		if (i % 2 == 0)
			send(f, (uint64_t)i / 2 + 1, now);
		wait = wait * 2 < RD_RECOVERY_PTO_MAX_NS ? wait * 2 : RD_RECOVERY_PTO_MAX_NS;
	}
	assert_int_equal(f->losts, 0);
	/* An answer ends it, and what was sent long before it is lost. */
	ack(f, 4, 4, now + 10 * MS);
	assert_int_equal(f->losts, 4);
	assert_true(rd_recovery_deadline(f->r) == UINT64_MAX);
	send(f, 5, now + 20 * MS);
	assert_true(rd_recovery_deadline(f->r) - now - 20 * MS == rd_recovery_pto_ns(f->r));
}

/* What a probe says again stays out: it is lost or acknowledged as if nothing had been. */
static void
what_is_out_is_found_oldest_first(void **state)
{
	struct fixture *f = *state;

	assert_null(rd_recovery_out_from(f->r, 0));
	for (uint64_t n = 0; n < 6; n++)
		send_as(f, n, 0, n != 3, false);
	ack(f, 0, 1, 20 * MS);
	assert_int_equal(rd_recovery_out_from(f->r, 0)->number, 2);
	assert_int_equal(rd_recovery_out_from(f->r, 3)->number, 4);
	assert_null(rd_recovery_out_from(f->r, 6));
	uint64_t in_flight = rd_recovery_in_flight(f->r);
	assert_int_equal(rd_recovery_out_from(f->r, 0)->number, 2);
	assert_true(rd_recovery_in_flight(f->r) == in_flight && f->ear.losts == 0);
	rd_recovery_lossless(f->r, true);
	assert_null(rd_recovery_out_from(f->r, 0));
	rd_recovery_lossless(f->r, false);
	ack(f, 5, 5, 25 * MS);
	assert_int_equal(f->losts, 1);
	assert_int_equal(rd_recovery_out_from(f->r, 0)->number, 4);
}

static void
a_probe_timeout_has_a_floor(void **state)
{
	struct fixture *f = *state;

	for (uint64_t n = 0; n < 200; n++) {
		send(f, n, n * MS);
		ack(f, n, n, n * MS + 50000);
	}
	assert_true(rd_recovery_pto_ns(f->r) == RD_RECOVERY_PTO_FLOOR_NS);
	send(f, 200, 300 * MS);
	ack(f, 200, 200, 3300 * MS);
	/* A way longer than the most back-off there is waits for its round trip at least. */
	for (uint64_t n = 201; n < 280; n++) {
		send(f, n, n * 4000 * MS);
		ack(f, n, n, n * 4000 * MS + 3000 * MS);
	}
	send(f, 280, 2000000 * MS);
	assert_true(rd_recovery_deadline(f->r) >= 2003000 * MS);
	rd_recovery_tick(f->r, 2010000 * MS);
	assert_true(rd_recovery_deadline(f->r) - 2010000 * MS == rd_recovery_pto_ns(f->r));
}

/* --- other paths, other peers ---------------------------------------------------- */

static void
another_path_learns_nothing_from_the_last(void **state)
{
	struct fixture *f = *state;

	for (uint64_t n = 0; n < 4; n++)
		send(f, n, 0);
	ack(f, 0, 0, 20 * MS);
	rd_recovery_new_path(f->r);
	assert_true(f->ear.paths == 1);
	assert_true(rd_recovery_in_flight(f->r) == 0);
	assert_true(rd_recovery_rtt(f->r)->smoothed_ns == 0);
	assert_true(rd_recovery_deadline(f->r) != UINT64_MAX);
	ack(f, 1, 1, 900 * MS);
	assert_true(f->ackeds == 2 && f->ear.ackeds == 1);
	assert_true(rd_recovery_rtt(f->r)->smoothed_ns == 0);
	send(f, 4, 1000 * MS);
	send(f, 5, 1000 * MS);
	ack(f, 5, 5, 1030 * MS);
	/* 2 and 3 are lost, but not here; 4 may yet come. */
	assert_true(f->losts == 2 && f->ear.losts == 0);
	assert_true(rd_recovery_rtt(f->r)->smoothed_ns == 30 * MS);
	assert_true(rd_recovery_in_flight(f->r) == 1000 && f->ear.acked.in_flight == 1000);
}

static void
false_acknowledgements_are_faults(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(ack(f, 0, 0, 0), -EPROTO);
	for (uint64_t n = 0; n < 5; n++)
		send(f, n, 0);
	send(f, 8, 0);
	assert_int_equal(ack(f, 0, 9, MS), -EPROTO);
	assert_int_equal(ack(f, 6, 6, MS), -EPROTO);
	assert_int_equal(ack(f, 4, 8, MS), -EPROTO);
	assert_int_equal(ack(f, 3, 2, MS), -EPROTO);
	struct rd_ack a = {.largest = 8, .count = 2, .received_us = UINT64_MAX};
	a.range[0].first = a.range[0].last = 8;
	a.range[1].first = 1;
	a.range[1].last = 4;
	assert_int_equal(rd_recovery_ack(f->r, &a, MS), -EPROTO);
	assert_int_equal(f->ackeds, 0);
	a.received_us = 1;
	assert_int_equal(rd_recovery_ack(f->r, &a, MS), 0);
	assert_int_equal(f->ackeds, 5);
	assert_int_equal(f->losts, 1);
	assert_true(f->lost[0] == 0);
}

static void
so_many_may_be_out(void **state)
{
	struct fixture *f = *state;
	uint64_t n = 0;

	for (; rd_recovery_room(f->r); n++)
		send(f, n, n);
	assert_true(n == RD_RECOVERY_MAX_OUTSTANDING);
	/* A probe may still go, and is found again. */
	send(f, n, MS);
	assert_true(rd_recovery_in_flight(f->r) == (n + 1) * 1000);
	ack(f, 0, n, 2 * MS);
	assert_true(f->ackeds == n + 1 && rd_recovery_in_flight(f->r) == 0);
	assert_true(rd_recovery_room(f->r));
	/* Only a memory of the last losses is kept. */
	for (uint64_t i = 1; i < 2000; i++)
		send(f, n + i, 3 * MS);
	ack(f, n + 1999 - 1, n + 1999 - 1, 4 * MS);
	send(f, n + 2000, 3 * MS);
	uint64_t late = rd_recovery_count(f->r).lost;
	ack(f, n + 1, n + 2000, 5 * MS);
	assert_true(late > 1900 && rd_recovery_count(f->r).spurious < 600);
	assert_true(rd_recovery_count(f->r).spurious > 400);
}

static void
it_agrees_with_a_table_of_all_packets(void **state)
{
	static uint8_t bytes[8192];

	(void)state;
	dice_seed();
	for (int i = 0; i < 300; i++) {
		for (size_t k = 0; k < sizeof(bytes); k++)
			bytes[k] = (uint8_t)dice();
		model_run(bytes, 64 + dice_below(sizeof(bytes) - 64));
	}
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_round_trip_as_rfc_9002),
		TEST(samples_come_only_from_what_is_new),
		TEST(packets_that_elicit_nothing_count_for_the_round_trip_only),
		TEST(three_packets_later_it_is_lost),
		TEST(an_eighth_of_a_round_trip_later_it_is_lost),
		TEST(a_late_acknowledgement_undoes_a_loss),
		TEST(losses_are_forgotten),
		TEST(a_lost_probe_is_no_congestion),
		TEST(over_a_stream_nothing_is_lost),
		TEST(probe_timeouts_double_up_to_two_seconds),
		TEST(what_is_out_is_found_oldest_first),
		TEST(a_probe_timeout_has_a_floor),
		TEST(another_path_learns_nothing_from_the_last),
		TEST(false_acknowledgements_are_faults),
		TEST(so_many_may_be_out),
		cmocka_unit_test(it_agrees_with_a_table_of_all_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
