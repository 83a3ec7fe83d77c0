#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "rd-run/place.h"

static int
make_below(struct place *p, const char *parent)
{
	p->dir = xasprintf("%s/rd-run.XXXXXX", parent);
	if (mkdtemp(p->dir))
		return 0;
	int err = -errno;
	free(p->dir);
	p->dir = NULL;
	return err;
}

/* Where the session keeps such things, else where everybody does. */
static int
make_dir(struct place *p)
{
	static const char *const names[] = {"XDG_RUNTIME_DIR", "TMPDIR"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *parent = getenv(names[i]);
		/* The command may run elsewhere: only a full path will do. */
		if (parent && parent[0] == '/' && make_below(p, parent) == 0)
			return 0;
	}
	return make_below(p, "/tmp");
}

int
place_make(struct place *p, const char **name)
{
	*p = (struct place){0};
	*name = "a folder of its own";
	int err = make_dir(p);
	if (err)
		return err;
	p->server = xasprintf("%s/server", p->dir);
	p->authority = xasprintf("%s/Xauthority", p->dir);
	p->mark = xasprintf("%s/mark", p->dir);
	p->manager = xasprintf("%s/manager", p->dir);
	*name = p->mark;
	return mkfifo(p->mark, 0600) < 0 ? -errno : 0;
}

int
place_write(const char *path, const void *data, unsigned long len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, data, len);
	int err = n == (ssize_t)len ? 0 : n < 0 ? -errno : -ENOSPC;
	if (close(fd) < 0 && !err)
		err = -errno;
	return err;
}

/* A folder, as it is called there and nowhere else; -1: it is none. */
static int
open_folder(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Calls it for each name in there; how often it was true. */
static unsigned
each(int folder, int to, bool (*does)(int folder, const char *name, int to))
{
	unsigned n = 0;
	DIR *dir = folder < 0 ? NULL : fdopendir(folder);
	struct dirent *e;
	if (!dir && folder >= 0)
		close(folder);
	while (dir && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			n += does(dirfd(dir), e->d_name, to);
	if (dir)
		closedir(dir);
	return n;
}

/* A file goes; a folder is moved up, under a name that is free. */
static bool
lift(int folder, const char *name, int top)
{
	static unsigned number;
	char free_name[24];
	if (unlinkat(folder, name, 0) == 0)
		return true;
	/* To be moved it has to be writable itself. */
	fchmodat(folder, name, 0700, AT_SYMLINK_NOFOLLOW);
	do
		snprintf(free_name, sizeof(free_name), ".%u", number++);
	while (renameat2(folder, name, top, free_name, RENAME_NOREPLACE) < 0 && errno == EEXIST);
	return false;
}

/* A file, or a folder that is emptied first. */
static bool
drop(int top, const char *name, int unused)
{
	(void)unused;
	if (unlinkat(top, name, 0) == 0)
		return true;
	fchmodat(top, name, 0700, AT_SYMLINK_NOFOLLOW);
	each(open_folder(top, name), top, lift);
	return unlinkat(top, name, AT_REMOVEDIR) == 0;
}

/*
 * Clients leave locks beside a cookie file, and the command what it likes. However
 * deep that is, it is taken apart from the top; no link is followed.
 */
static void
empty(const char *path)
{
	int top = open_folder(AT_FDCWD, path);
	while (top >= 0 && each(open_folder(top, "."), top, drop) > 0)
		;
	if (top >= 0)
		close(top);
}

void
place_remove(struct place *p)
{
	if (p->dir) {
		empty(p->dir);
		/* A link that has taken its place goes, not what it leads to. */
		if (rmdir(p->dir) < 0 && errno == ENOTDIR)
			unlink(p->dir);
	}
	free(p->dir);
	free(p->server);
	free(p->authority);
	free(p->mark);
	free(p->manager);
	*p = (struct place){0};
}
