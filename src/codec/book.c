#include "codec/book.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS (RD_BOOK_MAX * 4)	/* a power of two, at most a quarter full */

int
rd_book_begin(struct rd_book *b, int height)
{
	if (height != b->height) {
		rd_book_finish(b);
		b->pixels = malloc(sizeof(*b->pixels) * RD_BOOK_MAX * height);
		b->slots = malloc(sizeof(*b->slots) * SLOTS);
		if (!b->pixels || !b->slots) {
			rd_book_finish(b);
			return -ENOMEM;
		}
		b->height = height;
	}
	b->count = 0;
	memset(b->slots, 0xff, sizeof(*b->slots) * SLOTS);
	return 0;
}

void
rd_book_finish(struct rd_book *b)
{
	free(b->pixels);
	free(b->slots);
	*b = (struct rd_book){0};
}

uint32_t
rd_book_hash(const uint32_t *column, int height)
{
	uint64_t h = 0;

	for (int i = 0; i < height; i++) {
		h = (h ^ column[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return (uint32_t)h;
}

/* The slot that holds the column, or the free one where it belongs. */
static uint32_t
probe(const struct rd_book *b, const uint32_t *column, uint32_t hash)
{
	uint32_t s = hash & (SLOTS - 1);

	while (b->slots[s] >= 0
	    && memcmp(rd_book_at(b, b->slots[s]), column, sizeof(*column) * b->height) != 0)
		s = (s + 1) & (SLOTS - 1);
	return s;
}

int
rd_book_find(const struct rd_book *b, const uint32_t *column, uint32_t hash)
{
	return b->slots[probe(b, column, hash)];
}

int
rd_book_add(struct rd_book *b, const uint32_t *column, uint32_t hash)
{
	b->slots[probe(b, column, hash)] = (int16_t)b->count;
	memcpy(b->pixels + (int64_t)b->count * b->height, column, sizeof(*column) * b->height);
	return b->count++;
}
