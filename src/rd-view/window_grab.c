#include "base/clock.h"
#include "rd-view/window.h"
#include "rd-view/window_x11.h"

#define AGAIN_NS (300 * RD_NS_PER_MS)

/*
 * SDL asks for the keyboard once, and does not look whether it got it. A window manager
 * that shows a menu, or starts us from one, has it itself for a moment.
 */
static void
take_keyboard(void *ctx)
{
	struct window *w = ctx;
	SDL_Window *front = SDL_GetKeyboardFocus();
	rd_timer_clear(&w->grab_timer);
	if (!w->grabbed || !front || window_x11_grab(front))
		return;
	if (!w->grab_told)
		window_overlay_notice(window_front(w), "Another program here has the keyboard.");
	w->grab_told = true;
	rd_timer_set(&w->grab_timer, AGAIN_NS);
}

void
window_grab(struct window *w, bool on)
{
	w->grabbed = on;
	w->grab_told = false;
	for (int i = 0; i < w->pane_count; i++)
		SDL_SetWindowKeyboardGrab(w->panes[i]->sdl, on ? SDL_TRUE : SDL_FALSE);
	window_title(w);
	take_keyboard(w);
}

void
window_grab_focus(struct window *w)
{
	if (w->grabbed)
		take_keyboard(w);
}

void
window_grab_open(struct window *w)
{
	rd_timer_open(&w->grab_timer, w->loop, take_keyboard, w);
}

void
window_grab_close(struct window *w)
{
	rd_timer_close(&w->grab_timer);
}
