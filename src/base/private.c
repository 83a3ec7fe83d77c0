#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/private.h"

#define LINKS_MAX 16	/* followed one after the other; more is a loop */

static mode_t
forbidden(enum rd_private how)
{
	return how == RD_PRIVATE_SECRET ? 077 : 022;
}

/* Why a file of that state is not to be trusted: 0 or a negative errno. */
static int
judge(const struct stat *st, enum rd_private how)
{
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (!S_ISREG(st->st_mode))
		return -EINVAL;
	if (st->st_uid != geteuid() && !(how == RD_PRIVATE_TRUSTED && st->st_uid == 0))
		return -EPERM;
	return st->st_mode & forbidden(how) ? -EPERM : 0;
}

/* Up to `size` bytes: how many, or a negative errno. */
static ssize_t
read_whole(int fd, char *out, size_t size)
{
	size_t got = 0;
	while (got < size) {
		ssize_t n = read(fd, out + got, size - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

int
rd_private_read(const char *path, enum rd_private how, char **text, size_t *len)
{
	struct stat st;
	/* A FIFO in its place must not make us wait. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	char *data = NULL;
	size_t size = 0;
	ssize_t n = 0;
	int err = fstat(fd, &st) < 0 ? -errno : judge(&st, how);
	if (!err && st.st_size > (off_t)RD_PRIVATE_MAX)
		err = -EFBIG;
	if (err)
		goto out;
	size = (size_t)st.st_size;
	data = xcalloc(1, size + 1);
	n = read_whole(fd, data, size);
	if (n < 0) {
		err = (int)n;
		rd_private_free(data, size);
		goto out;
	}
	*text = data;
	*len = (size_t)n;
out:
	close(fd);
	return err;
}

void
rd_private_free(char *text, size_t len)
{
	if (!text)
		return;
	explicit_bzero(text, len);
	free(text);
}

/* What a chain of symbolic links names in the end, there or not; NULL with errno. */
static char *
follow(const char *path)
{
	char *at = xstrdup(path);
	for (int i = 0; i < LINKS_MAX; i++) {
		char to[PATH_MAX];
		ssize_t n = readlink(at, to, sizeof(to) - 1);
		if (n < 0)
			return at; /* no link, or nothing there; opening it says what else */
		to[n] = '\0';
		char *folder = rd_folder_of(at);
		char *next = to[0] == '/' ? xstrdup(to) : xasprintf("%s/%s", folder, to);
		free(folder);
		free(at);
		at = next;
	}
	free(at);
	errno = ELOOP;
	return NULL;
}

/* The mode a file is to have: that of the one it replaces, without what is forbidden. */
static int
mode_for(const char *path, enum rd_private how, bool replace, mode_t *mode)
{
	struct stat st;
	*mode = 0600;
	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!replace)
		return -EEXIST;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (st.st_uid != geteuid())
		return -EPERM;
	*mode = ((st.st_mode & 0666) | 0600) & ~forbidden(how);
	return 0;
}

static int
write_whole(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Not every file system can; then the rename lasts as soon as it does. */
static void
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

static int
write_beside(const char *path, mode_t mode, const void *data, size_t len)
{
	char *folder = rd_folder_of(path);
	char *tmp = xasprintf("%s/.new.XXXXXX", folder);
	int err = 0;
	int fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		goto out;
	}
	if (fchmod(fd, mode) < 0)
		err = -errno;
	if (!err)
		err = write_whole(fd, data, len);
	if (!err && fsync(fd) < 0)
		err = -errno;
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && rename(tmp, path) < 0)
		err = -errno;
	if (err)
		unlink(tmp);
	else
		sync_folder(folder);
out:
	free(tmp);
	free(folder);
	return err;
}

int
rd_private_write(const char *path, enum rd_private how, const void *data, size_t len,
	bool replace)
{
	mode_t mode;
	char *real = follow(path);
	if (!real)
		return -errno;
	int err = mode_for(real, how, replace, &mode);
	if (!err)
		err = write_beside(real, mode, data, len);
	free(real);
	return err;
}

int
rd_private_lock(const char *path)
{
	char *real = follow(path);
	if (!real)
		return -errno;
	char *folder = rd_folder_of(real);
	char *name = xasprintf("%s/.lock", folder);
	int fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		fd = -errno;
	free(name);
	free(folder);
	free(real);
	if (fd < 0)
		return fd;
	while (flock(fd, LOCK_EX) < 0) {
		if (errno == EINTR)
			continue;
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int
rd_private_change_begin(struct rd_private_change *c, const char *path, enum rd_private how)
{
	*c = (struct rd_private_change){.path = path, .how = how, .lock = rd_private_lock(path)};
	if (c->lock < 0)
		return c->lock;
	int err = rd_private_read(path, how, &c->text, &c->len);
	if (err == -ENOENT) {
		c->text = xstrdup("");
		err = 0;
	}
	return err;
}

int
rd_private_change_write(const struct rd_private_change *c, const void *data, size_t len)
{
	return len > RD_PRIVATE_MAX ? -EFBIG : rd_private_write(c->path, c->how, data, len, true);
}

void
rd_private_change_end(struct rd_private_change *c)
{
	rd_private_free(c->text, c->len);
	if (c->lock >= 0)
		close(c->lock);
}

/* What -EPERM meant, by the file's state. */
static char *
why_not_trusted(const char *path, const char *shown)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return xasprintf("%s: %s", shown, strerror(errno));
	if (st.st_uid != geteuid())
		return xasprintf("%s: it belongs to another user", shown);
	if (st.st_mode & 022)
		return xasprintf("%s: other users may write it; chmod go-w %s", shown, shown);
	return xasprintf("%s: other users may read it; chmod 600 %s", shown, shown);
}

char *
rd_private_why(const char *path, int err)
{
	char *shown = rd_log_escape(path, strlen(path), PATH_MAX);
	char *why;
	if (err == -EPERM)
		why = why_not_trusted(path, shown);
	else if (err == -EBADMSG)
		why = xasprintf("%s: it is damaged, or of another kind", shown);
	else if (err == -EFBIG)
		why = xasprintf("%s: larger than %u bytes", shown, RD_PRIVATE_MAX);
	else if (err == -EINVAL)
		why = xasprintf("%s: not an ordinary file", shown);
	else
		why = xasprintf("%s: %s", shown, strerror(-err));
	free(shown);
	return why;
}
