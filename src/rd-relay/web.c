#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "rd-relay/web.h"

#define PATIENCE_NS (5 * RD_NS_PER_S)

static void
hang_up(struct web_conn *c)
{
	rd_fd_close(&c->watch);
	close(c->fd);
	c->fd = 0;
	rd_buf_finish(&c->answer);
}

static void
write_answer(struct web_conn *c)
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
answer(struct web_conn *c, const struct http_request *q, int err)
{
	struct rd_buf body = {0};
	char head[256];
	int status = err ? 400 : 405;
	if (!err && q->method != HTTP_OTHER)
		status = c->web->page(c->web->ctx, q->path, &body);
	if (status != 200 && body.len == 0)
		rd_buf_bytes(&body, words_of(status), strlen(words_of(status)));
	int n = snprintf(head, sizeof(head), "HTTP/1.1 %d %s\r\n"
		"Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n", status, words_of(status), body.len);
	rd_buf_bytes(&c->answer, head, (size_t)n);
	if (err || q->method != HTTP_HEAD)
		rd_buf_bytes(&c->answer, body.data, body.len);
	rd_buf_finish(&body);
	write_answer(c);
}

static void
on_ready(void *ctx, unsigned events)
{
	struct web_conn *c = ctx;
	struct http_request q;
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
	int err = http_parse(&q, c->head, c->len);
	if (err != -EAGAIN)
		answer(c, &q, err);
}

static void
on_listener(void *ctx, unsigned events)
{
	struct web *w = ctx;
	(void)events;
	int fd = accept4(w->watch.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		if (pause_begin(&w->pause, errno, "connections for metrics", rd_clock_ns()))
			rd_fd_want(&w->watch, 0);
		return;
	}
	struct web_conn *c = w->conn;
	while (c < w->conn + WEB_MAX && c->fd)
		c++;
	if (c == w->conn + WEB_MAX) {
		close(fd);
		return;
	}
	c->web = w;
	c->fd = fd;
	c->len = c->sent = 0;
	c->deadline_ns = rd_clock_ns() + PATIENCE_NS;
	if (rd_fd_open(&c->watch, w->loop, fd, on_ready, c) != 0)
		hang_up(c);
	else
		rd_fd_want(&c->watch, RD_READ);
}

int
web_open(struct web *w, struct rd_loop *loop, int fd,
	int (*page)(void *ctx, const char *path, struct rd_buf *body), void *ctx)
{
	w->loop = loop;
	w->page = page;
	w->ctx = ctx;
	int err = rd_fd_open(&w->watch, loop, fd, on_listener, w);
	if (!err)
		rd_fd_want(&w->watch, RD_READ);
	return err;
}

void
web_close(struct web *w)
{
	for (unsigned i = 0; i < WEB_MAX; i++)
		if (w->conn[i].fd)
			hang_up(&w->conn[i]);
	if (w->watch.ev) {
		int fd = w->watch.fd;
		rd_fd_close(&w->watch);
		close(fd);
	}
}

void
web_tick(struct web *w, uint64_t now_ns)
{
	for (unsigned i = 0; i < WEB_MAX; i++)
		if (w->conn[i].fd && now_ns >= w->conn[i].deadline_ns)
			hang_up(&w->conn[i]);
	if (pause_over(&w->pause, now_ns))
		rd_fd_want(&w->watch, RD_READ);
}
