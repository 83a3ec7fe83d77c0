#ifndef RD_RELAY_WEB_H
#define RD_RELAY_WEB_H

#include "base/bytes.h"
#include "base/loop.h"
#include "net/addr.h"
#include "rd-relay/http.h"
#include "rd-relay/pause.h"

/*
 * Two pages for whoever watches over the relay, by HTTP: /metrics and /health. A
 * few connections at a time, each with one question and five seconds.
 */
#define WEB_MAX 16

struct web_conn {
	struct web *web;
	struct rd_fd watch;
	int fd;			/* 0: free */
	uint64_t deadline_ns;
	size_t len, sent;
	uint8_t head[RD_HTTP_HEAD_MAX];
	struct rd_buf answer;
};

struct web {
	struct rd_loop *loop;
	struct rd_fd watch;
	/* The body; its status, 200 or another. */
	int (*page)(void *ctx, const char *path, struct rd_buf *body);
	void *ctx;
	struct pause pause;
	struct web_conn conn[WEB_MAX];
};

/* Takes the listening socket. */
int web_open(struct web *w, struct rd_loop *loop, int fd,
	int (*page)(void *ctx, const char *path, struct rd_buf *body), void *ctx);
void web_close(struct web *w);
void web_tick(struct web *w, uint64_t now_ns);

#endif
