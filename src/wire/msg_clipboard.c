#include <errno.h>
#include <string.h>

#include "wire/msg_clipboard.h"

/* What RFC 6838 allows in a type, and what parameters add. */
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/;=!#$&-^_.+"

void
rd_clip_name(char to[static RD_CLIP_NAME], const char *name)
{
	size_t len = strnlen(name, RD_CLIP_NAME - 1);
	memcpy(to, name, len);
	to[len] = '\0';
}

static void
put_name(struct rd_buf *b, const char *name)
{
	rd_buf_bytes(b, name, strnlen(name, RD_CLIP_NAME - 1));
}

/* The next n bytes are the name of a kind. */
static bool
get_name(char name[RD_CLIP_NAME], struct rd_reader *r, size_t n)
{
	const uint8_t *p = n > 0 && n < RD_CLIP_NAME ? rd_reader_bytes(r, n) : NULL;
	if (!p)
		return false;
	memcpy(name, p, n);
	name[n] = '\0';
	return strspn(name, NAME_CHARS) == n && strchr(name, '/');
}

void
rd_clip_offer_pack(struct rd_buf *b, const struct rd_clip_offer *o)
{
	rd_buf_u32(b, o->serial);
	rd_buf_u64(b, o->origin);
	rd_buf_u8(b, o->selection);
	rd_buf_u8(b, o->hops);
	rd_buf_u8(b, o->flags);
	rd_buf_u8(b, o->count);
	for (int i = 0; i < o->count; i++) {
		rd_buf_u64(b, o->kind[i].size);
		rd_buf_u8(b, (uint8_t)strnlen(o->kind[i].name, RD_CLIP_NAME - 1));
		put_name(b, o->kind[i].name);
	}
}

int
rd_clip_offer_parse(struct rd_clip_offer *o, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	memset(o, 0, sizeof(*o));
	rd_reader_init(&r, data, len);
	o->serial = rd_reader_u32(&r);
	o->origin = rd_reader_u64(&r);
	o->selection = rd_reader_u8(&r);
	o->hops = rd_reader_u8(&r);
	o->flags = rd_reader_u8(&r);
	uint8_t count = rd_reader_u8(&r);
	if (r.bad || count > RD_CLIP_KINDS)
		return -EPROTO;
	for (; o->count < count; o->count++) {
		struct rd_clip_kind *k = &o->kind[o->count];
		k->size = rd_reader_u64(&r);
		if (!get_name(k->name, &r, rd_reader_u8(&r)) || rd_clip_offer_find(o, k->name))
			return -EPROTO;
	}
	if (!rd_reader_done(&r))
		return -EPROTO;
	return o->selection < RD_CLIP_SELECTIONS ? 0 : -ENOTSUP;
}

const struct rd_clip_kind *
rd_clip_offer_find(const struct rd_clip_offer *o, const char *kind)
{
	for (int i = 0; i < o->count; i++)
		if (strcmp(o->kind[i].name, kind) == 0)
			return &o->kind[i];
	return NULL;
}

void
rd_clip_data_pack(struct rd_buf *b, const struct rd_clip_data *m)
{
	rd_buf_u32(b, m->id);
	rd_buf_u8(b, m->last);
	rd_buf_bytes(b, m->data, m->len);
}

int
rd_clip_data_parse(struct rd_clip_data *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	m->id = rd_reader_u32(&r);
	uint8_t last = rd_reader_u8(&r);
	m->last = last;
	m->len = rd_reader_left(&r);
	m->data = rd_reader_bytes(&r, m->len);
	/* A piece of nothing would keep a taker waiting. */
	return rd_reader_done(&r) && last <= 1 && m->len <= RD_CLIP_CHUNK && (last || m->len) ? 0 : -EPROTO;
}

void
rd_clip_refuse_pack(struct rd_buf *b, const struct rd_clip_refuse *m)
{
	rd_buf_u32(b, m->id);
	rd_buf_u8(b, m->why);
	rd_buf_u64(b, m->size);
}

int
rd_clip_refuse_parse(struct rd_clip_refuse *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	m->id = rd_reader_u32(&r);
	m->why = rd_reader_u8(&r);
	m->size = rd_reader_u64(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_clip_watch_pack(struct rd_buf *b, uint8_t selections)
{
	rd_buf_u8(b, selections);
}

int
rd_clip_watch_parse(uint8_t *selections, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	*selections = rd_reader_u8(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_clip_want_pack(struct rd_buf *b, const struct rd_clip_want *m)
{
	rd_buf_u32(b, m->id);
	rd_buf_u32(b, m->serial);
	rd_buf_u64(b, m->most);
	put_name(b, m->kind);
}

int
rd_clip_want_parse(struct rd_clip_want *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	m->id = rd_reader_u32(&r);
	m->serial = rd_reader_u32(&r);
	m->most = rd_reader_u64(&r);
	bool named = get_name(m->kind, &r, rd_reader_left(&r));
	return named && rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_clip_got_pack(struct rd_buf *b, const struct rd_clip_got *m)
{
	rd_buf_u32(b, m->id);
	rd_buf_u32(b, m->count);
}

int
rd_clip_got_parse(struct rd_clip_got *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	m->id = rd_reader_u32(&r);
	m->count = rd_reader_u32(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_clip_cancel_pack(struct rd_buf *b, uint32_t id)
{
	rd_buf_u32(b, id);
}

int
rd_clip_cancel_parse(uint32_t *id, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	*id = rd_reader_u32(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

void
rd_clip_took_pack(struct rd_buf *b, const struct rd_clip_took *m)
{
	rd_buf_u32(b, m->serial);
	rd_buf_u8(b, m->fate);
	rd_buf_u8(b, m->why);
}

int
rd_clip_took_parse(struct rd_clip_took *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	m->serial = rd_reader_u32(&r);
	m->fate = rd_reader_u8(&r);
	m->why = rd_reader_u8(&r);
	return rd_reader_done(&r) ? 0 : -EPROTO;
}
