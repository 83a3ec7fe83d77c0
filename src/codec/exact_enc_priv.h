#ifndef RD_CODEC_EXACT_ENC_PRIV_H
#define RD_CODEC_EXACT_ENC_PRIV_H

#include <stdbool.h>

#include <zstd.h>

#include "codec/book.h"
#include "codec/exact.h"

/*
 * Inside the exact encoder, for exact_enc*.c only, each calling those below it:
 *
 *	exact_enc.c		which tile is written in which way
 *	exact_enc_columns.c	COLUMNS, and the books
 *	exact_enc_predict.c	PREDICT
 *	exact_enc_out.c		messages: their rectangles, compressed
 */

/* So that a message with bytes zstd cannot shrink stays below 64 KiB. */
#define EXACT_MESSAGE_RECTS 400

struct exact_rects {
	struct rd_rect *v;
	int n, cap;
};

/* The message being made. */
struct exact_out {
	ZSTD_CStream *zstd[RD_EXACT_METHODS];
	struct exact_rects done;	/* rectangles of which `plain` is */
	struct rd_buf plain, packed, body;
	void (*emit)(void *ctx, struct rd_buf *body);
	void *ctx;
};

/* An empty one is left out. */
void exact_rects_add(struct exact_rects *l, struct rd_rect r);

/* On failure (-ENOMEM) there is something to close. */
int exact_out_open(struct exact_out *o);
void exact_out_close(struct exact_out *o);
/* Its streams begin anew. */
void exact_out_reset(struct exact_out *o);
/* Compresses `plain`, hands out the message and begins another. -ENOMEM. */
int exact_out_flush(struct exact_out *o, enum rd_exact_method method, int strip);

/* Zeroed memory has no books yet. */
struct exact_columns {
	struct rd_book books[RD_EXACT_BOOKS];
	bool anew[RD_EXACT_BOOKS];	/* begun, and the reader does not know it yet */
	uint64_t used[RD_EXACT_BOOKS];	/* by clock, for the least recent */
	uint64_t clock;
	int book;			/* of the message being made */
	struct rd_buf numbers, fresh;	/* its two parts */
};

void exact_columns_finish(struct exact_columns *c);
/* No book is begun. */
void exact_columns_reset(struct exact_columns *c);
/* Whether a tile is better written as columns. */
bool exact_columns_suit(const struct exact_columns *c, const struct rd_image *im,
	struct rd_rect tile, int strip);
/* Writes rectangles in as many messages as it takes. 0 or -ENOMEM. */
int exact_columns_put(struct exact_columns *c, struct exact_out *o, const struct rd_image *im,
	const struct exact_rects *l, int strip);
int exact_predict_put(struct exact_out *o, const struct rd_image *im,
	const struct exact_rects *l);

static inline int
exact_min(int a, int b)
{
	return a < b ? a : b;
}

#endif
