#include <errno.h>

#include "wire/msg_layout.h"

void
rd_layout_pack(struct rd_buf *b, const struct rd_layout *m)
{
	rd_buf_u16(b, m->width);
	rd_buf_u16(b, m->height);
}

int
rd_layout_parse(struct rd_layout *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->width = rd_reader_u16(&r);
	m->height = rd_reader_u16(&r);
	if (!rd_reader_done(&r) || m->width == 0 || m->height == 0 ||
			m->width > RD_LAYOUT_MAX || m->height > RD_LAYOUT_MAX)
		return -EPROTO;
	return m->width * m->height <= RD_LAYOUT_PIXELS_MAX ? 0 : -EPROTO;
}
