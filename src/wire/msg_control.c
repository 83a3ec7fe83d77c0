#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "wire/msg.h"
#include "wire/msg_control.h"

/* A message that is a u64 and nothing else. */
static int
one_number(uint64_t *v, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	*v = rd_reader_u64(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_ack_pack(struct rd_buf *b, uint32_t number)
{
	rd_buf_u32(b, number);
}

int
rd_ack_parse(uint32_t *number, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	*number = rd_reader_u32(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_rate_pack(struct rd_buf *b, uint64_t bps)
{
	rd_buf_u64(b, bps);
}

int
rd_rate_parse(uint64_t *bps, const uint8_t *data, size_t len)
{
	return one_number(bps, data, len);
}

void
rd_loss_pack(struct rd_buf *b, const struct rd_loss *m)
{
	rd_buf_u32(b, m->first);
	rd_buf_u32(b, m->last);
}

int
rd_loss_parse(struct rd_loss *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->first = rd_reader_u32(&r);
	m->last = rd_reader_u32(&r);
	return rd_reader_done(&r) && m->first > 0 && m->first <= m->last ? 0 : -EPROTO;
}

void
rd_ping_pack(struct rd_buf *b, uint64_t asked_ns)
{
	rd_buf_u64(b, asked_ns);
}

int
rd_ping_parse(uint64_t *asked_ns, const uint8_t *data, size_t len)
{
	return one_number(asked_ns, data, len);
}

void
rd_pong_pack(struct rd_buf *b, const struct rd_pong *m)
{
	rd_buf_u64(b, m->asked_ns);
	rd_buf_u64(b, m->stream_ns);
}

int
rd_pong_parse(struct rd_pong *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->asked_ns = rd_reader_u64(&r);
	m->stream_ns = rd_reader_u64(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_taken_pack(struct rd_buf *b, uint64_t token)
{
	rd_buf_u64(b, token);
}

int
rd_taken_parse(uint64_t *token, const uint8_t *data, size_t len)
{
	return one_number(token, data, len);
}

void
rd_fresh_pack(struct rd_buf *b, uint64_t token)
{
	rd_buf_u64(b, token);
}

int
rd_fresh_parse(uint64_t *token, const uint8_t *data, size_t len)
{
	return one_number(token, data, len);
}

void
rd_notice_pack(struct rd_buf *b, const struct rd_notice *m)
{
	rd_buf_u8(b, m->level);
	rd_buf_bytes(b, m->text, strnlen(m->text, sizeof(m->text) - 1));
}

int
rd_notice_parse(struct rd_notice *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->level = rd_reader_u8(&r);
	size_t n = rd_reader_left(&r);
	const uint8_t *text = rd_reader_bytes(&r, n);
	if (r.bad || m->level > RD_LOG_TRACE)
		return -EPROTO;
	rd_msg_text(m->text, sizeof(m->text), text, n);
	return 0;
}

const char *
rd_reached_name(uint8_t kind)
{
	static const char *const names[] = {
		[RD_REACHED_DIRECT] = "direct",
		[RD_REACHED_TCP] = "tcp",
		[RD_REACHED_RELAY] = "relay",
		[RD_REACHED_RELAY_TLS] = "relay-tls",
	};
	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "?";
}

void
rd_path_now_pack(struct rd_buf *b, const struct rd_path_now *m)
{
	rd_buf_u8(b, m->kind);
	rd_buf_u8(b, m->how);
	rd_buf_u32(b, m->rtt_us);
	rd_buf_bytes(b, m->text, strnlen(m->text, sizeof(m->text) - 1));
}

int
rd_path_now_parse(struct rd_path_now *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->kind = rd_reader_u8(&r);
	m->how = rd_reader_u8(&r);
	m->rtt_us = rd_reader_u32(&r);
	size_t n = rd_reader_left(&r);
	const uint8_t *text = rd_reader_bytes(&r, n);
	if (r.bad)
		return -EPROTO;
	rd_msg_text(m->text, sizeof(m->text), text, n);
	return 0;
}
