/* Codes as they are given: with a relay's name before them or not, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "rd-recv/code.h"

static struct rd_code code;
static char *relay, why[256];

static int
take(const char *text)
{
	struct options o = {.by_code = true, .code = (char *)text, .code_fd = -1};
	free(relay);
	relay = NULL;
	return code_take(&code, &relay, &o, why, sizeof(why));
}

static int
take_fd(const char *bytes)
{
	struct options o = {.by_code = true, .code = (char[]){""}};
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	close(fds[1]);
	o.code_fd = fds[0];
	free(relay);
	relay = NULL;
	int got = code_take(&code, &relay, &o, why, sizeof(why));
	close(fds[0]);
	return got;
}

static void
takes_both_forms(void **state)
{
	char text[RD_CODE_TEXT];
	(void)state;
	assert_int_equal(take("7-orbit-cactus-lamp-river"), 0);
	assert_null(relay);
	assert_int_equal(code.slot, 7);
	assert_string_equal(rd_code_text(&code, text), "7-orbit-cactus-lamp-river");
	assert_int_equal(take("Relay.Example.org:21120/12 Orbit cac LAMP riv"), 0);
	assert_string_equal(relay, "relay.example.org");
	assert_string_equal(rd_code_text(&code, text), "12-orbit-cactus-lamp-river");
	assert_int_equal(take("[2001:db8::1]:443/7-orbit-cactus-lamp-river"), 0);
	assert_string_equal(relay, "[2001:db8::1]:443");
	assert_int_equal(take_fd("relay/7-orbit-cactus-lamp-river\nmore"), 0);
	assert_string_equal(relay, "relay");
	assert_int_equal(take_fd("7-orbit-cactus-lamp-river"), 0);
	assert_null(relay);
}

static void
tells_what_is_none(void **state)
{
	static const char *const none[] = {
		"7-orbit-cactus-lamp", "7-orbit-cactus-lamp-xyzzy", "orbit-cactus-lamp-river", "7",
		"relay/7", "a b/7-orbit-cactus-lamp-river", "/7-orbit-cactus-lamp-river",
		"99999999999-orbit-cactus-lamp-river", "7-orbit-cactus-lamp-river-oak",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		why[0] = '\0';
		assert_int_equal(take(none[i]), RD_EXIT_CODE);
		assert_true(strlen(why) > 10);
		assert_null(relay);
		assert_int_equal(take_fd(none[i]), RD_EXIT_CODE);
		assert_null(relay);
	}
	assert_int_equal(take_fd(""), RD_EXIT_CODE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_both_forms),
		cmocka_unit_test(tells_what_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
