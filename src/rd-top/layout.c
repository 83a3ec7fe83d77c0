#include <stdio.h>
#include <string.h>

#include "rd-top/format.h"
#include "rd-top/layout.h"

bool
layout_fits(struct grid *g)
{
	if (g->rows >= LAYOUT_ROWS_MIN && g->cols >= LAYOUT_COLS_MIN)
		return true;
	grid_text(g, 0, 0, g->cols, STYLE_STRONG, "rd-top: too small");
	grid_text(g, 1, 0, g->cols, STYLE_PLAIN, "it takes 30x5");
	return false;
}

void
layout_head(struct grid *g, const char *what, enum style s, const char *how, const char *clock)
{
	unsigned end = g->cols - 1, w = grid_width(g, clock);
	unsigned x = 1 + grid_text(g, 0, 1, 8, STYLE_HEAD, "rd-top") + 2;
	if (w + 30 <= g->cols) {
		grid_right(g, 0, end - w, w, STYLE_DIM, clock);
		end -= w + 2;
	}
	x += grid_text(g, 0, x, end - x, STYLE_STRONG, what) + 2;
	if (x < end)
		grid_text(g, 0, x, end - x, s, how);
}

void
layout_title(struct grid *g, unsigned y, const char *title, const char *more)
{
	grid_rule(g, y, 0, g->cols);
	unsigned x = 2;
	grid_point(g, y, x - 1, STYLE_PLAIN, ' ');
	x += grid_text(g, y, x, g->cols - x - 2, STYLE_HEAD, title);
	grid_point(g, y, x++, STYLE_PLAIN, ' ');
	if (!more || !*more || x + 4 > g->cols)
		return;
	x += grid_text(g, y, x, g->cols - x - 2, STYLE_DIM, more);
	grid_point(g, y, x, STYLE_PLAIN, ' ');
}

void
layout_keys(struct grid *g, const char *const *keys)
{
	unsigned x = 1, y = g->rows - 1;
	for (; keys[0]; keys += 2) {
		unsigned w = grid_width(g, keys[0]) + 1 + grid_width(g, keys[1]);
		if (x + w >= g->cols)
			return;
		x += grid_text(g, y, x, w, STYLE_KEY, keys[0]) + 1;
		x += grid_text(g, y, x, w, STYLE_DIM, keys[1]) + 2;
	}
}

void
layout_help(struct grid *g, const char *title, const char *const *pairs)
{
	static const char *const leave[] = {"any key", "back", NULL};
	unsigned y = 2;
	layout_title(g, 0, title, NULL);
	for (; pairs[0] && y + 1 < g->rows; pairs += 2, y++) {
		if (!*pairs[0]) {
			grid_text(g, y, 2, g->cols - 2, STYLE_DIM, pairs[1]);
			continue;
		}
		grid_text(g, y, 2, 16, STYLE_KEY, pairs[0]);
		if (g->cols > 19)
			grid_text(g, y, 19, g->cols - 19, STYLE_PLAIN, pairs[1]);
	}
	layout_keys(g, leave);
}

/* A number ends where those above and below it end, its unit begins there. */
static void
put_value(struct grid *g, unsigned y, enum style s, const char *value)
{
	char number[FORMAT_MAX];
	const char *unit = strchr(value, ' ');
	snprintf(number, sizeof(number), "%.*s", unit ? (int)(unit - value) : FORMAT_MAX - 1, value);
	grid_right(g, y, 12, 6, s, number);
	if (unit)
		grid_text(g, y, 19, 7, STYLE_DIM, unit + 1);
}

static void
put_graph(struct grid *g, unsigned y, unsigned x, unsigned rows, const struct layout_figure *f)
{
	char peak[FORMAT_MAX];
	unsigned width = g->cols - 1 - x;
	double max = ring_max(f->ring, width);
	/* A row between two that are high: else they grow together. */
	if (rows > 2)
		rows--;
	grid_graph(g, y + rows - 1, x, width, rows, f->ring, max > f->least ? max : f->least);
	if (rows < 2 || !(max > 0))
		return;
	grid_text(g, y + 1, 1, 11, STYLE_DIM, "  peak");
	put_value(g, y + 1, STYLE_DIM, f->format(peak, max));
}

void
layout_figure(struct grid *g, unsigned y, unsigned rows, const struct layout_figure *f)
{
	/* label, value, unit, note, graph; the graph takes what is left */
	char value[FORMAT_MAX];
	unsigned note = 27, graph = g->cols >= 74 ? g->cols >= 120 ? 62 : 54 : g->cols;
	unsigned end = graph < g->cols ? graph - 1 : g->cols;
	grid_text(g, y, 1, 11, STYLE_DIM, f->label);
	put_value(g, y, STYLE_STRONG, f->format(value, f->now));
	if (f->note && end > note)
		grid_text(g, y, note, end - note, STYLE_DIM, f->note);
	if (f->ring && graph + 4 <= g->cols)
		put_graph(g, y, graph, rows, f);
}
