#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net/tunnel_upgrade.h"

/*
 * Both heads at the beginning of a tunnel, as a whole and cut: a head is found
 * when its last byte has come and not before, and is then the same head.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
request(const uint8_t *data, size_t size)
{
	struct rd_upgrade_request r, cut;
	ssize_t n = rd_upgrade_request_parse(&r, data, size);
	if (n > (ssize_t)size || n > RD_HTTP_HEAD_MAX || (n < 0 && n != -EAGAIN && n != -EPROTO))
		abort();
	if (n < 0)
		return;
	if (strnlen(r.host, sizeof(r.host)) == sizeof(r.host) || r.status == 0)
		abort();
	if (rd_upgrade_request_parse(&cut, data, (size_t)n) != n || cut.status != r.status ||
			strcmp(cut.host, r.host) != 0)
		abort();
	if (rd_upgrade_request_parse(&cut, data, (size_t)n - 1) >= 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int status;
	request(data, size);
	ssize_t n = rd_upgrade_answer_parse(&status, data, size);
	if (n > (ssize_t)size || n > RD_HTTP_HEAD_MAX || (n > 0 && status != 101))
		abort();
	return 0;
}
