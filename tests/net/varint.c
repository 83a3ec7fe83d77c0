#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "net/varint.h"

static void
read_one(const uint8_t *data, size_t len, uint64_t want)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	uint64_t v = rd_reader_varint(&r);
	if (v != want)
		fail_msg("%llx instead of %llx", (unsigned long long)v, (unsigned long long)want);
	assert_true(rd_reader_done(&r));
}

static void
the_examples_of_rfc_9000(void **state)
{
	/* Appendix A.1. */
	static const uint8_t eight[] = { 0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c };
	static const uint8_t four[] = { 0x9d, 0x7f, 0x3e, 0x7d };
	static const uint8_t two[] = { 0x7b, 0xbd };
	static const uint8_t one[] = { 0x25 };
	static const uint8_t longer[] = { 0x40, 0x25 };
	static const struct { const uint8_t *bytes; size_t n; uint64_t v; } each[] = {
		{ eight, 8, UINT64_C(151288809941952652) },
		{ four, 4, 494878333 },
		{ two, 2, 15293 },
		{ one, 1, 37 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		uint8_t out[8];
		read_one(each[i].bytes, each[i].n, each[i].v);
		assert_int_equal(rd_varint_size(each[i].v), each[i].n);
		assert_ptr_equal(rd_varint_put(out, each[i].v), out + each[i].n);
		assert_memory_equal(out, each[i].bytes, each[i].n);
	}
	read_one(longer, sizeof(longer), 37);
}

static void
lengths_change_where_the_rfc_says(void **state)
{
	static const struct { uint64_t max; size_t n; } each[] = {
		{ 63, 1 }, { 16383, 2 }, { 1073741823, 4 }, { RD_VARINT_MAX, 8 },
	};
	uint8_t out[8];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(rd_varint_size(each[i].max), each[i].n);
		assert_ptr_equal(rd_varint_put(out, each[i].max), out + each[i].n);
		read_one(out, each[i].n, each[i].max);
		if (i == 3)
			break;
		assert_int_equal(rd_varint_size(each[i].max + 1), each[i + 1].n);
		assert_ptr_equal(rd_varint_put(out, each[i].max + 1), out + each[i + 1].n);
		read_one(out, each[i + 1].n, each[i].max + 1);
	}
	assert_int_equal(rd_varint_size(0), 1);
}

static void
what_is_written_is_read(void **state)
{
	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint64_t v = dice() >> (2 + dice_below(62));
		uint8_t out[8];
		size_t n = (size_t)(rd_varint_put(out, v) - out);
		assert_int_equal(n, rd_varint_size(v));
		read_one(out, n, v);
	}
}

static void
a_short_one_is_bad(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		size_t whole = (size_t)1 << (first >> 6);
		for (size_t n = 0; n < whole; n++) {
			uint8_t *data = calloc(1, n ? n : 1);
			struct rd_reader r;
			data[0] = (uint8_t)first;
			rd_reader_init(&r, data, n);
			assert_int_equal(rd_reader_varint(&r), 0);
			assert_true(r.bad);
			assert_int_equal(rd_reader_varint(&r), 0);
			free(data);
		}
	}
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_rfc_9000),
		cmocka_unit_test(lengths_change_where_the_rfc_says),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_short_one_is_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
