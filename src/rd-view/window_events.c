#include <string.h>

#include "base/clock.h"
#include "rd-view/keys.h"
#include "rd-view/window.h"
#include "rd-view/window_x11.h"

/*
 * SDL has a queue of its own and nothing to wait on, but under X11 its events
 * come from one socket, and the loop waits for that. SDL keeps changes of
 * focus back for up to 200 ms and looks at its clock only when it is called,
 * so it is called once more a little later. With other window systems there
 * is only looking, often.
 */
#define SETTLE_NS (250 * RD_NS_PER_MS)
#define LOOK_EVERY_NS (8 * RD_NS_PER_MS)

static bool
is_alone(const SDL_Keysym *key)
{
	return !(key->mod & (KMOD_CTRL | KMOD_ALT | KMOD_SHIFT | KMOD_GUI));
}

static bool
next_event(SDL_Event *next)
{
	return SDL_PeepEvents(next, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) == 1;
}

/* The text that SDL queued right behind a key, taken from the queue. */
static const char *
take_text(SDL_Event *next)
{
	if (!next_event(next) || next->type != SDL_TEXTINPUT)
		return NULL;
	SDL_PeepEvents(next, 1, SDL_GETEVENT, SDL_TEXTINPUT, SDL_TEXTINPUT);
	return next->text.text;
}

/* An input method may take that as well, of a key that it let through. */
static void
on_native_up(struct window *w, uint16_t code)
{
	SDL_Event next;
	bool told = next_event(&next) && next.type == SDL_KEYUP;
	if (code < SDL_arraysize(w->let_go))
		w->let_go[code] = true;
	if (w->method_used && !told)
		forward_key(&w->forward, code, 0, false);
}

/* Of a key that SDL has not told: it may be one that SDL has no number for. */
static bool
method_took(const struct window *w, const struct window_x11_key *key, SDL_Event *next)
{
	bool typed = next_event(next) && next->type == SDL_TEXTINPUT;
	return w->method_used || (key->types && !typed);
}

/*
 * A release and a press of one key within 2 ms is a repetition to SDL, which
 * swallows the release (2.26, X11_KeyRepeat); to programs that type for people
 * it is a double letter. A real repetition has no release at all, since SDL
 * asks the server for that (XkbSetDetectableAutoRepeat).
 */
static void
on_system(struct window *w, const SDL_SysWMmsg *event)
{
	struct window_x11_key *key = &w->native;
	SDL_Event next;
	w->elsewhere = window_x11_tells_keys(event);
	window_drag_system(w, event);
	window_locks_event(w, event);
	if (!window_x11_key(event, key)) {
		if (key->composed)
			window_keyboard_composed(w);
		return;
	}
	if (!key->down) {
		on_native_up(w, key->code);
		return;
	}
	enum told *told = window_keyboard_told(w, key->code);
	if (next_event(&next) && next.type == SDL_KEYDOWN &&
			(keys_code(next.key.keysym.scancode) == key->code || *told == TOLD_NOT))
		return;
	/* SDL told of it before: an input method gives it back, with what it would have typed. */
	const char *text = *told == TOLD_NOT ? NULL : take_text(&next);
	if (*told == TOLD_TAKEN && w->controls)
		window_keyboard_returned(w, text);
	else if (*told == TOLD_NOT && method_took(w, key, &next))
		window_method_took(w);
	*told = TOLD_NOT;
	key->code = 0;
}

/* Whether a press is really one of a key that stayed down. */
static bool
is_repeated(struct window *w, const SDL_KeyboardEvent *e, uint16_t code)
{
	if (!e->repeat && code < SDL_arraysize(w->let_go))
		w->let_go[code] = false;
	if (!e->repeat || code >= SDL_arraysize(w->let_go) || !w->let_go[code])
		return e->repeat;
	w->let_go[code] = false;
	forward_key(&w->forward, code, 0, false);
	return false;
}

/* Keys in a window that controls nothing. */
static void
on_idle_key(struct window *w, const SDL_KeyboardEvent *e)
{
	if (e->repeat || !is_alone(&e->keysym))
		return;
	if (w->holding) {
		if (e->keysym.sym == SDLK_ESCAPE || e->keysym.sym == SDLK_RETURN)
			w->cfg.host->quit(w->cfg.ctx);
	} else if (e->keysym.sym == SDLK_SPACE) {
		w->stopped = w->cfg.host->pause(w->cfg.ctx);
		window_title(w);
	}
}

/* SDL's number is right wherever it knows the keyboard, and it does not know all keys. */
static uint16_t
code_of(const struct window *w, const SDL_KeyboardEvent *e)
{
	uint16_t code = keys_code(e->keysym.scancode);
	return code ? code : w->native.code;
}

static void
on_key_down(struct window *w, const SDL_KeyboardEvent *e)
{
	SDL_Event next;
	const char *text = w->method_used && w->native.code && !w->native.types ? NULL : take_text(&next);
	uint16_t code = code_of(w, e);
	bool repeated = is_repeated(w, e, code);
	*window_keyboard_told(w, code) = w->native.code ? TOLD_NOT : TOLD_ALONE;
	if (window_chord(w, &e->keysym, repeated))
		return;
	if (!w->controls)
		on_idle_key(w, e);
	/* The host repeats keys that stay down by itself. */
	else if (!repeated && !window_keyboard_elsewhere(w, e->keysym.scancode)) {
		window_method_before(w);
		window_locks_press(w, code);
		window_keyboard_press(w, &e->keysym, code, text);
	}
}

static void
on_key_up(struct window *w, const SDL_KeyboardEvent *e)
{
	uint16_t code = code_of(w, e);
	if (code < SDL_arraysize(w->let_go))
		w->let_go[code] = false;
	forward_key(&w->forward, code, 0, false);
	window_locks_release(w, code);
}

static void
on_motion(struct window *w, const SDL_MouseMotionEvent *e)
{
	struct pane *p = window_pane_of(w, e->windowID);
	if (!w->controls || !p)
		return;
	if (w->relative)
		forward_motion(&w->forward, e->xrel, e->yrel);
	else
		window_drag_place(w, p, e->x, e->y);
}

static int
button_of(Uint8 sdl)
{
	switch (sdl) {
	case SDL_BUTTON_LEFT:
		return RD_BUTTON_LEFT;
	case SDL_BUTTON_RIGHT:
		return RD_BUTTON_RIGHT;
	case SDL_BUTTON_MIDDLE:
		return RD_BUTTON_MIDDLE;
	case SDL_BUTTON_X1:
		return RD_BUTTON_SIDE;
	case SDL_BUTTON_X2:
		return RD_BUTTON_EXTRA;
	default:
		return -1;
	}
}

static void
on_button(struct window *w, const SDL_MouseButtonEvent *e)
{
	struct pane *p = window_pane_of(w, e->windowID);
	int button = button_of(e->button);
	bool down = e->state == SDL_PRESSED;
	if (!w->controls || button < 0)
		return;
	if (down && p)
		window_method_line(w, e->x, e->y);
	/* Wherever it is let go, in a window that has gone meanwhile, too. */
	if (!w->relative && (!p || !window_drag_place(w, p, e->x, e->y)) && down)
		return;
	forward_button(&w->forward, button, down);
}

static void
on_window(struct window *w, const SDL_WindowEvent *e)
{
	struct pane *p = window_pane_of(w, e->windowID);
	if (!p)
		return;
	switch (e->event) {
	case SDL_WINDOWEVENT_SIZE_CHANGED:
		window_layout_changed(p);
		pane_resized(p);
		break;
	case SDL_WINDOWEVENT_EXPOSED:
		if (p->shown)
			present_expose(&p->present);
		break;
	case SDL_WINDOWEVENT_FOCUS_GAINED:
		w->elsewhere = true;
		w->focused = p;
		window_grab_focus(w);
		window_locks_focus(w, true);
		break;
	case SDL_WINDOWEVENT_FOCUS_LOST:
		forward_release_all(&w->forward);
		window_touch_cancel(w);
		window_locks_focus(w, false);
		break;
	case SDL_WINDOWEVENT_CLOSE:
		window_panes_close_one(w, p);
		break;
	default:
		break;
	}
}

static void
on_event(struct window *w, const SDL_Event *e)
{
	switch (e->type) {
	case SDL_KEYDOWN:
		on_key_down(w, &e->key);
		break;
	case SDL_KEYUP:
		on_key_up(w, &e->key);
		break;
	case SDL_SYSWMEVENT:
		on_system(w, e->syswm.msg);
		break;
	case SDL_TEXTINPUT:
		/* Without a key before it: from an input method. */
		forward_text(&w->forward, e->text.text);
		break;
	case SDL_MOUSEMOTION:
		on_motion(w, &e->motion);
		break;
	case SDL_MOUSEBUTTONDOWN:
	case SDL_MOUSEBUTTONUP:
		on_button(w, &e->button);
		break;
	case SDL_MOUSEWHEEL:
		window_wheel(w, &e->wheel);
		break;
	case SDL_FINGERDOWN:
	case SDL_FINGERMOTION:
	case SDL_FINGERUP:
		window_touch(w, &e->tfinger);
		break;
	case SDL_WINDOWEVENT:
		on_window(w, &e->window);
		break;
	case SDL_RENDER_TARGETS_RESET:
	case SDL_RENDER_DEVICE_RESET:
		for (int i = 0; i < w->pane_count; i++)
			pane_fit(w->panes[i]);
		break;
	case SDL_QUIT:
		w->cfg.host->quit(w->cfg.ctx);
		break;
	default:
		break;
	}
}

/* Also before every sleep: Xlib queues events while it waits for an answer. */
static bool
empty_queue(void *ctx)
{
	struct window *w = ctx;
	SDL_Event e;
	bool any = false;
	while (!rd_loop_stopped(w->loop) && SDL_PollEvent(&e)) {
		any = true;
		on_event(w, &e);
		/* It belongs to the event right behind it. */
		if (e.type != SDL_SYSWMEVENT)
			w->native.code = 0;
	}
	w->elsewhere = false;
	forward_flush(&w->forward);
	for (int i = 0; i < w->pane_count; i++)
		any |= pane_flush(w->panes[i]);
	return any;
}

static void
on_socket(void *ctx, unsigned events)
{
	struct window *w = ctx;
	(void)events;
	empty_queue(w);
	if (!window_method_looks(w, SETTLE_NS))
		rd_timer_set(&w->pump, SETTLE_NS);
}

static void
on_pump(void *ctx)
{
	struct window *w = ctx;
	/* The queue is emptied before the loop sleeps again; that is all. */
	if (!w->events.ev)
		rd_timer_set(&w->pump, LOOK_EVERY_NS);
	else
		window_method_looks(w, 0);
}

int
window_events_open(struct window *w)
{
	int fd = window_x11_fd(w->panes[0]->sdl);
	rd_timer_open(&w->pump, w->loop, on_pump, w);
	SDL_EventState(SDL_SYSWMEVENT, SDL_ENABLE);
	rd_loop_prepare(w->loop, empty_queue, w);
	if (fd < 0) {
		rd_timer_set(&w->pump, LOOK_EVERY_NS);
		return 0;
	}
	int err = rd_fd_open(&w->events, w->loop, fd, on_socket, w);
	rd_fd_want(&w->events, RD_READ);
	return err;
}

void
window_events_close(struct window *w)
{
	rd_fd_close(&w->events);
	rd_timer_close(&w->pump);
}
