#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

static void
reads_little_endian(void **state)
{
	(void)state;
	static const uint8_t data[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
		0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
		0xfe, 0xff, 0xfd, 0xff, 0xff, 0xff, 'x', 'y',
	};
	struct rd_reader r;
	rd_reader_init(&r, data, sizeof(data));
	assert_int_equal(rd_reader_u8(&r), 0x01);
	assert_int_equal(rd_reader_u16(&r), 0x0302);
	assert_int_equal(rd_reader_u32(&r), 0x07060504);
	assert_true(rd_reader_u64(&r) == UINT64_C(0x0f0e0d0c0b0a0908));
	assert_int_equal(rd_reader_i16(&r), -2);
	assert_int_equal(rd_reader_i32(&r), -3);
	assert_int_equal(rd_reader_left(&r), 2);
	assert_false(rd_reader_done(&r));
	assert_memory_equal(rd_reader_bytes(&r, 2), "xy", 2);
	assert_true(rd_reader_done(&r));
}

static void
a_short_read_is_zero_and_stays_bad(void **state)
{
	(void)state;
	static const uint8_t data[] = {1, 2, 3};
	struct rd_reader r;
	rd_reader_init(&r, data, sizeof(data));
	assert_int_equal(rd_reader_u32(&r), 0);
	assert_true(r.bad);
	assert_int_equal(rd_reader_left(&r), 0);
	assert_int_equal(rd_reader_u8(&r), 0);
	assert_null(rd_reader_bytes(&r, 0));
	assert_false(rd_reader_done(&r));
}

static void
zeros_are_all_there(void **state)
{
	(void)state;
	static const uint8_t data[] = {0, 0, 0, 1, 0};
	struct rd_reader r;
	rd_reader_init(&r, data, sizeof(data));
	assert_true(rd_reader_zeros(&r, 3));
	assert_false(rd_reader_zeros(&r, 1));
	assert_true(rd_reader_zeros(&r, 1));
	assert_true(rd_reader_done(&r));
	assert_false(rd_reader_zeros(&r, 1));
	assert_true(r.bad);
}

static void
lengths_cannot_wrap(void **state)
{
	(void)state;
	static const uint8_t data[] = {1, 2, 3};
	struct rd_reader r;
	rd_reader_init(&r, data, sizeof(data));
	assert_null(rd_reader_bytes(&r, SIZE_MAX));
	assert_true(r.bad);
	assert_ptr_equal(r.p, r.end);
}

static void
nothing_is_done_at_once(void **state)
{
	(void)state;
	struct rd_reader r;
	rd_reader_init(&r, NULL, 0);
	assert_true(rd_reader_done(&r));
	assert_int_equal(rd_reader_u8(&r), 0);
	assert_false(rd_reader_done(&r));
}

static void
writes_what_is_read(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	rd_buf_u8(&b, 0xab);
	rd_buf_u16(&b, 0xabcd);
	rd_buf_u32(&b, 0xdeadbeef);
	rd_buf_u64(&b, UINT64_C(0x0123456789abcdef));
	rd_buf_i16(&b, -32768);
	rd_buf_i32(&b, INT32_MIN);
	rd_buf_bytes(&b, "end", 3);
	rd_buf_bytes(&b, NULL, 0);
	static const uint8_t expected[] = {
		0xab, 0xcd, 0xab, 0xef, 0xbe, 0xad, 0xde,
		0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01,
		0x00, 0x80, 0x00, 0x00, 0x00, 0x80, 'e', 'n', 'd',
	};
	assert_int_equal(b.len, sizeof(expected));
	assert_memory_equal(b.data, expected, sizeof(expected));

	struct rd_reader r;
	rd_reader_init(&r, b.data + 15, 6);
	assert_int_equal(rd_reader_i16(&r), -32768);
	assert_int_equal(rd_reader_i32(&r), INT32_MIN);
	rd_buf_finish(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
}

static void
grows_and_keeps(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	for (uint32_t i = 0; i < 100000; i++)
		rd_buf_u32(&b, i);
	assert_int_equal(b.len, 400000);
	assert_true(b.cap >= b.len);
	struct rd_reader r;
	rd_reader_init(&r, b.data, b.len);
	for (uint32_t i = 0; i < 100000; i++)
		assert_int_equal(rd_reader_u32(&r), i);
	assert_true(rd_reader_done(&r));

	const uint8_t *data = b.data;
	rd_buf_reset(&b);
	assert_int_equal(b.len, 0);
	rd_buf_u8(&b, 1);
	assert_ptr_equal(b.data, data);
	rd_buf_finish(&b);
}

static void
room_is_room(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	assert_non_null(rd_buf_room(&b, 0));
	memset(rd_buf_room(&b, 1000), 0xaa, 1000);
	assert_int_equal(b.len, 0);
	assert_true(b.cap >= 1000);
	b.len += 1000;
	memset(rd_buf_room(&b, 1000), 0xbb, 1000);
	assert_int_equal(b.data[999], 0xaa);
	assert_int_equal(b.data[1000], 0xbb);
	rd_buf_finish(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_little_endian),
		cmocka_unit_test(a_short_read_is_zero_and_stays_bad),
		cmocka_unit_test(zeros_are_all_there),
		cmocka_unit_test(lengths_cannot_wrap),
		cmocka_unit_test(nothing_is_done_at_once),
		cmocka_unit_test(writes_what_is_read),
		cmocka_unit_test(grows_and_keeps),
		cmocka_unit_test(room_is_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
