#include <stdlib.h>

#include "wire/msg.h"
#include "wire/msg_picture.h"

/* One whole message of class PICTURE; what a parser promises is used. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Every byte, so that a sanitizer sees one too many. */
static void
touch(const uint8_t *p, size_t len)
{
	volatile uint8_t sum = 0;

	while (len-- > 0)
		sum = (uint8_t)(sum + *p++);
}

static void
copy(const uint8_t *data, size_t len)
{
	struct rd_copy c;
	int n = rd_copy_count(data, len);

	for (int i = 0; i < n; i++)
		if (rd_copy_parse(&c, data, len, i) == 0 && rd_rect_empty(c.from))
			abort();
}

static void
exact(const uint8_t *data, size_t len)
{
	struct rd_exact m;
	int64_t pixels = 0;

	if (rd_exact_parse(&m, data, len))
		return;
	for (int i = 0; i < m.count; i++)
		pixels += rd_rect_area(rd_exact_rect(&m, i));
	if (pixels != m.pixels)
		abort();
	touch(m.data, m.len);
}

static void
picture(uint16_t type, const uint8_t *data, size_t len)
{
	struct rd_begin begin;
	struct rd_raw raw;
	struct rd_video video;
	uint8_t flags;

	switch (type) {
	case RD_MSG_BEGIN:
		rd_begin_parse(&begin, data, len);
		break;
	case RD_MSG_RAW:
		if (rd_raw_parse(&raw, data, len) == 0)
			touch(raw.pixels, (size_t)rd_rect_area(raw.rect) * 4);
		break;
	case RD_MSG_COPY:
		copy(data, len);
		break;
	case RD_MSG_EXACT:
		exact(data, len);
		break;
	case RD_MSG_VIDEO:
		if (rd_video_parse(&video, data, len) == 0)
			touch(video.data, video.len);
		break;
	case RD_MSG_SHOW:
		rd_show_parse(&flags, data, len);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;

	if (len >= RD_MSG_HEADER_SIZE && rd_msg_parse_header(&m, data) == 0)
		picture(m.type, data + RD_MSG_HEADER_SIZE, len - RD_MSG_HEADER_SIZE);
	return 0;
}
