#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

/* Clients leave locks beside a cookie file. There are no folders in it. */
static void
empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	while (dir && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
}

void
place_remove(struct place *p)
{
	if (p->dir) {
		empty(p->dir);
		rmdir(p->dir);
	}
	free(p->dir);
	free(p->server);
	free(p->authority);
	free(p->mark);
	free(p->manager);
	*p = (struct place){0};
}
