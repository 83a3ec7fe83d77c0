#ifndef RD_TOP_GRID_H
#define RD_TOP_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "rd-top/ring.h"

/*
 * A page of character cells, and nothing of a terminal: what the layout fills,
 * tests read, and screen.c shows. Texts may be foreign: what does not print is
 * shown as '?', and nothing reaches over its width. With `utf8` the locale's
 * wcwidth(3) is asked, so LC_CTYPE must be one of UTF-8 then; without, all of it
 * is ASCII.
 */
enum style {
	STYLE_PLAIN,
	STYLE_DIM,	/* words that are always there: labels, units, rules */
	STYLE_STRONG,
	STYLE_HEAD,	/* the headings of columns, and the line at the top */
	STYLE_KEY,	/* a key in the line of help */
	STYLE_GRAPH,
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,
	STYLES,
};

struct cell {
	uint32_t point;		/* 0: the right half of the wide one before it */
	uint8_t style;
	bool reverse;
};

struct grid {
	unsigned rows, cols;
	bool utf8;
	struct cell *cell;
};

void grid_init(struct grid *g, unsigned rows, unsigned cols, bool utf8);
void grid_finish(struct grid *g);
/* One character, wherever that is on the page. */
void grid_point(struct grid *g, unsigned y, unsigned x, enum style s, uint32_t point);
/*
 * Text from x on, in at most `width` cells; what is cut ends with an ellipsis.
 * Returns how many cells it took.
 */
unsigned grid_text(struct grid *g, unsigned y, unsigned x, unsigned width, enum style s,
	const char *text);
/* The same, its end at x + width. */
void grid_right(struct grid *g, unsigned y, unsigned x, unsigned width, enum style s,
	const char *text);
/* How many cells a text takes. */
unsigned grid_width(const struct grid *g, const char *text);
void grid_rule(struct grid *g, unsigned y, unsigned x, unsigned width);
void grid_reverse(struct grid *g, unsigned y);
/*
 * A graph of the last width values, the newest at the right, `rows` high (its
 * lowest row is y), of which `max` reaches the top.
 */
void grid_graph(struct grid *g, unsigned y, unsigned x, unsigned width, unsigned rows,
	const struct ring *r, double max);
/* A bar of which each part is a share of 1, in characters of its own. */
void grid_bar(struct grid *g, unsigned y, unsigned x, unsigned width, const double *share,
	unsigned n);
/* The n-th filling of a bar, for its legend. */
uint32_t grid_filling(const struct grid *g, unsigned n);
/* A row as text, without blanks at its end. */
void grid_row(const struct grid *g, unsigned y, struct rd_buf *out);

#endif
