#include <stdlib.h>

#include "base/mem.h"
#include "media/find_priv.h"

static void
sum_part(const struct rd_needle *n, struct needle_part *p)
{
	int64_t area = rd_rect_area(p->r), counted = 0;
	for (int y = p->r.y; y < p->r.y + p->r.h; y++)
		for (int x = p->r.x; x < p->r.x + p->r.w; x++) {
			uint32_t v = rd_pixel(&n->im, x, y);
			counted += needle_counts(v);
			p->sum += needle_counts(v) ? rd_pixel_sum(v) : 0;
		}
	int64_t off = n->allowed < counted ? n->allowed : counted;
	p->low = 3 * counted * n->tolerance + 765 * off;
	p->high = p->low + 765 * (area - counted);
	p->usable = area > 0 && area <= NEEDLE_SUM_MAX;
}

static void
sum_grid(const struct rd_needle *n, struct needle_part *parts, int each)
{
	for (int i = 0; i < each * each; i++) {
		int column = i % each, row = i / each;
		int x0 = n->im.width * column / each, x1 = n->im.width * (column + 1) / each;
		int y0 = n->im.height * row / each, y1 = n->im.height * (row + 1) / each;
		parts[i] = (struct needle_part){.r = {x0, y0, x1 - x0, y1 - y0}};
		sum_part(n, &parts[i]);
	}
}

static int64_t
count_pixels(const struct rd_image *im)
{
	int64_t n = 0;
	for (int y = 0; y < im->height; y++)
		for (int x = 0; x < im->width; x++)
			n += needle_counts(rd_pixel(im, x, y));
	return n;
}

struct rd_needle *
rd_needle_new(const struct rd_image *im, const struct rd_needle_config *cfg)
{
	struct rd_needle *n = xcalloc(1, sizeof(*n));
	n->tolerance = cfg->tolerance;
	n->counted = count_pixels(im);
	n->allowed = (int64_t)(cfg->differ * (double)n->counted);
	if (n->counted == 0 || rd_image_init(&n->im, im->width, im->height) != 0) {
		free(n);
		return NULL;
	}
	rd_image_copy(&n->im, im, (struct rd_rect){0, 0, im->width, im->height});
	sum_grid(n, n->quarter, 2);
	sum_grid(n, n->cell, NEEDLE_CELLS);
	needle_choose_probes(n);
	return n;
}

void
rd_needle_free(struct rd_needle *n)
{
	if (!n)
		return;
	rd_image_finish(&n->im);
	free(n->probe);
	free(n);
}

struct rd_rect
needle_places(const struct rd_needle *n, const struct rd_image *im, struct rd_rect within)
{
	struct rd_rect r = rd_rect_intersect(within, (struct rd_rect){0, 0, im->width, im->height});
	r.w -= n->im.width - 1;
	r.h -= n->im.height - 1;
	return r.w > 0 && r.h > 0 ? r : (struct rd_rect){0};
}

bool
rd_needle_differs(const struct rd_needle *n, const struct rd_image *im, int x, int y,
	int column, int row)
{
	uint32_t ours = rd_pixel(&n->im, column, row), theirs = rd_pixel(im, x + column, y + row);
	return needle_counts(ours) && rd_pixel_differs(ours, theirs, n->tolerance);
}

int64_t
needle_off(const struct rd_needle *n, const struct rd_image *im, int x, int y, int64_t limit)
{
	int64_t off = 0;
	for (int row = 0; row < n->im.height && off <= limit; row++)
		for (int column = 0; column < n->im.width; column++)
			off += rd_needle_differs(n, im, x, y, column, row);
	return off;
}
