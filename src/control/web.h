#ifndef RD_CONTROL_WEB_H
#define RD_CONTROL_WEB_H

#include "base/bytes.h"
#include "base/loop.h"

/*
 * Pages for whoever watches over a program, by HTTP: a few connections at a time,
 * each with one question and five seconds. Where there are too many, the one that
 * has been there longest gives way. While nobody asks, nothing runs.
 */
struct rd_web;

#define RD_WEB_MAX 16

/*
 * The listening socket is borrowed. `page` writes a body and returns its status,
 * 200 or another; or RD_WEB_LATER: whoever asked waits until rd_web_again, when
 * `page` is called anew. NULL and errno.
 */
#define RD_WEB_LATER 0
struct rd_web *rd_web_open(struct rd_loop *loop, int fd,
	int (*page)(void *ctx, const char *path, struct rd_buf *body), void *ctx);
void rd_web_again(struct rd_web *w);
void rd_web_close(struct rd_web *w);

#endif
