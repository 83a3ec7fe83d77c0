#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/utf8.h"

static int
decode(const char *text, size_t len, uint32_t *point)
{
	return rd_utf8_decode((const uint8_t *)text, len, point);
}

static void
every_character_comes_back(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		struct rd_buf b = {0};
		uint32_t point = c + 1;
		if (c == 0xd800)
			c = 0xe000;
		rd_utf8_put(&b, c);
		assert_int_equal(rd_utf8_decode(b.data, b.len, &point), (int)b.len);
		assert_int_equal(point, c);
		for (size_t n = 1; n < b.len; n++)
			assert_int_equal(rd_utf8_decode(b.data, n, &point), RD_UTF8_SHORT);
		rd_buf_finish(&b);
	}
}

static void
others_are_refused(void **state)
{
	(void)state;
	static const char *const none[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",	/* overlong */
		"\xed\xa0\x80", "\xed\xbf\xbf",		/* surrogates */
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe",
		"\xc3(", "\xe2\x82(", "\xe2(\xac", "\xf0\x9f\x98(",
	};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		uint32_t point = 7;
		assert_int_equal(decode(none[i], strlen(none[i]), &point), 0);
		assert_int_equal(point, 7);
	}
}

static void
one_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(rd_utf8_single("a"), 'a');
	assert_int_equal(rd_utf8_single("\xe2\x82\xac"), 0x20ac);
	assert_int_equal(rd_utf8_single("\xf0\x9f\x98\x80"), 0x1f600);
	assert_int_equal(rd_utf8_single(""), 0);
	assert_int_equal(rd_utf8_single("ab"), 0);
	assert_int_equal(rd_utf8_single("\xe2\x82"), 0);
	assert_int_equal(rd_utf8_single("\xc3\xa9!"), 0);
}

static void
some_are_for_no_reader(void **state)
{
	(void)state;
	static const uint32_t controls[] = {0, 0x1b, '\n', 0x7f, 0x80, 0x9b, 0x9f, 0x61c, 0x200e, 0x200f,
		0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069};
	static const uint32_t others[] = {' ', '~', 0xa0, 0xe4, 0x5d0, 0x61b, 0x200d, 0x2010, 0x2027, 0x202f,
		0x2065, 0x206a, 0x1f427};
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		assert_true(rd_utf8_is_control(controls[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(rd_utf8_is_control(others[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_comes_back),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(one_and_nothing_else),
		cmocka_unit_test(some_are_for_no_reader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
