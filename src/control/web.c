#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/pause.h"
#include "control/web.h"
#include "control/web_request.h"

#define PATIENCE_NS (5 * RD_NS_PER_S)
#define SWEEP_NS (RD_NS_PER_S / 2)

struct conn {
	struct rd_web *web;
	struct rd_fd watch;
	int fd;			/* -1: free */
	uint64_t deadline_ns;
	size_t len, sent;
	struct rd_web_request waits;	/* for its page … */
	bool waiting;
	uint8_t head[RD_HTTP_HEAD_MAX];
	struct rd_buf answer;
};

struct rd_web {
	struct rd_loop *loop;
	struct rd_fd door;
	int door_fd;
	int (*page)(void *ctx, const char *path, struct rd_buf *body);
	void *ctx;
	struct rd_pause pause;
	struct rd_timer sweep;	/* runs while somebody is there */
	struct conn conn[RD_WEB_MAX];
};

static void
hang_up(struct conn *c)
{
	rd_fd_close(&c->watch);
	close(c->fd);
	c->fd = -1;
	rd_buf_finish(&c->answer);
}

/* --- one question --- */

static void
write_answer(struct conn *c)
{
	while (c->sent < c->answer.len) {
		ssize_t n = send(c->fd, c->answer.data + c->sent, c->answer.len - c->sent,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN) {
			rd_fd_want(&c->watch, RD_WRITE);
			return;
		}
		if (n <= 0) {
			hang_up(c);
			return;
		}
		c->sent += (size_t)n;
	}
	/* What the other still says would make the kernel take our last words back. */
	shutdown(c->fd, SHUT_WR);
	rd_fd_want(&c->watch, RD_READ);
	c->len = 0;
}

static const char *
words_of(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 503:
		return "Service Unavailable";
	default:
		return "Bad Request";
	}
}

static void
answer(struct conn *c, const struct rd_web_request *q, int err)
{
	struct rd_buf body = {0};
	char head[256];
	int status = err ? 400 : 405;
	if (!err && q->method != RD_WEB_OTHER)
		status = c->web->page(c->web->ctx, q->path, &body);
	c->waiting = status == RD_WEB_LATER;
	if (c->waiting) {
		c->waits = *q;
		/* It may have closed its direction already. */
		rd_fd_want(&c->watch, 0);
		return;
	}
	if (status != 200 && body.len == 0)
		rd_buf_bytes(&body, words_of(status), strlen(words_of(status)));
	int n = snprintf(head, sizeof(head), "HTTP/1.1 %d %s\r\n"
		"Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n", status, words_of(status), body.len);
	rd_buf_bytes(&c->answer, head, (size_t)n);
	if (err || q->method != RD_WEB_HEAD)
		rd_buf_bytes(&c->answer, body.data, body.len);
	rd_buf_finish(&body);
	write_answer(c);
}

void
rd_web_again(struct rd_web *w)
{
	for (struct conn *c = w->conn; c < w->conn + RD_WEB_MAX; c++)
		if (c->fd >= 0 && c->waiting) {
			struct rd_web_request q = c->waits;
			answer(c, &q, 0);
		}
}

static void
on_ready(void *ctx, unsigned events)
{
	struct conn *c = ctx;
	struct rd_web_request q;
	if (c->answer.len && (events & RD_WRITE)) {
		write_answer(c);
		return;
	}
	ssize_t n = recv(c->fd, c->head + c->len, sizeof(c->head) - c->len, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		hang_up(c);
		return;
	}
	if (c->answer.len)
		return;
	c->len += (size_t)n;
	int err = rd_web_request_parse(&q, c->head, c->len);
	if (err != -EAGAIN)
		answer(c, &q, err);
}

/* --- who comes and goes --- */

static struct conn *
free_place(struct rd_web *w)
{
	struct conn *oldest = w->conn;
	for (struct conn *c = w->conn; c < w->conn + RD_WEB_MAX; c++) {
		if (c->fd < 0)
			return c;
		if (c->deadline_ns < oldest->deadline_ns)
			oldest = c;
	}
	hang_up(oldest);
	return oldest;
}

static void
take_in(struct rd_web *w, int fd)
{
	struct conn *c = free_place(w);
	c->web = w;
	c->fd = fd;
	c->len = c->sent = 0;
	c->waiting = false;
	c->deadline_ns = rd_clock_ns() + PATIENCE_NS;
	if (rd_fd_open(&c->watch, w->loop, fd, on_ready, c) != 0)
		hang_up(c);
	else
		rd_fd_want(&c->watch, RD_READ);
}

static void
on_door(void *ctx, unsigned events)
{
	struct rd_web *w = ctx;
	(void)events;
	int fd = accept4(w->door_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		take_in(w, fd);
	else if (rd_pause_begin(&w->pause, errno, "connections for metrics", rd_clock_ns()))
		rd_fd_want(&w->door, 0);
	if (!w->sweep.set)
		rd_timer_set(&w->sweep, SWEEP_NS);
}

static void
on_sweep(void *ctx)
{
	struct rd_web *w = ctx;
	uint64_t now = rd_clock_ns();
	bool anybody = false;
	for (struct conn *c = w->conn; c < w->conn + RD_WEB_MAX; c++) {
		if (c->fd >= 0 && now >= c->deadline_ns)
			hang_up(c);
		anybody |= c->fd >= 0;
	}
	if (rd_pause_over(&w->pause, now))
		rd_fd_want(&w->door, RD_READ);
	if (anybody || w->pause.since_ns)
		rd_timer_set(&w->sweep, SWEEP_NS);
}

/* --- opening and closing --- */

struct rd_web *
rd_web_open(struct rd_loop *loop, int fd,
	int (*page)(void *ctx, const char *path, struct rd_buf *body), void *ctx)
{
	struct rd_web *w = xcalloc(1, sizeof(*w));
	w->loop = loop;
	w->door_fd = fd;
	w->page = page;
	w->ctx = ctx;
	for (struct conn *c = w->conn; c < w->conn + RD_WEB_MAX; c++)
		c->fd = -1;
	int err = rd_fd_open(&w->door, loop, fd, on_door, w);
	if (err) {
		free(w);
		errno = -err;
		return NULL;
	}
	rd_fd_want(&w->door, RD_READ);
	rd_timer_open(&w->sweep, loop, on_sweep, w);
	return w;
}

void
rd_web_close(struct rd_web *w)
{
	if (!w)
		return;
	for (struct conn *c = w->conn; c < w->conn + RD_WEB_MAX; c++)
		if (c->fd >= 0)
			hang_up(c);
	rd_timer_close(&w->sweep);
	rd_fd_close(&w->door);
	free(w);
}
