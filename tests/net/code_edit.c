/* Typing a code: words complete themselves, mistakes are taken back, nothing overflows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "net/code.h"
#include "net/code_edit.h"

static char seen[65536];

static enum rd_code_typed
type(struct rd_code_edit *e, const char *keys)
{
	enum rd_code_typed typed = RD_CODE_TYPING;
	struct rd_buf screen = {0};
	for (; *keys && typed == RD_CODE_TYPING; keys++)
		typed = rd_code_edit(e, (uint8_t)*keys, "Code: ", &screen);
	snprintf(seen, sizeof(seen), "%.*s", (int)screen.len, (const char *)screen.data);
	rd_buf_finish(&screen);
	return typed;
}

/* The fewest letters that tell that word from all others. */
static const char *
least(unsigned word, char out[static 16])
{
	for (size_t n = 1; n <= strlen(rd_code_list[word]); n++) {
		unsigned first;
		snprintf(out, 16, "%.*s", (int)n, rd_code_list[word]);
		if (rd_code_complete(out, &first) == 1)
			return out;
	}
	return rd_code_list[word];
}

static void
completes_every_word(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RD_CODE_LIST; i++) {
		char begin[16], keys[64], want[64];
		static const char *const ends[] = {"\t", "-", " "};
		unsigned first;
		if (rd_code_complete(least(i, begin), &first) != 1)
			continue;	/* one that others begin with: it is typed whole */
		for (size_t k = 0; k < 3; k++) {
			struct rd_code_edit e = {0};
			snprintf(keys, sizeof(keys), "7-%s%s", begin, ends[k]);
			snprintf(want, sizeof(want), "7-%s%s", rd_code_list[i], k == 2 ? " " : "-");
			assert_int_equal(type(&e, keys), RD_CODE_TYPING);
			assert_string_equal(e.text, want);
		}
	}
}

static void
ends_after_four_words(void **state)
{
	(void)state;
	struct rd_code_edit e = {0};
	char begin[16], keys[128], want[128];
	least(1000, begin);
	snprintf(keys, sizeof(keys), "relay.example.org/7-%s\t%s\t%s\t%s\t", begin, begin, begin, begin);
	snprintf(want, sizeof(want), "relay.example.org/7-%s-%s-%s-%s", rd_code_list[1000],
		rd_code_list[1000], rd_code_list[1000], rd_code_list[1000]);
	assert_int_equal(type(&e, keys), RD_CODE_TYPING);
	assert_string_equal(e.text, want);
	assert_int_equal(type(&e, "\r"), RD_CODE_ENTERED);
	assert_string_equal(e.text, want);
}

static void
shows_choices(void **state)
{
	(void)state;
	struct rd_code_edit e = {0};
	unsigned first, n = rd_code_complete("b", &first);
	assert_true(n > 1);
	type(&e, "7-b\t");
	assert_non_null(strchr(seen, '\a'));
	type(&e, "\t");
	assert_non_null(strstr(seen, rd_code_list[first]));
	assert_non_null(strstr(seen, "\r\nCode: 7-"));
	/* No word begins so. */
	e = (struct rd_code_edit){0};
	type(&e, "7-qqqq\t");
	assert_string_equal(e.text, "7-qqqq");
	assert_non_null(strchr(seen, '\a'));
}

/* A relay's name is no word, however much it looks like one. */
static void
leaves_names_alone(void **state)
{
	(void)state;
	struct rd_code_edit e = {0};
	char begin[16], keys[64];
	least(500, begin);
	snprintf(keys, sizeof(keys), "my-%s-", begin);
	type(&e, keys);
	assert_string_equal(e.text, keys);
	e = (struct rd_code_edit){0};
	snprintf(keys, sizeof(keys), "my-%s", begin);
	type(&e, keys);
	type(&e, "\t");
	assert_string_equal(e.text, keys);
}

static void
takes_back(void **state)
{
	(void)state;
	struct rd_code_edit e = {0};
	type(&e, "7-qqa\x7f\b");
	assert_string_equal(e.text, "7-q");
	type(&e, "-rr\x17");
	assert_string_equal(e.text, "7-q-");
	type(&e, "\x15\x7f");
	assert_string_equal(e.text, "");
	type(&e, "1\x1b[A\x1bOP\x1b[15~2\xc3\xa4");
	assert_string_equal(e.text, "12");
}

static void
gives_up(void **state)
{
	(void)state;
	struct rd_code_edit e = {0};
	assert_int_equal(type(&e, "7-q\x03"), RD_CODE_GIVEN_UP);
	assert_string_equal(e.text, "");
	e = (struct rd_code_edit){0};
	assert_int_equal(type(&e, "\x04"), RD_CODE_GIVEN_UP);
}

static void
has_an_end(void **state)
{
	(void)state;
	struct rd_code_edit e = {0};
	for (int i = 0; i < 2 * RD_CODE_LINE; i++)
		type(&e, i % 2 ? "7" : "-");
	assert_int_equal(e.len, RD_CODE_LINE - 1);
	assert_int_equal(strlen(e.text), RD_CODE_LINE - 1);
	type(&e, "\t \t");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(completes_every_word),
		cmocka_unit_test(ends_after_four_words),
		cmocka_unit_test(shows_choices),
		cmocka_unit_test(leaves_names_alone),
		cmocka_unit_test(takes_back),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(has_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
