#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/link_priv.h"

/* What a pipe should hold, bytes: Linux's default for /proc/sys/fs/pipe-max-size. */
#define PIPE_SIZE (1 << 20)

static int
open_socket(struct link_port *p)
{
	int type = 0, domain = 0, one = 1;
	socklen_t len = sizeof(int);

	if (getsockopt(p->fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
		return -errno;
	if (type != SOCK_STREAM)
		return -EPROTOTYPE;
	if (getsockopt(p->fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0)
		return -errno;
	p->kind = LINK_SOCKET;
	p->local = domain == AF_UNIX;
	if (domain == AF_INET || domain == AF_INET6)
		setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return 0;
}

static short
poll_now(const struct link_port *p, short events)
{
	struct pollfd pfd = {.fd = p->fd, .events = events};

	return poll(&pfd, 1, 0) > 0 ? pfd.revents : 0;
}

/*
 * Our own open file description of the same pipe, so that O_NONBLOCK is ours
 * alone. Fails without /proc, for the pipe of another user, and (ENXIO) for a
 * pipe whose last reader is gone; then we do with what we have.
 */
static void
open_pipe(struct link_port *p, int mode)
{
	char path[32];

	p->kind = LINK_STREAM;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->fd);
	int fd = open(path, mode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return;
	/*
	 * A fifo opened after its last writer has left does not tell of its end:
	 * Linux waits for another writer. The one we were given does, and without
	 * a writer reading it cannot block.
	 */
	if (mode == O_RDONLY && poll_now(p, 0) & POLLHUP) {
		close(fd);
		return;
	}
	p->fd = fd;
	p->ours = true;
	fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
}

static int
port_open(struct link_port *p, int fd, int mode, enum link_kind other)
{
	struct stat st;

	*p = (struct link_port){.fd = fd, .watch.fd = -1};
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISSOCK(st.st_mode))
		return open_socket(p);
	if (S_ISFIFO(st.st_mode))
		open_pipe(p, mode);
	else
		p->kind = S_ISCHR(st.st_mode) ? other : LINK_FILE;
	return 0;
}

int
link_port_open_in(struct link_port *p, int fd)
{
	return port_open(p, fd, O_RDONLY, LINK_STREAM);
}

int
link_port_open_out(struct link_port *p, int fd)
{
	return port_open(p, fd, O_WRONLY, LINK_FILE);
}

int
link_port_watch(struct link_port *p, struct rd_loop *loop,
	void (*ready)(void *ctx, unsigned events), void *ctx)
{
	if (p->fd < 0 || p->kind == LINK_FILE)
		return 0;
	int err = rd_fd_open(&p->watch, loop, p->fd, ready, ctx);
	if (err != -EPERM)
		return err;
	p->kind = LINK_FILE;
	return 0;
}

void
link_port_close(struct link_port *p)
{
	rd_fd_close(&p->watch);
	if (p->ours)
		close(p->fd);
	p->fd = -1;
	p->ours = false;
}

/* However a peer went away, to us it is gone. */
static ssize_t
port_error(int error)
{
	switch (error) {
	case EWOULDBLOCK:
		return -EAGAIN;
	case ECONNRESET:
	case ENOTCONN:
	case ESHUTDOWN:
		return -EPIPE;
	default:
		return -error;
	}
}

static void
take_fds(struct msghdr *h, struct link_fds *fds)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (fds->n < LINK_FDS)
				fds->fd[fds->n++] = fd;
			else
				close(fd);
		}
	}
}

static ssize_t
socket_read(struct link_port *p, struct iovec *iov, int n, struct link_fds *fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(LINK_FDS * sizeof(int))];
	} control;
	struct msghdr h = {
		.msg_iov = iov,
		.msg_iovlen = (size_t)n,
		.msg_control = p->local ? control.bytes : NULL,
		.msg_controllen = p->local ? sizeof(control.bytes) : 0,
	};

	ssize_t got = recvmsg(p->fd, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (got < 0)
		return -errno;
	take_fds(&h, fds);
	return got;
}

ssize_t
link_port_read(struct link_port *p, struct iovec *iov, int n, struct link_fds *fds)
{
	ssize_t got;

	do {
		if (p->kind == LINK_SOCKET) {
			got = socket_read(p, iov, n, fds);
			continue;
		}
		if (p->kind == LINK_STREAM && !p->ours && !poll_now(p, POLLIN))
			return -EAGAIN;
		got = readv(p->fd, iov, n);
		if (got < 0)
			got = -errno;
	} while (got == -EINTR);
	return got < 0 ? port_error((int)-got) : got;
}

static ssize_t
socket_write(struct link_port *p, struct iovec *iov, int n, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr h = {.msg_iov = iov, .msg_iovlen = (size_t)n};

	if (fd >= 0 && p->local) {
		memset(&control, 0, sizeof(control));
		h.msg_control = control.bytes;
		h.msg_controllen = sizeof(control.bytes);
		struct cmsghdr *c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	ssize_t put = sendmsg(p->fd, &h, MSG_DONTWAIT | MSG_NOSIGNAL);
	return put < 0 ? -errno : put;
}

/*
 * A pipe that others may share and that therefore blocks: where poll says
 * "writable" at least PIPE_BUF bytes go in at once (POSIX, and pipe(7)).
 */
static ssize_t
shared_pipe_write(struct link_port *p, struct iovec *iov, int n)
{
	size_t sum = 0;
	int i;

	if (!poll_now(p, POLLOUT))
		return -EAGAIN;
	for (i = 0; i < n && sum < PIPE_BUF; i++) {
		if (iov[i].iov_len > PIPE_BUF - sum)
			iov[i].iov_len = PIPE_BUF - sum;
		sum += iov[i].iov_len;
	}
	ssize_t put = writev(p->fd, iov, i);
	return put < 0 ? -errno : put;
}

/* A file has no queue: wait for it, as everybody does. */
static ssize_t
file_write(struct link_port *p, struct iovec *iov, int n)
{
	ssize_t put = writev(p->fd, iov, n);

	if (put < 0 && errno == EAGAIN) { /* a terminal that somebody made non-blocking */
		struct pollfd pfd = {.fd = p->fd, .events = POLLOUT};
		poll(&pfd, 1, -1);
		return -EINTR;
	}
	return put < 0 ? -errno : put;
}

ssize_t
link_port_write(struct link_port *p, struct iovec *iov, int n, int fd)
{
	ssize_t put;

	do {
		if (p->kind == LINK_SOCKET)
			put = socket_write(p, iov, n, fd);
		else if (p->kind == LINK_FILE)
			put = file_write(p, iov, n);
		else if (!p->ours)
			put = shared_pipe_write(p, iov, n);
		else
			put = (put = writev(p->fd, iov, n)) < 0 ? -errno : put;
	} while (put == -EINTR);
	return put < 0 ? port_error((int)-put) : put;
}

bool
link_port_gone(const struct link_port *p)
{
	return p->fd >= 0 && p->kind != LINK_FILE && poll_now(p, 0) & (POLLERR | POLLHUP);
}

/* What was put into a pipe and is not there any more has been read. */
bool
link_port_read_of(const struct link_port *p, uint64_t put)
{
	int left = 0;

	return p->kind == LINK_STREAM && ioctl(p->fd, FIONREAD, &left) == 0 &&
		(uint64_t)left < put;
}

void
link_port_shut(struct link_port *p)
{
	if (p->fd >= 0 && p->kind == LINK_SOCKET)
		shutdown(p->fd, SHUT_WR);
	link_port_close(p);
}
