#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/event.h"
#include "base/ipc.h"
#include "control/server_priv.h"

static void
on_feed(void *ctx, unsigned events)
{
	struct rd_control *c = ctx;
	char line[RD_IPC_MAX];
	(void)events;
	int fd, n = rd_ipc_recv(c->feed_fd, line, sizeof(line), &fd, 0);
	if (fd >= 0)
		close(fd);
	if (n == 0 || (n < 0 && n != -EAGAIN && n != -EMSGSIZE))
		rd_fd_want(&c->feed, 0);
	else if (n > 0 && line[n - 1] == '\n')
		rd_control_say(c, line, (size_t)n);
}

int
rd_control_feed_pair(int fds[static 2])
{
	return rd_ipc_pair(fds);
}

static void
feed(void *ctx, const char *line, size_t len)
{
	/* What has no room is not waited for. */
	ssize_t n = send((int)(intptr_t)ctx, line, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)n;
}

void
rd_control_feed_from(int fd)
{
	rd_event_listen(feed, (void *)(intptr_t)fd);
}

void
rd_control_feed_to(struct rd_control *c, int fd)
{
	if (!c || rd_fd_open(&c->feed, c->loop, fd, on_feed, c) != 0)
		return;
	c->feed_fd = fd;
	rd_fd_want(&c->feed, RD_READ);
}
