#include "codec/exact.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/mem.h"
#include "codec/book.h"
#include "codec/predict.h"

/* Tiles are judged one by one: text beside a photograph is written as text. */
#define TILE_WIDTH 128
#define TILE_HEIGHT 64
/* A tile with more than this share of columns never seen is no text, percent. */
#define FRESH_MAX 30
/* So that a message with bytes zstd cannot shrink stays below 64 KiB. */
#define MESSAGE_RECTS 400

struct rect_list {
	struct rd_rect *v;
	int n, cap;
};

struct rd_exact_enc {
	ZSTD_CStream *zstd[RD_EXACT_METHODS];
	struct rd_book books[RD_EXACT_BOOKS];
	bool anew[RD_EXACT_BOOKS];	/* begun, and the reader does not know it yet */
	uint64_t used[RD_EXACT_BOOKS];	/* by clock, for the least recent */
	uint64_t clock;

	/* by method, what this call has yet to write */
	struct rect_list todo[RD_EXACT_METHODS];

	/* the message being made */
	struct rect_list done;
	struct rd_buf numbers, fresh;	/* COLUMNS */
	struct rd_buf plain, packed, body;
	int book;
	void (*emit)(void *ctx, struct rd_buf *body);
	void *ctx;
};

static void
list_add(struct rect_list *l, struct rd_rect r)
{
	if (rd_rect_empty(r))
		return;
	if (!l->v || l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		l->v = xreallocarray(l->v, l->cap, sizeof(*l->v));
	}
	l->v[l->n++] = r;
}

static ZSTD_CStream *
open_stream(int level, int window_log)
{
	ZSTD_CStream *z = ZSTD_createCStream();

	if (!z)
		return NULL;
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window_log);
	return z;
}

int
rd_exact_enc_open(struct rd_exact_enc **out)
{
	struct rd_exact_enc *e = xcalloc(1, sizeof(*e));

	/* Numbers are few and repeat words and lines: search for them. */
	e->zstd[RD_EXACT_COLUMNS] = open_stream(3, 20);
	/* Differences hardly repeat: entropy coding is all there is to gain. */
	e->zstd[RD_EXACT_PREDICT] = open_stream(1, 17);
	if (!e->zstd[RD_EXACT_COLUMNS] || !e->zstd[RD_EXACT_PREDICT]) {
		rd_exact_enc_close(e);
		return -ENOMEM;
	}
	*out = e;
	return 0;
}

void
rd_exact_enc_close(struct rd_exact_enc *e)
{
	if (!e)
		return;
	for (int i = 0; i < RD_EXACT_METHODS; i++) {
		ZSTD_freeCStream(e->zstd[i]);
		free(e->todo[i].v);
	}
	for (int i = 0; i < RD_EXACT_BOOKS; i++)
		rd_book_finish(&e->books[i]);
	free(e->done.v);
	rd_buf_finish(&e->numbers);
	rd_buf_finish(&e->fresh);
	rd_buf_finish(&e->plain);
	rd_buf_finish(&e->packed);
	rd_buf_finish(&e->body);
	free(e);
}

void
rd_exact_enc_reset(struct rd_exact_enc *e)
{
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		if (e->zstd[i])
			ZSTD_CCtx_reset(e->zstd[i], ZSTD_reset_session_only);
	for (int i = 0; i < RD_EXACT_BOOKS; i++)
		rd_book_finish(&e->books[i]);
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

static int
min(int a, int b)
{
	return a < b ? a : b;
}

/* The book with columns of that height, if one is begun; else NULL. */
static const struct rd_book *
book_of_height(const struct rd_exact_enc *e, int height)
{
	for (int i = 0; i < RD_EXACT_BOOKS; i++)
		if (e->books[i].height == height)
			return &e->books[i];
	return NULL;
}

/*
 * Whether a tile is better written as columns: most of them repeat their left
 * neighbour, are in the book, or occurred earlier in the tile (told by hash:
 * a collision costs a few bytes, not correctness).
 */
static bool
looks_like_text(const struct rd_exact_enc *e, const struct rd_image *im, struct rd_rect t, int strip)
{
	const struct rd_book *book = book_of_height(e, strip);
	uint32_t seen[256] = {0}, column[RD_BOOK_HEIGHT_MAX], hash, last = 0;
	int fresh = 0, all = 0;

	for (int y = 0; y < t.h; y += strip) {
		int rows = min(strip, t.h - y);

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

/* Puts a tile on its method's list, joined with the tile before it if that is its left one. */
static void
assign(struct rd_exact_enc *e, const struct rd_image *im, struct rd_rect t, int strip)
{
	struct rect_list *l = &e->todo[looks_like_text(e, im, t, strip) ? RD_EXACT_COLUMNS
									: RD_EXACT_PREDICT];
	struct rd_rect *last = l->n ? &l->v[l->n - 1] : NULL;

	if (last && last->y == t.y && last->h == t.h && last->x + last->w == t.x)
		last->w += t.w;
	else
		list_add(l, t);
}

static void
assign_tiles(struct rd_exact_enc *e, const struct rd_image *im, struct rd_rect r, int strip)
{
	int height = strip >= TILE_HEIGHT ? strip : TILE_HEIGHT / strip * strip;

	for (int y = 0; y < r.h; y += height)
		for (int x = 0; x < r.w; x += TILE_WIDTH)
			assign(e, im, (struct rd_rect){r.x + x, r.y + y, min(TILE_WIDTH, r.w - x),
				min(height, r.h - y)}, strip);
}

/* Compresses e->plain, and hands out the message. */
static int
flush(struct rd_exact_enc *e, enum rd_exact_method method, int strip)
{
	size_t cap = ZSTD_compressBound(e->plain.len) + 64;
	ZSTD_inBuffer in = {e->plain.data, e->plain.len, 0};
	ZSTD_outBuffer out;
	size_t left;

	rd_buf_reset(&e->packed);
	out = (ZSTD_outBuffer){rd_buf_room(&e->packed, cap), cap, 0};
	do {
		left = ZSTD_compressStream2(e->zstd[method], &out, &in, ZSTD_e_flush);
		if (ZSTD_isError(left))
			return -ENOMEM;
	} while (left);

	rd_buf_reset(&e->body);
	rd_exact_pack(&e->body, method, strip, e->done.v, e->done.n, out.dst, out.pos);
	e->done.n = 0;
	rd_buf_reset(&e->plain);
	e->emit(e->ctx, &e->body);
	return 0;
}

static int
flush_columns(struct rd_exact_enc *e, int strip)
{
	int err;

	rd_buf_u8(&e->plain, e->book | (e->anew[e->book] ? 0x80 : 0));
	rd_buf_u16(&e->plain, (uint16_t)e->numbers.len);
	rd_buf_bytes(&e->plain, e->numbers.data, e->numbers.len);
	rd_buf_bytes(&e->plain, e->fresh.data, e->fresh.len);
	rd_buf_reset(&e->numbers);
	rd_buf_reset(&e->fresh);
	e->anew[e->book] = false;
	err = flush(e, RD_EXACT_COLUMNS, strip);
	if (!err && rd_book_full(&e->books[e->book])) {
		err = rd_book_begin(&e->books[e->book], strip);
		e->anew[e->book] = true;
	}
	return err;
}

static int
choose_book(struct rd_exact_enc *e, int height)
{
	const struct rd_book *known = book_of_height(e, height);
	int oldest = 0;

	if (known) {
		e->book = (int)(known - e->books);
	} else {
		for (int i = 1; i < RD_EXACT_BOOKS; i++)
			if (e->used[i] < e->used[oldest])
				oldest = i;
		e->book = oldest;
		if (rd_book_begin(&e->books[oldest], height))
			return -ENOMEM;
		e->anew[oldest] = true;
	}
	e->used[e->book] = ++e->clock;
	return 0;
}

/* Writes one column's number; a new column goes into the book. */
static void
put_column(struct rd_exact_enc *e, struct rd_book *book, const uint32_t *column)
{
	uint32_t hash = rd_book_hash(column, book->height);
	int n = rd_book_find(book, column, hash);

	if (n < 0) {
		uint8_t *bgr = rd_buf_room(&e->fresh, (size_t)book->height * 3);

		n = rd_book_add(book, column, hash);
		for (int i = 0; i < book->height; i++, bgr += 3) {
			bgr[0] = column[i] & 0xff;
			bgr[1] = column[i] >> 8 & 0xff;
			bgr[2] = column[i] >> 16;
		}
		e->fresh.len += (size_t)book->height * 3;
	}
	if (n < 240) {
		rd_buf_u8(&e->numbers, n);
	} else {
		rd_buf_u8(&e->numbers, 240 + (n >> 8));
		rd_buf_u8(&e->numbers, n & 0xff);
	}
}

static bool
columns_full(const struct rd_exact_enc *e, const struct rd_book *book)
{
	size_t next = 3 + 2 + (size_t)book->height * 3;

	return rd_book_full(book) || e->done.n >= MESSAGE_RECTS
		|| e->numbers.len + e->fresh.len + next > RD_EXACT_MAX_BYTES;
}

/*
 * Writes one strip of a rectangle from its left until the message is full;
 * returns the columns written. `last` spares the search in runs of one colour.
 */
static int
put_strip(struct rd_exact_enc *e, const struct rd_image *im, struct rd_rect s, int height)
{
	struct rd_book *book = &e->books[e->book];
	uint32_t column[RD_BOOK_HEIGHT_MAX];

	for (int x = 0; x < s.w; x++) {
		if (columns_full(e, book))
			return x;
		gather(im, s.x + x, s.y, s.h, height, column);
		put_column(e, book, column);
	}
	return s.w;
}

/* Writes a rectangle as columns, in as many messages as it takes. */
static int
put_columns(struct rd_exact_enc *e, const struct rd_image *im, struct rd_rect r, int strip)
{
	int y = 0, err;

	while (y < r.h) {
		struct rd_rect s = {r.x, r.y + y, r.w, min(strip, r.h - y)};
		int w = put_strip(e, im, s, strip);

		if (w == r.w) {
			y += s.h;
			continue;
		}
		/* Full: what is whole, then the begun strip's left part; its right part is next. */
		list_add(&e->done, (struct rd_rect){r.x, r.y, r.w, y});
		list_add(&e->done, (struct rd_rect){s.x, s.y, w, s.h});
		err = flush_columns(e, strip);
		if (!err && w)
			err = put_columns(e, im, (struct rd_rect){s.x + w, s.y, s.w - w, s.h}, strip);
		if (err)
			return err;
		y += w ? s.h : 0;
		r = (struct rd_rect){r.x, r.y + y, r.w, r.h - y};
		y = 0;
	}
	list_add(&e->done, r);
	return 0;
}

static int
put_all_columns(struct rd_exact_enc *e, const struct rd_image *im, int strip)
{
	struct rect_list *l = &e->todo[RD_EXACT_COLUMNS];
	int err;

	if (!l->n)
		return 0;
	err = choose_book(e, strip);
	for (int i = 0; i < l->n && !err; i++)
		err = put_columns(e, im, l->v[i], strip);
	if (!err && e->done.n)
		err = flush_columns(e, strip);
	return err;
}

/* Cuts what is to be predicted into pieces that fill messages. */
static int
put_all_predict(struct rd_exact_enc *e, const struct rd_image *im)
{
	struct rect_list *l = &e->todo[RD_EXACT_PREDICT];
	int err;

	for (int i = 0; i < l->n; i++) {
		struct rd_rect r = l->v[i];

		while (r.h > 0) {
			size_t row = (size_t)r.w * 3, room = RD_EXACT_MAX_BYTES - e->plain.len;
			struct rd_rect piece = {r.x, r.y, r.w, min(r.h, (int)(room / row))};

			if (piece.h == 0 || e->done.n >= MESSAGE_RECTS) {
				err = flush(e, RD_EXACT_PREDICT, 1);
				if (err)
					return err;
				continue;
			}
			rd_predict_forward(im, piece,
				rd_buf_room(&e->plain, (size_t)rd_rect_area(piece) * 3));
			e->plain.len += (size_t)rd_rect_area(piece) * 3;
			list_add(&e->done, piece);
			r.y += piece.h;
			r.h -= piece.h;
		}
	}
	return e->done.n ? flush(e, RD_EXACT_PREDICT, 1) : 0;
}

int
rd_exact_enc_put(struct rd_exact_enc *e, const struct rd_image *im, int strip,
	const struct rd_rect *rects, int n, void (*emit)(void *ctx, struct rd_buf *body), void *ctx)
{
	int err;

	e->emit = emit;
	e->ctx = ctx;
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		e->todo[i].n = 0;
	for (int i = 0; i < n; i++)
		assign_tiles(e, im, rects[i], strip);
	err = put_all_columns(e, im, strip);
	return err ? err : put_all_predict(e, im);
}
