#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "rd-top/format.h"
#include "rd-top/grid.h"
#include "rd-top/layout.h"
#include "rd-top/once_local.h"

/*
 * A page without a screen. Each column is as wide as what stands in it; where that
 * is more than the terminal has, the columns of the highest `goes` are left out first.
 */
static const struct {
	const char *title;
	bool right;
	unsigned goes;		/* 0: never; then names are cut */
} columns[] = {
	{"NAME", false, 0}, {"PROGRAMS", false, 8}, {"STATE", false, 0}, {"BIT/S", true, 1},
	{"FPS", true, 3}, {"LATENCY", true, 2}, {"RTT", true, 4}, {"LOSS", true, 6},
	{"PATH", false, 5}, {"AGE", true, 7}, {"PEERS", false, 9},
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define GOES_FIRST 9

struct table {
	char *(*cell)[COLUMNS];
	unsigned rows;
	unsigned width[COLUMNS];	/* 0: left out */
	bool utf8;
};

static void
put_cells(struct table *t, const char *const cells[COLUMNS])
{
	struct grid g = {.utf8 = t->utf8};
	t->cell = xreallocarray(t->cell, t->rows + 1, sizeof(*t->cell));
	for (unsigned i = 0; i < COLUMNS; i++) {
		unsigned width = grid_width(&g, cells[i]);
		t->cell[t->rows][i] = xstrdup(cells[i]);
		if (width > t->width[i])
			t->width[i] = width;
	}
	t->rows++;
}

static void
put_titles(struct table *t)
{
	const char *titles[COLUMNS];
	for (unsigned i = 0; i < COLUMNS; i++)
		titles[i] = columns[i].title;
	put_cells(t, titles);
}

static void
put_session(struct table *t, const struct session *s)
{
	char tools[SNAPSHOT_TEXT], n[6][FORMAT_MAX], peers[16];
	enum style style;
	const double *f = s->sum.figure;
	layout_tools(s, tools, sizeof(tools));
	snprintf(peers, sizeof(peers), "%u", s->sum.peers + s->sum.peers_more);
	const char *const cells[COLUMNS] = {
		s->name, tools, layout_state(s, &style), format_count(n[0], f[FIGURE_RATE]),
		format_real(n[1], f[FIGURE_FPS]), format_ms(n[2], f[FIGURE_LATENCY]),
		format_ms(n[3], f[FIGURE_RTT]), format_share(n[4], f[FIGURE_LOSS]),
		s->sum.path[0] ? s->sum.path : "-", format_age(n[5], f[FIGURE_AGE]), peers,
	};
	put_cells(t, cells);
}

static unsigned
whole_width(const struct table *t)
{
	unsigned sum = 0;
	for (unsigned i = 0; i < COLUMNS; i++)
		sum += t->width[i] ? t->width[i] + (sum ? 1 : 0) : 0;
	return sum;
}

/* Into so many cells: what is worth least goes, and then the end of names. */
static void
fit(struct table *t, unsigned cols)
{
	for (unsigned rank = GOES_FIRST; rank && whole_width(t) > cols; rank--)
		for (unsigned i = 0; i < COLUMNS; i++)
			if (columns[i].goes == rank)
				t->width[i] = 0;
	unsigned over = whole_width(t) > cols ? whole_width(t) - cols : 0;
	t->width[0] = over + 4 <= t->width[0] ? t->width[0] - over : t->width[0];
}

static void
print_row(struct rd_buf *out, const struct table *t, unsigned row)
{
	struct grid g;
	unsigned x = 0;
	grid_init(&g, 1, whole_width(t), t->utf8);
	for (unsigned i = 0; i < COLUMNS; i++) {
		if (!t->width[i])
			continue;
		if (columns[i].right)
			grid_right(&g, 0, x, t->width[i], STYLE_PLAIN, t->cell[row][i]);
		else
			grid_text(&g, 0, x, t->width[i], STYLE_PLAIN, t->cell[row][i]);
		x += t->width[i] + 1;
	}
	grid_row(&g, 0, out);
	rd_buf_u8(out, '\n');
	grid_finish(&g);
}

void
once_local_table(struct rd_buf *out, const struct model *m, bool utf8, unsigned cols)
{
	struct table t = {.utf8 = utf8};
	put_titles(&t);
	for (unsigned i = 0; i < m->sessions; i++)
		put_session(&t, m->session[i]);
	if (cols)
		fit(&t, cols);
	for (unsigned row = 0; row < t.rows; row++)
		print_row(out, &t, row);
	for (unsigned i = 0; i < t.rows * COLUMNS; i++)
		free(t.cell[i / COLUMNS][i % COLUMNS]);
	free(t.cell);
}
