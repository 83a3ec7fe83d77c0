#include <math.h>

#include "rd-top/grid.h"

/* Eighths of a cell; the first is a value that is next to nothing. */
static uint32_t
block(const struct grid *g, unsigned eighths)
{
	static const char ascii[] = "_.:-=+*#";
	return g->utf8 ? 0x2580 + eighths : (uint32_t)ascii[eighths - 1];
}

static void
column(struct grid *g, unsigned y, unsigned x, unsigned rows, double value, double max)
{
	if (isnan(value))
		return;
	unsigned all = rows * 8;
	double part = max > 0 ? value / max * all : 0;
	unsigned level = part >= all ? all : part > 0 ? (unsigned)ceil(part) : 0;
	if (level == 0) {
		grid_point(g, y, x, STYLE_DIM, block(g, 1));
		return;
	}
	for (unsigned i = 0; i < rows && level; i++) {
		unsigned part_of = level < 8 ? level : 8;
		grid_point(g, y - i, x, STYLE_GRAPH, block(g, part_of));
		level -= part_of;
	}
}

void
grid_graph(struct grid *g, unsigned y, unsigned x, unsigned width, unsigned rows,
	const struct ring *r, double max)
{
	for (unsigned i = 0; i < width; i++)
		column(g, y, x + width - 1 - i, rows, ring_back(r, i), max);
}

uint32_t
grid_filling(const struct grid *g, unsigned n)
{
	/* Four that also differ where there is no colour. */
	static const uint32_t full[] = {0x2588, 0x2593, 0x2592, 0x2591};
	static const char ascii[] = "#=+.";
	return g->utf8 ? full[n % 4] : (uint32_t)ascii[n % 4];
}

void
grid_bar(struct grid *g, unsigned y, unsigned x, unsigned width, const double *share, unsigned n)
{
	double sum = 0;
	unsigned from = 0;
	for (unsigned i = 0; i < n; i++) {
		sum += share[i];
		unsigned to = (unsigned)lround(sum * width);
		for (; from < to && from < width; from++)
			grid_point(g, y, x + from, STYLE_GRAPH, grid_filling(g, i));
	}
}
