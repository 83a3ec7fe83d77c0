#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "wire/msg_monitors.h"

#define PRIMARY 1

void
rd_monitor_name_pack(struct rd_buf *b, const char *name)
{
	size_t n = strnlen(name, RD_MONITOR_NAME_MAX);

	rd_buf_u8(b, (uint8_t)n);
	rd_buf_bytes(b, name, n);
}

static bool
is_name(const uint8_t *p, size_t len)
{
	uint32_t point;
	int n;

	for (size_t at = 0; at < len; at += (size_t)n) {
		n = rd_utf8_decode(p + at, len - at, &point);
		if (n <= 0 || rd_utf8_is_control(point))
			return false;
	}
	return len > 0;
}

bool
rd_monitor_name_parse(char name[static RD_MONITOR_NAME_MAX + 1], struct rd_reader *r)
{
	size_t n = rd_reader_u8(r);
	const uint8_t *text = n <= RD_MONITOR_NAME_MAX ? rd_reader_bytes(r, n) : NULL;

	memset(name, 0, RD_MONITOR_NAME_MAX + 1);
	if (!text || !is_name(text, n))
		return false;
	memcpy(name, text, n);
	return true;
}

static void
pack_one(struct rd_buf *b, const struct rd_monitor *m)
{
	rd_buf_i32(b, m->rect.x);
	rd_buf_i32(b, m->rect.y);
	rd_buf_u16(b, (uint16_t)m->rect.w);
	rd_buf_u16(b, (uint16_t)m->rect.h);
	rd_buf_u16(b, m->mm_width);
	rd_buf_u16(b, m->mm_height);
	rd_buf_u8(b, m->primary ? PRIMARY : 0);
	rd_monitor_name_pack(b, m->name);
}

void
rd_monitors_pack(struct rd_buf *b, const struct rd_monitors *m)
{
	rd_buf_u8(b, (uint8_t)m->count);
	for (int i = 0; i < m->count; i++)
		pack_one(b, &m->v[i]);
}

static bool
is_place(int v)
{
	return v >= -RD_MONITORS_PLACE_MAX && v <= RD_MONITORS_PLACE_MAX;
}

static bool
parse_one(struct rd_monitor *m, struct rd_reader *r)
{
	m->rect.x = rd_reader_i32(r);
	m->rect.y = rd_reader_i32(r);
	m->rect.w = rd_reader_u16(r);
	m->rect.h = rd_reader_u16(r);
	m->mm_width = rd_reader_u16(r);
	m->mm_height = rd_reader_u16(r);
	m->primary = rd_reader_u8(r) & PRIMARY;
	return rd_monitor_name_parse(m->name, r) && is_place(m->rect.x) && is_place(m->rect.y) &&
		!rd_rect_empty(m->rect);
}

/* Whoever looks one up by its name is to find the one that was meant. */
static bool
is_new(const struct rd_monitors *m, const char *name)
{
	for (int i = 0; i < m->count; i++)
		if (strcmp(m->v[i].name, name) == 0)
			return false;
	return true;
}

int
rd_monitors_parse(struct rd_monitors *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	memset(m, 0, sizeof(*m));
	rd_reader_init(&r, data, len);
	int n = rd_reader_u8(&r);
	if (n > RD_MONITORS_MAX)
		return -EPROTO;
	for (; m->count < n; m->count++) {
		struct rd_monitor *one = &m->v[m->count];
		if (!parse_one(one, &r) || !is_new(m, one->name))
			return -EPROTO;
	}
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_watch_only_pack(struct rd_buf *b, const struct rd_monitor_names *m)
{
	rd_buf_u8(b, (uint8_t)m->count);
	for (int i = 0; i < m->count; i++)
		rd_monitor_name_pack(b, m->v[i]);
}

int
rd_watch_only_parse(struct rd_monitor_names *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	memset(m, 0, sizeof(*m));
	rd_reader_init(&r, data, len);
	int n = rd_reader_u8(&r);
	if (n > RD_MONITORS_MAX)
		return -EPROTO;
	for (; m->count < n; m->count++)
		if (!rd_monitor_name_parse(m->v[m->count], &r))
			return -EPROTO;
	return rd_reader_done(&r) ? 0 : -EPROTO;
}
