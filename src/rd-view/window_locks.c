#include "rd-view/window.h"
#include "rd-view/window_x11.h"

/* With other window systems SDL says how they are, and a key of theirs has changed it already. */
static struct rd_locks
locks_of_sdl(void)
{
	SDL_Keymod mods = SDL_GetModState();
	return (struct rd_locks){
		.known = RD_LOCK_CAPS | RD_LOCK_NUM,
		.on = (uint8_t)((mods & KMOD_CAPS ? RD_LOCK_CAPS : 0) | (mods & KMOD_NUM ? RD_LOCK_NUM : 0)),
	};
}

static struct rd_locks
ask(struct window *w)
{
	struct rd_locks here;
	return window_x11_locks(window_front(w)->sdl, &here) ? here : locks_of_sdl();
}

static void
say(struct window *w, bool wanted)
{
	if (wanted && w->controls)
		forward_locks(&w->forward, w->locks.here);
}

void
window_locks_started(struct window *w, bool can)
{
	bool focus = SDL_GetKeyboardFocus() != NULL;
	w->locks.on = can;
	if (!can)
		return;
	window_x11_watch_locks(window_front(w)->sdl);
	if (focus)
		window_locks_focus(w, true);
}

void
window_locks_focus(struct window *w, bool focus)
{
	if (w->locks.on)
		say(w, locks_focus(&w->locks, focus, ask(w)));
}

void
window_locks_event(struct window *w, const SDL_SysWMmsg *event)
{
	struct rd_locks here;
	uint16_t code;
	if (w->locks.on && window_x11_locks_changed(window_front(w)->sdl, event, &here, &code))
		say(w, locks_here(&w->locks, here, code));
}

void
window_locks_press(struct window *w, uint16_t code)
{
	if (!w->locks.on)
		return;
	if (!window_x11_is(window_front(w)->sdl)) {
		struct rd_locks here = locks_of_sdl();
		bool switched = here.on != w->locks.here.on;
		w->locks.here = here;
		if (switched)
			w->locks.by = code;
	}
	say(w, locks_press(&w->locks, code));
}

void
window_locks_release(struct window *w, uint16_t code)
{
	if (w->locks.on && code && code == w->locks.by)
		say(w, locks_release(&w->locks, code, ask(w)));
}

void
window_locks_told(struct window *w, struct rd_locks there)
{
	locks_there(&w->locks, there);
	for (int i = 0; i < w->pane_count; i++)
		window_overlay_figures(w->panes[i]);
}
