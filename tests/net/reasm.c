/* Bytes out of order, beside an array that simply remembers all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "net/dice.h"
#include "net/reasm.h"

#define SPACE 20000

static uint8_t
byte_at(uint64_t offset)
{
	return (uint8_t)(offset * 31 + (offset >> 8) * 7);
}

/* Takes all that lies in order, and checks it. */
static void
take_all(struct rd_reasm *r, const bool *come)
{
	const uint8_t *data;
	size_t n;

	while ((n = rd_reasm_peek(r, &data))) {
		for (size_t i = 0; i < n; i++) {
			assert_true(come[r->next + i]);
			assert_int_equal(data[i], byte_at(r->next + i));
		}
		rd_reasm_take(r, n);
	}
	assert_false(come[r->next]);
}

static void
any_order_gives_the_bytes_in_order(void **state)
{
	static uint8_t bytes[SPACE];
	static bool come[SPACE + 1];

	(void)state;
	for (size_t i = 0; i < SPACE; i++)
		bytes[i] = byte_at(i);
	for (unsigned round = 0; round < 200; round++) {
		struct rd_reasm r = {0};
		size_t longest = 1 + dice_below(round % 2 ? 8000 : 40);
		memset(come, 0, sizeof(come));
		for (unsigned i = 0; i < 2000 && r.next < SPACE; i++) {
			size_t from = dice_below(SPACE), len = 1 + dice_below(longest);
			/* now and then what is missing, so that it goes on */
			if (dice_below(3) == 0)
				from = r.next;
			if (len > SPACE - from)
				len = SPACE - from;
			rd_reasm_put(&r, from, bytes + from, len);
			memset(come + from, 1, len);
			if (dice_below(2))
				take_all(&r, come);
			assert_true(r.memory <= SPACE * 5 / 4 + 3 * RD_REASM_PAGE);
		}
		rd_reasm_finish(&r);
		assert_int_equal(r.memory, 0);
	}
}

static void
a_byte_far_away_costs_a_page(void **state)
{
	struct rd_reasm r = {0};
	const uint8_t *data;
	uint8_t byte = 7;

	(void)state;
	rd_reasm_put(&r, (uint64_t)60 << 20, &byte, 1);
	assert_true(r.memory <= RD_REASM_PAGE * 5 / 4);
	assert_int_equal(rd_reasm_peek(&r, &data), 0);
	rd_reasm_put(&r, (UINT64_C(1) << 62) - 2, &byte, 1);
	assert_true(r.memory <= 2 * RD_REASM_PAGE * 5 / 4);
	/* what was passed over by others goes */
	rd_reasm_take(&r, (uint64_t)61 << 20);
	assert_true(r.memory <= RD_REASM_PAGE * 5 / 4);
	rd_reasm_take(&r, (UINT64_C(1) << 62) - 2 - r.next);
	assert_int_equal(rd_reasm_peek(&r, &data), 1);
	assert_int_equal(data[0], 7);
	rd_reasm_take(&r, 1);
	assert_int_equal(rd_reasm_peek(&r, &data), 0);
	rd_reasm_finish(&r);
}

/* Every second byte: the worst that a peer can send. */
static void
many_pieces_cost_no_more_than_one(void **state)
{
	struct rd_reasm r = {0};
	uint8_t byte = 0;
	const uint8_t *data;

	(void)state;
	for (uint64_t i = 1; i < 1 << 20; i += 2)
		rd_reasm_put(&r, i, &byte, 1);
	assert_true(r.memory <= (size_t)(1 << 20) * 5 / 4);
	for (uint64_t i = 0; i < 1 << 20; i += 2)
		rd_reasm_put(&r, i, &byte, 1);
	for (size_t n; (n = rd_reasm_peek(&r, &data));)
		rd_reasm_take(&r, n);
	assert_int_equal(r.next, 1 << 20);
	assert_int_equal(r.memory, 0);
	rd_reasm_finish(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_gives_the_bytes_in_order),
		cmocka_unit_test(a_byte_far_away_costs_a_page),
		cmocka_unit_test(many_pieces_cost_no_more_than_one),
	};

	dice_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
