#include <string.h>

#include "base/clock.h"
#include "rd-view/window.h"

/*
 * Panes are matched by the names of their monitors, and one whose monitor has gone
 * is given to one that has come: so one window becomes another monitor's at once, and
 * a peer that gives its monitors new names opens no windows here. Nor does one that
 * changes the picture: windows come and go when the monitors have settled, and if that
 * goes on, ever more seldom, but at once when the person wants it.
 */
#define WAIT_NS (100 * RD_NS_PER_MS)
#define WAIT_MAX_NS (3 * RD_NS_PER_S)
#define QUIET_NS (5 * RD_NS_PER_S)

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

/* Without those that the person has closed, unless nothing else is left. */
static int
parts_wanted(struct window *w, struct monitor_part *out)
{
	int n = monitors_parts(w->cfg.monitors, w->im_width, w->im_height, out), kept = 0;
	for (int i = 0; i < n; i++)
		if (!out[i].of || !window_closed_has(w, out[i].of->name))
			out[kept++] = out[i];
	if (kept)
		return kept;
	window_closed_forget(w);
	return monitors_parts(w->cfg.monitors, w->im_width, w->im_height, out);
}

/* The person has said anew what is to be seen. */
static bool
is_chosen_anew(struct window *w)
{
	if (w->choices == w->cfg.monitors->choices)
		return false;
	w->choices = w->cfg.monitors->choices;
	window_closed_forget(w);
	w->refused = 0;
	return true;
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

/* Of a window that is no more nothing is told: neither that it lost the keyboard nor a finger. */
static void
drop(struct window *w, struct pane *p)
{
	const bool focused = w->focused == p, touched = w->touched == p;
	if (touched)
		window_touch_forget(w);
	if (focused || touched || w->dragged == p)
		forward_release_all(&w->forward);
	w->focused = focused ? NULL : w->focused;
	w->dragged = w->dragged == p ? NULL : w->dragged;
	if (focused)
		window_locks_focus(w, false);
	pane_close(p);
}

static void
tell_watched(struct window *w)
{
	struct rd_monitor_names names = {0};
	const struct pane *first = w->panes[0];
	bool all = !first || first->name[0] == '\0'
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

/* As many as can be had: once refused, no more are asked for until another number is wanted. */
static void
open_missing(struct window *w, struct pane **next, int n)
{
	int code;
	if (w->refused != n)
		w->refused = 0;
	for (int i = 0; i < n && !w->refused; i++) {
		if (!next[i])
			next[i] = pane_open(w, &code);
		if (!next[i])
			w->refused = n;
	}
}

static void
arrange(struct window *w)
{
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	struct pane *next[MONITORS_SHOWN_MAX], *rest[MONITORS_SHOWN_MAX];
	int there = 0, left = 0;
	window_closed_follow(w, parts, monitors_parts(w->cfg.monitors, w->im_width, w->im_height, parts));
	const int n = parts_wanted(w, parts);
	match(w, next, parts, n);
	for (int i = 0; i < n; i++)
		if (!next[i])
			next[i] = take(w, NULL);
	open_missing(w, next, n);
	while ((rest[left] = take(w, NULL)))
		left++;
	for (int i = 0; i < n; i++)
		if (next[i])
			w->panes[there++] = next[i];
	w->pane_count = there;
	while (left > 0)
		drop(w, rest[--left]);
	for (int i = 0, k = 0; i < n; i++)
		if (next[i])
			pane_aim(w->panes[k++], &parts[i]);
	tell_watched(w);
	if (w->fullscreen)
		window_place_full(w);
}

/* The panes there are, and no others: one whose monitor has no part keeps what is left of its own. */
static void
aim_again(struct window *w, const struct monitor_part *parts, int n)
{
	const struct monitor_part all = {NULL, {0, 0, w->im_width, w->im_height}};
	for (int i = 0; i < w->pane_count; i++) {
		struct pane *p = w->panes[i];
		if (!p->name[0])
			pane_aim(p, &all);
		for (int k = 0; k < n; k++)
			if (parts[k].of && strcmp(parts[k].of->name, p->name) == 0)
				pane_aim(p, &parts[k]);
	}
}

void
window_panes_picture(struct window *w, int width, int height)
{
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	const bool first = !w->im_width;
	w->im_width = width;
	w->im_height = height;
	const int n = parts_wanted(w, parts);
	if (first || n == w->pane_count)
		arrange(w);
	else
		aim_again(w, parts, n);
}

/* Whether panes may come or go now; else that is tried again when they may. */
static bool
may_change(struct window *w)
{
	const uint64_t now = rd_clock_ns();
	if (now < w->change_at_ns) {
		rd_timer_set(&w->change, w->change_at_ns - now);
		return false;
	}
	const bool quiet = now - w->change_at_ns > QUIET_NS;
	w->change_wait_ns = quiet ? WAIT_NS : 2 * w->change_wait_ns;
	if (w->change_wait_ns > WAIT_MAX_NS)
		w->change_wait_ns = WAIT_MAX_NS;
	w->change_at_ns = now + w->change_wait_ns;
	return true;
}

/* No frame need come of that. */
static void
paint(struct window *w)
{
	const struct rd_image im = w->cfg.host->picture(w->cfg.ctx);
	pixman_region32_t nothing;
	pixman_region32_init(&nothing);
	for (int i = 0; i < w->pane_count; i++)
		pane_frame(w->panes[i], &im, &nothing);
	pixman_region32_fini(&nothing);
}

void
window_panes_settle(struct window *w)
{
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	const bool chosen = is_chosen_anew(w);
	const int n = parts_wanted(w, parts);
	if (chosen || n == w->pane_count || n == w->refused || may_change(w))
		arrange(w);
	else
		aim_again(w, parts, n);
	paint(w);
}

static void
on_change(void *ctx)
{
	struct window *w = ctx;
	if (!w->holding)
		window_panes_settle(w);
}

void
window_panes_close_one(struct window *w, struct pane *p)
{
	int i = 0;
	if (w->pane_count == 1) {
		w->cfg.host->quit(w->cfg.ctx);
		return;
	}
	while (w->panes[i] != p)
		i++;
	for (w->pane_count--; i < w->pane_count; i++)
		w->panes[i] = w->panes[i + 1];
	if (!w->holding)
		window_closed_add(w, p->name);
	drop(w, p);
	if (w->holding)
		return;
	arrange(w);
	paint(w);
}

void
window_panes_open(struct window *w)
{
	w->choices = w->cfg.monitors->choices;
	rd_timer_open(&w->change, w->loop, on_change, w);
}

void
window_panes_close(struct window *w)
{
	rd_timer_close(&w->change);
	for (int i = 0; i < w->pane_count; i++)
		pane_close(w->panes[i]);
	w->pane_count = 0;
}
