#include <errno.h>
#include <string.h>

#include "control/web_request.h"

static int
take_path(struct rd_web_request *q, struct rd_http_text target)
{
	const char *query = memchr(target.p, '?', target.len);
	size_t len = query ? (size_t)(query - target.p) : target.len;
	if (len == 0 || target.p[0] != '/')
		return -EPROTO;
	size_t n = len < sizeof(q->path) ? len : sizeof(q->path) - 1;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)target.p[i] <= ' ' || (unsigned char)target.p[i] >= 0x7f)
			return -EPROTO;
		q->path[i] = target.p[i];
	}
	q->path[n] = '\0';
	return 0;
}

static bool
has_body(struct rd_http_text name, struct rd_http_text value)
{
	return rd_http_is(name, "Transfer-Encoding") ||
		(rd_http_is(name, "Content-Length") && !rd_http_is(value, "0"));
}

int
rd_web_request_parse(struct rd_web_request *q, const uint8_t *data, size_t len)
{
	struct rd_http_head h;
	struct rd_http_text method, target, name, value;
	int got;
	*q = (struct rd_web_request){0};
	ssize_t n = rd_http_head(&h, data, len);
	if (n < 0)
		return (int)n;
	if (rd_http_request(h.first, &method, &target) < 0 || take_path(q, target) != 0)
		return -EPROTO;
	q->method = rd_http_is(method, "GET") ? RD_WEB_GET
		: rd_http_is(method, "HEAD") ? RD_WEB_HEAD : RD_WEB_OTHER;
	while ((got = rd_http_field(&h, &name, &value)) > 0)
		if (has_body(name, value))
			return -EPROTO;
	return got;
}
