#include <errno.h>
#include <stddef.h>

#include "wire/msg_cursor.h"

void
rd_shape_pack(struct rd_buf *b, const struct rd_cursor *c)
{
	rd_buf_u16(b, (uint16_t)c->width);
	rd_buf_u16(b, (uint16_t)c->height);
	rd_buf_u16(b, (uint16_t)c->hot_x);
	rd_buf_u16(b, (uint16_t)c->hot_y);
	rd_buf_bytes(b, c->pixels, (size_t)c->width * (size_t)c->height * 4);
}

/* A shape to see with its hot spot inside, or none at all. */
static bool
shape_ok(const struct rd_cursor *c)
{
	if (c->width == 0 && c->height == 0)
		return c->hot_x == 0 && c->hot_y == 0;
	if (c->width > RD_CURSOR_MAX || c->height > RD_CURSOR_MAX)
		return false;
	return c->hot_x < c->width && c->hot_y < c->height;
}

int
rd_shape_parse(struct rd_cursor *c, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	c->width = rd_reader_u16(&r);
	c->height = rd_reader_u16(&r);
	c->hot_x = rd_reader_u16(&r);
	c->hot_y = rd_reader_u16(&r);
	if (r.bad || !shape_ok(c))
		return -EPROTO;
	c->pixels = rd_reader_bytes(&r, (size_t)c->width * (size_t)c->height * 4);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_pointer_at_pack(struct rd_buf *b, const struct rd_pointer_at *m)
{
	rd_buf_i32(b, m->x);
	rd_buf_i32(b, m->y);
	rd_buf_u8(b, m->on);
}

/* Far beside any picture is far enough, and can be counted with. */
static int32_t
bounded(int32_t v)
{
	return v < -RD_POINTER_AT_MAX ? -RD_POINTER_AT_MAX : v > RD_POINTER_AT_MAX ? RD_POINTER_AT_MAX : v;
}

int
rd_pointer_at_parse(struct rd_pointer_at *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->x = bounded(rd_reader_i32(&r));
	m->y = bounded(rd_reader_i32(&r));
	uint8_t on = rd_reader_u8(&r);
	m->on = on;
	return rd_reader_done(&r) && on <= 1 ? 0 : -EPROTO;
}
