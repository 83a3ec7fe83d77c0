#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-view/window.h"

static void
title(const struct pane *p)
{
	const struct window *w = p->w;
	const struct options *o = w->cfg.options;
	const char *state = w->controls ? " - Ctrl-Alt-Shift-G grabs the keyboard" : " - view only";
	if (w->holding)
		state = " - ended";
	else if (w->stopped)
		state = " - paused, Space goes on";
	else if (w->grabbed)
		state = " - keyboard grabbed, Ctrl-Alt-Shift-G gives it back";
	else if (w->relative)
		state = " - relative pointer, Ctrl-Alt-Shift-M gives it back";
	/* No dash of another kind: in the C locale SDL gives such a title to nobody. */
	char *text = xasprintf("%s%s%s%s%s - rd-view%s", p->name, p->name[0] ? " - " : "",
		o->title ? o->title : w->cfg.name, w->path[0] ? " - " : "", w->path, state);
	SDL_SetWindowTitle(p->sdl, text);
	free(text);
}

void
window_title(struct window *w)
{
	for (int i = 0; i < w->pane_count; i++)
		title(w->panes[i]);
}

/*
 * Of a second window a way of painting is not to be demanded: a driver may need files,
 * and by then we are confined.
 */
static int
open_present(struct pane *p)
{
	enum render how = (enum render)p->w->cfg.options->render;
	int err = present_open(&p->present, p->sdl, how);
	if (err && p->w->pane_count) {
		present_close(&p->present);
		err = present_open(&p->present, p->sdl, RENDER_SURFACE);
	}
	return err;
}

/* Once: a peer can want more of them for ever. */
static void
say_refused(struct window *w, const char *what)
{
	if (!w->refusal_told)
		rd_error("%s: %s", what, SDL_GetError());
	w->refusal_told = true;
}

struct pane *
pane_open(struct window *w, int *code)
{
	const Uint32 flags = SDL_WINDOW_HIDDEN | SDL_WINDOW_RESIZABLE;
	struct pane *p = xcalloc(1, sizeof(*p));
	p->w = w;
	p->scale = 1;
	window_layout_open(p);
	window_overlay_open(p);
	p->sdl = SDL_CreateWindow("rd-view", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
		PANE_EMPTY_WIDTH, PANE_EMPTY_HEIGHT, flags);
	if (!p->sdl) {
		say_refused(w, "no window");
		*code = RD_EXIT_NO_DISPLAY;
	} else if (open_present(p) != 0) {
		say_refused(w, "the window cannot be painted");
		*code = RD_EXIT_UNSUPPORTED;
	} else {
		return p;
	}
	pane_close(p);
	return NULL;
}

void
pane_close(struct pane *p)
{
	window_layout_close(p);
	window_overlay_close(p);
	if (p->present.window)
		present_close(&p->present);
	if (p->sdl)
		SDL_DestroyWindow(p->sdl);
	free(p);
}

void
pane_aim(struct pane *p, const struct monitor_part *to)
{
	const char *name = to->of ? to->of->name : "";
	bool other = strcmp(name, p->name) != 0;
	if (other)
		snprintf(p->name, sizeof(p->name), "%s", name);
	if (!other && rd_rect_same(p->part, to->rect))
		return;
	p->part = to->rect;
	p->moved = true;
	p->scale = pane_place_scale(p, to->of);
	title(p);
	window_overlay_aimed(p);
	if (other && p->shown)
		window_layout_shown(p);
}

struct rd_image
pane_picture(const struct pane *p)
{
	const struct rd_image im = p->w->cfg.host->picture(p->w->cfg.ctx);
	return rd_image_part(&im, p->part);
}

/* As the options have it: later it is as the person wants it. */
static void
begin(struct pane *p)
{
	struct window *w = p->w;
	const struct options *o = w->cfg.options;
	if (w->begun || w->holding)
		return;
	w->begun = true;
	if (o->grab)
		window_grab(w, true);
	if (o->pointer == POINTER_RELATIVE)
		window_relative(w, true);
	if (o->stats)
		window_overlay_stats(p, true);
}

/* Over a connection of its own the window appears when there is something to see. */
static void
show_first(struct pane *p)
{
	p->shown = true;
	/* A monitor may come at any time: what is typed in another program is not for its host. */
	if (p->w->begun && !SDL_GetKeyboardFocus())
		window_x11_show_quietly(p->sdl);
	else
		SDL_ShowWindow(p->sdl);
	if (p->w->fullscreen)
		window_place_full(p->w);
	if (p->w->grabbed)
		SDL_SetWindowKeyboardGrab(p->sdl, SDL_TRUE);
	begin(p);
	window_overlay_shown(p);
	window_layout_shown(p);
}

void
pane_show(struct pane *p, int width, int height)
{
	bool keep = p->shown && window_layout_follows(p);
	p->width = width;
	p->height = height;
	if (!keep && !p->full && !(SDL_GetWindowFlags(p->sdl) & SDL_WINDOW_MAXIMIZED)) {
		pane_place_fit(p, &width, &height);
		SDL_SetWindowSize(p->sdl, width, height);
		if (!p->shown)
			pane_place_first(p, width, height);
		else
			pane_place_keep(p, width, height);
	}
	if (!p->shown)
		show_first(p);
}

static void
fit(struct pane *p, const struct rd_image *part)
{
	present_fit(&p->present, part);
	window_overlay_place(p);
	p->moved = false;
}

void
pane_fit(struct pane *p)
{
	const struct rd_image part = pane_picture(p);
	if (p->shown)
		fit(p, &part);
}

void
pane_resized(struct pane *p)
{
	const struct rd_image part = pane_picture(p);
	if (p->shown && present_is_stale(&p->present, &part))
		fit(p, &part);
}

void
pane_frame(struct pane *p, const struct rd_image *im, const pixman_region32_t *damage)
{
	const struct rd_image part = rd_image_part(im, p->part);
	if (part.data && (!p->shown || part.width != p->width || part.height != p->height))
		pane_show(p, part.width, part.height);
	if (p->moved || present_is_stale(&p->present, &part)) {
		fit(p, &part);
	} else {
		pixman_region32_t mine;
		pixman_region32_init(&mine);
		rd_region_part(&mine, damage, p->part);
		present_damage(&p->present, &part, &mine);
		pixman_region32_fini(&mine);
	}
	window_overlay_frame(p);
	present_flush(&p->present, &part);
}

bool
pane_flush(struct pane *p)
{
	const struct rd_image part = pane_picture(p);
	return p->shown && present_flush(&p->present, &part);
}
