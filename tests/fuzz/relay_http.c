#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd-relay/http.h"

/* Heads of requests; a head that is whole stays what it is, whatever follows it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct http_head h, again;
	int err = http_parse(&h, (const char *)data, len);
	if (err != 0 && err != -EAGAIN && err != -EPROTO && err != -EMSGSIZE)
		abort();
	if (err)
		return 0;
	if (h.len > len || h.len > HTTP_HEAD_MAX || h.path[0] != '/' ||
			!memchr(h.path, 0, sizeof(h.path)))
		abort();
	if (http_parse(&again, (const char *)data, h.len) != 0 || again.upgrade != h.upgrade ||
			strcmp(again.path, h.path) != 0)
		abort();
	return 0;
}
