#include <errno.h>
#include <string.h>

#include "codec/exact_enc_priv.h"

/* A tile with more than this share of columns never seen is no text, percent. */
#define FRESH_MAX 30

void
exact_columns_finish(struct exact_columns *c)
{
	exact_columns_reset(c);
	rd_buf_finish(&c->numbers);
	rd_buf_finish(&c->fresh);
}

void
exact_columns_reset(struct exact_columns *c)
{
	for (int i = 0; i < RD_EXACT_BOOKS; i++)
		rd_book_finish(&c->books[i]);
}

/* The pixels of one column, X cleared, filled up with 0 to `height` rows. */
static void
gather(const struct rd_image *im, int x, int y, int rows, int height, uint32_t *column)
{
	const uint8_t *p = rd_image_at(im, x, y);

	for (int i = 0; i < rows; i++, p += im->stride) {
		memcpy(&column[i], p, 4);
		column[i] &= 0xffffff;
	}
	for (int i = rows; i < height; i++)
		column[i] = 0;
}

/* The book with columns of that height, if one is begun; else NULL. */
static const struct rd_book *
book_of_height(const struct exact_columns *c, int height)
{
	for (int i = 0; i < RD_EXACT_BOOKS; i++)
		if (c->books[i].height == height)
			return &c->books[i];
	return NULL;
}

/*
 * A tile suits where most of its columns repeat their left neighbour, are in
 * the book, or occurred earlier in the tile (told by hash: a collision costs a
 * few bytes, not correctness).
 */
bool
exact_columns_suit(const struct exact_columns *c, const struct rd_image *im, struct rd_rect t,
	int strip)
{
	const struct rd_book *book = book_of_height(c, strip);
	uint32_t seen[256] = {0}, column[RD_BOOK_HEIGHT_MAX], hash, last = 0;
	int fresh = 0, all = 0;

	for (int y = 0; y < t.h; y += strip) {
		int rows = exact_min(strip, t.h - y);

		for (int x = 0; x < t.w; x++, all++) {
			gather(im, t.x + x, t.y + y, rows, strip, column);
			hash = rd_book_hash(column, strip);
			if (hash == last || seen[hash & 255] == hash)
				continue;
			last = seen[hash & 255] = hash;
			if (!book || rd_book_find(book, column, hash) < 0)
				fresh++;
		}
	}
	return fresh * 100 <= all * FRESH_MAX;
}

/* For columns of that height: the book there is, or the least recent, begun anew. */
static int
choose_book(struct exact_columns *c, int height)
{
	const struct rd_book *known = book_of_height(c, height);
	int oldest = 0;

	if (known) {
		c->book = (int)(known - c->books);
	} else {
		for (int i = 1; i < RD_EXACT_BOOKS; i++)
			if (c->used[i] < c->used[oldest])
				oldest = i;
		c->book = oldest;
		if (rd_book_begin(&c->books[oldest], height))
			return -ENOMEM;
		c->anew[oldest] = true;
	}
	c->used[c->book] = ++c->clock;
	return 0;
}

/* Sends the message; a book that is full begins anew for the next one. */
static int
flush(struct exact_columns *c, struct exact_out *o, int strip)
{
	struct rd_book *book = &c->books[c->book];
	int err;

	rd_buf_u8(&o->plain, c->book | (c->anew[c->book] ? 0x80 : 0));
	rd_buf_u16(&o->plain, (uint16_t)c->numbers.len);
	rd_buf_bytes(&o->plain, c->numbers.data, c->numbers.len);
	rd_buf_bytes(&o->plain, c->fresh.data, c->fresh.len);
	rd_buf_reset(&c->numbers);
	rd_buf_reset(&c->fresh);
	c->anew[c->book] = false;
	err = exact_out_flush(o, RD_EXACT_COLUMNS, strip);
	if (!err && rd_book_full(book)) {
		err = rd_book_begin(book, strip);
		c->anew[c->book] = true;
	}
	return err;
}

/* Whether one column more may be more than the message, or the book, takes. */
static bool
full(const struct exact_columns *c, const struct rd_book *book)
{
	size_t next = 3 + 2 + (size_t)book->height * 3;

	return rd_book_full(book) || c->numbers.len + c->fresh.len + next > RD_EXACT_MAX_BYTES;
}

static void
put_number(struct rd_buf *numbers, int n)
{
	if (n < 240) {
		rd_buf_u8(numbers, n);
	} else {
		rd_buf_u8(numbers, 240 + (n >> 8));
		rd_buf_u8(numbers, n & 0xff);
	}
}

static void
put_pixels(struct rd_buf *fresh, const uint32_t *column, int height)
{
	uint8_t *bgr = rd_buf_room(fresh, (size_t)height * 3);

	for (int i = 0; i < height; i++, bgr += 3) {
		bgr[0] = column[i] & 0xff;
		bgr[1] = column[i] >> 8 & 0xff;
		bgr[2] = column[i] >> 16;
	}
	fresh->len += (size_t)height * 3;
}

/* Writes one column's number; a new column goes into the book. */
static void
put_column(struct exact_columns *c, struct rd_book *book, const uint32_t *column)
{
	uint32_t hash = rd_book_hash(column, book->height);
	int n = rd_book_find(book, column, hash);

	if (n < 0) {
		n = rd_book_add(book, column, hash);
		put_pixels(&c->fresh, column, book->height);
	}
	put_number(&c->numbers, n);
}

/* Writes one strip from its left until the message is full; returns the columns written. */
static int
put_strip(struct exact_columns *c, const struct exact_out *o, const struct rd_image *im,
	struct rd_rect s, int height)
{
	struct rd_book *book = &c->books[c->book];
	uint32_t column[RD_BOOK_HEIGHT_MAX];

	if (o->done.n >= EXACT_MESSAGE_RECTS)
		return 0;
	for (int x = 0; x < s.w; x++) {
		if (full(c, book))
			return x;
		gather(im, s.x + x, s.y, s.h, height, column);
		put_column(c, book, column);
	}
	return s.w;
}

/* Writes a rectangle; what is left of it when a message is full goes into others. */
static int
put_rect(struct exact_columns *c, struct exact_out *o, const struct rd_image *im, struct rd_rect r,
	int strip)
{
	int whole = 0, err;	/* rows of r in the message being made */

	while (whole < r.h) {
		struct rd_rect s = {r.x, r.y + whole, r.w, exact_min(strip, r.h - whole)};
		int w = put_strip(c, o, im, s, strip), done;

		if (w == r.w) {
			whole += s.h;
			continue;
		}
		/* Full: what is whole, then the begun strip's left part; its right part is next. */
		exact_rects_add(&o->done, (struct rd_rect){r.x, r.y, r.w, whole});
		exact_rects_add(&o->done, (struct rd_rect){s.x, s.y, w, s.h});
		err = flush(c, o, strip);
		if (!err && w)
			err = put_rect(c, o, im, (struct rd_rect){s.x + w, s.y, s.w - w, s.h}, strip);
		if (err)
			return err;
		done = whole + (w ? s.h : 0);
		r = (struct rd_rect){r.x, r.y + done, r.w, r.h - done};
		whole = 0;
	}
	exact_rects_add(&o->done, r);
	return 0;
}

int
exact_columns_put(struct exact_columns *c, struct exact_out *o, const struct rd_image *im,
	const struct exact_rects *l, int strip)
{
	int err;

	if (!l->n)
		return 0;
	err = choose_book(c, strip);
	for (int i = 0; i < l->n && !err; i++)
		err = put_rect(c, o, im, l->v[i], strip);
	if (!err && o->done.n)
		err = flush(c, o, strip);
	return err;
}
