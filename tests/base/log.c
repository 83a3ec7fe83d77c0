#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/words.h"

static void
is_named_and_has_levels(void **state)
{
	(void)state;
	unsetenv("RD_LOG");
	rd_log_open("rd-test");
	struct words w;
	words_catch(&w, 2);
	errno = EAGAIN;
	rd_error("lost %d", 1);
	assert_int_equal(errno, EAGAIN);
	rd_warn("slow");
	rd_info("not shown");
	rd_log_level(RD_LOG_TRACE);
	rd_info("hello");
	rd_trace("frame");
	rd_log_level(RD_LOG_WARN);
	rd_info("not shown");
	char *text = words_take(&w);
	assert_string_equal(text,
		"rd-test: lost 1\n"
		"rd-test: slow\n"
		"rd-test: hello\n"
		"rd-test: trace: frame\n");
	free(text);
}

static void
the_environment_names_a_level(void **state)
{
	(void)state;
	struct words w;
	words_catch(&w, 2);
	setenv("RD_LOG", "error", 1);
	rd_log_open("rd-test");
	rd_warn("not shown");
	setenv("RD_LOG", "DEBUG", 1);
	rd_log_open("rd-test");
	rd_debug("shown");
	setenv("RD_LOG", "loud", 1);
	rd_log_open("rd-test");
	char *text = words_take(&w);
	assert_string_equal(text,
		"rd-test: debug: shown\n"
		"rd-test: RD_LOG is none of error, warn, info, debug, trace\n");
	free(text);
	unsetenv("RD_LOG");
	rd_log_level(RD_LOG_WARN);
}

static void
levels_have_names(void **state)
{
	(void)state;
	enum rd_log_level level;
	assert_int_equal(rd_log_level_parse("trace", &level), 0);
	assert_int_equal(level, RD_LOG_TRACE);
	assert_int_equal(rd_log_level_parse("error", &level), 0);
	assert_int_equal(level, RD_LOG_ERROR);
	assert_int_equal(rd_log_level_parse("loud", &level), -EINVAL);
	assert_int_equal(rd_log_level_parse("", &level), -EINVAL);
}

static void
long_lines_are_cut(void **state)
{
	(void)state;
	char word[5000];
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	struct words w;
	words_catch(&w, 2);
	rd_error("%s", word);
	char *text = words_take(&w);
	size_t len = strlen(text);
	assert_in_range(len, 1000, 3000);
	assert_int_equal(text[len - 1], '\n');
	assert_int_equal(text[len - 2], 'x');
	free(text);
}

/* The last net, for what nobody has escaped. */
static void
no_line_moves_a_cursor(void **state)
{
	(void)state;
	struct words w;
	words_catch(&w, 2);
	rd_error("a\x1b[31m\nb\x7f");
	rd_error("C1 \xc2\x9b" "31m, alone \x9b" "31m, bidi \xe2\x80\xaex\xe2\x81\xa6");
	rd_error("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\xa7 \xe4 \xff \xe2\x82");
	char *text = words_take(&w);
	assert_string_equal(text,
		"rd-test: a?[31m?b?\n"
		"rd-test: C1 ??31m, alone ?31m, bidi ???x???\n"
		"rd-test: \xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\xa7 \xe4 \xff \xe2?\n");
	free(text);
}

static void
escapes(const char *text, size_t len, size_t max, const char *expected)
{
	char *got = rd_log_escape(text, len, max);
	assert_string_equal(got, expected);
	free(got);
}

#define ESCAPES(text, expected) escapes(text, sizeof(text) - 1, 100, expected)

static void
what_a_peer_says_is_harmless(void **state)
{
	(void)state;
	ESCAPES("", "");
	ESCAPES("plain", "plain");
	ESCAPES("é € 漢 😀", "é € 漢 😀");
	ESCAPES("a\033[31mb\r\n\t\0c\177", "a\\x1b[31mb\\x0d\\x0a\\x09\\x00c\\x7f");
	ESCAPES("\302\233" "31m", "\\xc2\\x9b31m");		/* C1 CSI */
	ESCAPES("\342\200\256" "x", "\\xe2\\x80\\xaex");	/* right to left override */
	ESCAPES("\342\201\246" "x", "\\xe2\\x81\\xa6x");	/* isolate */
	ESCAPES("\300\200", "\\xc0\\x80");			/* overlong */
	ESCAPES("\340\200\200", "\\xe0\\x80\\x80");
	ESCAPES("\355\240\200", "\\xed\\xa0\\x80");		/* surrogate */
	ESCAPES("\364\220\200\200", "\\xf4\\x90\\x80\\x80");	/* past U+10FFFF */
	ESCAPES("\377\376\200", "\\xff\\xfe\\x80");
	ESCAPES("\303", "\\xc3");				/* cut by its sender */
	ESCAPES("\342\202x", "\\xe2\\x82x");
}

static void
long_text_is_cut_between_characters(void **state)
{
	(void)state;
	escapes("abcdef", 6, 3, "abc…");
	escapes("abc", 3, 3, "abc");
	escapes("ab漢", 5, 3, "ab…");
	escapes("ab漢", 5, 4, "ab…");
	escapes("ab漢", 5, 5, "ab漢");
	escapes("ab\303x", 4, 3, "ab\\xc3…");
	escapes("abc", 3, 0, "…");
}

static void
what_is_held_comes_later_and_in_order(void **state)
{
	(void)state;
	rd_log_open("rd-test");
	struct words w;
	words_catch(&w, 2);
	rd_log_hold();
	rd_warn("first");
	rd_warn("second");
	char *text = words_take(&w);
	assert_string_equal(text, "");
	free(text);
	words_catch(&w, 2);
	rd_log_go_on();
	rd_warn("third");
	text = words_take(&w);
	assert_string_equal(text, "rd-test: first\nrd-test: second\nrd-test: third\n");
	free(text);
}

static void
what_is_held_is_bounded(void **state)
{
	(void)state;
	struct words w;
	words_catch(&w, 2);
	rd_log_hold();
	for (int i = 0; i < 1000; i++)
		rd_warn("a line");
	rd_log_go_on();
	char *text = words_take(&w);
	assert_true(strlen(text) < 8192 + 64);
	assert_non_null(strstr(text, "more lines were not kept\n"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_named_and_has_levels),
		cmocka_unit_test(the_environment_names_a_level),
		cmocka_unit_test(levels_have_names),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(no_line_moves_a_cursor),
		cmocka_unit_test(what_a_peer_says_is_harmless),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(what_is_held_comes_later_and_in_order),
		cmocka_unit_test(what_is_held_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
