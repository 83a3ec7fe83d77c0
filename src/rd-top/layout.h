#ifndef RD_TOP_LAYOUT_H
#define RD_TOP_LAYOUT_H

#include <stdbool.h>

#include "rd-top/grid.h"
#include "rd-top/model.h"
#include "rd-top/relay.h"
#include "rd-top/ui.h"

/*
 * What stands where. Pure: figures and the size of a page go in, cells come out,
 * and a page that is too small for something does without.
 */

/* Below this there is a sentence and nothing else. */
#define LAYOUT_ROWS_MIN 5
#define LAYOUT_COLS_MIN 30

/* Whether there is room; where there is none it says so. */
bool layout_fits(struct grid *g);
/* The line at the top: what this is, how it is, and at the right what time it is. */
void layout_head(struct grid *g, const char *what, enum style s, const char *how,
	const char *clock);
/* A headline of a part, with a rule behind it. */
void layout_title(struct grid *g, unsigned y, const char *title, const char *more);
/* The line at the bottom: "q", "leave", "?", "help", …, NULL; those that fit. */
void layout_keys(struct grid *g, const char *const *keys);
/* A page of keys and what they do, in pairs, ended by NULL. */
void layout_help(struct grid *g, const char *title, const char *const *pairs);

/*
 * A figure and what it has been: a label, the value, what else is known, a graph,
 * and where that is high, what its top is.
 */
struct layout_figure {
	const char *label, *note;
	double now;
	const char *(*format)(char *out, double value);
	const struct ring *ring;	/* NULL: no graph */
	double least;			/* of the graph's scale */
};
void layout_figure(struct grid *g, unsigned y, unsigned rows, const struct layout_figure *f);

/* --- pages --- */

/* All sessions, and below them the one that is selected. */
void layout_list(struct grid *g, const struct model *m, struct ui *u, const char *clock);
/* That one alone. */
void layout_one(struct grid *g, const struct model *m, const struct ui *u, const char *clock);
/* A session's figures in the rows from y on, up to `end`. */
void layout_session(struct grid *g, unsigned y, unsigned end, const struct session *s);
/* What a session is at, in a word, and how good that is. */
const char *layout_state(const struct session *s, enum style *style);
/* "recv+view" */
void layout_tools(const struct session *s, char *out, size_t cap);
void layout_relay(struct grid *g, const struct relay *r, const char *url, const char *clock);

#endif
