#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "rd-view/peer_clock.h"

#define S RD_NS_PER_S
#define MS RD_NS_PER_MS

static const struct rd_hello here = {.mono_ns = 500 * S, .boot_id = {1}};
static const struct rd_hello beside = {.mono_ns = 400 * S, .boot_id = {1}};
static const struct rd_hello far = {.mono_ns = 7 * S, .boot_id = {2}};

static void
one_machine_has_one_clock(void **state)
{
	(void)state;
	struct peer_clock c;
	uint64_t error;
	peer_clock_init(&c, &here, &beside, true);
	assert_int_equal(peer_clock_age(&c, 103 * S, 503 * S + 4 * MS, &error), 4 * MS);
	assert_int_equal(error, 0);
	assert_false(peer_clock_ask(&c, 600 * S));
	/* from the future: a clock that lies */
	assert_true(peer_clock_age(&c, 105 * S, 504 * S, &error) == UINT64_MAX);
}

static void
another_machines_is_measured(void **state)
{
	(void)state;
	struct peer_clock c;
	uint64_t error;
	peer_clock_init(&c, &here, &far, true);
	assert_true(peer_clock_age(&c, 1 * S, 501 * S, &error) == UINT64_MAX);

	/* asked at 501 s, answered in the middle of 20 ms, when it was 2 s there */
	assert_true(peer_clock_ask(&c, 501 * S));
	assert_false(peer_clock_ask(&c, 502 * S));
	struct rd_pong pong = {.asked_ns = 501 * S, .stream_ns = 2 * S};
	peer_clock_answer(&c, &pong, 501 * S + 20 * MS);
	assert_int_equal(peer_clock_age(&c, 2 * S, 501 * S + 25 * MS, &error), 15 * MS);
	assert_int_equal(error, 10 * MS);
}

static void
the_quickest_answer_counts(void **state)
{
	(void)state;
	struct peer_clock c;
	uint64_t error;
	peer_clock_init(&c, &here, &far, true);
	assert_true(peer_clock_ask(&c, 501 * S));
	peer_clock_answer(&c, &(struct rd_pong){501 * S, 2 * S}, 501 * S + 20 * MS);
	assert_true(peer_clock_ask(&c, 506 * S));
	/* a slow one, and one to a question nobody asked */
	peer_clock_answer(&c, &(struct rd_pong){506 * S, 99 * S}, 506 * S + 200 * MS);
	peer_clock_answer(&c, &(struct rd_pong){505 * S, 99 * S}, 506 * S + 1 * MS);
	assert_int_equal(peer_clock_age(&c, 2 * S, 501 * S + 25 * MS, &error), 15 * MS);
	assert_int_equal(error, 10 * MS);
	assert_true(peer_clock_ask(&c, 511 * S));
	peer_clock_answer(&c, &(struct rd_pong){511 * S, 12 * S}, 511 * S + 2 * MS);
	assert_int_equal(peer_clock_age(&c, 12 * S, 511 * S + 2 * MS, &error), 1 * MS);
	assert_int_equal(error, 1 * MS);
}

static void
what_is_not_live_has_no_age(void **state)
{
	(void)state;
	struct peer_clock c;
	uint64_t error;
	peer_clock_init(&c, &here, &beside, false);
	assert_true(peer_clock_age(&c, 103 * S, 504 * S, &error) == UINT64_MAX);
	assert_false(peer_clock_ask(&c, 501 * S));
}

/* A viewer that joins where nothing moves gets a picture of long ago, and later once more. */
static void
what_was_there_before_us_has_no_age(void **state)
{
	(void)state;
	struct peer_clock c;
	uint64_t error;
	peer_clock_init(&c, &here, &beside, true);
	assert_true(peer_clock_age(&c, 3 * S, 501 * S, &error) == UINT64_MAX);
	assert_int_equal(peer_clock_age(&c, 102 * S, 502 * S + 7 * MS, &error), 7 * MS);
	assert_true(peer_clock_age(&c, 102 * S, 560 * S, &error) == UINT64_MAX);
	assert_int_equal(peer_clock_age(&c, 165 * S, 565 * S + 8 * MS, &error), 8 * MS);

	/* another machine's clock, once it is known */
	peer_clock_init(&c, &here, &far, true);
	assert_true(peer_clock_ask(&c, 501 * S));
	peer_clock_answer(&c, &(struct rd_pong){501 * S, 900 * S}, 501 * S);
	assert_true(peer_clock_age(&c, 20 * S, 501 * S, &error) == UINT64_MAX);
	assert_int_equal(peer_clock_age(&c, 901 * S, 502 * S + 9 * MS, &error), 9 * MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_machine_has_one_clock),
		cmocka_unit_test(another_machines_is_measured),
		cmocka_unit_test(the_quickest_answer_counts),
		cmocka_unit_test(what_is_not_live_has_no_age),
		cmocka_unit_test(what_was_there_before_us_has_no_age),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
