#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rd-run/bus.h"

static void
says(const char *path, const char *wanted)
{
	char *address = bus_address(path);
	assert_string_equal(address, wanted);
	free(address);
}

static void
test_escaped(void **state)
{
	(void)state;
	says("/run/user/1000/rd-run.a_B9/bus", "unix:path=/run/user/1000/rd-run.a_B9/bus");
	says("/a b,c;d=e%f\xc3\xa9", "unix:path=/a%20b%2cc%3bd%3de%25f%c3%a9");
	says("", "unix:path=");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escaped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
