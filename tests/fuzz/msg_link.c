#include "wire/msg_link.h"

/* One whole message of class LINK, or the name of a place in a buffer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_hello hello;
	struct rd_end_msg end;
	struct rd_buffer_msg buffer;
	struct rd_shared_ref ref;
	uint32_t id;

	if (len < RD_MSG_HEADER_SIZE || rd_msg_parse_header(&m, data))
		return 0;
	data += RD_MSG_HEADER_SIZE;
	len -= RD_MSG_HEADER_SIZE;
	switch (m.type) {
	case RD_MSG_HELLO:
		rd_hello_parse(&hello, data, len);
		break;
	case RD_MSG_END:
		rd_end_parse(&end, data, len);
		break;
	case RD_MSG_BUFFER:
		rd_buffer_parse(&buffer, data, len);
		break;
	case RD_MSG_RELEASE:
		rd_release_parse(&id, data, len);
		break;
	default:
		rd_shared_parse(&ref, data, len);
		break;
	}
	return 0;
}
