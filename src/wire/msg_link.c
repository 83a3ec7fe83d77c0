#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "wire/msg_link.h"

/*
 * As PNG's: not text, and changed by whatever changes line ends (a terminal
 * on the way, say), so that such a way is found out at once.
 */
const uint8_t rd_stream_magic[8] = {0x8d, 'r', 'd', 's', '\r', '\n', 0x1a, '\n'};

void
rd_hello_init(struct rd_hello *h, const char *program, uint32_t caps)
{
	memset(h, 0, sizeof(*h));
	h->major = RD_STREAM_MAJOR;
	h->minor = RD_STREAM_MINOR;
	h->caps = caps;
	h->wall_ns = rd_clock_wall_ns();
	h->mono_ns = rd_clock_ns();
	rd_clock_boot_id(h->boot_id);
	snprintf(h->program, sizeof(h->program), "%s", program);
}

void
rd_hello_pack(struct rd_buf *b, const struct rd_hello *h)
{
	size_t n = strnlen(h->program, sizeof(h->program) - 1);

	rd_buf_bytes(b, rd_stream_magic, sizeof(rd_stream_magic));
	rd_buf_u16(b, h->major);
	rd_buf_u16(b, h->minor);
	rd_buf_u32(b, h->caps);
	rd_buf_u64(b, h->wall_ns);
	rd_buf_u64(b, h->mono_ns);
	rd_buf_bytes(b, h->boot_id, sizeof(h->boot_id));
	rd_buf_u8(b, (uint8_t)n);
	rd_buf_bytes(b, h->program, n);
}

int
rd_hello_parse(struct rd_hello *h, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	memset(h, 0, sizeof(*h));
	rd_reader_init(&r, data, len);
	const uint8_t *magic = rd_reader_bytes(&r, sizeof(rd_stream_magic));
	if (!magic || memcmp(magic, rd_stream_magic, sizeof(rd_stream_magic)) != 0)
		return -EPROTO;
	h->major = rd_reader_u16(&r);
	h->minor = rd_reader_u16(&r);
	if (r.bad || h->major == 0)
		return -EPROTO;
	if (h->major > RD_STREAM_MAJOR)
		return -EPROTONOSUPPORT;

	h->caps = rd_reader_u32(&r);
	h->wall_ns = rd_reader_u64(&r);
	h->mono_ns = rd_reader_u64(&r);
	const uint8_t *id = rd_reader_bytes(&r, sizeof(h->boot_id));
	size_t n = rd_reader_u8(&r);
	const uint8_t *name = rd_reader_bytes(&r, n);
	if (r.bad)
		return -EPROTO;
	memcpy(h->boot_id, id, sizeof(h->boot_id));
	rd_msg_text(h->program, sizeof(h->program), name, n);
	return 0;
}

uint64_t
rd_hello_time(const struct rd_hello *h, uint64_t mono_ns)
{
	return mono_ns > h->mono_ns ? mono_ns - h->mono_ns : 0;
}

bool
rd_hello_same_boot(const struct rd_hello *a, const struct rd_hello *b)
{
	static const uint8_t unknown[sizeof(a->boot_id)];

	return memcmp(a->boot_id, b->boot_id, sizeof(a->boot_id)) == 0 &&
		memcmp(a->boot_id, unknown, sizeof(unknown)) != 0;
}

void
rd_end_pack(struct rd_buf *b, const struct rd_end_msg *e)
{
	rd_buf_u8(b, (uint8_t)e->reason);
	rd_buf_u8(b, (uint8_t)e->code);
	rd_buf_bytes(b, e->text, strnlen(e->text, sizeof(e->text) - 1));
}

int
rd_end_parse(struct rd_end_msg *e, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	uint8_t reason = rd_reader_u8(&r);
	e->code = rd_reader_u8(&r);
	size_t n = rd_reader_left(&r);
	const uint8_t *text = rd_reader_bytes(&r, n);
	if (r.bad)
		return -EPROTO;
	/* A reason of a later version is at least no success. */
	e->reason = reason <= RD_END_OVERLOAD ? (enum rd_end)reason : RD_END_FAILED;
	rd_msg_text(e->text, sizeof(e->text), text, n);
	return 0;
}

void
rd_buffer_pack(struct rd_buf *b, const struct rd_buffer_msg *m)
{
	rd_buf_u32(b, m->id);
	rd_buf_u32(b, m->size);
}

int
rd_buffer_parse(struct rd_buffer_msg *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->id = rd_reader_u32(&r);
	m->size = rd_reader_u32(&r);
	return rd_reader_done(&r) && m->id < RD_BUFFER_IDS && m->size > 0 ? 0 : -EPROTO;
}

void
rd_release_pack(struct rd_buf *b, uint32_t id)
{
	rd_buf_u32(b, id);
}

int
rd_release_parse(uint32_t *id, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	*id = rd_reader_u32(&r);
	return rd_reader_done(&r) && *id < RD_BUFFER_IDS ? 0 : -EPROTO;
}

void
rd_shared_pack(struct rd_buf *b, const struct rd_shared_ref *m)
{
	rd_buf_u32(b, m->id);
	rd_buf_u32(b, m->offset);
	rd_buf_u32(b, m->length);
}

int
rd_shared_parse(struct rd_shared_ref *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->id = rd_reader_u32(&r);
	m->offset = rd_reader_u32(&r);
	m->length = rd_reader_u32(&r);
	return rd_reader_done(&r) && m->id < RD_BUFFER_IDS ? 0 : -EPROTO;
}
