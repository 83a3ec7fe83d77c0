#include <stdlib.h>
#include <string.h>

#include "wire/msg_input.h"

/* One whole message of class INPUT: what can be read is written the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_input in;
	struct rd_buf b = {0};

	if (len < RD_MSG_HEADER_SIZE || rd_msg_parse_header(&m, data))
		return 0;
	data += RD_MSG_HEADER_SIZE;
	len -= RD_MSG_HEADER_SIZE;
	if (rd_input_parse(&in, m.type, data, len))
		return 0;
	if (rd_input_pack(&b, &in) != m.type || b.len != len || memcmp(b.data, data, len) != 0)
		abort();
	rd_buf_finish(&b);
	return 0;
}
