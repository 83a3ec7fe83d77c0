#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "cc_link.h"
#include "cc_rival.h"
#include "net/cc_scream.h"

/*
 * What the controllers promise, on simulated links (cc_link.h): the same every
 * time, unless $RD_SEED says otherwise.
 */
static uint64_t
seed(uint64_t n)
{
	const char *given = getenv("RD_SEED");

	return n * UINT64_C(0x2545f4914f6cdd1d) + (given ? strtoull(given, NULL, 0) : 1);
}

static struct rd_cc *
scream(void)
{
	return rd_cc_open("scream", 0);
}

static struct link
a_link(double mbps, uint64_t rtt_ms, double loss, double buffer_ms, uint64_t n)
{
	struct link l = {.bps = mbps * 1e6, .way_ns = rtt_ms * MS / 2, .loss = loss,
		.buffer = mbps * 125 * buffer_ms, .random = seed(n)};

	if (l.buffer < 10 * RD_CC_MSS)
		l.buffer = 10 * RD_CC_MSS;
	return l;
}

/* Of what could have come through. */
static double
used(const struct flow *f, uint64_t before, double seconds)
{
	return (double)(f->arrived - before) * 8 / seconds / f->link->bps / (1 - f->link->loss);
}

struct result { double used, lost; unsigned queue_ms, longest_ms; };

/* After a while, for a while. */
static struct result
measure(struct link *l, enum source source, double from, double seconds, double drift)
{
	struct flow f;
	struct net n = {.flow = {&f}, .flows = 1};
	struct result r;

	flow_open(&f, l, source, scream());
	f.drift = drift;
	net_run(&n, (uint64_t)(from * 1e9));
	struct rd_recovery_count c = rd_recovery_count(f.recovery);
	uint64_t before = f.arrived;
	link_forget(l);
	net_run(&n, (uint64_t)((from + seconds) * 1e9));
	struct rd_recovery_count d = rd_recovery_count(f.recovery);
	r.used = used(&f, before, seconds);
	r.lost = (double)(d.lost - c.lost) / (double)(d.sent - c.sent);
	r.queue_ms = link_queue(l, 95);
	r.longest_ms = link_queue(l, 100);
	flow_close(&f);
	return r;
}

#define EXPECT(x, r) \
	do { \
		if (!(x)) \
			fail_msg("%s: used %.3f, lost %.4f, queue %u ms, at most %u ms", #x, \
				(r).used, (r).lost, (r).queue_ms, (r).longest_ms); \
	} while (0)

/* --- one flow ------------------------------------------------------------------ */

static const double rates[] = {1, 5, 20, 100};	/* Mbit/s */
static const uint64_t rtts[] = {10, 50};	/* ms */

static void
it_fills_links_and_no_queues(void **state)
{
	static const double losses[] = {0, 0.01};

	(void)state;
	for (unsigned i = 0; i < 4 * 2 * 2; i++) {
		struct link l = a_link(rates[i / 4], rtts[i / 2 % 2], losses[i % 2], 200, i);
		struct result r = measure(&l, GREEDY, 4, rates[i / 4] > 50 ? 4 : 10, 0);
		printf("%3g Mbit/s, %2lu ms, loss %g: %.3f, %u ms\n", rates[i / 4],
			(unsigned long)rtts[i / 2 % 2], losses[i % 2], r.used, r.queue_ms);
		EXPECT(r.used >= 0.85, r);
		EXPECT(r.queue_ms <= 60, r);
	}
}

static void
a_source_that_follows_its_target_fills_them_too(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4 * 2; i++) {
		struct link l = a_link(rates[i / 2], rtts[i % 2], 0.01, 200, i);
		struct result r = measure(&l, MEDIA, 5, rates[i / 2] > 50 ? 4 : 10, 0);
		printf("%3g Mbit/s, %2lu ms: %.3f, %u ms\n", rates[i / 2],
			(unsigned long)rtts[i % 2], r.used, r.queue_ms);
		EXPECT(r.used >= 0.8, r);
		EXPECT(r.queue_ms <= 80, r);
	}
}

static void
loss_alone_does_not_stop_it(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4 * 2; i++) {
		struct link l = a_link(rates[i / 2], rtts[i % 2], 0.05, 200, i);
		struct result r = measure(&l, GREEDY, 6, rates[i / 2] > 50 ? 4 : 10, 0);
		EXPECT(r.used >= 0.7, r);
	}
}

static void
a_small_buffer_does_not_make_it_lose_much(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct link l = a_link(10 * (1 << i), 50, 0, 5 << i, i);
		struct result r = measure(&l, GREEDY, 10, 20, 0);
		EXPECT(r.used >= 0.75, r);
		EXPECT(r.lost <= 0.015, r);
	}
}

static void
a_large_buffer_stays_empty(void **state)
{
	struct link l = a_link(10, 50, 0, 1000, 1);

	(void)state;
	struct result r = measure(&l, GREEDY, 10, 20, 0);
	EXPECT(r.used >= 0.9 && r.longest_ms <= 100, r);
}

/* What drifts, and who came later, is seen only past an empty queue. */
static void
now_and_then_it_stands_back(void **state)
{
	struct link l = a_link(10, 50, 0, 200, 1);
	struct flow f;
	struct net n = {.flow = {&f}, .flows = 1};

	(void)state;
	flow_open(&f, &l, GREEDY, scream());
	net_run(&n, 5 * SECOND_NS);
	for (int i = 0; i < 5; i++) {
		link_forget(&l);
		net_run(&n, n.now_ns + 12 * SECOND_NS);
		assert_true(link_queue(&l, 50) >= 10);
		assert_true(link_queue(&l, 0.05) <= 2);
	}
	flow_close(&f);
}

static void
jitter_is_no_queue(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct link l = a_link(10, 50, 0, 200, i);
		l.jitter_ns = (5 << i) * MS;
		struct result r = measure(&l, MEDIA, 10, 20, 0);
		EXPECT(r.used >= 0.75 && r.queue_ms <= 60, r);
	}
}

static void
clocks_may_drift(void **state)
{
	static const double drifts[] = {100e-6, -100e-6};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct link l = a_link(2, 40, 0, 500, i);
		struct result r = measure(&l, GREEDY, 600, 200, drifts[i]);
		EXPECT(r.used >= 0.9 && r.queue_ms <= 60, r);
	}
}

static void
loopback_is_fast(void **state)
{
	static const double buffers[] = {64e3, 1e6};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct link l = {.bps = 10e9, .way_ns = 25000, .buffer = buffers[i], .random = seed(i)};
		struct result r = measure(&l, GREEDY, 0.1, 0.1, 0);
		EXPECT(r.used * 10 >= 2, r);
	}
}

/* --- changes ---------------------------------------------------------------------- */

/* ms until the queue was below 100 ms for good, within three seconds. */
static double
settles(struct net *n, const struct link *l)
{
	uint64_t from = n->now_ns;
	double last = 0;

	for (int i = 1; i <= 300; i++) {
		net_run(n, from + (uint64_t)i * 10 * MS);
		if (l->free_ns - (double)n->now_ns > 100e6)
			last = i * 10;
	}
	return last;
}

static void
a_link_that_breaks_in_and_recovers(void **state)
{
	double settled = 0;

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		struct link l = a_link(10, rtts[i % 2], 0, 1000, i);
		struct flow f;
		struct net n = {.flow = {&f}, .flows = 1};
		flow_open(&f, &l, i % 4 < 2 ? GREEDY : MEDIA, scream());
		net_run(&n, 20 * SECOND_NS);
		l.bps = 1e6;
		l.buffer /= 10;
		settled += settles(&n, &l) / 12;
		link_forget(&l);
		uint64_t before = f.arrived;
		net_run(&n, 40 * SECOND_NS);
		assert_true(link_queue(&l, 95) <= 100);
		assert_true(used(&f, before, 17) >= 0.8);
		l.bps = 10e6;
		net_run(&n, 46 * SECOND_NS);
		before = f.arrived;
		net_run(&n, 48 * SECOND_NS);
		assert_true(used(&f, before, 2) >= 0.8);
		flow_close(&f);
	}
	printf("short again after %.0f ms\n", settled);
	assert_true(settled <= 860); /* 920 without the brake */
}

/* A longer way is not taken for a queue for ever. */
static void
a_path_that_becomes_longer(void **state)
{
	static const double longer_ms[] = {20, 40, 80, 160};

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		struct link l = a_link(10, 20, 0, 200, i);
		struct flow f;
		struct net n = {.flow = {&f}, .flows = 1};
		flow_open(&f, &l, i < 4 ? GREEDY : MEDIA, scream());
		net_run(&n, 10 * SECOND_NS);
		l.way_ns += (uint64_t)(longer_ms[i % 4] / 2 * 1e6);
		net_run(&n, 40 * SECOND_NS);
		link_forget(&l);
		uint64_t before = f.arrived;
		net_run(&n, 60 * SECOND_NS);
		assert_true(used(&f, before, 20) >= 0.75);
		assert_true(link_queue(&l, 95) <= 60);
		flow_close(&f);
	}
}

static void
after_idling_it_goes_on_where_it_was(void **state)
{
	static const unsigned seconds[] = {1, 10, 60, 600};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct link l = a_link(20, 50, 0, 200, i);
		struct flow f;
		struct net n = {.flow = {&f}, .flows = 1};
		flow_open(&f, &l, GREEDY, scream());
		net_run(&n, 10 * SECOND_NS);
		uint64_t window = f.cc->ops->window(f.cc);
		f.source = SILENT;
		net_run(&n, (10 + seconds[i]) * SECOND_NS);
		link_forget(&l);
		f.source = GREEDY;
		f.burst = 0;
		/* At once only what the pacer holds: 1 ms of its rate, or a few packets. */
		net_run(&n, n.now_ns);
		assert_true(f.burst <= RD_PACER_BURST ||
			f.burst * 8000 <= f.cc->ops->pacing_bps(f.cc));
		uint64_t after = f.cc->ops->window(f.cc);
		if (seconds[i] == 600)
			assert_true(after <= window / 4);
		else
			assert_true(after >= window / (seconds[i] < 60 ? 2 : 3));
		assert_true(after <= window + window / 10);
		uint64_t before = f.arrived;
		net_run(&n, n.now_ns + SECOND_NS);
		assert_true(used(&f, before, 1) >= 0.7);
		assert_true(link_queue(&l, 100) <= 80);
		flow_close(&f);
	}
}

/* A desktop: something now and then. */
static void
a_window_that_is_not_used_does_not_grow(void **state)
{
	struct link l = a_link(100, 50, 0, 200, 1);
	struct flow f;
	struct net n = {.flow = {&f}, .flows = 1};

	(void)state;
	flow_open(&f, &l, SILENT, scream());
	for (int i = 0; i < 300; i++) {
		f.backlog = 30000;
		net_run(&n, n.now_ns + 200 * MS);
		assert_true(f.cc->ops->window(f.cc) <= 2 * 30000 + 2 * RD_CC_MSS);
	}
	assert_true(f.cc->ops->window(f.cc) >= 30000);
	flow_close(&f);
}

static void
another_path_begins_anew(void **state)
{
	struct link l = a_link(20, 50, 0, 200, 1);
	struct flow f;
	struct net n = {.flow = {&f}, .flows = 1};

	(void)state;
	flow_open(&f, &l, GREEDY, scream());
	uint64_t first = f.cc->ops->window(f.cc);
	net_run(&n, 10 * SECOND_NS);
	assert_true(f.cc->ops->window(f.cc) > 3 * first);
	rd_recovery_new_path(f.recovery);
	assert_true(f.cc->ops->window(f.cc) == first && f.cc->ops->target_bps(f.cc) == 0);
	l.bps = 2e6;
	l.way_ns = 5 * MS;
	net_run(&n, 12 * SECOND_NS);
	uint64_t before = f.arrived;
	net_run(&n, 17 * SECOND_NS);
	assert_true(used(&f, before, 5) >= 0.85);
	flow_close(&f);
}

static void
it_may_be_told_where_to_start(void **state)
{
	struct link l = a_link(50, 100, 0, 200, 1);
	struct flow f;
	struct net n = {.flow = {&f}, .flows = 1};

	(void)state;
	flow_open(&f, &l, GREEDY, rd_cc_open("scream", 20000000));
	assert_true(f.cc->ops->window(f.cc) < 2 * RD_CC_INITIAL_WINDOW);
	net_run(&n, 210 * MS);
	uint64_t before = f.arrived;
	net_run(&n, 410 * MS);
	assert_true(used(&f, before, 0.2) >= 0.3);
	flow_close(&f);
}

/* --- with others -------------------------------------------------------------------- */

static void
two_flows_share(void **state)
{
	static const struct { double mbps; uint64_t rtt_ms; double late; enum source source; } cases[] = {
		{10, 50, 0, GREEDY}, {10, 50, 10, GREEDY}, {50, 20, 10, GREEDY}, {2, 50, 10, GREEDY},
		{10, 50, 10, MEDIA}, {50, 20, 10, MEDIA},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct link l = a_link(cases[i].mbps, cases[i].rtt_ms, 0, 200, i);
		struct flow f, g;
		struct net n = {.flow = {&f, &g}, .flows = 2};
		flow_open(&f, &l, cases[i].source, scream());
		flow_open(&g, &l, cases[i].source, scream());
		g.start_ns = (uint64_t)(cases[i].late * 1e9);
		net_run(&n, 40 * SECOND_NS);
		link_forget(&l);
		uint64_t a = f.arrived, b = g.arrived;
		net_run(&n, 80 * SECOND_NS);
		double x = used(&f, a, 40), y = used(&g, b, 40);
		double jain = (x + y) * (x + y) / (2 * (x * x + y * y));
		printf("%g Mbit/s, %g s late: %.2f and %.2f, Jain %.3f, %u ms\n", cases[i].mbps,
			cases[i].late, x, y, jain, link_queue(&l, 95));
		assert_true(jain >= 0.8);
		assert_true(x + y >= 0.85);
		assert_true(link_queue(&l, 95) <= 80);
		flow_close(&f);
		flow_close(&g);
	}
}

static void
tcp_does_not_push_it_out(void **state)
{
	static const unsigned buffers[] = {50, 100, 200};	/* ms */

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct link l = a_link(10, 50, 0, buffers[i], i);
		struct flow f, g;
		struct net n = {.flow = {&f, &g}, .flows = 2};
		flow_open(&f, &l, GREEDY, scream());
		flow_open(&g, &l, GREEDY, rival_open());
		g.start_ns = 10 * SECOND_NS;
		net_run(&n, 30 * SECOND_NS);
		uint64_t before = f.arrived;
		net_run(&n, 70 * SECOND_NS);
		double share = used(&f, before, 40);
		printf("buffer %u ms: %.2f of it is ours\n", buffers[i], share);
		assert_true(share >= 0.1 && share <= 0.8);
		/* When it is gone, so is the queue. */
		g.source = SILENT;
		net_run(&n, 80 * SECOND_NS);
		link_forget(&l);
		before = f.arrived;
		net_run(&n, 90 * SECOND_NS);
		assert_true(used(&f, before, 10) >= 0.85);
		assert_true(link_queue(&l, 95) <= 60);
		flow_close(&f);
		flow_close(&g);
	}
}

/* --- the parts ------------------------------------------------------------------------ */

static void
delay(struct rd_scream_delay *d, double way_ms, double rtt_ms, double at_s)
{
	uint64_t now = (uint64_t)(at_s * 1e9), sent = now - (uint64_t)(rtt_ms * 1e6);
	struct rd_cc_acked a = {.bytes = 1200, .rtt_ns = (uint64_t)(rtt_ms * 1e6), .sent_ns = sent,
		.received_ns = sent + (uint64_t)(way_ms * 1e6) - 7777 * SECOND_NS, .now_ns = now};

	rd_scream_delay_sample(d, &a);
}

static void
the_least_of_ten_minutes_is_the_path(void **state)
{
	struct rd_scream_delay d = {0};
	double t = 8000;

	(void)state;
	delay(&d, 20, 40, t);
	assert_true(d.raw_ns == 0);
	delay(&d, 50, 80, t += 1);
	assert_true(d.raw_ns == 30 * MS);
	/* No longer than the round trip grew. */
	delay(&d, 50, 55, t += 1);
	assert_true(d.raw_ns == 15 * MS);
	delay(&d, 18, 60, t += 1);
	assert_true(d.raw_ns == 0);
	while (t < 8000 + 590) {
		delay(&d, 30, 100, t += 5);
		assert_true(d.raw_ns == 12 * MS);
	}
	/* The 18 are forgotten; 30 it is. */
	delay(&d, 30, 100, 8000 + 670);
	assert_true(d.raw_ns == 0);
	/* So is everything, after a long silence. */
	delay(&d, 60, 100, 8000 + 10000);
	assert_true(d.raw_ns == 0);
	/* A clock was set. */
	delay(&d, 60 + 1e7, 100, 8000 + 10001);
	assert_true(d.raw_ns == 0);
	delay(&d, 65 + 1e7, 110, 8000 + 10002);
	assert_true(d.raw_ns == 5 * MS);
}

static void
only_the_least_of_a_while_is_a_queue(void **state)
{
	struct rd_scream_delay d = {0};

	(void)state;
	for (int i = 0; i < 400; i++) {
		delay(&d, 20 + (i % 8) * 5, 100, 8000 + i * 0.005);
		assert_true(d.queue_ns <= d.raw_ns);
		assert_true(i < 8 || d.queue_ns == 0);
	}
	/* 50 ms later the old ones count no more. */
	delay(&d, 50, 140, 8002);
	delay(&d, 50, 140, 8002.051);
	assert_true(d.queue_ns == 30 * MS);
}

/* Packet i of a path that loses one in so many. */
static void
one_in(struct rd_scream_loss *l, int many, int i, bool below_edge, uint64_t now_ns)
{
	bool lost = i % many == 0;

	rd_scream_loss_note(l, lost ? 0 : 1200, lost ? 1200 : 0, 50 * MS, below_edge, now_ns);
}

static void
what_a_path_always_loses_is_learnt(void **state)
{
	struct rd_scream_loss l = {0};
	uint64_t now = 8000 * SECOND_NS;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		one_in(&l, 20, i, true, now += 2 * MS);
		assert_true(i < 200 || !rd_scream_loss_congested(&l, false, false));
	}
	assert_true(l.base > 0.04 && l.base < 0.06);
	/* Above that it is congestion; at the edge nothing above it is learnt. */
	for (int i = 0; i < 400; i++)
		one_in(&l, 5, i, false, now += 2 * MS);
	assert_true(rd_scream_loss_congested(&l, false, false));
	assert_true(l.base < 0.06);
	/* It goes on though we send less: then it is the path's. */
	rd_scream_loss_reacted(&l, 50000, 50 * MS, now);
	unsigned acquittals = 0;
	for (int i = 0; i < 400; i++) {
		one_in(&l, 9, i, false, now += 2 * MS);
		acquittals += rd_scream_loss_acquitted(&l);
	}
	assert_int_equal(acquittals, 1);
	assert_true(l.base > 0.08);
	/* It ends: it was ours. */
	for (int i = 0; i < 400; i++)
		one_in(&l, 3, i, false, now += 2 * MS);
	assert_true(rd_scream_loss_congested(&l, true, false));
	rd_scream_loss_reacted(&l, 50000, 50 * MS, now);
	for (int i = 0; i < 2000; i++) {
		rd_scream_loss_note(&l, 1200, 0, 50 * MS, false, now += 2 * MS);
		assert_false(rd_scream_loss_acquitted(&l));
	}
	/* Where it may be ours the base only falls. */
	assert_true(l.base < 0.08);
}

/* --- what a peer may say ------------------------------------------------------------- */

static void
a_lying_clock_does_no_harm(void **state)
{
	struct link l = {.random = seed(1)};

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct rd_cc *cc = scream();
		uint64_t now = 1000 * SECOND_NS;
		for (unsigned k = 0; k < 300; k++) {
			now += (uint64_t)(chance(&l) * (k % 50 ? 1e7 : 1e12));
			struct rd_cc_sent s = {1200, (uint64_t)(chance(&l) * 1e6), now};
			cc->ops->sent(cc, &s);
			uint64_t rtt = chance(&l) < 0.5 ? 1 : (uint64_t)(chance(&l) * 1e9);
			struct rd_cc_acked a = {.bytes = 1200, .in_flight = 1200, .rtt_ns = rtt,
				.smoothed_rtt_ns = rtt, .min_rtt_ns = 1, .sent_ns = now - rtt,
				.received_ns = l.random, .now_ns = now};
			if (chance(&l) < 0.3)
				a.received_ns = now;
			cc->ops->acked(cc, &a);
			struct rd_cc_lost lost = {.bytes = 1200, .sent_ns = now, .smoothed_rtt_ns = rtt,
				.now_ns = now};
			if (chance(&l) < 0.2)
				cc->ops->lost(cc, &lost);
			assert_true(cc->ops->window(cc) >= RD_CC_MIN_WINDOW);
			assert_true(cc->ops->window(cc) <= UINT64_C(1) << 27);
			assert_true(cc->ops->pacing_bps(cc) > 0);
		}
		rd_cc_close(cc);
	}
}

/* --- the others ------------------------------------------------------------------------ */

static void
fixed_is_fixed(void **state)
{
	struct link l = a_link(10, 50, 0.05, 200, 1);
	struct flow f;
	struct net n = {.flow = {&f}, .flows = 1};

	(void)state;
	flow_open(&f, &l, GREEDY, rd_cc_open("fixed", 5000000));
	assert_string_equal(f.cc->ops->name, "fixed");
	net_run(&n, SECOND_NS);
	uint64_t before = f.arrived;
	net_run(&n, 11 * SECOND_NS);
	assert_true(used(&f, before, 10) > 0.49 && used(&f, before, 10) < 0.51);
	/* What 5 Mbit/s send in 150 ms. */
	assert_in_range(f.cc->ops->window(f.cc), 93750, 110000);
	assert_true(f.cc->ops->target_bps(f.cc) == 5000000);
	rd_recovery_new_path(f.recovery);
	assert_true(f.cc->ops->window(f.cc) == 62500);
	flow_close(&f);
	struct rd_cc *slow = rd_cc_open("fixed", 0);
	assert_true(slow->ops->window(slow) == 10 * RD_CC_MSS && slow->ops->pacing_bps(slow) > 0);
	rd_cc_close(slow);
}

static void
none_only_keeps_little_in_flight(void **state)
{
	struct link l = a_link(50, 10, 0, 1000, 1);
	struct flow f;
	struct net n = {.flow = {&f}, .flows = 1};

	(void)state;
	flow_open(&f, &l, GREEDY, rd_cc_open("none", 0));
	net_run(&n, 5 * SECOND_NS);
	assert_true(rd_recovery_in_flight(f.recovery) <= 256 << 10);
	assert_true(rd_recovery_in_flight(f.recovery) > 250 << 10);
	assert_true(f.cc->ops->target_bps(f.cc) == 0);
	rd_recovery_new_path(f.recovery);
	flow_close(&f);
	assert_null(rd_cc_open("reno", 0));
	rd_cc_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_fills_links_and_no_queues),
		cmocka_unit_test(a_source_that_follows_its_target_fills_them_too),
		cmocka_unit_test(loss_alone_does_not_stop_it),
		cmocka_unit_test(a_small_buffer_does_not_make_it_lose_much),
		cmocka_unit_test(a_large_buffer_stays_empty),
		cmocka_unit_test(now_and_then_it_stands_back),
		cmocka_unit_test(jitter_is_no_queue),
		cmocka_unit_test(clocks_may_drift),
		cmocka_unit_test(loopback_is_fast),
		cmocka_unit_test(a_link_that_breaks_in_and_recovers),
		cmocka_unit_test(a_path_that_becomes_longer),
		cmocka_unit_test(after_idling_it_goes_on_where_it_was),
		cmocka_unit_test(a_window_that_is_not_used_does_not_grow),
		cmocka_unit_test(another_path_begins_anew),
		cmocka_unit_test(it_may_be_told_where_to_start),
		cmocka_unit_test(two_flows_share),
		cmocka_unit_test(tcp_does_not_push_it_out),
		cmocka_unit_test(the_least_of_ten_minutes_is_the_path),
		cmocka_unit_test(only_the_least_of_a_while_is_a_queue),
		cmocka_unit_test(what_a_path_always_loses_is_learnt),
		cmocka_unit_test(a_lying_clock_does_no_harm),
		cmocka_unit_test(fixed_is_fixed),
		cmocka_unit_test(none_only_keeps_little_in_flight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
