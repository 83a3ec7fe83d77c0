#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "rd-record/lines.h"
#include "wire/msg.h"

/* In one turn of the loop at most so many times. */
#define TURN_READS 16

/* The caller's text as it may stand in a file and on a terminal. */
static void
give(struct line_reader *r, void (*line)(void *ctx, const char *text, size_t len), void *ctx)
{
	char clean[LINES_MAX + 1];
	size_t len = r->len;
	r->len = 0;
	while (len > 0 && strchr(" \t\r", r->text[len - 1]))
		len--;
	rd_msg_text(clean, sizeof(clean), (const uint8_t *)r->text, len);
	if (clean[0])
		line(ctx, clean, strlen(clean));
}

void
line_reader_add(struct line_reader *r, const char *data, size_t len,
	void (*line)(void *ctx, const char *text, size_t len), void *ctx)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n')
			give(r, line, ctx);
		else if (r->len < LINES_MAX)
			r->text[r->len++] = data[i] == '\t' ? ' ' : data[i];
	}
}

void
line_reader_end(struct line_reader *r,
	void (*line)(void *ctx, const char *text, size_t len), void *ctx)
{
	if (r->len)
		give(r, line, ctx);
}

static bool
is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0' && strlen(text) < 7;
}

/* Read and written by us, a FIFO has no end when one who wrote to it leaves. */
static int
open_fifo(struct lines *l, const char *option, const char *path)
{
	struct stat st;
	l->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (l->fd < 0 || fstat(l->fd, &st) < 0) {
		rd_error("%s %s: %s%s", option, path, strerror(errno),
			errno == ENOENT ? ": make it with mkfifo" : "");
		return RD_EXIT_INPUT;
	}
	l->ours = true;
	if (S_ISFIFO(st.st_mode))
		return 0;
	rd_error("%s %s is no FIFO: make one with mkfifo, or give the number of a descriptor",
		option, path);
	return RD_EXIT_USAGE;
}

int
lines_open(struct lines *l, const char *option, const char *where)
{
	struct stat st;
	*l = (struct lines){.fd = -1};
	if (!where)
		return 0;
	if (!is_number(where))
		return open_fifo(l, option, where);
	l->fd = atoi(where);
	if (fstat(l->fd, &st) < 0) {
		rd_error("%s %s: no such descriptor is open", option, where);
		l->fd = -1;
		return RD_EXIT_USAGE;
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	rd_error("%s %s: a file's lines have no times: a pipe or FIFO is needed", option, where);
	return RD_EXIT_USAGE;
}

/* The descriptor may be shared: it is asked first, not made non-blocking. */
static bool
readable(const struct lines *l)
{
	struct pollfd p = {.fd = l->fd, .events = POLLIN};
	return poll(&p, 1, 0) > 0 && p.revents & (POLLIN | POLLHUP);
}

static void
end(struct lines *l)
{
	l->over = true;
	line_reader_end(&l->reader, l->line, l->ctx);
	rd_fd_close(&l->watch);
}

/* Whether there may be more. */
static bool
read_some(struct lines *l)
{
	char data[4096];
	if (l->over || !readable(l))
		return false;
	ssize_t n = read(l->fd, data, sizeof(data));
	if (n > 0) {
		line_reader_add(&l->reader, data, (size_t)n, l->line, l->ctx);
		return true;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		end(l);
	return false;
}

static void
on_ready(void *ctx, unsigned events)
{
	(void)events;
	for (int i = 0; i < TURN_READS && read_some(ctx); i++)
		;
}

void
lines_start(struct lines *l, struct rd_loop *loop,
	void (*line)(void *ctx, const char *text, size_t len), void *ctx)
{
	if (l->fd < 0)
		return;
	l->line = line;
	l->ctx = ctx;
	int err = rd_fd_open(&l->watch, loop, l->fd, on_ready, l);
	if (err == 0)
		rd_fd_want(&l->watch, RD_READ);
	else
		l->over = true;
}

void
lines_drain(struct lines *l)
{
	if (l->fd >= 0 && l->line)
		on_ready(l, RD_READ);
}

void
lines_close(struct lines *l)
{
	rd_fd_close(&l->watch);
	if (l->ours)
		close(l->fd);
	l->fd = -1;
}
