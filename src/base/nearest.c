#include <stdint.h>
#include <string.h>

#include "base/nearest.h"

#define LENGTH_MAX 32

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters to add, drop, change or swap with their neighbour to get
 * from a to b (Damerau, Levenshtein; each letter is touched once). Only the
 * last three rows of the table are kept. SIZE_MAX for long words.
 */
static size_t
distance(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b);
	if (alen > LENGTH_MAX || blen > LENGTH_MAX)
		return SIZE_MAX;
	size_t rows[3][LENGTH_MAX + 1];
	for (size_t j = 0; j <= blen; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= alen; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *higher = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= blen; j++) {
			size_t d = above[j - 1] + (a[i - 1] != b[j - 1]);
			d = least(d, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = least(d, higher[j - 2] + 1);
			row[j] = d;
		}
	}
	return rows[alen % 3][blen];
}

const char *
rd_nearest(const char *text, const char *const *names, size_t n)
{
	const char *best = NULL;
	/* One slip in three letters is a slip; more is another word. */
	size_t limit = (strlen(text) + 2) / 3;
	for (size_t i = 0; i < n; i++) {
		size_t d = distance(text, names[i]);
		if (d <= limit) {
			best = names[i];
			limit = d > 0 ? d - 1 : 0;
		}
	}
	return best;
}
