#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "control/web_request.h"

/* Heads of requests; a head that is whole stays what it is, whatever follows it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_web_request q, again;
	struct rd_http_head h;
	int err = rd_web_request_parse(&q, data, len);
	if (err != 0 && err != -EAGAIN && err != -EPROTO)
		abort();
	if (err)
		return 0;
	ssize_t n = rd_http_head(&h, data, len);
	if (n <= 0 || (size_t)n > len || n > RD_HTTP_HEAD_MAX || q.path[0] != '/' ||
			!memchr(q.path, 0, sizeof(q.path)))
		abort();
	if (rd_web_request_parse(&again, data, (size_t)n) != 0 || again.method != q.method ||
			strcmp(again.path, q.path) != 0)
		abort();
	return 0;
}
