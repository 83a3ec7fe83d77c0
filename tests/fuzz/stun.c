#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/stun.h"

/* STUN from anybody. What is taken is written in our words and read the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_stun s, back;
	uint8_t out[RD_STUN_MAX];

	if (rd_stun_parse(&s, data, size))
		return 0;
	if (!rd_stun_is(data, size))
		abort();
	size_t len = rd_stun_put(out, &s);
	if (len > RD_STUN_MAX || rd_stun_parse(&back, out, len) != 0)
		abort();
	if (back.kind != s.kind || memcmp(back.id, s.id, sizeof(s.id)) != 0 ||
		back.error != s.error || !rd_addr_equal(&back.mapped, &s.mapped))
		abort();
	return 0;
}
