#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "desktop/spare.h"

static const uint32_t none[256];

/* Spare keys `first` to `last`, all empty. */
static void
fill(struct rd_spares *s, int first, int last)
{
	bool is_spare[256] = {false};

	for (int k = first; k <= last; k++)
		is_spare[k] = true;
	rd_spares_set(s, is_spare, none, 0);
}

/* What the injector does with a key it gets. */
static uint8_t
type(struct rd_spares *s, uint32_t keysym, uint64_t now)
{
	static const uint16_t down[256];
	uint64_t ready;
	struct rd_spare *key = rd_spares_find(s, keysym, down, now, &ready);

	if (!key)
		return 0;
	if (key->keysym != keysym)
		rd_spares_give(key, keysym, now);
	rd_spares_use(s, key->keycode, now);
	return key->keycode;
}

static void
gives_each_character_its_key(void **state)
{
	(void)state;
	struct rd_spares s = {0};

	fill(&s, 200, 209);
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(type(&s, 1000 + i, 1), 209 - i);
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(type(&s, 1000 + i, 2), 209 - i);
}

static void
knows_which_give_something(void **state)
{
	(void)state;
	struct rd_spares s = {0};

	fill(&s, 200, 209);
	assert_int_equal(type(&s, 1000, 1), 209);
	assert_true(rd_spares_has(&s, 209));
	assert_false(rd_spares_has(&s, 208));
	assert_false(rd_spares_has(&s, 38));
}

static void
waits_before_a_key_changes(void **state)
{
	(void)state;
	struct rd_spares s = {0};
	static const uint16_t down[256];
	uint64_t ready;

	fill(&s, 200, 201);
	type(&s, 1, 1000);
	type(&s, 2, 2000);
	assert_null(rd_spares_find(&s, 3, down, 2001, &ready));
	assert_true(ready == 1000 + RD_SPARE_KEEP_NS);
	assert_int_equal(type(&s, 3, ready), 201);
	/* Use keeps a key. */
	type(&s, 2, ready + RD_SPARE_KEEP_NS);
	assert_int_equal(type(&s, 4, ready + RD_SPARE_KEEP_NS), 201);
}

static void
leaves_keys_that_are_down(void **state)
{
	(void)state;
	struct rd_spares s = {0};
	uint16_t down[256] = {0};
	uint64_t ready, later = 10 * RD_SPARE_KEEP_NS;

	fill(&s, 200, 201);
	type(&s, 1, 1);
	type(&s, 2, 2);
	down[201] = 1;
	assert_int_equal(rd_spares_find(&s, 3, down, later, &ready)->keycode, 200);
	assert_int_equal(rd_spares_find(&s, 1, down, later, &ready)->keycode, 201);
	down[200] = 2;
	assert_null(rd_spares_find(&s, 3, down, later, &ready));
	assert_true(ready == UINT64_MAX);
}

static void
has_none_where_there_is_none(void **state)
{
	(void)state;
	struct rd_spares s = {0};

	assert_int_equal(type(&s, 1, 1), 0);
	assert_true(rd_spares_done_ns(&s) == 0);
	rd_spares_use(&s, 38, 5);
}

static void
follows_a_new_keymap(void **state)
{
	(void)state;
	struct rd_spares s = {0};
	bool is_spare[256] = {false};
	uint32_t keysym[256] = {0};

	fill(&s, 200, 202);
	assert_int_equal(type(&s, 1, 1000), 202);
	assert_int_equal(type(&s, 2, 2000), 201);
	is_spare[202] = is_spare[201] = is_spare[90] = true;
	keysym[201] = 2;
	keysym[90] = 77;	/* another injector's */
	rd_spares_set(&s, is_spare, keysym, 2500);
	assert_int_equal(s.count, 3);
	assert_int_equal(type(&s, 77, 3000), 90);
	assert_int_equal(type(&s, 2, 3000), 201);
	/* 202 was wiped, but was used a moment ago. */
	assert_int_equal(type(&s, 3, 3000), 0);
	assert_int_equal(type(&s, 3, 1000 + RD_SPARE_KEEP_NS), 202);
	/* Only ours are undone. */
	for (int i = 0; i < s.count; i++)
		assert_int_equal(s.key[i].bound, s.key[i].keycode != 90);
}

static void
prefers_empty_keys(void **state)
{
	(void)state;
	struct rd_spares s = {0};
	bool is_spare[256] = {[100] = true, [101] = true};
	uint32_t keysym[256] = {[101] = 77};

	rd_spares_set(&s, is_spare, keysym, 0);
	assert_int_equal(type(&s, 1, 1000), 100);
	assert_int_equal(type(&s, 2, 1000), 101);
}

static uint64_t
read_ns(struct rd_spares *s, uint32_t keysym)
{
	static const uint16_t down[256];
	uint64_t ready;
	const struct rd_spare *key = rd_spares_find(s, keysym, down, 0, &ready);

	assert_non_null(key);
	assert_int_equal(key->keysym, keysym);
	return rd_spares_read_ns(key);
}

/* From when they were told of all that is new, whenever it was given. */
static void
gives_programs_time_to_read(void **state)
{
	(void)state;
	struct rd_spares s = {0};
	const uint64_t later = 10 * RD_SPARE_KEEP_NS;

	fill(&s, 200, 201);
	type(&s, 1, 1000);
	type(&s, 2, 1001);
	rd_spares_told(&s, 3000);
	assert_true(read_ns(&s, 1) == 3000 + RD_SPARE_READ_NS);
	assert_true(read_ns(&s, 2) == 3000 + RD_SPARE_READ_NS);
	/* They know it by now, but not what one gives that gave another. */
	type(&s, 1, later);
	type(&s, 3, later);
	rd_spares_told(&s, later + 5);
	assert_true(read_ns(&s, 1) == 3000 + RD_SPARE_READ_NS);
	assert_true(read_ns(&s, 3) == later + 5 + RD_SPARE_READ_NS);
}

static void
knows_what_is_new_in_a_keymap(void **state)
{
	(void)state;
	struct rd_spares s = {0};
	bool is_spare[256] = {[200] = true, [201] = true, [202] = true};
	uint32_t keysym[256] = {[202] = 77};

	/* The first one there is: nothing of it is new. */
	rd_spares_set(&s, is_spare, keysym, 1000);
	assert_true(read_ns(&s, 77) == 0);
	assert_int_equal(type(&s, 1, 2000), 201);
	rd_spares_told(&s, 2001);
	keysym[201] = 1;
	keysym[200] = 78;	/* another injector's */
	rd_spares_set(&s, is_spare, keysym, 3000);
	assert_true(read_ns(&s, 77) == 0);
	assert_true(read_ns(&s, 1) == 2001 + RD_SPARE_READ_NS);
	assert_true(read_ns(&s, 78) == 3000 + RD_SPARE_READ_NS);
}

static void
says_when_all_was_read(void **state)
{
	(void)state;
	struct rd_spares s = {0};

	fill(&s, 200, 209);
	assert_true(rd_spares_done_ns(&s) == 0);
	type(&s, 1, 1000);
	type(&s, 2, 3000);
	type(&s, 1, 2000);
	assert_true(rd_spares_done_ns(&s) == 3000 + RD_SPARE_KEEP_NS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_each_character_its_key),
		cmocka_unit_test(knows_which_give_something),
		cmocka_unit_test(waits_before_a_key_changes),
		cmocka_unit_test(leaves_keys_that_are_down),
		cmocka_unit_test(has_none_where_there_is_none),
		cmocka_unit_test(follows_a_new_keymap),
		cmocka_unit_test(prefers_empty_keys),
		cmocka_unit_test(gives_programs_time_to_read),
		cmocka_unit_test(knows_what_is_new_in_a_keymap),
		cmocka_unit_test(says_when_all_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
