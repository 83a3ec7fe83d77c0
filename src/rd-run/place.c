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

/* For services that are announced while it runs; it does not take that away. */
static char *
litter_of_bus(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *path = runtime && runtime[0] == '/' ? xasprintf("%s/dbus-1", runtime) : NULL;
	if (path && access(path, F_OK) == 0) {
		free(path);
		path = NULL;
	}
	return path;
}

/* Unless somebody has put something in it. */
static void
remove_litter(const char *path)
{
	char *services = xasprintf("%s/services", path);
	rmdir(services);
	rmdir(path);
	free(services);
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
	p->bus = xasprintf("%s/bus", p->dir);
	p->litter = litter_of_bus();
	p->sink = xasprintf("rd_run_%ld", (long)getpid());
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

/* A folder, as it is called there and nowhere else; NULL: it is none. */
static DIR *
open_folder(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder && fd >= 0)
		close(fd);
	return folder;
}

/* Calls it for each name in there; how often it was true. */
static unsigned
each(DIR *folder, int to, bool (*does)(int folder, const char *name, int to))
{
	unsigned n = 0;
	struct dirent *e;
	while (folder && (e = readdir(folder)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			n += does(dirfd(folder), e->d_name, to);
	return n;
}

/* So that it can be emptied and moved; where that fails, so will they. */
static void
unlock(int folder, const char *name)
{
	int err = fchmodat(folder, name, 0700, AT_SYMLINK_NOFOLLOW);
	(void)err;
}

/* A file goes; a folder is moved up, under a name that is free. */
static bool
lift(int folder, const char *name, int top)
{
	static unsigned number;
	char free_name[24];
	if (unlinkat(folder, name, 0) == 0)
		return true;
	unlock(folder, name);
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
	unlock(top, name);
	DIR *folder = open_folder(top, name);
	each(folder, top, lift);
	if (folder)
		closedir(folder);
	return unlinkat(top, name, AT_REMOVEDIR) == 0;
}

/*
 * Clients leave locks beside a cookie file, and the command what it likes. However
 * deep that is, it is taken apart from the top; no link is followed. Of files alone
 * it takes one descriptor: there may be no more.
 */
static void
empty(const char *path)
{
	DIR *top = open_folder(AT_FDCWD, path);
	while (top && each(top, dirfd(top), drop) > 0)
		rewinddir(top);
	if (top)
		closedir(top);
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
	free(p->bus);
	if (p->litter)
		remove_litter(p->litter);
	free(p->litter);
	free(p->sink);
	*p = (struct place){0};
}
