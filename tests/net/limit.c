#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdbool.h>

#include "base/clock.h"
#include "net/limit.h"

static struct rd_addr
v4(uint32_t ip, uint16_t port)
{
	return (struct rd_addr){ .family = 4, .port = port,
		.ip = { (uint8_t)(ip >> 24), (uint8_t)(ip >> 16), (uint8_t)(ip >> 8), (uint8_t)ip } };
}

static unsigned
how_many(struct rd_limit *l, const struct rd_addr *from, unsigned tries, uint64_t now)
{
	unsigned n = 0;

	for (unsigned i = 0; i < tries; i++)
		n += rd_limit_allow(l, from, now);
	return n;
}

static void
a_burst_and_then_a_rate(void **state)
{
	struct rd_limit *l = rd_limit_new(20, 5);
	struct rd_addr a = v4(0xc0000201, 1);
	uint64_t now = 1000 * RD_NS_PER_S;

	(void)state;
	assert_int_equal(how_many(l, &a, 100, now), 5);
	assert_int_equal(how_many(l, &a, 100, now + 49 * RD_NS_PER_MS), 0);
	assert_int_equal(how_many(l, &a, 100, now + 51 * RD_NS_PER_MS), 1);
	/* Ten seconds, asked every millisecond. */
	unsigned n = 0;
	now += RD_NS_PER_S;
	how_many(l, &a, 100, now);
	for (unsigned ms = 1; ms <= 10000; ms++)
		n += rd_limit_allow(l, &a, now + ms * RD_NS_PER_MS);
	assert_in_range(n, 199, 201);
	/* A long silence saves up no more than the burst. */
	assert_int_equal(how_many(l, &a, 100, now + 3600 * RD_NS_PER_S), 5);
	rd_limit_free(l);
}

static void
sources_do_not_disturb_each_other(void **state)
{
	struct rd_limit *l = rd_limit_new(1, 2);
	struct rd_addr a = v4(0xc0000201, 1), b = v4(0xc0000202, 1), port = v4(0xc0000201, 2);

	(void)state;
	assert_int_equal(how_many(l, &a, 10, 0), 2);
	assert_int_equal(how_many(l, &b, 10, 0), 2);
	assert_int_equal(how_many(l, &port, 10, 0), 0);
	rd_limit_free(l);
}

static void
an_ipv6_network_is_one_source(void **state)
{
	struct rd_limit *l = rd_limit_new(1, 2);
	struct rd_addr a = { .family = 6, .ip = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1 } }, b = a;

	(void)state;
	b.ip[15] = 9;
	assert_int_equal(how_many(l, &a, 10, 0), 2);
	assert_int_equal(how_many(l, &b, 10, 0), 0);
	b.ip[7] = 2;
	assert_int_equal(how_many(l, &b, 10, 0), 2);
	rd_limit_free(l);
}

static void
a_clock_that_goes_back_is_survived(void **state)
{
	struct rd_limit *l = rd_limit_new(1, 2);
	struct rd_addr a = v4(0xc0000201, 1);

	(void)state;
	assert_int_equal(how_many(l, &a, 10, 5 * RD_NS_PER_S), 2);
	assert_int_equal(how_many(l, &a, 10, 1 * RD_NS_PER_S), 0);
	assert_int_equal(how_many(l, &a, 10, 6 * RD_NS_PER_S + 1), 1);
	rd_limit_free(l);
}

/* A flood of new sources pushes out quiet ones, not one that keeps coming. */
static void
the_quiet_ones_are_forgotten(void **state)
{
	struct rd_limit *l = rd_limit_new(0.001, 3);
	struct rd_addr busy = v4(0xc0000201, 1);
	uint64_t now = RD_NS_PER_S;

	(void)state;
	assert_int_equal(how_many(l, &busy, 10, now), 3);
	for (uint32_t i = 0; i < 20 * RD_LIMIT_SLOTS; i++) {
		struct rd_addr other = v4(0x0a000000 + i, 1);
		now += 1000;
		rd_limit_allow(l, &other, now);
		assert_false(rd_limit_allow(l, &busy, now));
	}
	struct rd_addr first = v4(0x0a000000, 1);
	assert_int_equal(how_many(l, &first, 10, now), 3);
	rd_limit_free(l);
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_burst_and_then_a_rate),
		cmocka_unit_test(sources_do_not_disturb_each_other),
		cmocka_unit_test(an_ipv6_network_is_one_source),
		cmocka_unit_test(a_clock_that_goes_back_is_survived),
		cmocka_unit_test(the_quiet_ones_are_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
