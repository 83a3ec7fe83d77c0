#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rd-top/format.h"
#include "rd-top/layout.h"

/*
 * The list: columns in the order in which they stand, of which those that matter
 * least go first where there is no room. A width is what its widest value takes.
 */
enum column {
	COLUMN_NAME, COLUMN_TOOLS, COLUMN_STATE, COLUMN_RATE, COLUMN_FPS, COLUMN_LATENCY, COLUMN_RTT,
	COLUMN_LOSS, COLUMN_PATH, COLUMN_LIMIT, COLUMN_PEERS, COLUMN_AGE, COLUMN_GRAPH, COLUMNS,
};

static const struct {
	const char *title;
	unsigned width;
	unsigned matters;	/* 0 most */
	bool left;
} columns[COLUMNS] = {
	[COLUMN_NAME] = {"NAME", 10, 0, true},
	[COLUMN_TOOLS] = {"PROGRAMS", 11, 8, true},
	[COLUMN_STATE] = {"STATE", 9, 2, true},
	[COLUMN_RATE] = {"bit/s", 6, 1, false},
	[COLUMN_FPS] = {"fps", 5, 3, false},
	[COLUMN_LATENCY] = {"latency", 7, 4, false},
	[COLUMN_RTT] = {"rtt", 7, 5, false},
	[COLUMN_LOSS] = {"loss", 5, 6, false},
	[COLUMN_PATH] = {"PATH", 9, 7, true},
	[COLUMN_LIMIT] = {"at most", 7, 10, false},
	[COLUMN_PEERS] = {"peers", 5, 11, false},
	[COLUMN_AGE] = {"age", 8, 9, false},
	[COLUMN_GRAPH] = {"RATE", 10, 12, true},
};

/* Column by which it is sorted. */
static const enum column sorted[SORTS] = {
	[SORT_NAME] = COLUMN_NAME, [SORT_RATE] = COLUMN_RATE, [SORT_FPS] = COLUMN_FPS,
	[SORT_LATENCY] = COLUMN_LATENCY, [SORT_RTT] = COLUMN_RTT, [SORT_LOSS] = COLUMN_LOSS,
	[SORT_AGE] = COLUMN_AGE,
};

/* --- widths --- */

/* 0: it is left out. What is over goes to names, then to the graph. */
static void
choose(unsigned cols, unsigned width[static COLUMNS])
{
	unsigned used = 1;
	bool full = false;
	memset(width, 0, COLUMNS * sizeof(*width));
	for (unsigned matters = 0; matters < COLUMNS && !full; matters++) {
		for (unsigned i = 0; i < COLUMNS; i++) {
			if (columns[i].matters != matters)
				continue;
			full = used + columns[i].width > cols;
			if (full)
				break;
			width[i] = columns[i].width;
			used += width[i] + 1;
		}
	}
	unsigned spare = cols > used ? cols - used : 0;
	unsigned name = spare < 12 ? spare : 12;
	width[COLUMN_NAME] += name;
	spare -= name;
	unsigned tools = width[COLUMN_TOOLS] && spare ? spare < 13 ? spare : 13 : 0;
	width[COLUMN_TOOLS] += tools;
	if (width[COLUMN_GRAPH])
		width[COLUMN_GRAPH] += spare - tools;
}

/* --- cells --- */

static const char *
value(const struct session *s, enum column c, char out[static SNAPSHOT_TEXT], enum style *style)
{
	const double *f = s->sum.figure;
	switch (c) {
	case COLUMN_NAME:
		*style = STYLE_STRONG;
		return s->name;
	case COLUMN_TOOLS:
		layout_tools(s, out, SNAPSHOT_TEXT);
		return out;
	case COLUMN_STATE:
		return layout_state(s, style);
	case COLUMN_RATE:
		return format_count(out, f[FIGURE_RATE]);
	case COLUMN_FPS:
		return format_real(out, f[FIGURE_FPS]);
	case COLUMN_LATENCY:
		return format_ms(out, f[FIGURE_LATENCY]);
	case COLUMN_RTT:
		return format_ms(out, f[FIGURE_RTT]);
	case COLUMN_LOSS:
		*style = f[FIGURE_LOSS] >= 0.05 ? STYLE_BAD : f[FIGURE_LOSS] >= 0.01 ? STYLE_WARN
			: STYLE_PLAIN;
		return format_share(out, f[FIGURE_LOSS]);
	case COLUMN_PATH:
		return s->sum.path;
	case COLUMN_LIMIT:
		return format_count(out, f[FIGURE_LIMIT] > 0 ? f[FIGURE_LIMIT] : (double)NAN);
	case COLUMN_PEERS:
		snprintf(out, SNAPSHOT_TEXT, "%u", s->sum.peers + s->sum.peers_more);
		return out;
	case COLUMN_AGE:
		return format_age(out, f[FIGURE_AGE]);
	default:
		return "";
	}
}

static void
put_row(struct grid *g, unsigned y, const struct session *s, const unsigned *width)
{
	unsigned x = 1;
	for (unsigned i = 0; i < COLUMNS; i++) {
		char out[SNAPSHOT_TEXT];
		enum style style = STYLE_PLAIN;
		if (!width[i])
			continue;
		const char *text = value(s, (enum column)i, out, &style);
		if (i == COLUMN_GRAPH)
			grid_graph(g, y, x, width[i], 1, &s->ring[FIGURE_RATE],
				fmax(ring_max(&s->ring[FIGURE_RATE], width[i]), 1e4));
		else if (columns[i].left)
			grid_text(g, y, x, width[i], style, text);
		else
			grid_right(g, y, x, width[i], strcmp(text, "-") == 0 ? STYLE_DIM : style, text);
		x += width[i] + 1;
	}
}

static void
put_titles(struct grid *g, unsigned y, const struct model *m, const unsigned *width)
{
	unsigned x = 1;
	for (unsigned i = 0; i < COLUMNS; i++) {
		char title[32];
		bool by = sorted[m->sort] == i;
		const char *mark = !by ? "" : !g->utf8 ? m->reverse ? "^" : "v" : m->reverse ? "\u25b4"
			: "\u25be";
		if (!width[i])
			continue;
		snprintf(title, sizeof(title), "%s%s", columns[i].title, mark);
		if (columns[i].left)
			grid_text(g, y, x, width[i], STYLE_HEAD, title);
		else
			grid_right(g, y, x - 1, width[i] + 1, STYLE_HEAD, title);
		x += width[i] + 1;
	}
}

/* --- the page --- */

static void
put_head(struct grid *g, const struct model *m, const char *clock)
{
	char what[48], how[96], a[FORMAT_MAX];
	double rate = 0;
	unsigned hang = 0;
	for (unsigned i = 0; i < m->sessions; i++) {
		double r = m->session[i]->sum.figure[FIGURE_RATE];
		rate += r > 0 ? r : 0;
		hang += m->session[i]->hangs;
	}
	snprintf(what, sizeof(what), "%u session%s", m->sessions, m->sessions == 1 ? "" : "s");
	snprintf(how, sizeof(how), "%s", format_rate(a, rate));
	if (hang)
		snprintf(how, sizeof(how), "%u %s not answer", hang, hang == 1 ? "does" : "do");
	layout_head(g, what, hang ? STYLE_BAD : STYLE_PLAIN, m->sessions ? how : "", clock);
}

static void
put_foot(struct grid *g, const struct model *m, const struct ui *u, const char *const *keys)
{
	char question[200];
	unsigned y = g->rows - 1;
	if (ui_question(u, m, question, sizeof(question)))
		grid_text(g, y, 1, g->cols - 1, STYLE_STRONG, question);
	else if (u->said[0])
		grid_text(g, y, 1, g->cols - 1, u->said_bad ? STYLE_BAD : STYLE_GOOD, u->said);
	else
		layout_keys(g, keys);
}

/* So that the one that is selected is among the rows that are seen. */
static void
scroll(struct ui *u, const struct model *m, unsigned rows)
{
	unsigned at = model_selected(m);
	if (at < u->top)
		u->top = at;
	if (at >= u->top + rows)
		u->top = at - rows + 1;
	if (u->top + rows > m->sessions)
		u->top = m->sessions > rows ? m->sessions - rows : 0;
	u->rows = rows;
}

static void
put_nothing(struct grid *g)
{
	static const char *const lines[] = {
		"Nothing of yours runs here now. A session that begins is shown at once:", "",
		"  rd-share                 shares this desktop, and prints the command for the other side",
		"  rd-view HOST             looks at another one",
		"  rd-record out.webm       records this one", NULL,
	};
	for (unsigned i = 0; lines[i] && 3 + i < g->rows - 1; i++)
		grid_text(g, 3 + i, 2, g->cols - 3, i ? STYLE_DIM : STYLE_PLAIN, lines[i]);
}

/* How many of the rows the list has: what is selected below wants its own. */
static unsigned
share_rows(unsigned rows, unsigned sessions)
{
	if (rows < 11)
		return rows;
	unsigned most = rows / 3 > 3 ? rows / 3 : 3;
	return sessions < most ? sessions : most;
}

void
layout_list(struct grid *g, const struct model *m, struct ui *u, const char *clock)
{
	static const char *const keys[] = {
		"q", "leave", "?", "help", "enter", "more", "p", "pause", "e", "end", "b", "bitrate", "f",
		"path", "s", "sort", NULL,
	};
	unsigned width[COLUMNS];
	if (!layout_fits(g))
		return;
	put_head(g, m, clock);
	put_foot(g, m, u, keys);
	if (m->sessions == 0) {
		put_nothing(g);
		return;
	}
	unsigned rows = g->rows - 3, list = share_rows(rows, m->sessions), at = model_selected(m);
	choose(g->cols, width);
	put_titles(g, 1, m, width);
	scroll(u, m, list);
	u->first_y = 2;
	for (unsigned i = 0; i < list && u->top + i < m->sessions; i++) {
		put_row(g, 2 + i, m->session[u->top + i], width);
		if (u->top + i == at)
			grid_reverse(g, 2 + i);
	}
	if (list == rows)
		return;
	char more[64] = "";
	if (m->sessions > list)
		snprintf(more, sizeof(more), "%u of %u", at + 1, m->sessions);
	layout_title(g, 2 + list, m->session[at]->name, more);
	layout_session(g, 3 + list, g->rows - 1, m->session[at]);
}

void
layout_one(struct grid *g, const struct model *m, const struct ui *u, const char *clock)
{
	static const char *const keys[] = {
		"esc", "back", "?", "help", "p", "pause", "e", "end", "b", "bitrate", "f", "path", "R",
		"refresh", "w", "save", NULL,
	};
	char tools[SNAPSHOT_TEXT];
	enum style style;
	if (!layout_fits(g))
		return;
	put_foot(g, m, u, keys);
	if (m->sessions == 0) {
		layout_head(g, "", STYLE_PLAIN, "it has ended", clock);
		return;
	}
	const struct session *s = m->session[model_selected(m)];
	const char *state = layout_state(s, &style);
	layout_head(g, s->name, style, state, clock);
	layout_tools(s, tools, sizeof(tools));
	layout_title(g, 1, tools, s->sum.id);
	layout_session(g, 2, g->rows - 1, s);
}
