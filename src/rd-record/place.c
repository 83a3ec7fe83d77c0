#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "look/stdout.h"
#include "rd-record/place.h"

/* More names than that are not looked through for a free one. */
#define NUMBERS 100000

static const char *
ending(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	return dot ? dot : path + strlen(path);
}

static int
open_standard(struct place *p)
{
	p->standard = true;
	p->webm = true;
	if (p->numbered) {
		rd_error("standard output is one file: splits and --last need a name");
		return RD_EXIT_USAGE;
	}
	if (!isatty(STDOUT_FILENO))
		return rd_stdout_check();
	rd_error("standard output is a terminal, not a file: redirect it, or name one");
	return RD_EXIT_USAGE;
}

static int
judge_name(struct place *p)
{
	const char *end = ending(p->path);
	p->webm = strcasecmp(end, ".webm") == 0;
	if (p->webm || strcasecmp(end, ".mkv") == 0)
		return 0;
	rd_error("%s: which format? the name has to end in .webm or .mkv", p->path);
	return RD_EXIT_USAGE;
}

int
place_open(struct place *p, const char *path, bool numbered, bool overwrite)
{
	*p = (struct place){.path = path, .dir_fd = -1, .numbered = numbered,
		.overwrite = overwrite};
	if (strcmp(path, "-") == 0)
		return open_standard(p);
	int code = judge_name(p);
	if (code)
		return code;
	p->dir = rd_folder_of(path);
	p->dir_fd = open(p->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dir_fd >= 0)
		return 0;
	rd_error("%s: %s", p->dir, strerror(errno));
	return RD_EXIT_OUTPUT;
}

void
place_close(struct place *p)
{
	if (p->dir_fd >= 0)
		close(p->dir_fd);
	p->dir_fd = -1;
	free(p->dir);
	p->dir = NULL;
}

static char *
name_of(const struct place *p)
{
	const char *end = ending(p->path);
	if (!p->numbered)
		return xstrdup(p->path);
	return xasprintf("%.*s-%03u%s", (int)(end - p->path), p->path, p->next, end);
}

/* In the folder, by a descriptor: the folder may be renamed meanwhile. */
static const char *
base_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	return slash ? slash + 1 : name;
}

/*
 * A file that is there: only a plain one is replaced, never what a link names; an empty
 * one of ours without being asked, because nothing is lost. Another's would give him the film.
 */
static int
replace(const struct place *p, const char *base)
{
	struct stat st;
	int fd = openat(p->dir_fd, base, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return errno == ELOOP || errno == ENXIO ? -EEXIST : -errno;
	int err = fstat(fd, &st) < 0 ? -errno : 0;
	bool unused = !err && st.st_size == 0 && st.st_uid == geteuid();
	if (!err && (!S_ISREG(st.st_mode) || !(unused || p->overwrite)))
		err = -EEXIST;
	if (!err && ftruncate(fd, 0) < 0)
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

static int
make(const struct place *p, const char *base)
{
	int fd = openat(p->dir_fd, base, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0 || errno != EEXIST)
		return fd < 0 ? -errno : fd;
	return replace(p, base);
}

int
place_next(struct place *p, char **name)
{
	if (p->standard) {
		*name = xstrdup("standard output");
		return STDOUT_FILENO;
	}
	for (;;) {
		*name = name_of(p);
		int fd = make(p, base_of(*name));
		p->next++;
		if (fd != -EEXIST || !p->numbered || !p->skip || p->next >= NUMBERS)
			return fd;
		free(*name);
	}
}

void
place_remove(struct place *p, const char *name)
{
	if (!p->standard)
		unlinkat(p->dir_fd, base_of(name), 0);
}

bool
place_taken(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

void
place_sweep(const char *path)
{
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0 && st.st_uid == geteuid())
		unlink(path);
}

void
place_sync(const struct place *p)
{
	if (!p->standard)
		fsync(p->dir_fd);
}
