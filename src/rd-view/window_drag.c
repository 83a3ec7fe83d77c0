#include "rd-view/window.h"
#include "rd-view/window_x11.h"

/*
 * While a button is down X tells the window where that began of every motion, wherever
 * it goes. SDL captures the pointer for the window that has the keyboard, which may
 * be another one, or none, and then keeps to itself what lies outside. So places come
 * from X's own events, in pixels of the screen; elsewhere from SDL's.
 */

/* That place of the screen, counted from the window's corner; whether it is in there. */
static bool
is_in(const struct pane *p, int *x, int *y)
{
	int left, top;
	SDL_GetWindowPosition(p->sdl, &left, &top);
	*x -= left;
	*y -= top;
	return p->shown && *x >= 0 && *y >= 0 && *x < p->present.width && *y < p->present.height;
}

/* In which pane a drag is: where it began, as long as it is in there or in none. */
static struct pane *
under(struct window *w, int *x, int *y)
{
	struct pane *home = w->dragged ? w->dragged : window_front(w);
	const int at_x = *x, at_y = *y;
	if (is_in(home, x, y))
		return home;
	for (int i = 0; i < w->pane_count; i++) {
		int here_x = at_x, here_y = at_y;
		if (is_in(w->panes[i], &here_x, &here_y)) {
			*x = here_x;
			*y = here_y;
			return w->panes[i];
		}
	}
	return home;
}

bool
pane_to_picture(const struct pane *p, int *x, int *y)
{
	bool on = present_to_picture(&p->present, x, y);
	*x += p->part.x;
	*y += p->part.y;
	return on;
}

void
window_drag_system(struct window *w, const SDL_SysWMmsg *event)
{
	int x, y;
	if (!w->forward.buttons || w->relative || !window_x11_dragged(event, &x, &y))
		return;
	pane_to_picture(under(w, &x, &y), &x, &y);
	forward_pointer(&w->forward, x, y);
	w->told_by_x = true;
}

bool
window_drag_place(struct window *w, struct pane *p, int x, int y)
{
	if (!w->forward.buttons) {
		w->dragged = p;
		w->told_by_x = false;
	} else if (w->told_by_x) {
		return true;
	}
	bool on = pane_to_picture(p, &x, &y);
	if (on || w->forward.buttons)
		forward_pointer(&w->forward, x, y);
	return on;
}
