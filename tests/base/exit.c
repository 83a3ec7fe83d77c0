#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/exit.h"
#include "base/version.h"

static void
every_code_has_its_name(void **state)
{
	(void)state;
	/* For ever: a change here breaks scripts of users. */
	static const char *const names[] = {
		"ok", "failure", "usage", "cut-short", "foreign", "version", "no-display",
		"choose", "output", "command", "input", "unsupported", "memory", "timeout",
		"unreachable", "lost", "refused", "right", "expired", "host-key", "unknown-host",
		"password", "totp", "identity", "busy", "code", "code-burnt", "code-expired",
		"not-admitted", "join-key", "host-away", "draining", "relay", "relay-key",
		"no-direct", "relay-busy", "display", "recording", "window-manager", "keeper",
		"no-session", "several", "not-done", "not-answered", "config", "profile",
	};
	for (int i = 0; i <= RD_EXIT_PROFILE; i++)
		assert_string_equal(rd_exit_name(i), names[i]);
	assert_int_equal(RD_EXIT_PROFILE, 45);
	assert_null(rd_exit_name(RD_EXIT_PROFILE + 1));
	assert_null(rd_exit_name(-1));
	assert_null(rd_exit_name(130));
}

static void
the_version_names_its_commit(void **state)
{
	(void)state;
	unsigned major, minor, patch;
	char commit[64], rest;
	assert_int_equal(sscanf(rd_version, "%u.%u.%u (%60[^)]%c", &major, &minor, &patch, commit, &rest), 5);
	assert_int_equal(rest, ')');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_name),
		cmocka_unit_test(the_version_names_its_commit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
