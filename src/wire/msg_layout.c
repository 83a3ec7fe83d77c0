#include <errno.h>

#include "wire/msg_layout.h"
#include "wire/msg_monitors.h"

void
rd_layout_pack(struct rd_buf *b, const struct rd_layout *m)
{
	rd_buf_u16(b, m->width);
	rd_buf_u16(b, m->height);
	if (m->monitor[0])
		rd_monitor_name_pack(b, m->monitor);
}

int
rd_layout_parse(struct rd_layout *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	*m = (struct rd_layout){0};
	rd_reader_init(&r, data, len);
	m->width = rd_reader_u16(&r);
	m->height = rd_reader_u16(&r);
	if (rd_reader_left(&r) > 0 && !rd_monitor_name_parse(m->monitor, &r))
		return -EPROTO;
	if (!rd_reader_done(&r) || m->width == 0 || m->height == 0 ||
			m->width > RD_LAYOUT_MAX || m->height > RD_LAYOUT_MAX)
		return -EPROTO;
	return m->width * m->height <= RD_LAYOUT_PIXELS_MAX ? 0 : -EPROTO;
}
