#ifndef RD_TOP_FETCH_H
#define RD_TOP_FETCH_H

#include <stddef.h>

#include "base/loop.h"

/*
 * A page by HTTP, again and again: evhttp, with a bound on size and time. The
 * name is looked up once, when it is opened, which may take a while.
 */
struct fetch;

#define FETCH_MAX (1024u * 1024u)	/* bytes of a page */

/* The page; or NULL and why there is none, a text that lasts until it returns. */
typedef void fetch_done(void *ctx, const char *text, size_t len, const char *why);

/*
 * `where`: http://HOST[:PORT][/PATH], or HOST[:PORT], of which the rest is
 * `port` and /metrics. 0; -EINVAL: that is none; -EHOSTUNREACH: no such host.
 * *why, to free, says it.
 */
int fetch_open(struct fetch **out, struct rd_loop *loop, const char *where, unsigned port,
	fetch_done *done, void *ctx, char **why);
/* Asks now, unless it is still asking. */
void fetch_start(struct fetch *f);
/* "http://127.0.0.1:9464/metrics" */
const char *fetch_url(const struct fetch *f);
void fetch_close(struct fetch *f);

#endif
