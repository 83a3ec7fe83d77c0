#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "desktop/x11_knock.h"

/* X Window System Protocol, version 11, chapter 8: connection setup. */
enum { SETUP_FAILED = 0, SETUP_SUCCESS = 1 };

static int
connect_to(const struct sockaddr_un *sa, socklen_t len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	struct timeval second = {.tv_sec = 1};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	if (connect(fd, (const struct sockaddr *)sa, len) < 0) {
		int err = errno == EAGAIN ? -ETIMEDOUT : -errno;
		close(fd);
		return err;
	}
	return fd;
}

/* The socket in the file system, else the abstract one of the same name. */
static int
connect_display(const char *directory, int display)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int n = snprintf(sa.sun_path, sizeof(sa.sun_path), "%s/X%d", directory, display);
	if (n < 0 || (size_t)n >= sizeof(sa.sun_path) - 1)
		return -ENAMETOOLONG;
	int fd = connect_to(&sa, sizeof(sa));
	if (fd >= 0)
		return fd;
	memmove(sa.sun_path + 1, sa.sun_path, (size_t)n + 1);
	sa.sun_path[0] = '\0';
	int abstract = connect_to(&sa, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n));
	return abstract >= 0 ? abstract : fd;
}

/* A cookie shown to somebody else's server is a cookie given away. */
static bool
is_ours(int fd, uid_t uid)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	return peer.uid == uid || peer.uid == 0;
}

static void
pad4(struct rd_buf *b)
{
	while (b->len % 4)
		rd_buf_u8(b, 0);
}

static int
send_setup(int fd, const struct rd_xauth_cookie *cookie)
{
	struct rd_buf b = {0};
	size_t name = cookie ? strlen(RD_XAUTH_COOKIE) : 0, data = cookie ? cookie->len : 0;
	rd_buf_u8(&b, 'l'); /* little endian */
	rd_buf_u8(&b, 0);
	rd_buf_u16(&b, 11);
	rd_buf_u16(&b, 0);
	rd_buf_u16(&b, (uint16_t)name);
	rd_buf_u16(&b, (uint16_t)data);
	rd_buf_u16(&b, 0);
	rd_buf_bytes(&b, RD_XAUTH_COOKIE, name);
	pad4(&b);
	if (cookie)
		rd_buf_bytes(&b, cookie->data, data);
	pad4(&b);
	ssize_t n = send(fd, b.data, b.len, MSG_NOSIGNAL);
	int err = n == (ssize_t)b.len ? 0 : n < 0 && errno != EAGAIN ? -errno : -ETIMEDOUT;
	rd_buf_finish(&b);
	return err;
}

/* Reads exactly n bytes. Who was stopped meanwhile and goes on asks again: see signal(7). */
static int
receive(int fd, uint8_t *out, size_t n)
{
	ssize_t got;
	do
		got = recv(fd, out, n, MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	if (got == (ssize_t)n)
		return 0;
	if (got < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return -ECONNRESET;
}

static int
read_answer(int fd, char reason[static 128])
{
	uint8_t head[8], text[256];
	int err = receive(fd, head, sizeof(head));
	if (err)
		return err;
	if (head[0] == SETUP_SUCCESS)
		return 0;
	size_t len = head[0] == SETUP_FAILED ? head[1] : 0;
	if (len > 0 && receive(fd, text, len) == 0) {
		while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\0'))
			len--;
		char *escaped = rd_log_escape(text, len, 127);
		snprintf(reason, 128, "%.127s", escaped);
		free(escaped);
	}
	return -EACCES;
}

int
rd_x11_knock(const struct rd_x11_knock *k, char reason[static 128])
{
	reason[0] = '\0';
	int fd = connect_display(k->directory, k->display);
	if (fd < 0)
		return fd;
	int err = k->anyone || is_ours(fd, k->uid) ? 0 : -EPERM;
	if (!err)
		err = send_setup(fd, k->cookie);
	if (!err)
		err = read_answer(fd, reason);
	close(fd);
	return err;
}
