#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-top/model.h"

/* --- order --- */

static int
by_name(const struct session *a, const struct session *b)
{
	int by = strcmp(a->name, b->name);
	return by ? by : strcmp(a->key, b->key);
}

/* The greatest first; what is not known last. */
static int
by_figure(const struct session *a, const struct session *b, enum figure f)
{
	double x = a->sum.figure[f], y = b->sum.figure[f];
	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x < y) - (x > y);
}

static int
compare(const void *a, const void *b, void *ctx)
{
	static const enum figure figures[SORTS] = {
		[SORT_RATE] = FIGURE_RATE, [SORT_FPS] = FIGURE_FPS, [SORT_LATENCY] = FIGURE_LATENCY,
		[SORT_RTT] = FIGURE_RTT, [SORT_LOSS] = FIGURE_LOSS, [SORT_AGE] = FIGURE_AGE,
	};
	const struct session *x = *(struct session *const *)a, *y = *(struct session *const *)b;
	const struct model *m = ctx;
	int by = m->sort == SORT_NAME ? 0 : by_figure(x, y, figures[m->sort]);
	by = by ? by : by_name(x, y);
	return m->reverse ? -by : by;
}

/* --- selection --- */

static bool
find_selected(const struct model *m, unsigned *place)
{
	for (unsigned i = 0; m->selected && i < m->sessions; i++) {
		if (strcmp(m->session[i]->key, m->selected) == 0) {
			*place = i;
			return true;
		}
	}
	return false;
}

void
model_order(struct model *m)
{
	if (m->sessions > 1)
		qsort_r(m->session, m->sessions, sizeof(*m->session), compare, m);
	if (!m->selected)
		return;
	/* One that has gone leaves its place to the next. */
	if (!find_selected(m, &m->place))
		model_select(m, m->place);
}

unsigned
model_selected(const struct model *m)
{
	unsigned place = 0;
	find_selected(m, &place);
	return place;
}

void
model_select(struct model *m, long place)
{
	free(m->selected);
	m->selected = NULL;
	if (m->sessions == 0)
		return;
	if (place >= (long)m->sessions)
		place = (long)m->sessions - 1;
	m->place = place < 0 ? 0 : (unsigned)place;
	m->selected = xstrdup(m->session[m->place]->key);
}
