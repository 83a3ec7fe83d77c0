#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/request.h"

static int
parse(struct rd_control_request *r, char line[static 256], const char *text, size_t len)
{
	memcpy(line, text, len);
	line[len] = 'x';
	return rd_control_request_parse(r, line, len);
}

static void
a_verb_and_what_it_takes(void **state)
{
	(void)state;
	struct rd_control_request r;
	char line[256];
	assert_int_equal(parse(&r, line, "  chapter  It begins,\tsays she \r", 32), 0);
	assert_string_equal(r.verb, "chapter");
	assert_string_equal(r.rest, "It begins,\tsays she");
	assert_int_equal(parse(&r, line, "pause", 5), 0);
	assert_string_equal(r.verb, "pause");
	assert_string_equal(r.rest, "");
}

static void
words_and_assignments(void **state)
{
	(void)state;
	char line[] = "a=b=c  =d e", *rest = line, *word = rd_control_word(&rest);
	assert_string_equal(rd_control_assignment(word), "b=c");
	assert_string_equal(word, "a");
	assert_null(rd_control_assignment(rd_control_word(&rest)));
	assert_null(rd_control_assignment(rd_control_word(&rest)));
	assert_null(rd_control_word(&rest));
	assert_null(rd_control_word(&rest));
}

static void
what_is_no_text_is_refused(void **state)
{
	(void)state;
	static const struct { const char *text; size_t len; } bad[] = {
		{"", 0}, {"   ", 3}, {"get\0rtt", 7}, {"get\x1b", 4}, {"\x7f", 1}, {"ge\rt", 4}, {"\r", 1},
	};
	struct rd_control_request r;
	char line[256];
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(parse(&r, line, bad[i].text, bad[i].len), -EINVAL);
}

static void
keys_have_one_or_the_other(void **state)
{
	(void)state;
	assert_true(rd_control_key_is("rtt-ms", "rtt_ms"));
	assert_true(rd_control_key_is("rtt_ms", "rtt-ms"));
	assert_true(rd_control_key_is("rtt-ms", "rtt-ms"));
	assert_false(rd_control_key_is("rtt-ms", "rtt-m"));
	assert_false(rd_control_key_is("rtt-ms", "rtt-mss"));
	assert_false(rd_control_key_is("rtt-ms", "rtt.ms"));
	assert_false(rd_control_key_is("", "-"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verb_and_what_it_takes),
		cmocka_unit_test(words_and_assignments),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(keys_have_one_or_the_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
