#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/confine.h"
#include "base/log.h"

static char top[300];
static int ours = -1, other = -1;

/* Where there is no Landlock the folder could be any, so that nothing is allowed. */
static bool
has_landlock(void)
{
	return syscall(444, NULL, 0, 1u) > 0;
}

static int
folder(const char *name)
{
	char path[400];
	snprintf(path, sizeof(path), "%s/%s", top, name);
	assert_int_equal(mkdir(path, 0700), 0);
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir > 0);
	close(openat(dir, "file", O_CREAT | O_WRONLY, 0600));
	close(openat(dir, "second", O_CREAT | O_WRONLY, 0600));
	return dir;
}

static int
begin(void **state)
{
	const char *tmp = getenv("TMPDIR");
	(void)state;
	rd_log_open("test");
	snprintf(top, sizeof(top), "%.200s/rd-confine.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(top))
		return -1;
	ours = folder("ours");
	other = folder("other");
	return 0;
}

static int
end(void **state)
{
	char path[400];
	(void)state;
	for (int i = 0; i < 2; i++) {
		unlinkat(i ? ours : other, "file", 0);
		unlinkat(i ? ours : other, "second", 0);
		close(i ? ours : other);
		snprintf(path, sizeof(path), "%s/%s", top, i ? "ours" : "other");
		rmdir(path);
	}
	return rmdir(top);
}

/* In the confined process: the number of what went otherwise; 0: nothing did. */
static int
tries(bool may)
{
	char path[400];
	snprintf(path, sizeof(path), "%s/other/file", top);
	if (unlinkat(other, "file", 0) == 0)
		return 1;
	if (unlinkat(ours, "../other/file", 0) == 0 || unlinkat(ours, path, 0) == 0 || unlink(path) == 0)
		return 2;
	if (openat(ours, "new", O_CREAT | O_WRONLY, 0600) >= 0)
		return 3;
	if (renameat(ours, "second", ours, "third") == 0 || linkat(ours, "second", ours, "third", 0) == 0)
		return 4;
	if (openat(ours, "second", O_WRONLY) >= 0)
		return 5;
	if ((unlinkat(ours, "file", 0) == 0) != may)
		return 6;
	return 0;
}

static void
goes_as_it_should(enum rd_confine_kind kind, int dir, bool may)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		rd_confine(&(struct rd_confine_rules){.kind = kind, .remove_dir = dir});
		_exit(tries(may));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
output_removes_files_of_that_folder_alone(void **state)
{
	(void)state;
	goes_as_it_should(RD_CONFINE_OUTPUT, ours, has_landlock());
}

static void
output_removes_nothing_without_one(void **state)
{
	(void)state;
	goes_as_it_should(RD_CONFINE_OUTPUT, 0, false);
	goes_as_it_should(RD_CONFINE_OUTPUT, -1, false);
}

static void
window_removes_files_of_that_folder_alone(void **state)
{
	(void)state;
	if (!has_landlock())
		skip();
	goes_as_it_should(RD_CONFINE_WINDOW, ours, true);
}

static void
window_removes_nothing_without_one(void **state)
{
	(void)state;
	if (!has_landlock())
		skip();
	goes_as_it_should(RD_CONFINE_WINDOW, -1, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(output_removes_files_of_that_folder_alone, begin, end),
		cmocka_unit_test_setup_teardown(output_removes_nothing_without_one, begin, end),
		cmocka_unit_test_setup_teardown(window_removes_files_of_that_folder_alone, begin, end),
		cmocka_unit_test_setup_teardown(window_removes_nothing_without_one, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
