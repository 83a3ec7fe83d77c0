#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

void
rd_reader_init(struct rd_reader *r, const void *data, size_t len)
{
	r->p = data;
	r->end = len ? r->p + len : r->p;
	r->bad = false;
}

size_t
rd_reader_left(const struct rd_reader *r)
{
	return (size_t)(r->end - r->p);
}

bool
rd_reader_done(const struct rd_reader *r)
{
	return !r->bad && r->p == r->end;
}

const uint8_t *
rd_reader_bytes(struct rd_reader *r, size_t n)
{
	if (r->bad || n > rd_reader_left(r)) {
		r->bad = true;
		r->p = r->end;
		return NULL;
	}
	const uint8_t *at = r->p;
	if (n)
		r->p += n;
	return at;
}

bool
rd_reader_zeros(struct rd_reader *r, size_t n)
{
	const uint8_t *p = rd_reader_bytes(r, n);
	uint8_t any = 0;
	for (size_t i = 0; p && i < n; i++)
		any |= p[i];
	return p && any == 0;
}

static uint64_t
read_le(struct rd_reader *r, unsigned n)
{
	const uint8_t *p = rd_reader_bytes(r, n);
	if (!p)
		return 0;
	uint64_t v = 0;
	for (unsigned i = 0; i < n; i++)
		v |= (uint64_t)p[i] << 8 * i;
	return v;
}

uint8_t
rd_reader_u8(struct rd_reader *r)
{
	return (uint8_t)read_le(r, 1);
}

uint16_t
rd_reader_u16(struct rd_reader *r)
{
	return (uint16_t)read_le(r, 2);
}

uint32_t
rd_reader_u32(struct rd_reader *r)
{
	return (uint32_t)read_le(r, 4);
}

uint64_t
rd_reader_u64(struct rd_reader *r)
{
	return read_le(r, 8);
}

int16_t
rd_reader_i16(struct rd_reader *r)
{
	return (int16_t)rd_reader_u16(r);
}

int32_t
rd_reader_i32(struct rd_reader *r)
{
	return (int32_t)rd_reader_u32(r);
}

uint8_t *
rd_buf_room(struct rd_buf *b, size_t n)
{
	if (!b->data || n > b->cap - b->len) {
		size_t need = b->len + n;
		if (need < n)
			need = SIZE_MAX; /* xrealloc ends the program */
		size_t cap = b->cap > SIZE_MAX / 2 ? need : 2 * b->cap;
		if (cap < need)
			cap = need;
		if (cap < 64)
			cap = 64;
		b->data = xrealloc(b->data, cap);
		b->cap = cap;
	}
	return b->data + b->len;
}

void
rd_buf_bytes(struct rd_buf *b, const void *p, size_t n)
{
	if (!n)
		return;
	memcpy(rd_buf_room(b, n), p, n);
	b->len += n;
}

static void
put_le(struct rd_buf *b, uint64_t v, unsigned n)
{
	uint8_t *p = rd_buf_room(b, n);
	for (unsigned i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> 8 * i);
	b->len += n;
}

void
rd_buf_u8(struct rd_buf *b, uint8_t v)
{
	put_le(b, v, 1);
}

void
rd_buf_u16(struct rd_buf *b, uint16_t v)
{
	put_le(b, v, 2);
}

void
rd_buf_u32(struct rd_buf *b, uint32_t v)
{
	put_le(b, v, 4);
}

void
rd_buf_u64(struct rd_buf *b, uint64_t v)
{
	put_le(b, v, 8);
}

void
rd_buf_i16(struct rd_buf *b, int16_t v)
{
	put_le(b, (uint16_t)v, 2);
}

void
rd_buf_i32(struct rd_buf *b, int32_t v)
{
	put_le(b, (uint32_t)v, 4);
}

void
rd_buf_reset(struct rd_buf *b)
{
	b->len = 0;
}

void
rd_buf_finish(struct rd_buf *b)
{
	free(b->data);
	*b = (struct rd_buf){0};
}
