#include <math.h>

#include "rd-view/window.h"
#include "rd-view/window_x11.h"

#define SCREENS_MAX 32
#define CASCADE 48	/* pixels from one window to the next */
#define MM_PER_INCH 25.4
#define USUAL_DPI 96.0

static int
screen_of(const struct pane *p)
{
	int screen = SDL_GetWindowDisplayIndex(p->sdl);
	return screen < 0 ? 0 : screen;
}

/* Of the screen here; what a virtual one, or a projector, does not tell is the usual. */
static double
dpi_here(const struct pane *p)
{
	float dpi = 0;
	int err = SDL_GetDisplayDPI(screen_of(p), NULL, &dpi, NULL);
	return err || dpi < 1 ? USUAL_DPI : (double)dpi;
}

/*
 * The scale at which things are as large as on the monitor, in halves, so that pixels
 * stay whole where the two are alike; 1 where its size is not known.
 */
double
pane_place_scale(const struct pane *p, const struct rd_monitor *of)
{
	double wanted = p->w->cfg.options->scale;
	if (wanted > 0)
		return wanted;
	if (!of || !of->mm_width)
		return 1;
	double there = of->rect.w * MM_PER_INCH / of->mm_width;
	double halves = round(2 * dpi_here(p) / there);
	return halves < 1 ? 0.5 : halves > 8 ? 4 : halves / 2;
}

/* The desktop without its panels; false: not known. */
static bool
desktop_room(const struct pane *p, SDL_Rect *room)
{
	return SDL_GetDisplayUsableBounds(screen_of(p), room) == 0;
}

void
pane_place_fit(const struct pane *p, int *width, int *height)
{
	SDL_Rect room;
	*width = (int)lround(*width * p->scale);
	*height = (int)lround(*height * p->scale);
	if (!desktop_room(p, &room))
		return;
	if (*width > room.w) {
		*height = (int)((int64_t)*height * room.w / *width);
		*width = room.w;
	}
	if (*height > room.h) {
		*width = (int)((int64_t)*width * room.h / *height);
		*height = room.h;
	}
	*width = *width < 1 ? 1 : *width;
	*height = *height < 1 ? 1 : *height;
}

static int
shifted(int at, int size, int room_at, int room_size)
{
	if (at + size > room_at + room_size)
		at = room_at + room_size - size;
	return at < room_at ? room_at : at;
}

void
pane_place_keep(struct pane *p, int width, int height)
{
	SDL_Rect room;
	int x, y;
	if (!desktop_room(p, &room))
		return;
	SDL_GetWindowPosition(p->sdl, &x, &y);
	int new_x = shifted(x, width, room.x, room.w);
	int new_y = shifted(y, height, room.y, room.h);
	if (new_x != x || new_y != y)
		SDL_SetWindowPosition(p->sdl, new_x, new_y);
}

static struct rd_rect
bound_of_parts(const struct window *w)
{
	struct rd_rect all = {0};
	for (int i = 0; i < w->pane_count; i++)
		all = rd_rect_bound(all, w->panes[i]->part);
	return all;
}

static int
index_of(const struct pane *p)
{
	int i = 0;
	while (p->w->panes[i] != p)
		i++;
	return i;
}

/* Another one that is on the screen, or NULL. */
static struct pane *
neighbour_of(const struct pane *p)
{
	for (int i = 0; i < p->w->pane_count; i++)
		if (p->w->panes[i] != p && p->w->panes[i]->shown)
			return p->w->panes[i];
	return NULL;
}

/* Where the corner of the desktop's picture would be, if this window lies as its monitor does. */
static void
picture_corner(const struct pane *p, const SDL_Rect *room, int *x, int *y)
{
	const struct rd_rect all = bound_of_parts(p->w);
	const struct pane *q = neighbour_of(p);
	if (q) {
		SDL_GetWindowPosition(q->sdl, x, y);
		*x -= q->part.x;
		*y -= q->part.y;
	} else {
		*x = room->x + (room->w - all.w) / 2 - all.x;
		*y = room->y + (room->h - all.h) / 2 - all.y;
	}
}

/* As the monitors lie, where the screen has room for that, else each a little further. */
static void
place_beside(struct pane *p, int width, int height)
{
	const int i = index_of(p);
	SDL_Rect room;
	int x, y;
	if (!desktop_room(p, &room))
		return;
	picture_corner(p, &room, &x, &y);
	x += p->part.x;
	y += p->part.y;
	bool fits = x >= room.x && y >= room.y && x + width <= room.x + room.w
		&& y + height <= room.y + room.h;
	if (!fits || width != p->part.w || height != p->part.h) {
		x = shifted(room.x + i * CASCADE, width, room.x, room.w);
		y = shifted(room.y + i * CASCADE, height, room.y, room.h);
	}
	SDL_SetWindowPosition(p->sdl, x, y);
}

void
pane_place_first(struct pane *p, int width, int height)
{
	const int n = p->w->pane_count;
	if (n == 1) {
		SDL_SetWindowPosition(p->sdl, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED);
	} else if (SDL_GetNumVideoDisplays() >= n) {
		const int there = (int)SDL_WINDOWPOS_CENTERED_DISPLAY((unsigned)index_of(p));
		SDL_SetWindowPosition(p->sdl, there, there);
	} else {
		place_beside(p, width, height);
	}
}

/* What a window manager would do, where none does: over the whole screen, or back. */
static void
cover(struct pane *p, int screen)
{
	SDL_Rect to = p->before;
	if (p->full) {
		SDL_GetWindowPosition(p->sdl, &p->before.x, &p->before.y);
		SDL_GetWindowSize(p->sdl, &p->before.w, &p->before.h);
		if (SDL_GetDisplayBounds(screen, &to) != 0)
			return;
	}
	SDL_SetWindowPosition(p->sdl, to.x, to.y);
	SDL_SetWindowSize(p->sdl, to.w, to.h);
}

/* All of that screen; -1: of none. */
static void
fill(struct pane *p, int screen)
{
	bool on = screen >= 0, by_sdl = SDL_GetWindowFlags(p->sdl) & SDL_WINDOW_FULLSCREEN_DESKTOP;
	if (on == p->full)
		return;
	p->full = on;
	if (!(on ? window_x11_has_fullscreen(p->sdl) : by_sdl)) {
		cover(p, screen);
		return;
	}
	if (on && screen != screen_of(p)) {
		const int there = (int)SDL_WINDOWPOS_CENTERED_DISPLAY((unsigned)screen);
		SDL_SetWindowPosition(p->sdl, there, there);
	}
	SDL_SetWindowFullscreen(p->sdl, on ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
}

/* The screen it is on, if no other has that already, else the first free one; -1: none is. */
static int
take_screen(const struct pane *p, bool *taken, int screens)
{
	int at = screen_of(p);
	if (at >= screens || taken[at])
		for (at = 0; at < screens && taken[at]; at++)
			;
	if (at >= screens)
		return -1;
	taken[at] = true;
	return at;
}

/* Those that have a screen keep it; of the others the one in front chooses first. */
void
window_place_full(struct window *w)
{
	bool taken[SCREENS_MAX] = {0};
	int screens = SDL_GetNumVideoDisplays(), of[MONITORS_SHOWN_MAX];
	struct pane *front = window_front(w);
	screens = !w->fullscreen ? 0 : screens > SCREENS_MAX ? SCREENS_MAX : screens;
	for (int turn = 0; turn < 3; turn++) {
		for (int i = 0; i < w->pane_count; i++) {
			struct pane *p = w->panes[i];
			int mine = p->full ? 0 : p == front ? 1 : 2;
			if (mine == turn)
				of[i] = p->shown ? take_screen(p, taken, screens) : -1;
		}
	}
	for (int i = 0; i < w->pane_count; i++)
		fill(w->panes[i], of[i]);
}

void
window_fullscreen(struct window *w, bool on)
{
	w->fullscreen = on;
	window_place_full(w);
}
