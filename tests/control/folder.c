#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/folder.h"

static void
names_come_back(void **state)
{
	(void)state;
	static const char *const names[] = {
		"office", "10.0.0.1:21118", "relay.example.org/7", ".hidden", "a b%c", "b\xc3\xbcro",
		"x.rd-view.12", "[::1]:5",
	};
	char file[RD_CONTROL_FILE], name[RD_CONTROL_NAME + 1], tool[RD_CONTROL_TOOL + 1];
	pid_t pid;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		rd_control_file_name(file, names[i], "rd-view", 4711);
		assert_null(strchr(file, '/'));
		assert_int_not_equal(file[0], '.');
		assert_true(rd_control_file_parse(file, name, tool, &pid));
		assert_string_equal(name, names[i]);
		assert_string_equal(tool, "rd-view");
		assert_int_equal(pid, 4711);
	}
}

static void
long_names_are_cut_between_characters(void **state)
{
	(void)state;
	char file[RD_CONTROL_FILE], name[RD_CONTROL_NAME + 1], tool[RD_CONTROL_TOOL + 1], text[400] = "";
	pid_t pid;
	for (int i = 0; i < 100; i++)
		strcat(text, i == 0 ? "x" : "\xe2\x82\xac");
	rd_control_file_name(file, text, "rd-record", 4194304);
	assert_true(rd_control_file_parse(file, name, tool, &pid));
	assert_true(strlen(name) > 50 && strlen(name) % 3 == 1);
	memset(text, '/', 300);
	text[300] = 0;
	rd_control_file_name(file, text, "a-very-long-tools-name", 4194304);
	assert_true(rd_control_file_parse(file, name, tool, &pid));
	assert_int_equal(pid, 4194304);
	assert_int_equal(strlen(name), RD_CONTROL_NAME / 3);
}

static void
other_files_are_none(void **state)
{
	(void)state;
	static const char *const others[] = {
		"", ".", "..", "office", "office.5", ".office.rd-view.5", "office.rd-view.", "office.rd-view.x",
		"office.rd-view.0", "office.rd-view.-1", "office.rd-view.99999999999", "office..5",
		".rd-view.5", "of%2.rd-view.5", "of%zz.rd-view.5", "of%00fice.rd-view.5", "office.rd-view.5 ",
	};
	char name[RD_CONTROL_NAME + 1], tool[RD_CONTROL_TOOL + 1];
	pid_t pid;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(rd_control_file_parse(others[i], name, tool, &pid));
}

/* $TMPDIR is the test's own folder. */
static char *
folder_in(const char *name)
{
	char *path;
	const char *tmp = getenv("TMPDIR");
	assert_true(asprintf(&path, "%s/%s", tmp ? tmp : "/tmp", name) > 0);
	mkdir(path, 0700);
	setenv("XDG_RUNTIME_DIR", path, 1);
	return path;
}

static void
ours_alone_or_not_at_all(void **state)
{
	(void)state;
	struct rd_control_folder f;
	char *why, *path = folder_in("run-of-folder"), inside[512];
	snprintf(inside, sizeof(inside), "%s/rd", path);
	assert_int_equal(rd_control_folder_open(&f, false, &why), -ENOENT);
	assert_int_equal(rd_control_folder_open(&f, true, &why), 0);
	rd_control_folder_close(&f);
	assert_int_equal(chmod(inside, 0750), 0);
	assert_int_equal(rd_control_folder_open(&f, true, &why), -EPERM);
	assert_non_null(strstr(why, "chmod 700"));
	free(why);
	if (geteuid() == 0) {
		assert_int_equal(chmod(inside, 0700) | chown(inside, 65534, 65534), 0);
		assert_int_equal(rd_control_folder_open(&f, true, &why), -EPERM);
		assert_non_null(strstr(why, "another user"));
		free(why);
	}
	assert_int_equal(rmdir(inside), 0);
	assert_int_equal(symlink("/tmp", inside), 0);
	assert_true(rd_control_folder_open(&f, true, &why) < 0);
	assert_non_null(strstr(why, "symbolic link"));
	free(why);
	assert_int_equal(unlink(inside), 0);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rd_control_folder_open(&f, true, &why), -ENOENT);
	free(why);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_back),
		cmocka_unit_test(long_names_are_cut_between_characters),
		cmocka_unit_test(other_files_are_none),
		cmocka_unit_test(ours_alone_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
