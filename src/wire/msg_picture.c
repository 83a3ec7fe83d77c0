#include <errno.h>
#include <stddef.h>

#include "media/image.h"
#include "wire/msg.h"
#include "wire/msg_picture.h"

static void
pack_rect(struct rd_buf *b, struct rd_rect r)
{
	rd_buf_u16(b, (uint16_t)r.x);
	rd_buf_u16(b, (uint16_t)r.y);
	rd_buf_u16(b, (uint16_t)r.w);
	rd_buf_u16(b, (uint16_t)r.h);
}

static struct rd_rect
parse_rect(struct rd_reader *r)
{
	struct rd_rect rect;

	rect.x = rd_reader_u16(r);
	rect.y = rd_reader_u16(r);
	rect.w = rd_reader_u16(r);
	rect.h = rd_reader_u16(r);
	return rect;
}

void
rd_begin_pack(struct rd_buf *b, const struct rd_begin *m)
{
	rd_buf_u32(b, m->number);
	rd_buf_u32(b, m->base);
	rd_buf_u16(b, m->width);
	rd_buf_u16(b, m->height);
	rd_buf_u16(b, m->flags);
}

int
rd_begin_parse(struct rd_begin *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->number = rd_reader_u32(&r);
	m->base = rd_reader_u32(&r);
	m->width = rd_reader_u16(&r);
	m->height = rd_reader_u16(&r);
	m->flags = rd_reader_u16(&r);
	if (!rd_reader_done(&r) || m->number == 0 || !rd_image_size_ok(m->width, m->height))
		return -EPROTO;
	if (m->flags & RD_BEGIN_SYNC)
		return m->base == 0 ? 0 : -EPROTO;
	return m->base != 0 && m->base < m->number ? 0 : -EPROTO;
}

void
rd_raw_pack_header(uint8_t out[static RD_RAW_HEADER_SIZE], struct rd_rect r)
{
	const uint16_t v[4] = {(uint16_t)r.x, (uint16_t)r.y, (uint16_t)r.w, (uint16_t)r.h};

	for (int i = 0; i < 4; i++) {
		out[2 * i] = (uint8_t)v[i];
		out[2 * i + 1] = (uint8_t)(v[i] >> 8);
	}
}

int
rd_raw_parse(struct rd_raw *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->rect = parse_rect(&r);
	m->pixels = r.p;
	if (r.bad || rd_rect_empty(m->rect))
		return -EPROTO;
	return (uint64_t)rd_rect_area(m->rect) * 4 == rd_reader_left(&r) ? 0 : -EPROTO;
}

#define COPY_SIZE 12

void
rd_copy_pack(struct rd_buf *b, const struct rd_copy *c, int n)
{
	for (int i = 0; i < n; i++) {
		rd_buf_u16(b, (uint16_t)c[i].from.x);
		rd_buf_u16(b, (uint16_t)c[i].from.y);
		rd_buf_u16(b, (uint16_t)c[i].to_x);
		rd_buf_u16(b, (uint16_t)c[i].to_y);
		rd_buf_u16(b, (uint16_t)c[i].from.w);
		rd_buf_u16(b, (uint16_t)c[i].from.h);
	}
}

int
rd_copy_count(const uint8_t *data, size_t len)
{
	(void)data;
	if (len == 0 || len % COPY_SIZE != 0 || len / COPY_SIZE > RD_COPY_MAX)
		return -EPROTO;
	return (int)(len / COPY_SIZE);
}

int
rd_copy_parse(struct rd_copy *c, const uint8_t *data, size_t len, int i)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	rd_reader_bytes(&r, (size_t)i * COPY_SIZE);
	c->from.x = rd_reader_u16(&r);
	c->from.y = rd_reader_u16(&r);
	c->to_x = rd_reader_u16(&r);
	c->to_y = rd_reader_u16(&r);
	c->from.w = rd_reader_u16(&r);
	c->from.h = rd_reader_u16(&r);
	return r.bad || rd_rect_empty(c->from) ? -EPROTO : 0;
}

void
rd_exact_pack(struct rd_buf *b, enum rd_exact_method method, int strip,
	const struct rd_rect *rects, int n, const uint8_t *data, size_t len)
{
	rd_buf_u8(b, (uint8_t)method);
	rd_buf_u8(b, (uint8_t)strip);
	rd_buf_u16(b, (uint16_t)n);
	for (int i = 0; i < n; i++)
		pack_rect(b, rects[i]);
	rd_buf_bytes(b, data, len);
}

/*
 * Bytes that these rectangles are at least before compression, so that a body
 * cannot name more pixels than it could hold: three a pixel, or one a column.
 */
static int64_t
exact_least(const struct rd_exact *m, struct rd_rect r)
{
	if (m->method == RD_EXACT_COLUMNS)
		return (int64_t)r.w * ((r.h + m->strip - 1) / m->strip);
	return rd_rect_area(r) * 3;
}

int
rd_exact_parse(struct rd_exact *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	int64_t least = 0;

	rd_reader_init(&r, data, len);
	uint8_t method = rd_reader_u8(&r);
	m->method = (enum rd_exact_method)method;
	m->strip = rd_reader_u8(&r);
	m->count = rd_reader_u16(&r);
	m->rects = r.p;
	m->pixels = 0;
	if (r.bad || method >= RD_EXACT_METHODS || m->strip == 0 || m->strip > RD_EXACT_MAX_STRIP)
		return -EPROTO;
	if (m->count == 0 || m->count > RD_EXACT_MAX_RECTS)
		return -EPROTO;
	for (int i = 0; i < m->count; i++) {
		struct rd_rect rect = parse_rect(&r);
		if (r.bad || rd_rect_empty(rect))
			return -EPROTO;
		m->pixels += rd_rect_area(rect);
		least += exact_least(m, rect);
	}
	if (least > RD_EXACT_MAX_BYTES)
		return -EPROTO;
	m->len = rd_reader_left(&r);
	m->data = r.p;
	return m->len > 0 ? 0 : -EPROTO;
}

struct rd_rect
rd_exact_rect(const struct rd_exact *m, int i)
{
	struct rd_reader r;

	rd_reader_init(&r, m->rects, (size_t)m->count * 8);
	rd_reader_bytes(&r, (size_t)i * 8);
	return parse_rect(&r);
}

void
rd_video_pack(struct rd_buf *b, const struct rd_video *m)
{
	pack_rect(b, m->rect);
	rd_buf_u8(b, (uint8_t)m->codec);
	rd_buf_u8(b, m->decoder);
	rd_buf_u8(b, m->flags);
	rd_buf_u8(b, 0);
	rd_buf_bytes(b, m->data, m->len);
}

int
rd_video_parse(struct rd_video *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->rect = parse_rect(&r);
	uint8_t codec = rd_reader_u8(&r);
	m->decoder = rd_reader_u8(&r);
	m->flags = rd_reader_u8(&r);
	uint8_t zero = rd_reader_u8(&r);
	m->codec = (enum rd_codec)codec;
	m->data = r.p;
	m->len = rd_reader_left(&r);
	if (r.bad || rd_rect_empty(m->rect) || m->decoder >= RD_VIDEO_DECODERS || zero != 0)
		return -EPROTO;
	if (m->len == 0 || codec == RD_CODEC_NONE)
		return -EPROTO;
	return codec <= RD_CODEC_AV1 ? 0 : -ENOTSUP;
}

void
rd_show_pack(struct rd_buf *b, uint8_t flags)
{
	rd_buf_u8(b, flags);
}

int
rd_show_parse(uint8_t *flags, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	*flags = rd_reader_u8(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}
