#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "chan/msg_session.h"
#include "wire/msg.h"

/* {u8 n, n bytes} */
static void
put_text(struct rd_buf *b, const char *text, size_t cap)
{
	size_t n = strnlen(text, cap);
	assert(n < cap && n <= UINT8_MAX);
	rd_buf_u8(b, (uint8_t)n);
	rd_buf_bytes(b, text, n);
}

/* Fills out[0 … cap) with a text without a 0 in it. */
static bool
get_text(struct rd_reader *r, char *out, size_t cap)
{
	size_t n = rd_reader_u8(r);
	const uint8_t *p = rd_reader_bytes(r, n);
	if (!p || n >= cap || memchr(p, 0, n))
		return false;
	memcpy(out, p, n);
	out[n] = '\0';
	return true;
}

static bool
is_name(const char *s)
{
	return *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

void
rd_open_pack(struct rd_buf *b, const struct rd_open *m)
{
	put_text(b, m->service, sizeof(m->service));
	rd_buf_u32(b, m->wanted);
}

int
rd_open_parse(struct rd_open *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	memset(m, 0, sizeof(*m));
	if (!get_text(&r, m->service, sizeof(m->service)) || !is_name(m->service))
		return -EPROTO;
	m->wanted = rd_reader_u32(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_challenge_pack(struct rd_buf *b, uint8_t kind)
{
	rd_buf_u8(b, kind);
}

int
rd_challenge_parse(uint8_t *kind, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	*kind = rd_reader_u8(&r);
	return rd_reader_done(&r) && *kind == RD_CHALLENGE_TOTP ? 0 : -EPROTO;
}

void
rd_answer_pack(struct rd_buf *b, const struct rd_answer *m)
{
	put_text(b, m->text, sizeof(m->text));
}

int
rd_answer_parse(struct rd_answer *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	memset(m, 0, sizeof(*m));
	if (!get_text(&r, m->text, sizeof(m->text)) || !m->text[0])
		return -EPROTO;
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_grant_pack(struct rd_buf *b, const struct rd_grant *m)
{
	rd_buf_u32(b, m->rights);
	put_text(b, m->name, sizeof(m->name));
}

int
rd_grant_parse(struct rd_grant *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	memset(m, 0, sizeof(*m));
	m->rights = rd_reader_u32(&r);
	size_t n = rd_reader_u8(&r);
	const uint8_t *name = rd_reader_bytes(&r, n);
	if (!rd_reader_done(&r) || n >= sizeof(m->name))
		return -EPROTO;
	rd_msg_text(m->name, sizeof(m->name), name, n);
	return 0;
}

void
rd_remember_pack(struct rd_buf *b, const struct rd_remember *m)
{
	rd_buf_u8(b, m->what);
	put_text(b, m->name, sizeof(m->name));
}

int
rd_remember_parse(struct rd_remember *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	memset(m, 0, sizeof(*m));
	m->what = rd_reader_u8(&r);
	size_t n = rd_reader_u8(&r);
	const uint8_t *name = rd_reader_bytes(&r, n);
	if (!rd_reader_done(&r) || m->what > RD_REMEMBER_MAY || n >= sizeof(m->name))
		return -EPROTO;
	rd_msg_text(m->name, sizeof(m->name), name, n);
	return 0;
}
