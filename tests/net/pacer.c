#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dice.h"
#include "net/cc.h"

#define MS UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)

/* Packets of 1200 that go at once. */
static unsigned
burst(struct rd_pacer *p, uint64_t bps, uint64_t now_ns)
{
	unsigned n = 0;

	while (n < 100000 && rd_pacer_when(p, bps, 1200, now_ns) <= now_ns) {
		rd_pacer_sent(p, 1200);
		n++;
	}
	return n;
}

static void
only_the_first_burst_is_long(void **state)
{
	struct rd_pacer p = {0};

	(void)state;
	assert_int_equal(burst(&p, 1000000, 5 * SECOND), 10);
	assert_int_equal(burst(&p, 1000000, 15 * SECOND), RD_PACER_BURST / 1200);
	assert_int_equal(burst(&p, 1000000, 1000 * SECOND), RD_PACER_BURST / 1200);
	/* 1 ms of 960 Mbit/s are 100 packets. */
	assert_int_equal(burst(&p, 960000000, 1010 * SECOND), 100);
	/* What was saved at a high rate is not spent at a low one. */
	rd_pacer_when(&p, 960000000, 1200, 1020 * SECOND);
	assert_int_equal(burst(&p, 1000000, 1020 * SECOND), RD_PACER_BURST / 1200);
}

static void
it_says_when(void **state)
{
	struct rd_pacer p = {0};
	uint64_t now = SECOND;

	(void)state;
	burst(&p, 9600000, now);
	/* 1200 bytes take 1 ms. */
	assert_true(rd_pacer_when(&p, 9600000, 1200, now) == now + MS);
	assert_true(rd_pacer_when(&p, 9600000, 1200, now + MS - 1) == now + MS);
	assert_true(rd_pacer_when(&p, 9600000, 1200, now + MS) == now + MS);
	/* Urgent ones go beyond it, and are paid for later. */
	rd_pacer_sent(&p, 1200);
	rd_pacer_sent(&p, 1200);
	assert_true(rd_pacer_when(&p, 9600000, 1200, now + MS) == now + 3 * MS);
	/* A clock that goes back gives nothing, and takes nothing. */
	assert_true(rd_pacer_when(&p, 9600000, 1200, now) == now + 2 * MS);
}

/* However it is asked, no more goes than the rate and a burst, and not less than the rate. */
static void
rates_are_exact(void **state)
{
	static const uint64_t rates[] = {30000, 999983, 20000000, 999999937, 40000000000};

	(void)state;
	dice_seed();
	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct rd_pacer p = {0};
		uint64_t bps = rates[i], from = SECOND, now = from, bytes = 0;
		burst(&p, bps, now);
		for (int k = 0; k < 50000; k++) {
			uint64_t when = rd_pacer_when(&p, bps, 1200, now);
			if (when <= now) {
				rd_pacer_sent(&p, 1200);
				bytes += 1200;
			} else if (dice_below(2)) {
				now = when;
			} else {
				now += 1 + dice_below(when - now);
			}
		}
		double may = (double)bps / 8e9 * (double)(now - from);
		assert_true((double)bytes <= may + 1200);
		assert_true((double)bytes >= may - 1200 - RD_PACER_BURST - (double)bps / 8000);
	}
}

static void
no_rate_is_too_much(void **state)
{
	struct rd_pacer p = {0};

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_true(rd_pacer_when(&p, UINT64_MAX, UINT32_MAX, 7) == 7);
		rd_pacer_sent(&p, UINT32_MAX);
	}
	/* Nor too little. */
	struct rd_pacer q = {0};
	burst(&q, 0, SECOND);
	assert_true(rd_pacer_when(&q, 0, 1200, SECOND) > SECOND);
	for (int i = 0; i < 1000; i++)
		rd_pacer_sent(&q, UINT32_MAX);
	assert_true(rd_pacer_when(&q, 1, 1200, SECOND) > SECOND);
	assert_true(rd_pacer_when(&q, 1000000, 1200, UINT64_MAX / 2) <= UINT64_MAX / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_first_burst_is_long),
		cmocka_unit_test(it_says_when),
		cmocka_unit_test(rates_are_exact),
		cmocka_unit_test(no_rate_is_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
