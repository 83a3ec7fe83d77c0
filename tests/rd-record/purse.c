#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "rd-record/purse.h"

#define S RD_NS_PER_S
#define MS RD_NS_PER_MS

/* How many things of so much processor time are done in that time, each as soon as may be. */
static int
done(struct purse *p, uint64_t each_cpu_ns, uint64_t from_ns, uint64_t to_ns)
{
	uint64_t cpu = p->cpu_ns, now = from_ns;
	int n = 0;
	while (now <= to_ns) {
		cpu += each_cpu_ns;
		purse_spend(p, now, cpu);
		n++;
		uint64_t ready = purse_ready(p, 1);
		now = ready > now + 66 * MS ? ready : now + 66 * MS;
	}
	return n;
}

static void
without_a_share_nothing_waits(void **state)
{
	(void)state;
	struct purse p;
	purse_init(&p, 0, 3 * S);
	purse_spend(&p, 1 * S, 1000 * S);
	assert_int_equal(purse_ready(&p, 0), 0);
}

static void
a_moment_is_free(void **state)
{
	(void)state;
	struct purse p;
	/* What was spent before counts for nothing. */
	purse_init(&p, 0.1, 3 * S);
	assert_int_equal(done(&p, 20 * MS, 10 * S, 10 * S + 400 * MS), 7);
	assert_true(purse_ready(&p, 1) <= 10 * S + 400 * MS);
	/* Who leaves most of it for others has to wait now. */
	assert_in_range(purse_ready(&p, 0.25), 10 * S + 400 * MS + 1, 11 * S);
	/* And again, when it has been paid for. */
	assert_int_equal(done(&p, 20 * MS, 13 * S, 13 * S + 400 * MS), 7);
}

static void
what_lasts_keeps_to_the_share(void **state)
{
	(void)state;
	struct purse p;
	purse_init(&p, 0.1, 0);
	int n = done(&p, 20 * MS, 10 * S, 110 * S);
	/* 100 s of a tenth are 500 of them, and those that are spent ahead. */
	assert_in_range(n, 505, 512);
	assert_true(p.cpu_ns == (uint64_t)n * 20 * MS);
}

/* Whoever must spend more than there is does not pay for it for ever. */
static void
debts_are_bounded(void **state)
{
	(void)state;
	struct purse p;
	purse_init(&p, 0.1, 0);
	purse_spend(&p, 10 * S, 100 * S);
	assert_true(purse_ready(&p, 1) == 10 * S + 500 * MS);
	/* Nothing new: nothing changes. */
	purse_spend(&p, 10 * S, 100 * S);
	assert_true(purse_ready(&p, 1) == 10 * S + 500 * MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_share_nothing_waits),
		cmocka_unit_test(a_moment_is_free),
		cmocka_unit_test(what_lasts_keeps_to_the_share),
		cmocka_unit_test(debts_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
