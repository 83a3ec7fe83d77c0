#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/folder.h"

static void
is_of(const char *path, const char *expected)
{
	char *folder = rd_folder_of(path);
	assert_string_equal(folder, expected);
	free(folder);
}

static void
each_name_is_in_one(void **state)
{
	(void)state;
	is_of("a/b", "a");
	is_of("a/b/c", "a/b");
	is_of("/a/b", "/a");
	is_of("b", ".");
	is_of("/b", "/");
	is_of("./b", ".");
	is_of("a/", "a");
	is_of("", ".");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_is_in_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
