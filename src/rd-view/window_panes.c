#include <string.h>

#include "base/log.h"
#include "rd-view/window.h"

/*
 * Panes are matched by the names of their monitors, and one whose monitor has gone
 * is given to one that has come: so one window becomes another monitor's at once, and
 * a peer that gives its monitors new names opens no windows here.
 */

struct pane *
window_front(struct window *w)
{
	return w->focused ? w->focused : w->panes[0];
}

struct pane *
window_pane_of(struct window *w, Uint32 sdl_id)
{
	for (int i = 0; i < w->pane_count; i++)
		if (SDL_GetWindowID(w->panes[i]->sdl) == sdl_id)
			return w->panes[i];
	return NULL;
}

static bool
is_closed(const struct window *w, const char *name)
{
	for (int i = 0; i < w->closed.count; i++)
		if (strcmp(w->closed.v[i], name) == 0)
			return true;
	return false;
}

/* Without those that the person has closed, unless nothing else is left. */
static int
parts_wanted(struct window *w, struct monitor_part *out)
{
	int n = monitors_parts(w->cfg.monitors, w->im_width, w->im_height, out), kept = 0;
	if (w->choices != w->cfg.monitors->choices)
		w->closed.count = 0;
	w->choices = w->cfg.monitors->choices;
	for (int i = 0; i < n; i++)
		if (!out[i].of || !is_closed(w, out[i].of->name))
			out[kept++] = out[i];
	if (kept)
		return kept;
	w->closed.count = 0;
	return monitors_parts(w->cfg.monitors, w->im_width, w->im_height, out);
}

/* Takes that one out of those there are; any one for a NULL. */
static struct pane *
take(struct window *w, const char *name)
{
	for (int i = 0; i < w->pane_count; i++) {
		struct pane *p = w->panes[i];
		if (p && (!name || strcmp(p->name, name) == 0)) {
			w->panes[i] = NULL;
			return p;
		}
	}
	return NULL;
}

static void
drop(struct window *w, struct pane *p)
{
	if (w->focused == p)
		w->focused = NULL;
	if (w->dragged == p)
		w->dragged = NULL;
	if (w->touched == p)
		w->touched = NULL;
	if (p)
		pane_close(p);
}

static void
tell_watched(struct window *w)
{
	struct rd_monitor_names names = {0};
	bool all = w->panes[0]->name[0] == '\0'
		|| (!monitors_want_one(w->cfg.monitors) && !w->closed.count);
	for (int i = 0; !all && i < w->pane_count; i++)
		memcpy(names.v[names.count++], w->panes[i]->name, sizeof(names.v[0]));
	w->cfg.host->watches(w->cfg.ctx, &names);
}

/* Those with a monitor of the same name as before stay with it. */
static void
match(struct window *w, struct pane **next, const struct monitor_part *parts, int n)
{
	for (int i = 0; i < n; i++)
		next[i] = take(w, parts[i].of ? parts[i].of->name : "");
}

void
window_panes_arrange(struct window *w)
{
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	struct pane *next[MONITORS_SHOWN_MAX];
	int n = parts_wanted(w, parts), there = 0, code;
	match(w, next, parts, n);
	for (int i = 0; i < n; i++) {
		if (!next[i])
			next[i] = take(w, NULL);
		if (!next[i])
			next[i] = pane_open(w, &code);
	}
	for (int i = 0; i < w->pane_count; i++)
		drop(w, w->panes[i]);
	/* Where no more could be opened there are fewer. */
	for (int i = 0; i < n; i++)
		if (next[i])
			w->panes[there++] = next[i];
	w->pane_count = there;
	for (int i = 0, k = 0; i < n; i++)
		if (next[i])
			pane_aim(w->panes[k++], &parts[i]);
	tell_watched(w);
	if (w->fullscreen)
		window_place_full(w);
}

void
window_panes_close_one(struct window *w, struct pane *p)
{
	struct rd_monitor_names *closed = &w->closed;
	if (w->pane_count == 1) {
		w->cfg.host->quit(w->cfg.ctx);
		return;
	}
	if (closed->count < RD_MONITORS_MAX)
		memcpy(closed->v[closed->count++], p->name, sizeof(p->name));
	window_panes_arrange(w);
}

void
window_panes_close(struct window *w)
{
	for (int i = 0; i < w->pane_count; i++)
		pane_close(w->panes[i]);
	w->pane_count = 0;
}
