#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/relay_msg.h"

/* What an end and a relay say: written again it is read the same, and no longer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_relay_msg m, back;
	struct rd_buf b = {0}, c = {0};

	if (rd_relay_msg_parse(&m, data, size))
		return 0;
	rd_relay_msg_pack(&b, &m);
	if (b.len > size || b.len > RD_RELAY_MSG_MAX)
		abort();
	if (rd_relay_msg_parse(&back, b.data, b.len))
		abort();
	rd_relay_msg_pack(&c, &back);
	if (c.len != b.len || memcmp(c.data, b.data, b.len) != 0)
		abort();
	rd_buf_finish(&b);
	rd_buf_finish(&c);
	return 0;
}
