#include "codec/exact.h"

#include <errno.h>
#include <stdlib.h>

#include <zstd.h>

#include "base/mem.h"
#include "codec/book.h"
#include "codec/predict.h"

/* Largest history a stream may ask for: what exact_enc_out.c uses. */
#define WINDOW_LOG 21

struct rd_exact_dec {
	ZSTD_DStream *zstd[RD_EXACT_METHODS];
	struct rd_book books[RD_EXACT_BOOKS];
	uint8_t plain[RD_EXACT_MAX_BYTES];
};

int
rd_exact_dec_open(struct rd_exact_dec **out)
{
	struct rd_exact_dec *d = xcalloc(1, sizeof(*d));

	for (int i = 0; i < RD_EXACT_METHODS; i++) {
		d->zstd[i] = ZSTD_createDStream();
		if (!d->zstd[i]) {
			rd_exact_dec_close(d);
			return -ENOMEM;
		}
		ZSTD_DCtx_setParameter(d->zstd[i], ZSTD_d_windowLogMax, WINDOW_LOG);
	}
	*out = d;
	return 0;
}

void
rd_exact_dec_close(struct rd_exact_dec *d)
{
	if (!d)
		return;
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		ZSTD_freeDStream(d->zstd[i]);
	for (int i = 0; i < RD_EXACT_BOOKS; i++)
		rd_book_finish(&d->books[i]);
	free(d);
}

void
rd_exact_dec_reset(struct rd_exact_dec *d)
{
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		ZSTD_DCtx_reset(d->zstd[i], ZSTD_reset_session_only);
	for (int i = 0; i < RD_EXACT_BOOKS; i++)
		rd_book_finish(&d->books[i]);
}

/* All of the message's bytes, decompressed into d->plain; their number or -EPROTO. */
static int
decompress(struct rd_exact_dec *d, const struct rd_exact *m)
{
	ZSTD_inBuffer in = {m->data, m->len, 0};
	ZSTD_outBuffer out = {d->plain, sizeof(d->plain), 0};

	for (;;) {
		size_t before = in.pos + out.pos;
		size_t left = ZSTD_decompressStream(d->zstd[m->method], &out, &in);

		/* A frame that ends (0) is not what a flushed stream does. */
		if (ZSTD_isError(left) || left == 0)
			return -EPROTO;
		if (in.pos == in.size && out.pos < out.size)
			return (int)out.pos;
		if (in.pos + out.pos == before)
			return in.pos == in.size ? (int)out.pos : -EPROTO;
	}
}

static int
paint_raster(const struct rd_exact *m, struct rd_reader *r, struct rd_image *im)
{
	for (int i = 0; i < m->count; i++) {
		struct rd_rect rect = rd_exact_rect(m, i);

		for (int y = 0; y < rect.h; y++) {
			const uint8_t *bgr = rd_reader_bytes(r, (size_t)rect.w * 3);
			uint8_t *to = rd_image_at(im, rect.x, rect.y + y);

			if (!bgr)
				return -EPROTO;
			for (int x = 0; x < rect.w; x++, bgr += 3, to += 4) {
				to[0] = bgr[0];
				to[1] = bgr[1];
				to[2] = bgr[2];
				to[3] = 0;
			}
		}
	}
	return rd_reader_done(r) ? 0 : -EPROTO;
}

static int
paint_predict(const struct rd_exact *m, struct rd_reader *r, struct rd_image *im)
{
	for (int i = 0; i < m->count; i++) {
		struct rd_rect rect = rd_exact_rect(m, i);
		const uint8_t *bytes = rd_reader_bytes(r, (size_t)rd_rect_area(rect) * 3);

		if (!bytes)
			return -EPROTO;
		rd_predict_inverse(im, rect, bytes);
	}
	return rd_reader_done(r) ? 0 : -EPROTO;
}

/* The next column of the message: one of the book's, or a new one added to it. */
static const uint32_t *
next_column(struct rd_book *book, struct rd_reader *numbers, struct rd_reader *fresh)
{
	uint32_t column[RD_BOOK_HEIGHT_MAX];
	const uint8_t *bgr;
	int n = rd_reader_u8(numbers);

	if (n >= 240)
		n = (n - 240) << 8 | rd_reader_u8(numbers);
	if (numbers->bad || n > book->count || n == RD_BOOK_MAX)
		return NULL;
	if (n < book->count)
		return rd_book_at(book, n);

	bgr = rd_reader_bytes(fresh, (size_t)book->height * 3);
	if (!bgr)
		return NULL;
	for (int i = 0; i < book->height; i++, bgr += 3)
		column[i] = bgr[0] | bgr[1] << 8 | (uint32_t)bgr[2] << 16;
	rd_book_add(book, column, rd_book_hash(column, book->height));
	return rd_book_at(book, n);
}

static int
paint_strip(struct rd_book *book, struct rd_reader *numbers, struct rd_reader *fresh,
	struct rd_image *im, struct rd_rect strip)
{
	for (int x = 0; x < strip.w; x++) {
		const uint32_t *column = next_column(book, numbers, fresh);
		uint8_t *to = rd_image_at(im, strip.x + x, strip.y);

		if (!column)
			return -EPROTO;
		for (int y = 0; y < strip.h; y++, to += im->stride)
			*(uint32_t *)to = column[y];
	}
	return 0;
}

static int
paint_columns(struct rd_exact_dec *d, const struct rd_exact *m, struct rd_reader *r,
	struct rd_image *im)
{
	uint8_t which = rd_reader_u8(r);
	uint16_t len = rd_reader_u16(r);
	const uint8_t *bytes = rd_reader_bytes(r, len);
	struct rd_book *book = &d->books[(which & 0x7f) % RD_EXACT_BOOKS];
	struct rd_reader numbers;
	int err;

	if (!bytes || (which & 0x7f) >= RD_EXACT_BOOKS)
		return -EPROTO;
	if (which & 0x80) {
		err = rd_book_begin(book, m->strip);
		if (err)
			return err;
	}
	if (book->height != m->strip)
		return -EPROTO;

	rd_reader_init(&numbers, bytes, len);
	for (int i = 0; i < m->count; i++) {
		struct rd_rect rect = rd_exact_rect(m, i);

		for (int y = 0; y < rect.h; y += m->strip) {
			int h = rect.h - y < m->strip ? rect.h - y : m->strip;
			struct rd_rect strip = {rect.x, rect.y + y, rect.w, h};

			err = paint_strip(book, &numbers, r, im, strip);
			if (err)
				return err;
		}
	}
	return rd_reader_done(&numbers) && rd_reader_done(r) ? 0 : -EPROTO;
}

int
rd_exact_dec_get(struct rd_exact_dec *d, const struct rd_exact *m, struct rd_image *im)
{
	struct rd_reader r;
	int n = decompress(d, m);

	if (n < 0)
		return n;
	rd_reader_init(&r, d->plain, n);
	switch (m->method) {
	case RD_EXACT_RASTER:
		return paint_raster(m, &r, im);
	case RD_EXACT_COLUMNS:
		return paint_columns(d, m, &r, im);
	case RD_EXACT_PREDICT:
		return paint_predict(m, &r, im);
	default:
		return -EPROTO;
	}
}
