#ifndef TESTS_NET_FOLDER_H
#define TESTS_NET_FOLDER_H

/*
 * A directory of the test's own, its files, and what is in them. Include after
 * cmocka. A group's set-up is folder_setup, its teardown folder_teardown.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[256];

static inline int
folder_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");
	(void)state;
	snprintf(folder, sizeof(folder), "%.200s/rd-test.XXXXXX", tmp ? tmp : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static inline void
folder_empty(void)
{
	DIR *d = opendir(folder);
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
}

static inline int
folder_teardown(void **state)
{
	(void)state;
	folder_empty();
	return rmdir(folder);
}

/* folder/name, in memory that lasts until the fourth call after this one. */
static inline const char *
folder_path(const char *name)
{
	static char paths[4][512];
	static unsigned next;
	char *p = paths[next++ % 4];
	snprintf(p, sizeof(paths[0]), "%s/%s", folder, name);
	return p;
}

static inline void
folder_write(const char *name, mode_t mode, const char *text)
{
	FILE *f = fopen(folder_path(name), "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(folder_path(name), mode), 0);
}

/* What is in it; in memory that lasts until the next call. */
static inline const char *
folder_read(const char *name)
{
	static char text[1 << 16];
	FILE *f = fopen(folder_path(name), "r");
	assert_non_null(f);
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static inline mode_t
folder_mode(const char *name)
{
	struct stat st;
	assert_int_equal(stat(folder_path(name), &st), 0);
	return st.st_mode & 07777;
}

/* Files that are neither "." nor ".." nor the lock. */
static inline unsigned
folder_count(void)
{
	unsigned n = 0;
	DIR *d = opendir(folder);
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0
			&& strcmp(e->d_name, ".lock") != 0;
	closedir(d);
	return n;
}

#endif
