#ifndef RD_RELAY_HTTP_H
#define RD_RELAY_HTTP_H

#include <stddef.h>
#include <stdint.h>

#include "net/http.h"

/*
 * A request for a page. Pure. No body is taken: a request that announces one is
 * refused.
 */
enum http_method { HTTP_GET, HTTP_HEAD, HTTP_OTHER };

struct http_request {
	enum http_method method;
	char path[128];		/* without its query; cut, if it is longer than any of ours */
};

/* 0; -EAGAIN: its end is not there yet; -EPROTO: no such request, or longer than RD_HTTP_HEAD_MAX. */
int http_parse(struct http_request *q, const uint8_t *data, size_t len);

#endif
