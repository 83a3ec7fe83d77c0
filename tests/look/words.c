#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "look/words.h"

static const char page[] =
	"level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
	"1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t\n"
	"5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.06\tSign\n"
	"5\t1\t1\t1\t1\t2\t45\t21\t12\t11\t91.5\tin\n"
	"5\t1\t1\t1\t1\t3\t60\t20\t40\t12\t90\tplease,\n"
	"4\t1\t1\t1\t2\t0\t10\t40\t90\t12\t-1\t\n"
	"5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t80\tUser\n"
	"5\t1\t1\t1\t2\t2\t50\t40\t30\t12\t80\tna\xc3\xafme\n";

static bool
find(const char *phrase, int x, int y, int w, int h)
{
	struct rd_rect at = {0};
	bool found = rd_words_find(page, strlen(page), phrase, &at);
	if (found)
		assert_true(at.x == x && at.y == y && at.w == w && at.h == h);
	return found;
}

static void
finds_phrases_in_a_line(void **state)
{
	(void)state;
	assert_true(find("Sign in", 10, 20, 47, 12));
	assert_true(find("  sign \t IN ", 10, 20, 47, 12));
	assert_true(find("sign", 10, 20, 30, 12));
	assert_true(find("n please", 45, 20, 55, 12));
	assert_true(find("na\xc3\xafme", 50, 40, 30, 12));
	assert_false(find("please, user", 0, 0, 0, 0));
	assert_false(find("signin", 0, 0, 0, 0));
	assert_false(find("text", 0, 0, 0, 0));
	assert_false(find("", 0, 0, 0, 0));
}

/* Cut anywhere it is read, and nothing that is not there is found. */
static void
reads_what_is_cut(void **state)
{
	(void)state;
	struct rd_rect at;
	for (size_t n = 0; n < sizeof(page); n++) {
		char copy[sizeof(page)];
		memcpy(copy, page, n);
		bool found = rd_words_find(copy, n, "user na", &at);
		assert_true(!found || n > strlen(page) - 6);
	}
	static const char many[] = "5\t1\t1\t1\t1\t1\t99999\t20\t30\t12\t96\tSign\n5\t1\t1\n\n\t\t\t\t\t\t\t\t\t\t\t\tx\n";
	assert_false(rd_words_find(many, strlen(many), "sign", &at));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_phrases_in_a_line),
		cmocka_unit_test(reads_what_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
