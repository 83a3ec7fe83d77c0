#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "control/member.h"
#include "control/metrics_text.h"
#include "control/sweep.h"

struct rd_member_page {
	int fd;
	struct rd_fd watch;
	const struct rd_control_subject *subject;
	struct rd_buf out;
	size_t sent;
};

int
rd_member_join(const struct rd_control_folder *f, const char *tool)
{
	char name[RD_CONTROL_NAME + 1], theirs[RD_CONTROL_TOOL + 1], line[RD_CONTROL_TOOL + 16];
	const char *file = getenv("RD_TEAM");
	pid_t pid;
	if (!file || !rd_control_file_parse(file, name, theirs, &pid))
		return -1;
	int fd = rd_control_connect(f, file);
	if (fd < 0)
		return -1;
	int n = snprintf(line, sizeof(line), "join %s\n", tool);
	if (send(fd, line, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) == n)
		return fd;
	close(fd);
	return -1;
}

static void
flush(struct rd_member_page *p)
{
	while (p->sent < p->out.len) {
		ssize_t n = send(p->fd, p->out.data + p->sent, p->out.len - p->sent,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN) {
			rd_fd_want(&p->watch, RD_WRITE);
			return;
		}
		if (n <= 0) {
			rd_fd_close(&p->watch);
			return;
		}
		p->sent += (size_t)n;
	}
	rd_buf_reset(&p->out);
	p->sent = 0;
	rd_fd_want(&p->watch, RD_READ);
}

/* It asks again only when it has been answered. */
static void
on_asked(void *ctx, unsigned events)
{
	struct rd_member_page *p = ctx;
	char line[64];
	if (events & RD_WRITE) {
		flush(p);
		return;
	}
	ssize_t n = recv(p->fd, line, sizeof(line), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		rd_fd_close(&p->watch);
		return;
	}
	if (line[n - 1] != '\n')
		return;
	rd_metrics_text(&p->out, p->subject);
	rd_buf_u8(&p->out, '\n');
	flush(p);
}

struct rd_member_page *
rd_member_page_open(struct rd_loop *loop, int fd, const struct rd_control_subject *s)
{
	struct rd_member_page *p = xcalloc(1, sizeof(*p));
	p->fd = fd;
	p->subject = s;
	if (rd_fd_open(&p->watch, loop, fd, on_asked, p) == 0)
		rd_fd_want(&p->watch, RD_READ);
	return p;
}

void
rd_member_page_close(struct rd_member_page *p)
{
	if (!p)
		return;
	rd_fd_close(&p->watch);
	rd_buf_finish(&p->out);
	free(p);
}
