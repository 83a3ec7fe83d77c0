#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "net/replay.h"

static void
each_number_once(void **state)
{
	struct rd_replay r = {0};

	(void)state;
	for (uint64_t n = 0; n < 3 * RD_REPLAY_BITS; n++) {
		assert_true(rd_replay_fresh(&r, n));
		rd_replay_mark(&r, n);
		assert_false(rd_replay_fresh(&r, n));
		assert_true(rd_replay_fresh(&r, n + 1));
	}
}

static void
checking_marks_nothing(void **state)
{
	struct rd_replay r = {0};

	(void)state;
	assert_true(rd_replay_fresh(&r, 7));
	assert_true(rd_replay_fresh(&r, 7));
	assert_true(r.next == 0);
	rd_replay_mark(&r, 7);
	assert_true(r.next == 8);
	for (uint64_t n = 0; n < 7; n++)
		assert_true(rd_replay_fresh(&r, n));
}

static void
the_window_is_as_wide_as_it_says(void **state)
{
	(void)state;
	/* At every alignment to the words of the ring. */
	for (uint64_t top = 2 * RD_REPLAY_BITS; top < 2 * RD_REPLAY_BITS + 130; top++) {
		struct rd_replay r = {0};
		rd_replay_mark(&r, top);
		assert_true(rd_replay_fresh(&r, top - RD_REPLAY_BITS + 1));
		assert_false(rd_replay_fresh(&r, top - RD_REPLAY_BITS));
		assert_false(rd_replay_fresh(&r, 0));
		rd_replay_mark(&r, top - RD_REPLAY_BITS + 1);
		assert_false(rd_replay_fresh(&r, top - RD_REPLAY_BITS + 1));
		/* Marking what is too old must not mark what shares its word. */
		rd_replay_mark(&r, top - RD_REPLAY_BITS - 63);
		assert_true(rd_replay_fresh(&r, top - 1));
		assert_true(rd_replay_fresh(&r, top + 1));
	}
}

static void
leaps_forget_all_before(void **state)
{
	static const uint64_t leaps[] = { 1, 63, 64, 65, RD_REPLAY_BITS - 1, RD_REPLAY_BITS,
		RD_REPLAY_BITS + 64, RD_REPLAY_BITS + 65, UINT64_C(1) << 40 };

	(void)state;
	for (size_t i = 0; i < sizeof(leaps) / sizeof(leaps[0]); i++) {
		struct rd_replay r = {0};
		uint64_t base = 1000, top = base + leaps[i];
		for (uint64_t n = 0; n <= base; n++)
			rd_replay_mark(&r, n);
		rd_replay_mark(&r, top);
		for (uint64_t n = base + 1; n < top && n < base + 3 * RD_REPLAY_BITS; n++)
			assert_int_equal(rd_replay_fresh(&r, n), top - n < RD_REPLAY_BITS);
		for (uint64_t n = 0; n <= base; n++)
			assert_false(rd_replay_fresh(&r, n));
	}
}

static void
the_last_numbers_do_not_wrap(void **state)
{
	struct rd_replay r = {0};

	(void)state;
	assert_false(rd_replay_fresh(&r, UINT64_MAX));
	rd_replay_mark(&r, UINT64_MAX);
	assert_true(r.next == 0);
	rd_replay_mark(&r, UINT64_MAX - 1);
	assert_false(rd_replay_fresh(&r, UINT64_MAX - 1));
	assert_false(rd_replay_fresh(&r, UINT64_MAX));
	assert_false(rd_replay_fresh(&r, 0));
	assert_true(rd_replay_fresh(&r, UINT64_MAX - 2));
}

/* Against the plainest model there is: a flag for every number. */
static void
it_agrees_with_a_plain_list(void **state)
{
	enum { NUMBERS = 1 << 17, STEPS = 200000 };
	bool *seen = calloc(NUMBERS, sizeof(*seen));
	struct rd_replay r = {0};
	uint64_t next = 0;

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		uint64_t from = next > RD_REPLAY_BITS + 200 ? next - RD_REPLAY_BITS - 200 : 0;
		uint64_t n = dice_below(8) ? from + dice_below(next - from + 1) : next + dice_below(100);
		if (n >= NUMBERS)
			break;
		bool fresh = n >= next || (next - n <= RD_REPLAY_BITS && !seen[n]);
		assert_int_equal(rd_replay_fresh(&r, n), fresh);
		if (!fresh || dice_below(4) == 0)
			continue;
		rd_replay_mark(&r, n);
		seen[n] = true;
		if (n >= next)
			next = n + 1;
		assert_true(r.next == next);
	}
	assert_true(next > RD_REPLAY_BITS * 4);
	free(seen);
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_number_once),
		cmocka_unit_test(checking_marks_nothing),
		cmocka_unit_test(the_window_is_as_wide_as_it_says),
		cmocka_unit_test(leaps_forget_all_before),
		cmocka_unit_test(the_last_numbers_do_not_wrap),
		cmocka_unit_test(it_agrees_with_a_plain_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
