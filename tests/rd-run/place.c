#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "rd-run/place.h"

static char outside[] = "/tmp/rd-place.XXXXXX";

static char *
below(const char *dir, const char *name)
{
	static char path[4][512];
	static int next;
	char *p = path[next++ % 4];
	snprintf(p, sizeof(path[0]), "%s/%s", dir, name);
	return p;
}

static void
put(const char *path)
{
	assert_int_equal(place_write(path, "x", 1), 0);
}

static bool
is_there(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

static int
begin(void **state)
{
	static struct place p;
	const char *name;
	*state = &p;
	strcpy(outside + strlen(outside) - 6, "XXXXXX");
	if (!mkdtemp(outside) || setenv("XDG_RUNTIME_DIR", outside, 1) != 0)
		return -1;
	return place_make(&p, &name);
}

/* All of it is gone, and so nothing keeps the folder around it. */
static int
end(void **state)
{
	place_remove(*state);
	if (rmdir(outside) == 0)
		return 0;
	print_error("left behind in %s: %s\n", outside, strerror(errno));
	return -1;
}

/* What the command makes of it is its own affair: it goes. */
static void
folders_go(void **state)
{
	struct place *p = *state;
	assert_int_equal(unlink(p->mark), 0);
	assert_int_equal(mkdir(p->mark, 0700), 0);
	assert_int_equal(mkdir(below(p->mark, "deep"), 0700), 0);
	put(below(p->mark, "deep/file"));
	put(below(p->mark, ".hidden"));
	assert_int_equal(chmod(below(p->mark, "deep"), 0500), 0);
	char *dir = strdup(p->dir);
	place_remove(p);
	assert_false(is_there(dir));
	free(dir);
}

/* Deeper than descriptors would reach if each folder kept one open. */
static void
deep_ones_go(void **state)
{
	struct place *p = *state;
	const struct rlimit few = {32, 32};
	int dir = open(p->dir, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(mkdirat(dir, "d", 0700), 0);
		int next = openat(dir, "d", O_RDONLY | O_DIRECTORY);
		close(dir);
		dir = next;
	}
	close(dir);
	char *name = strdup(p->dir);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	place_remove(p);
	assert_false(is_there(name));
	free(name);
}

/* What a link leads to is somebody else's. */
static void
links_are_not_followed(void **state)
{
	struct place *p = *state;
	char *kept = strdup(below(outside, "kept"));
	assert_int_equal(mkdir(kept, 0700), 0);
	put(below(kept, "file"));
	assert_int_equal(unlink(p->mark), 0);
	assert_int_equal(symlink(kept, p->mark), 0);
	place_remove(p);
	assert_true(is_there(below(kept, "file")));
	unlink(below(kept, "file"));
	rmdir(kept);
	free(kept);
}

/* Not even where the folder itself has become one. */
static void
nor_is_the_folder(void **state)
{
	struct place *p = *state;
	char *kept = strdup(below(outside, "kept")), *dir = strdup(p->dir);
	assert_int_equal(rename(p->dir, kept), 0);
	assert_int_equal(symlink(kept, dir), 0);
	put(below(kept, "file"));
	place_remove(p);
	assert_true(is_there(below(kept, "file")));
	assert_false(is_there(dir));
	unlink(below(kept, "file"));
	unlink(below(kept, "mark"));
	rmdir(kept);
	free(kept);
	free(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(folders_go, begin, end),
		cmocka_unit_test_setup_teardown(deep_ones_go, begin, end),
		cmocka_unit_test_setup_teardown(links_are_not_followed, begin, end),
		cmocka_unit_test_setup_teardown(nor_is_the_folder, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
