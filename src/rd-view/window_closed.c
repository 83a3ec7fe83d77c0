#include <string.h>

#include "media/monitor.h"
#include "rd-view/window.h"

/*
 * Monitors whose windows the person has closed: they stay closed, away and back again,
 * and under a new name, too, if one has gone when another came.
 */

bool
window_closed_has(const struct window *w, const char *name)
{
	return rd_monitor_names_find(&w->closed, name) >= 0;
}

void
window_closed_forget(struct window *w)
{
	w->closed.count = 0;
	w->closed_away = 0;
}

void
window_closed_add(struct window *w, const char *name)
{
	struct rd_monitor_names *closed = &w->closed;
	/* There are no more monitors than that: the oldest is one that has gone. */
	if (closed->count == RD_MONITORS_MAX) {
		memmove(closed->v[0], closed->v[1], sizeof(closed->v[0]) * (size_t)--closed->count);
		w->closed_away >>= 1;
	}
	memcpy(closed->v[closed->count++], name, sizeof(closed->v[0]));
}

static bool
is_there(const char *name, const struct monitor_part *parts, int n)
{
	for (int i = 0; i < n; i++)
		if (parts[i].of && strcmp(parts[i].of->name, name) == 0)
			return true;
	return false;
}

static bool
is_shown(const struct window *w, const char *name)
{
	for (int i = 0; i < w->pane_count; i++)
		if (strcmp(w->panes[i]->name, name) == 0)
			return true;
	return false;
}

/* A monitor that is new, and not for a pane whose own has gone: those come first. NULL: none is. */
static const char *
newcomer(const struct window *w, const struct monitor_part *parts, int n)
{
	int panes = 0;
	for (int i = 0; i < w->pane_count; i++)
		panes += !is_there(w->panes[i]->name, parts, n);
	for (int i = 0; i < n; i++) {
		const char *name = parts[i].of ? parts[i].of->name : NULL;
		if (name && !is_shown(w, name) && !window_closed_has(w, name) && panes-- == 0)
			return name;
	}
	return NULL;
}

void
window_closed_follow(struct window *w, const struct monitor_part *parts, int n)
{
	for (int i = 0; i < w->closed.count; i++) {
		const uint32_t bit = UINT32_C(1) << i;
		const bool there = is_there(w->closed.v[i], parts, n);
		const char *next = there || (w->closed_away & bit) ? NULL : newcomer(w, parts, n);
		if (next)
			memcpy(w->closed.v[i], next, strlen(next) + 1);
		else
			w->closed_away = there ? w->closed_away & ~bit : w->closed_away | bit;
	}
}
