#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "media/y4m_reader.h"

static void
drop(struct rd_y4m_reader *r, size_t n)
{
	r->len -= n;
	memmove(r->buf, r->buf + n, r->len);
}

/* The line at the start of the buffer: its length with newline, 0, or -EPROTO. */
static int
find_line(const struct rd_y4m_reader *r)
{
	const size_t n = r->len < RD_Y4M_LINE_MAX ? r->len : RD_Y4M_LINE_MAX;
	const uint8_t *end = n > 0 ? memchr(r->buf, '\n', n) : NULL;
	if (end)
		return (int)(end - r->buf) + 1;
	return n < RD_Y4M_LINE_MAX ? 0 : -EPROTO;
}

static int
take_header(struct rd_y4m_reader *r)
{
	const int line = find_line(r);
	if (line <= 0)
		return line;
	const int err = rd_y4m_parse(&r->header, (const char *)r->buf, (size_t)line - 1);
	if (err)
		return err;
	const size_t cap = RD_Y4M_LINE_MAX + rd_y4m_frame_size(&r->header);
	uint8_t *buf = realloc(r->buf, cap);
	if (!buf)
		return -ENOMEM;
	r->buf = buf;
	r->cap = cap;
	r->have_header = true;
	drop(r, (size_t)line);
	return 1;
}

static int
take_frame_line(struct rd_y4m_reader *r)
{
	const int line = find_line(r);
	if (line <= 0)
		return line;
	const int err = rd_y4m_parse_frame((const char *)r->buf, (size_t)line - 1);
	if (!err)
		r->line = (size_t)line;
	return err;
}

static int
advance(struct rd_y4m_reader *r)
{
	if (!r->have_header) {
		const int got = take_header(r);
		if (got <= 0)
			return got;
	}
	if (r->line == 0) {
		const int err = take_frame_line(r);
		if (err)
			return err;
	}
	if (r->line == 0 || r->len - r->line < rd_y4m_frame_size(&r->header))
		return 0;
	r->planes = r->buf + r->line;
	return 1;
}

uint8_t *
rd_y4m_reader_room(struct rd_y4m_reader *r, size_t *n)
{
	if (!r->buf) {
		r->buf = xmalloc(RD_Y4M_LINE_MAX);
		r->cap = RD_Y4M_LINE_MAX;
	}
	/* while a line is looked for, no more than a line; then, just this frame */
	const size_t end = r->line == 0 ? RD_Y4M_LINE_MAX :
		r->line + rd_y4m_frame_size(&r->header);
	*n = end > r->len ? end - r->len : 0;
	return r->buf + r->len;
}

int
rd_y4m_reader_add(struct rd_y4m_reader *r, size_t n)
{
	assert(n <= r->cap - r->len);
	r->len += n;
	return advance(r);
}

int
rd_y4m_reader_next(struct rd_y4m_reader *r)
{
	assert(r->planes);
	drop(r, r->line + rd_y4m_frame_size(&r->header));
	r->planes = NULL;
	r->line = 0;
	return advance(r);
}

bool
rd_y4m_reader_at_end(const struct rd_y4m_reader *r)
{
	return r->have_header && r->len == 0;
}

void
rd_y4m_reader_finish(struct rd_y4m_reader *r)
{
	free(r->buf);
	*r = (struct rd_y4m_reader){0};
}
