#ifndef RD_CODEC_BOOK_H
#define RD_CODEC_BOOK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A book of pixel columns: every column of one height that a stream has shown,
 * numbered in the order they came. A line of text is a row of columns that
 * have almost all been seen, so a letter costs a few small numbers instead of
 * its pixels. Both ends write the same entries, so the numbers agree.
 */
#define RD_BOOK_MAX 4096	/* columns; then the book is begun anew */
#define RD_BOOK_HEIGHT_MAX 64	/* rows */

struct rd_book {
	int height;		/* rows of a column; 0: never begun */
	int count;
	uint32_t *pixels;	/* count * height, BGRX with X = 0 */
	int16_t *slots;		/* hash table of numbers, -1 free */
};

/* Empties it for columns of that height. -ENOMEM. */
int rd_book_begin(struct rd_book *b, int height);
void rd_book_finish(struct rd_book *b);
/* What the two below take; the same column has the same hash in every book. */
uint32_t rd_book_hash(const uint32_t *column, int height);
/* The number of a column, or -1. */
int rd_book_find(const struct rd_book *b, const uint32_t *column, uint32_t hash);
/* Adds a column that is not in it; the book must not be full. Its number. */
int rd_book_add(struct rd_book *b, const uint32_t *column, uint32_t hash);

static inline bool
rd_book_full(const struct rd_book *b)
{
	return b->count == RD_BOOK_MAX;
}

static inline const uint32_t *
rd_book_at(const struct rd_book *b, int i)
{
	return b->pixels + (int64_t)i * b->height;
}

#endif
