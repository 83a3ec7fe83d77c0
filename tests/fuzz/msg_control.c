#include <stdlib.h>
#include <string.h>

#include "wire/msg.h"
#include "wire/msg_control.h"
#include "wire/msg_layout.h"
#include "wire/msg_locks.h"
#include "wire/msg_monitors.h"

/* What was taken is written as it came; but for flags, of which one is known. */
static void
judge_monitors(const struct rd_monitors *m, const uint8_t *data, size_t len)
{
	struct rd_buf b = {0};
	struct rd_monitors again;

	for (int i = 0; i < m->count; i++)
		if (rd_rect_empty(m->v[i].rect) || !m->v[i].name[0] ||
				abs(m->v[i].rect.x) > RD_MONITORS_PLACE_MAX || abs(m->v[i].rect.y) > RD_MONITORS_PLACE_MAX)
			abort();
	rd_monitors_pack(&b, m);
	if (b.len != len || b.data[0] != data[0] || rd_monitors_parse(&again, b.data, b.len) != 0 ||
			!rd_monitors_same(&again, m))
		abort();
	rd_buf_finish(&b);
}

static void
judge_names(const struct rd_monitor_names *m, const uint8_t *data, size_t len)
{
	struct rd_buf b = {0};

	rd_watch_only_pack(&b, m);
	if (b.len != len || memcmp(b.data, data, len) != 0)
		abort();
	rd_buf_finish(&b);
}

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
	struct rd_monitors monitors;
	struct rd_monitor_names names;
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
	case RD_MSG_FRESH:
		rd_fresh_parse(&value, data, len);
		break;
	case RD_MSG_LAYOUT:
		if (rd_layout_parse(&layout, data, len) == 0 &&
				(!layout.width || !layout.height || layout.width * layout.height > RD_LAYOUT_PIXELS_MAX))
			abort();
		break;
	case RD_MSG_MONITORS:
		if (rd_monitors_parse(&monitors, data, len) == 0)
			judge_monitors(&monitors, data, len);
		break;
	case RD_MSG_WATCH_ONLY:
		if (rd_watch_only_parse(&names, data, len) == 0)
			judge_names(&names, data, len);
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
