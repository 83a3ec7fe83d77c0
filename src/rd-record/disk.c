#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/loop.h"
#include "rd-record/disk.h"

void
disk_init(struct disk *d, int fd, bool seekable)
{
	*d = (struct disk){.fd = fd, .seekable = seekable};
}

static void
keep_head(struct disk *d, const uint8_t *data, size_t len)
{
	if (d->at != d->head_len || d->head_len == DISK_HEAD)
		return;
	size_t n = DISK_HEAD - d->head_len < len ? DISK_HEAD - d->head_len : len;
	memcpy(d->head + d->head_len, data, n);
	d->head_len += n;
}

/*
 * Until the reader takes PIPE_BUF bytes: as long as that may last, but after a
 * signal that is to end us no longer than so.
 */
#define STALLED_S 3

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

static bool
told_to_end(void)
{
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		if (rd_signal_came(ending[i]))
			return true;
	return false;
}

/* Those signals come only while it sleeps: none is missed between the look and the wait. */
static int
wait_unblocked(int fd, const sigset_t *unblocked)
{
	static const struct timespec limit = {.tv_sec = STALLED_S};
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	for (;;) {
		bool hurried = told_to_end();
		int n = ppoll(&p, 1, hurried ? &limit : NULL, unblocked);
		if (n > 0)
			return 0;
		/* Who asks twice does not want to wait. */
		if (n == 0 || (errno == EINTR && hurried))
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

static int
wait_for_reader(int fd)
{
	sigset_t blocked, before;
	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(&blocked, ending[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	int err = wait_unblocked(fd, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

/* To a pipe so little that it is taken at once. */
static ssize_t
put(struct disk *d, const uint8_t *p, size_t len)
{
	if (d->seekable)
		return pwrite(d->fd, p, len, (off_t)d->at);
	int err = wait_for_reader(d->fd);
	if (!err)
		return write(d->fd, p, len < PIPE_BUF ? len : PIPE_BUF);
	errno = -err;
	return -1;
}

int
disk_write(struct disk *d, const void *data, size_t len)
{
	const uint8_t *p = data;
	if (d->error)
		return d->error;
	keep_head(d, data, len);
	while (len > 0) {
		ssize_t n = put(d, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			d->error = n < 0 ? -errno : -ENOSPC;
			return d->error;
		}
		p += n;
		len -= (size_t)n;
		d->at += (uint64_t)n;
		if (d->at > d->size)
			d->size = d->at;
	}
	return 0;
}

int
disk_patch(struct disk *d, uint64_t at, const void *data, size_t len)
{
	if (!d->seekable || at + len > d->size)
		return -EINVAL;
	ssize_t n = pwrite(d->fd, data, len, (off_t)at);
	return n < 0 ? -errno : (size_t)n < len ? -EIO : 0;
}

void
disk_drop(struct disk *d)
{
	int err = d->seekable ? ftruncate(d->fd, 0) : 0;
	(void)err;
}

void
disk_good(struct disk *d)
{
	if (!d->error)
		d->good = d->size;
}

int
disk_finish(struct disk *d)
{
	if (d->error && d->seekable && ftruncate(d->fd, (off_t)d->good) < 0)
		return d->error;
	/* EINVAL: a pipe or socket, of which nobody can be sure. */
	if (fsync(d->fd) < 0 && errno != EINVAL && errno != ENOTSUP && !d->error)
		d->error = -errno;
	return d->error;
}
