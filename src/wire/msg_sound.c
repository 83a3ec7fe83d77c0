#include <errno.h>

#include "wire/msg_sound.h"

void
rd_sound_pack(struct rd_buf *b, const struct rd_sound_msg *m)
{
	rd_buf_u32(b, m->number);
	rd_buf_u8(b, m->flags);
	rd_buf_u8(b, m->channels);
	rd_buf_bytes(b, m->data, m->len);
}

/* Whole samples of every channel, and no more than a piece of them. */
static bool
pcm_fits(const struct rd_sound_msg *m)
{
	size_t each = 2 * (size_t)m->channels;
	return m->len % each == 0 && m->len / each <= RD_SOUND_PIECE;
}

int
rd_sound_parse(struct rd_sound_msg *m, uint16_t type, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	if (type != RD_MSG_PCM && type != RD_MSG_OPUS)
		return -ENOTSUP;
	rd_reader_init(&r, data, len);
	m->number = rd_reader_u32(&r);
	m->flags = rd_reader_u8(&r);
	m->channels = rd_reader_u8(&r);
	m->len = rd_reader_left(&r);
	m->data = rd_reader_bytes(&r, m->len);
	if (r.bad || m->len == 0 || m->channels < 1 || m->channels > RD_SOUND_CHANNELS)
		return -EPROTO;
	bool fits = type == RD_MSG_PCM ? pcm_fits(m) : m->len <= RD_OPUS_MAX;
	return fits ? 0 : -EPROTO;
}

void
rd_pcm_put(struct rd_buf *b, const int16_t *pcm, int n)
{
	for (int i = 0; i < n; i++)
		rd_buf_i16(b, pcm[i]);
}

void
rd_pcm_get(int16_t *pcm, const uint8_t *data, int n)
{
	struct rd_reader r;
	rd_reader_init(&r, data, (size_t)n * 2);
	for (int i = 0; i < n; i++)
		pcm[i] = rd_reader_i16(&r);
}

void
rd_listen_pack(struct rd_buf *b, const struct rd_listen *m)
{
	rd_buf_u8(b, m->on);
	rd_buf_u8(b, m->lost);
}

int
rd_listen_parse(struct rd_listen *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	uint8_t on = rd_reader_u8(&r);
	m->lost = rd_reader_u8(&r);
	m->on = on;
	return !rd_reader_done(&r) || on > 1 || m->lost > 100 ? -EPROTO : 0;
}
