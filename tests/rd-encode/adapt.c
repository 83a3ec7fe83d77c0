#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "rd-encode/adapt.h"

#define WANTED (RD_NS_PER_S / 30)

/*
 * Runs `seconds` of frames that cost `cost` at full size (less when smaller),
 * as often as adapt lets them come. Returns how often the level changed.
 */
static int
run(struct adapt *a, uint64_t *now, uint64_t cost, unsigned seconds)
{
	int changes = 0;
	uint64_t end = *now + seconds * RD_NS_PER_S;
	while (*now < end) {
		uint64_t q = (uint64_t)adapt_quarters(a);
		uint64_t took = cost * q * q / (ADAPT_QUARTERS * ADAPT_QUARTERS);
		uint64_t every = adapt_interval(a) ? adapt_interval(a) : WANTED;
		*now += took > every ? took : every;
		changes += adapt_frame(a, took, *now);
	}
	return changes;
}

static void
asks_nothing_while_it_is_easy(void **state)
{
	(void)state;
	struct adapt a;
	uint64_t now = RD_NS_PER_S;
	adapt_init(&a, WANTED);
	assert_int_equal(run(&a, &now, WANTED / 2, 60), 0);
	assert_int_equal(adapt_interval(&a), 0);
	assert_int_equal(adapt_quarters(&a), ADAPT_QUARTERS);
}

static void
lowers_the_rate_before_the_size(void **state)
{
	(void)state;
	struct adapt a;
	uint64_t now = RD_NS_PER_S;
	adapt_init(&a, WANTED);
	run(&a, &now, WANTED * 3 / 2, 60);
	assert_int_equal(a.level, 1);
	assert_int_equal(adapt_interval(&a), 2 * WANTED);
	assert_int_equal(adapt_quarters(&a), ADAPT_QUARTERS);

	adapt_init(&a, WANTED);
	run(&a, &now, WANTED * 4, 60);
	assert_int_equal(adapt_interval(&a), 3 * WANTED);
	assert_int_equal(adapt_quarters(&a), 3);

	adapt_init(&a, WANTED);
	run(&a, &now, WANTED * 40, 60);
	assert_int_equal(adapt_quarters(&a), 2);
}

static void
forgives_a_moment(void **state)
{
	(void)state;
	struct adapt a;
	uint64_t now = RD_NS_PER_S;
	adapt_init(&a, WANTED);
	for (int i = 0; i < 20; i++) {
		run(&a, &now, WANTED / 10, 5);
		now += 16 * WANTED;
		assert_false(adapt_frame(&a, 16 * WANTED, now)); /* a key frame */
		run(&a, &now, WANTED * 2, 1);
	}
	assert_int_equal(a.level, 0);
}

static void
few_frames_with_pauses_are_no_overload(void **state)
{
	(void)state;
	struct adapt a;
	uint64_t now = RD_NS_PER_S;
	adapt_init(&a, WANTED);
	for (int i = 0; i < 100; i++) {
		now += 3 * WANTED + ADAPT_PAUSE_NS + 1;
		assert_false(adapt_frame(&a, 3 * WANTED, now));
	}
}

static void
recovers_step_by_step(void **state)
{
	(void)state;
	struct adapt a;
	uint64_t now = RD_NS_PER_S;
	adapt_init(&a, WANTED);
	run(&a, &now, WANTED * 40, 60);
	unsigned worst = a.level;
	assert_true(worst > 0);
	run(&a, &now, WANTED / 20, (unsigned)(ADAPT_PATIENCE_NS / RD_NS_PER_S) - 1);
	assert_int_equal(a.level, worst);
	run(&a, &now, WANTED / 20, 3);
	assert_int_equal(a.level, worst - 1);
	run(&a, &now, WANTED / 20, 120);
	assert_int_equal(a.level, 0);
}

/* What is easy at half the rate and too much at the full one must not swing for ever. */
static void
grows_patient_with_every_relapse(void **state)
{
	(void)state;
	struct adapt a;
	uint64_t now = RD_NS_PER_S;
	adapt_init(&a, WANTED);
	int changes = 0;
	for (int i = 0; i < 3600; i++) {
		bool full = a.level == 0;
		changes += run(&a, &now, full ? WANTED * 2 : WANTED / 10, 1);
	}
	assert_true(a.patience_ns > 8 * ADAPT_PATIENCE_NS);
	assert_true(a.patience_ns <= ADAPT_PATIENCE_MAX_NS);
	assert_true(changes < 60);
}

static void
rest_gives_the_size_back(void **state)
{
	(void)state;
	struct adapt a;
	uint64_t now = RD_NS_PER_S;
	adapt_init(&a, WANTED);
	assert_false(adapt_rest(&a));
	run(&a, &now, WANTED * 40, 60);
	assert_int_not_equal(adapt_quarters(&a), ADAPT_QUARTERS);
	assert_true(adapt_rest(&a));
	assert_int_equal(adapt_quarters(&a), ADAPT_QUARTERS);
	assert_int_equal(adapt_interval(&a), 3 * WANTED);
	assert_false(adapt_rest(&a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_nothing_while_it_is_easy),
		cmocka_unit_test(lowers_the_rate_before_the_size),
		cmocka_unit_test(forgives_a_moment),
		cmocka_unit_test(few_frames_with_pauses_are_no_overload),
		cmocka_unit_test(recovers_step_by_step),
		cmocka_unit_test(grows_patient_with_every_relapse),
		cmocka_unit_test(rest_gives_the_size_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
