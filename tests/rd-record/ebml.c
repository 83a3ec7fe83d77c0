#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rd-record/ebml.h"

static void
heads_come_back(void **state)
{
	(void)state;
	const struct { uint32_t id; uint64_t size; int bytes; } all[] = {
		{EBML_VOID, 0, 1}, {MKV_CHAPTER, 126, 1}, {MKV_DURATION, 8, 1}, {MKV_INFO, 300, 2},
		{MKV_CHAPTERS, 16372, 8}, {MKV_SEGMENT, UINT64_C(1) << 40, 8},
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct rd_buf b = {0};
		struct rd_reader r;
		struct ebml_element e;
		ebml_put_head(&b, all[i].id, all[i].size, all[i].bytes);
		rd_reader_init(&r, b.data, b.len);
		assert_true(ebml_head(&r, &e));
		assert_int_equal(e.id, all[i].id);
		assert_true(e.size == all[i].size);
		assert_true(rd_reader_done(&r));
		rd_buf_finish(&b);
	}
}

/* RFC 8794: all ones is "unknown", whatever the width. */
static void
unknown_sizes_are_known(void **state)
{
	(void)state;
	const uint8_t one[] = {0xec, 0xff};
	const uint8_t eight[] = {0x18, 0x53, 0x80, 0x67, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct rd_reader r;
	struct ebml_element e;
	rd_reader_init(&r, one, sizeof(one));
	assert_true(ebml_head(&r, &e) && e.size == UINT64_MAX);
	rd_reader_init(&r, eight, sizeof(eight));
	assert_true(ebml_head(&r, &e) && e.size == UINT64_MAX && e.id == MKV_SEGMENT);
}

static void
voids_are_as_long_as_they_say(void **state)
{
	(void)state;
	for (uint64_t total = 2; total < 20000; total += 7) {
		struct rd_buf b = {0};
		struct rd_reader r;
		struct ebml_element e;
		ebml_put_void_head(&b, total);
		rd_reader_init(&r, b.data, b.len);
		assert_true(ebml_head(&r, &e));
		assert_int_equal(b.len + e.size, total);
		rd_buf_finish(&b);
	}
}

static void
a_duration_is_found(void **state)
{
	(void)state;
	struct rd_buf b = {0}, info = {0};
	ebml_put_head(&info, 0x2ad7b1, 3, 1);	/* TimestampScale */
	rd_buf_bytes(&info, "\x0f\x42\x40", 3);
	size_t in_info = info.len;
	ebml_put_duration(&info, 1234);
	ebml_put_head(&b, 0x1a45dfa3, 2, 1);	/* EBML */
	rd_buf_bytes(&b, "xx", 2);
	ebml_put_head(&b, MKV_SEGMENT, (UINT64_C(1) << 56) - 1, 8);
	ebml_put_head(&b, EBML_VOID, 9, 1);	/* 11 bytes, but not in Info */
	rd_buf_bytes(&b, "123456789", 9);
	ebml_put_head(&b, MKV_INFO, info.len, 2);
	uint64_t want = b.len + in_info;
	rd_buf_bytes(&b, info.data, info.len);
	assert_int_equal(ebml_find_duration(b.data, b.len), want);
	for (size_t len = 0; len < b.len; len++)
		assert_int_equal(ebml_find_duration(b.data, len), 0);
	rd_buf_finish(&b);
	rd_buf_finish(&info);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_come_back),
		cmocka_unit_test(unknown_sizes_are_known),
		cmocka_unit_test(voids_are_as_long_as_they_say),
		cmocka_unit_test(a_duration_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
