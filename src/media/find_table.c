#include <stdlib.h>
#include <string.h>

#include "media/find_priv.h"

/* Rows of places that share one table, at least. */
#define BAND_ROWS 256

bool
needle_next_band(const struct rd_needle *n, struct rd_rect places, struct rd_rect *band)
{
	int rows = n->im.height > BAND_ROWS ? n->im.height : BAND_ROWS;
	int y = rd_rect_empty(*band) ? places.y : band->y + band->h;
	int left = places.y + places.h - y;
	*band = (struct rd_rect){places.x, y, places.w, left < rows ? left : rows};
	return !rd_rect_empty(*band);
}

/* Each row's sums are those above and what the row adds, up to there. */
static void
add_up(struct needle_table *t, const struct rd_image *im)
{
	size_t wide = (size_t)t->r.w + 1;
	memset(t->sum, 0, wide * sizeof(*t->sum));
	for (int y = 0; y < t->r.h; y++) {
		const uint32_t *above = t->sum + (size_t)y * wide;
		uint32_t *row = t->sum + (size_t)(y + 1) * wide, run = 0;
		row[0] = 0;
		for (int x = 0; x < t->r.w; x++) {
			run += (uint32_t)rd_pixel_sum(rd_pixel(im, t->r.x + x, t->r.y + y));
			row[x + 1] = above[x + 1] + run;
		}
	}
}

bool
needle_table_make(struct needle_table *t, const struct rd_needle *n, const struct rd_image *im,
	struct rd_rect places)
{
	t->r = (struct rd_rect){places.x, places.y, places.w + n->im.width - 1,
		places.h + n->im.height - 1};
	t->sum = malloc(((size_t)t->r.w + 1) * ((size_t)t->r.h + 1) * sizeof(*t->sum));
	if (!t->sum)
		return false;
	add_up(t, im);
	return true;
}

void
needle_table_finish(struct needle_table *t)
{
	free(t->sum);
}
