#ifndef RD_VIEW_WINDOW_H
#define RD_VIEW_WINDOW_H

#include <stdbool.h>

#include <SDL.h>

#include "rd-view/cursors.h"
#include "rd-view/forward.h"
#include "rd-view/locks.h"
#include "rd-view/present.h"
#include "rd-view/touch.h"
#include "rd-view/view.h"
#include "rd-view/wheel.h"
#include "rd-view/window_x11.h"

/*
 * The view that people see, for window*.c only:
 *
 *	window.c		its life, and the frames that come to it
 *	window_events.c		what the person does to it
 *	window_keyboard.c	what a pressed key becomes
 *	window_overlay.c	boxes of text and the other pointer, over the picture
 *	window_layout.c		the desktop takes the window's size
 *	window_locks.c		Caps Lock and such in step
 *	window_pointer.c	wheels, fingers, and the pointer that only moves
 *	window_x11.c		what SDL does not tell
 */
struct window_layout {
	struct rd_timer rest;
	int width, height;	/* what the desktop has, or was asked for last */
};

/* What is known of a key that SDL told without the X event, once. */
enum told {
	TOLD_NOT,
	TOLD_ALONE,	/* it was sent */
	TOLD_TAKEN,	/* an input method has it, and nobody else */
};

struct window {
	struct view view;
	struct rd_loop *loop;
	struct view_config cfg;
	SDL_Window *sdl;
	struct present present;
	struct forward forward;
	struct cursors cursors;
	struct window_layout layout;
	int im_width, im_height;	/* of the last frame; 0: none came yet */
	bool shown;			/* the window is on the screen */
	char path[256];			/* by which way the stream comes; "" not told */
	bool controls;			/* what the person does reaches the peer */
	bool grabbed;			/* all keys are ours */
	bool relative;			/* only how the pointer moves is sent */
	bool fullscreen;
	SDL_Rect before;		/* where the window was, if SDL does not know */
	bool stopped;			/* a recording is paused */
	bool holding;			/* the stream is over, the window stays */
	bool stats_on;
	uint64_t stats_drawn_ns;	/* the second that the overlay shows */

	int keyboard;			/* enum keyboard */
	struct window_x11_key native;	/* the X event of the key that SDL tells next */
	enum told told[256];		/* by number: keys that an input method may give back */
	bool elsewhere;			/* SDL tells next what is down already */
	bool let_go[256];		/* by number: keys whose release SDL has not told yet */
	struct rd_fd events;		/* the window system's socket … */
	struct rd_timer pump;		/* … or when to look instead; see window_events.c */
	struct rd_timer stats_timer;
	struct rd_timer notice_timer;
	struct locks locks;
	struct wheel wheel;
	struct touch touch;
	struct rd_timer touch_timer;
	struct rd_pointer_at other;	/* where the peer's own pointer is, … */
	int other_hot_x, other_hot_y;	/* … and which pixel of it points */
};

void window_title(struct window *w);
/* The picture has a new size, or is to be seen for the first time. */
void window_show(struct window *w, int width, int height);
/* The person wants it so. */
void window_grab(struct window *w, bool on);
void window_fullscreen(struct window *w, bool on);

/* How keys are meant from now on. */
void window_keyboard(struct window *w, int keyboard);
/* A key went down; `text`: what SDL says it typed, or NULL. */
void window_keyboard_press(struct window *w, const SDL_Keysym *key, uint16_t code,
	const char *text);
/* An input method gives back the key that it had taken, w->native. */
void window_keyboard_returned(struct window *w, const char *text);
/* What of a key is known, to be changed. */
enum told *window_keyboard_told(struct window *w, uint16_t code);
/* Keys that were taken for a composition have become one. */
void window_keyboard_composed(struct window *w);

/* Starts to listen to the window system. 0 or a negative errno. */
int window_events_open(struct window *w);
void window_events_close(struct window *w);

void window_layout_open(struct window *w);
void window_layout_close(struct window *w);
/* Whether the desktop follows the window, which then does not follow the desktop. */
bool window_layout_follows(const struct window *w);
/* The window is there, for the first picture; or it has another size. */
void window_layout_shown(struct window *w);
void window_layout_changed(struct window *w);

/* The stream begins; `can`: the desktop takes our locks. */
void window_locks_started(struct window *w, bool can);
void window_locks_focus(struct window *w, bool focus);
void window_locks_event(struct window *w, const SDL_SysWMmsg *event);
/* Before the KEY of a press; after that of its release. */
void window_locks_press(struct window *w, uint16_t code);
void window_locks_release(struct window *w, uint16_t code);
void window_locks_told(struct window *w, struct rd_locks there);

void window_pointer_open(struct window *w);
void window_pointer_close(struct window *w);
/* The person wants it so, where there is something to control. */
void window_relative(struct window *w, bool on);
void window_wheel(struct window *w, const SDL_MouseWheelEvent *e);
void window_touch(struct window *w, const SDL_TouchFingerEvent *e);
/* All is let go: fingers that are down mean nothing any more. */
void window_touch_cancel(struct window *w);

void window_overlay_open(struct window *w);
void window_overlay_close(struct window *w);
/* After the window has another size. */
void window_overlay_place(struct window *w);
void window_overlay_stats(struct window *w, bool on);
/* Figures other than a frame's have changed. */
void window_overlay_figures(struct window *w);
/* A frame was shown. */
void window_overlay_frame(struct window *w);
void window_overlay_notice(struct window *w, const char *text);
void window_overlay_end(struct window *w, const struct view_end *end);
void window_overlay_shape(struct window *w, const struct rd_cursor *shape);
void window_overlay_pointer(struct window *w, const struct rd_pointer_at *at);
/* Whether the peer's pointer is painted has changed. */
void window_overlay_other(struct window *w);

#endif
