#ifndef RD_VIEW_WINDOW_X11_H
#define RD_VIEW_WINDOW_X11_H

#include <stdbool.h>
#include <stdint.h>

#include <SDL.h>
#include <SDL_syswm.h>

#include "media/input.h"

/*
 * What SDL keeps to itself about X11. With another window system these have
 * no answer.
 */

/* The connection's descriptor, to wait on; -1: none. */
int window_x11_fd(SDL_Window *w);
bool window_x11_is(SDL_Window *w);
/*
 * A key event as X has it. SDL tells it right before its own event of that
 * key, and not where an input method has taken the key: then there is SDL's
 * event alone.
 */
struct window_x11_key {
	uint16_t code;		/* Linux's number of the key; 0: there is none */
	bool down;
	bool composed;		/* it is what Xlib composed of several */
	bool types;		/* SDL tells a text right behind it */
	uint32_t name;		/* its keysym, as if Control, Alt and Super were not held */
};
/* False, and a code of 0: it is another event. */
bool window_x11_key(const SDL_SysWMmsg *event, struct window_x11_key *key);
/* The name that a key has with the modifiers of this moment; 0: not known. */
uint32_t window_x11_name_now(SDL_Window *w, uint16_t code);
/* Takes all keys for the window; false: another program has them. */
bool window_x11_grab(SDL_Window *w);
/* This event tells which keys are down, wherever they were pressed. */
bool window_x11_tells_keys(const SDL_SysWMmsg *event);
/* Where on the screen the pointer has moved to, or a button went up; false: it is another event. */
bool window_x11_dragged(const SDL_SysWMmsg *event, int *x, int *y);
/* Caps Lock and such, as they are now; false: not known. */
bool window_x11_locks(SDL_Window *w, struct rd_locks *now);
/* Their changes come as events of the window system … */
void window_x11_watch_locks(SDL_Window *w);
/*
 * … such as this one: how they are, and the key (Linux's number) that did it when it went
 * down; 0: no key did, or one that went up, which has been told before.
 */
bool window_x11_locks_changed(SDL_Window *w, const SDL_SysWMmsg *event, struct rd_locks *now,
	uint16_t *code);
/*
 * Whether somebody will make a window fill the screen when SDL asks for that:
 * under X11 it takes a window manager that says so (EWMH, _NET_SUPPORTED).
 */
bool window_x11_has_fullscreen(SDL_Window *w);
/*
 * Shows it without asking for the keyboard, which stays with the program that has it
 * (EWMH, _NET_WM_USER_TIME), unless whoever manages windows gives it to each that is new.
 */
void window_x11_show_quietly(SDL_Window *w);
/* When the X server goes away the program ends as rd-exit(7) says, with a line. */
void window_x11_handle_loss(SDL_Window *w);

#endif
