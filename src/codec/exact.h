#ifndef RD_CODEC_EXACT_H
#define RD_CODEC_EXACT_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "media/image.h"
#include "wire/msg_picture.h"

/*
 * Pixels without loss. Two ways to write them, chosen per tile:
 *
 * COLUMNS, for text and drawn interfaces. A strip as high as a line of text is
 * a row of pixel columns, and nearly all of them have been seen before: they
 * are numbered in a book (codec/book.h) and written as numbers, one byte for
 * the first 240, two for the rest. Measured on a scrolling terminal: 2.0 KB
 * for 30 new lines where zstd over the pixels needs 26 to 32.
 *
 * PREDICT, for photographs: the median edge detector of LOCO-I (Weinberger,
 * Seroussi and Sapiro, 2000; JPEG-LS) after subtracting green from blue and
 * red.
 *
 * RASTER, plain pixels, is what a simpler sender may use; ours does not.
 *
 * Either way the result goes through zstd, whose history lasts from sync point
 * to sync point, as do the books.
 *
 * Uncompressed COLUMNS:
 *
 *	u8	which of RD_EXACT_BOOKS books; + 0x80: begin it anew, with
 *		columns as high as this message's strip
 *	u16	n, bytes of numbers
 *	n bytes	a number per column: 0 … 239 in one byte; otherwise 240 + high
 *		byte, low byte. A number equal to the count of the book is a new
 *		column, added from:
 *	rest	new columns, `strip` times BGR each; rows a short strip lacks are 0
 *
 * Uncompressed PREDICT: per pixel in raster order of each rectangle, g, b - g,
 * r - g, where b, g, r are differences (mod 256) from the prediction within
 * the rectangle; what lies outside it predicts as 0.
 */
#define RD_EXACT_BOOKS 8

struct rd_exact_enc;
int rd_exact_enc_open(struct rd_exact_enc **out);
void rd_exact_enc_close(struct rd_exact_enc *e);
/* Forgets all history: the next message starts streams and books. At sync points. */
void rd_exact_enc_reset(struct rd_exact_enc *e);
/*
 * Writes the n rectangles of the image (which contains them) as EXACT message
 * bodies, each at most RD_MSG_MAX_UPDATE, given to `emit` one after another.
 * Cuts and reorders them as it likes. `strip` is the height of a line of text
 * where it is known to start at the rectangles' tops, 1 … RD_EXACT_MAX_STRIP.
 */
int rd_exact_enc_put(struct rd_exact_enc *e, const struct rd_image *im, int strip,
	const struct rd_rect *rects, int n, void (*emit)(void *ctx, struct rd_buf *body), void *ctx);

struct rd_exact_dec;
int rd_exact_dec_open(struct rd_exact_dec **out);
void rd_exact_dec_close(struct rd_exact_dec *d);
void rd_exact_dec_reset(struct rd_exact_dec *d);
/* Paints a parsed message; its rectangles were checked to be inside. -EPROTO. */
int rd_exact_dec_get(struct rd_exact_dec *d, const struct rd_exact *m, struct rd_image *im);

#endif
