#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rd-record/lines.h"

static char got[4096];

static void
keep(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	assert_int_equal(strlen(text), len);
	strcat(got, text);
	strcat(got, "|");
}

static const char *
lines_of(const char *text, size_t piece)
{
	struct line_reader r = {0};
	size_t len = strlen(text);
	got[0] = '\0';
	for (size_t at = 0; at < len; at += piece)
		line_reader_add(&r, text + at, len - at < piece ? len - at : piece, keep, NULL);
	line_reader_end(&r, keep, NULL);
	return got;
}

static void
lines_in_any_pieces(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < 30; piece++) {
		assert_string_equal(lines_of("one\ntwo words \r\n\n\n\tthree", piece), "one|two words| three|");
		assert_string_equal(lines_of("\n\n", piece), "");
		assert_string_equal(lines_of("\xc3\xa9t\xc3\xa9\n", piece), "\xc3\xa9t\xc3\xa9|");
	}
}

static void
what_is_no_text_is_made_one(void **state)
{
	(void)state;
	assert_null(strchr(lines_of("red \x1b[31m\n", 3), '\x1b'));
	assert_null(strchr(lines_of("broken \xff\xfe\n", 3), '\xff'));
}

static void
long_lines_are_cut(void **state)
{
	(void)state;
	char text[LINES_MAX * 3];
	memset(text, 'x', sizeof(text));
	strcpy(text + sizeof(text) - 3, "\ny");
	lines_of(text, 100);
	assert_int_equal(strlen(got), LINES_MAX + 1 + 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_in_any_pieces),
		cmocka_unit_test(what_is_no_text_is_made_one),
		cmocka_unit_test(long_lines_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
