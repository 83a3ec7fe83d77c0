#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "rd-top/grid.h"

void
grid_init(struct grid *g, unsigned rows, unsigned cols, bool utf8)
{
	*g = (struct grid){.rows = rows, .cols = cols, .utf8 = utf8};
	g->cell = xcalloc((size_t)rows * cols + 1, sizeof(*g->cell));
	for (size_t i = 0; i < (size_t)rows * cols; i++)
		g->cell[i].point = ' ';
}

void
grid_finish(struct grid *g)
{
	free(g->cell);
	*g = (struct grid){0};
}

void
grid_point(struct grid *g, unsigned y, unsigned x, enum style s, uint32_t point)
{
	if (y >= g->rows || x >= g->cols)
		return;
	struct cell *c = &g->cell[(size_t)y * g->cols + x];
	c->point = point;
	c->style = (uint8_t)s;
}

/*
 * The next character of a text that ends with NUL, and its width; 0 at the end. What
 * would move the cursor, or the reader's eye (marks of direction), has none.
 */
static uint32_t
next(const struct grid *g, const char **text, unsigned *width)
{
	const char *p = *text;
	uint32_t point = '?';
	*width = 1;
	if (!*p)
		return 0;
	size_t len = strnlen(p, 4);
	int n = rd_utf8_decode((const uint8_t *)p, len, &point);
	*text = p + (n > 0 ? n : 1);
	if (n <= 0)
		return '?';
	if (point < 0x80)
		return point < 0x20 || point == 0x7f ? '?' : point;
	int w = g->utf8 ? wcwidth((wchar_t)point) : -1;
	if (w < 0)
		return '?';
	*width = (unsigned)w;
	return point;
}

unsigned
grid_width(const struct grid *g, const char *text)
{
	unsigned sum = 0, width;
	while (next(g, &text, &width))
		sum += width;
	return sum;
}

unsigned
grid_text(struct grid *g, unsigned y, unsigned x, unsigned width, enum style s, const char *text)
{
	unsigned used = 0, w;
	uint32_t point;
	if (x >= g->cols)
		return 0;
	if (width > g->cols - x)
		width = g->cols - x;
	bool cut = grid_width(g, text) > width;
	unsigned room = cut && width ? width - 1 : width;
	while ((point = next(g, &text, &w)) != 0 && used + w <= room) {
		if (w == 0)
			continue;
		grid_point(g, y, x + used, s, point);
		for (unsigned i = 1; i < w; i++)
			grid_point(g, y, x + used + i, s, 0);
		used += w;
	}
	if (cut && width)
		grid_point(g, y, x + used++, s, g->utf8 ? 0x2026 : '~');
	return used;
}

void
grid_right(struct grid *g, unsigned y, unsigned x, unsigned width, enum style s, const char *text)
{
	unsigned w = grid_width(g, text);
	unsigned skip = w < width ? width - w : 0;
	grid_text(g, y, x + skip, width - skip, s, text);
}

void
grid_rule(struct grid *g, unsigned y, unsigned x, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		grid_point(g, y, x + i, STYLE_DIM, g->utf8 ? 0x2500 : '-');
}

void
grid_reverse(struct grid *g, unsigned y)
{
	for (unsigned x = 0; y < g->rows && x < g->cols; x++)
		g->cell[(size_t)y * g->cols + x].reverse = true;
}

void
grid_row(const struct grid *g, unsigned y, struct rd_buf *out)
{
	unsigned end = g->cols;
	while (end && g->cell[(size_t)y * g->cols + end - 1].point == ' ')
		end--;
	for (unsigned x = 0; x < end; x++) {
		uint32_t point = g->cell[(size_t)y * g->cols + x].point;
		if (point)
			rd_utf8_put(out, point);
	}
}
