#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "rd-run/door.h"

static const char *
name_of(struct door *d, const char *name, const char *command)
{
	door_init(d, true, name, command, 4711);
	return d->name;
}

static void
is_the_commands_name_and_a_number(void **state)
{
	struct door d;
	(void)state;
	assert_string_equal(name_of(&d, NULL, "npm"), "npm-4711");
	assert_string_equal(name_of(&d, NULL, "/usr/bin/npm"), "npm-4711");
	assert_string_equal(name_of(&d, NULL, "./a b"), "a b-4711");
	assert_string_equal(name_of(&d, NULL, "dir/"), "-4711");
	assert_string_equal(name_of(&d, "ci", "npm"), "ci");
}

/* However long the command's name is, the number has room; characters stay whole. */
static void
is_cut_before_the_number(void **state)
{
	struct door d;
	(void)state;
	assert_string_equal(name_of(&d, NULL, "a-very-long-command-name"), "a-very-long-comm-4711");
	assert_string_equal(name_of(&d, NULL, "a-very-long-com\xc3\xa4"), "a-very-long-com-4711");
	assert_string_equal(name_of(&d, NULL, "ab\xff" "cd"), "ab-4711");
	assert_string_equal(name_of(&d, NULL, "                    "), "                -4711");
	char given[200];
	memset(given, 'x', sizeof(given) - 1);
	given[sizeof(given) - 1] = '\0';
	assert_int_equal(strlen(name_of(&d, given, "npm")), RD_CONTROL_NAME);
}

static char dir[] = "/tmp/rd-door.XXXXXX";

static void
bind_at(const char *file)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/rd/%s", dir, file);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
}

static int
is_there(const char *file)
{
	char path[256];
	struct stat st;
	snprintf(path, sizeof(path), "%s/rd/%s", dir, file);
	return lstat(path, &st) == 0;
}

static void
takes_away_its_own_alone(void **state)
{
	struct door d;
	char folder[64];
	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_RUNTIME_DIR", dir, 1);
	door_init(&d, true, "ci", "npm", 1);
	/* There is no folder yet. */
	door_sweep(&d, 99);
	snprintf(folder, sizeof(folder), "%s/rd", dir);
	assert_int_equal(mkdir(folder, 0700), 0);
	bind_at("ci.rd-record.99");
	bind_at(".ci.rd-record.99");
	bind_at("ci.rd-record.98");
	bind_at("other.rd-record.99");
	struct door none = d;
	none.wanted = false;
	door_sweep(&none, 99);
	door_sweep(&d, 0);
	assert_true(is_there("ci.rd-record.99"));
	door_sweep(&d, 99);
	assert_false(is_there("ci.rd-record.99"));
	assert_false(is_there(".ci.rd-record.99"));
	assert_true(is_there("ci.rd-record.98"));
	assert_true(is_there("other.rd-record.99"));
	door_sweep(&d, 98);
	door_init(&d, true, "other", "npm", 1);
	door_sweep(&d, 99);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_commands_name_and_a_number),
		cmocka_unit_test(is_cut_before_the_number),
		cmocka_unit_test(takes_away_its_own_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
