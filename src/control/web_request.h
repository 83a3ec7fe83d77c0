#ifndef RD_CONTROL_WEB_REQUEST_H
#define RD_CONTROL_WEB_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/http.h"

/*
 * A request for a page (web.h). Pure. No body is taken: a request that announces one is
 * refused.
 */
enum rd_web_method { RD_WEB_GET, RD_WEB_HEAD, RD_WEB_OTHER };

struct rd_web_request {
	enum rd_web_method method;
	char path[128];		/* without its query; cut, if it is longer than any of ours */
};

/* 0; -EAGAIN: its end is not there yet; -EPROTO: no such request, or longer than RD_HTTP_HEAD_MAX. */
int rd_web_request_parse(struct rd_web_request *q, const uint8_t *data, size_t len);

#endif
