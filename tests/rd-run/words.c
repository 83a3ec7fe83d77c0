#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rd-run/words.h"

static void
are_parted_by_spaces(void **state)
{
	(void)state;
	struct words w = {0};
	words_split(&w, NULL);
	assert_int_equal(w.count, 0);
	words_add(&w, "Xvfb", "a b", NULL);
	words_split(&w, "  -dpi 192\t-x ");
	assert_int_equal(w.count, 5);
	assert_string_equal(w.word[1], "a b");
	assert_string_equal(w.word[2], "-dpi");
	assert_string_equal(w.word[4], "-x");
	assert_null(w.word[5]);
	words_finish(&w);
	assert_null(w.word);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_parted_by_spaces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
