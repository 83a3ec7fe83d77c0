#include <stdlib.h>

#include "wire/msg.h"
#include "wire/msg_control.h"
#include "wire/msg_layout.h"
#include "wire/msg_locks.h"

/* One whole message of class CONTROL. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_loss loss;
	struct rd_pong pong;
	struct rd_notice notice;
	struct rd_path_now path;
	struct rd_layout layout;
	struct rd_locks locks;
	uint32_t number;
	uint64_t value;

	if (len < RD_MSG_HEADER_SIZE || rd_msg_parse_header(&m, data))
		return 0;
	data += RD_MSG_HEADER_SIZE;
	len -= RD_MSG_HEADER_SIZE;
	switch (m.type) {
	case RD_MSG_ACK:
		rd_ack_parse(&number, data, len);
		break;
	case RD_MSG_RATE:
		rd_rate_parse(&value, data, len);
		break;
	case RD_MSG_LOSS:
		rd_loss_parse(&loss, data, len);
		break;
	case RD_MSG_PING:
		rd_ping_parse(&value, data, len);
		break;
	case RD_MSG_PONG:
		rd_pong_parse(&pong, data, len);
		break;
	case RD_MSG_NOTICE:
		rd_notice_parse(&notice, data, len);
		break;
	case RD_MSG_TAKEN:
		rd_taken_parse(&value, data, len);
		break;
	case RD_MSG_LAYOUT:
		if (rd_layout_parse(&layout, data, len) == 0 &&
				(!layout.width || !layout.height || layout.width * layout.height > RD_LAYOUT_PIXELS_MAX))
			abort();
		break;
	case RD_MSG_LOCKED:
		if (rd_locks_parse(&locks, data, len) == 0 && locks.on & ~locks.known)
			abort();
		break;
	case RD_MSG_PATH:
		rd_path_now_parse(&path, data, len);
		break;
	}
	return 0;
}
