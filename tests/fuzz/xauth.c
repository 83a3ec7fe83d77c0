#include <stdint.h>
#include <stdlib.h>

#include "desktop/xauth.h"

/* An Xauthority file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_xauth_cookie c;
	size_t offset = 0, last = 0;
	while (rd_xauth_next(data, len, &offset, &c)) {
		if (offset <= last || offset > len || c.len == 0 || c.len > RD_XAUTH_MAX || c.display < -1)
			abort();
		last = offset;
	}
	if (offset != len)
		abort();
	return 0;
}
