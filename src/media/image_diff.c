#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "media/image.h"

/* Pixels that are compared at once, and rows whose differences become one rectangle. */
#define SPAN 64
#define BAND 16
#define SPANS ((RD_IMAGE_MAX_WIDTH + SPAN - 1) / SPAN)

/* The rows, of one band, in which a span differs: from first to before end. */
struct changed {
	int first, end;
};

/* Whole rows first: most of a desktop is as it was, and memory likes long reads. */
static bool
compare_row(const struct rd_image *a, const struct rd_image *b, int y, struct changed *spans)
{
	const uint8_t *p = rd_image_at(a, 0, y), *q = rd_image_at(b, 0, y);
	if (memcmp(p, q, (size_t)a->width * 4) == 0)
		return false;
	for (int x = 0; x < a->width; x += SPAN) {
		const int n = a->width - x < SPAN ? a->width - x : SPAN;
		struct changed *s = &spans[x / SPAN];
		if (memcmp(p + (size_t)x * 4, q + (size_t)x * 4, (size_t)n * 4) == 0)
			continue;
		if (s->end == 0)
			s->first = y;
		s->end = y + 1;
	}
	return true;
}

static void
add_band(pixman_region32_t *out, const struct changed *spans, int width)
{
	pixman_box32_t box[SPANS];
	int n = 0;
	for (int x = 0; x < width; x += SPAN) {
		const struct changed s = spans[x / SPAN];
		if (s.end > 0)
			box[n++] = (pixman_box32_t){x, s.first, x + SPAN < width ? x + SPAN : width, s.end};
	}
	pixman_region32_t band;
	pixman_region32_init_rects(&band, box, n);
	pixman_region32_union(out, out, &band);
	pixman_region32_fini(&band);
}

void
rd_image_diff(const struct rd_image *a, const struct rd_image *b, pixman_region32_t *out)
{
	assert(a->width == b->width && a->height == b->height && a->width <= RD_IMAGE_MAX_WIDTH);
	struct changed spans[SPANS];
	for (int top = 0; top < a->height; top += BAND) {
		bool any = false;
		memset(spans, 0, sizeof(spans));
		for (int y = top; y < top + BAND && y < a->height; y++)
			any |= compare_row(a, b, y, spans);
		if (any)
			add_band(out, spans, a->width);
	}
}
