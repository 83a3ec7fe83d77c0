#ifndef RD_RELAY_HTTP_H
#define RD_RELAY_HTTP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The head of an HTTP/1.1 request (RFC 9112), as much as two uses take: to be
 * asked for a page, and to become something else (Upgrade, RFC 9110 section
 * 7.8). Pure. No body is taken: a request that announces one is refused.
 */
#define HTTP_HEAD_MAX 4096

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_OTHER };

struct http_head {
	enum http_method method;
	char path[128];		/* without its query */
	bool upgrade;		/* to rd/1: both Upgrade and Connection say so */
	size_t len;		/* of the head, with its empty line */
};

/* 0; -EAGAIN: its end is not there yet; -EPROTO: no such request; -EMSGSIZE: it is too long. */
int http_parse(struct http_head *h, const char *data, size_t len);

#endif
