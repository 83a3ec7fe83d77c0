#ifndef RD_VIEW_WINDOW_H
#define RD_VIEW_WINDOW_H

#include <stdbool.h>

#include <SDL.h>
#include <SDL_syswm.h>

#include "rd-view/cursors.h"
#include "rd-view/forward.h"
#include "rd-view/locks.h"
#include "rd-view/present.h"
#include "rd-view/touch.h"
#include "rd-view/view.h"
#include "rd-view/wheel.h"
#include "rd-view/window_x11.h"

/*
 * The view that people see: one window, or one a monitor, each a *pane* with a part
 * of the picture in it. For window*.c only:
 *
 *	window.c		its life, and the frames that come to it
 *	window_panes.c		which panes there are
 *	window_closed.c		which there are not
 *	window_pane.c		one of them: its part of the picture, and its size
 *	window_place.c		where they lie on the screens here, and all of a screen
 *	window_events.c		what the person does to it
 *	window_chord.c		keys that are meant for it
 *	window_keyboard.c	what a pressed key becomes
 *	window_method.c		what an input method makes of several
 *	window_drag.c		where the pointer is, in the picture
 *	window_overlay.c	boxes of text and the other pointer, over the picture
 *	window_layout.c		the desktop takes the window's size
 *	window_grab.c		all keys are ours
 *	window_locks.c		Caps Lock and such in step
 *	window_pointer.c	wheels, fingers, and the pointer that only moves
 *	window_x11.c		what SDL does not tell
 */
struct window;

/* Where there is no picture to take a size from. */
#define PANE_EMPTY_WIDTH 640
#define PANE_EMPTY_HEIGHT 360

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

struct pane {
	struct window *w;
	char name[RD_MONITOR_NAME_MAX + 1]; /* of its monitor; "": all of the picture */
	struct rd_rect part;	/* of the picture */
	double scale;		/* pixels here to one of the picture, as it begins */
	SDL_Window *sdl;
	struct present present;
	struct window_layout layout;
	bool shown;		/* it is on the screen … */
	int width, height;	/* … for a part of that size */
	bool moved;		/* that is another part than was painted */
	bool full;		/* it fills a screen */
	SDL_Rect before;	/* where it was, if SDL does not know */
	bool stats_on;
	uint64_t stats_drawn_ns; /* the second that the overlay shows */
	struct rd_timer stats_timer;
	char *notice;		/* what the box of text below says; or NULL */
	struct rd_timer notice_timer;
};

struct window {
	struct view view;
	struct rd_loop *loop;
	struct view_config cfg;
	struct pane *panes[MONITORS_SHOWN_MAX];
	int pane_count;			/* never 0 once it is open */
	struct pane *focused;		/* had the keyboard last; or NULL */
	struct pane *dragged;		/* the pointer was in it when a button went down; or NULL */
	bool told_by_x;			/* where that drag is is known without SDL */
	struct rd_monitor_names closed;	/* the person needs no windows of these, … */
	uint32_t closed_away;		/* (a bit for each: it is not there now) … */
	unsigned choices;		/* … until others are wanted */
	int refused;			/* so many were wanted when one could not be opened; or 0 */
	bool refusal_told;
	struct rd_timer change;		/* panes come or go … */
	uint64_t change_at_ns;		/* … not before that, … */
	uint64_t change_wait_ns;	/* … which is so long after the last time */
	struct forward forward;
	struct cursors cursors;
	int im_width, im_height;	/* of the last frame; 0: none came yet */
	char path[256];			/* by which way the stream comes; "" not told */
	bool controls;			/* what the person does reaches the peer */
	bool grabbed;			/* all keys are ours */
	bool relative;			/* only how the pointer moves is sent */
	bool fullscreen;		/* as many panes as there are screens fill them */
	bool stopped;			/* a recording is paused */
	bool begun;			/* what the options want at first is done */
	bool holding;			/* the stream is over, the window stays */

	int keyboard;			/* enum keyboard */
	struct window_x11_key native;	/* the X event of the key that SDL tells next */
	enum told told[256];		/* by number: keys that an input method may give back */
	bool method_used;		/* an input method that SDL asks has taken keys, … */
	uint64_t method_until_ns;	/* … and may answer until then, whenever it likes */
	int line_x, line_y;		/* where the person writes, as far as is known … */
	bool line_known;		/* … and the method does not know yet */
	bool elsewhere;			/* SDL tells next what is down already */
	bool let_go[256];		/* by number: keys whose release SDL has not told yet */
	struct rd_fd events;		/* the window system's socket … */
	struct rd_timer pump;		/* … or when to look instead; see window_events.c */
	struct locks locks;
	struct wheel wheel;
	struct touch touch;
	struct rd_timer touch_timer;
	struct rd_timer grab_timer;	/* set while another program has all keys */
	bool grab_told;			/* … and the person knows */
	struct pane *touched;		/* the fingers are, or were, in it; or NULL */
	struct rd_pointer_at other;	/* where the peer's own pointer is, … */
	struct sprite other_shape;	/* … what it looks like … */
	int other_hot_x, other_hot_y;	/* … and which pixel of it points */
};

/* In every pane. */
void window_title(struct window *w);
/* The person wants it so. */
void window_grab(struct window *w, bool on);
void window_grab_open(struct window *w);
void window_grab_close(struct window *w);
/* A pane of it has the keyboard. */
void window_grab_focus(struct window *w);
void window_fullscreen(struct window *w, bool on);

/* How keys are meant from now on. */
void window_keyboard(struct window *w, int keyboard);
/* A key went down; `text`: what SDL says it typed, or NULL. */
void window_keyboard_press(struct window *w, const SDL_Keysym *key, uint16_t code,
	const char *text);
/*
 * Alt and Super that were pressed in another window, or for a window manager's
 * shortcut: SDL tells them when the window has the keyboard again (2.26,
 * X11_ReconcileKeyboardState).
 */
bool window_keyboard_elsewhere(const struct window *w, SDL_Scancode s);
/* An input method gives back the key that it had taken, w->native. */
void window_keyboard_returned(struct window *w, const char *text);
/* What of a key is known, to be changed. */
enum told *window_keyboard_told(struct window *w, uint16_t code);
/* Keys that were taken for a composition have become one. */
void window_keyboard_composed(struct window *w);

/* SDL tells nothing of a key that went down: an input method has it. */
void window_method_took(struct window *w);
/* Sends what a method composed before w->native, which it has let through. */
void window_method_before(struct window *w);
/* Somebody has clicked there, in a window. */
void window_method_line(struct window *w, int x, int y);
/* Whether the method is to be looked at again, for which the pump is set; at least so long. */
bool window_method_looks(struct window *w, uint64_t still_ns);

/* The pane that a person looks at: it has the keyboard, or had it last. */
struct pane *window_front(struct window *w);
/* NULL: it is none of ours any more. */
struct pane *window_pane_of(struct window *w, Uint32 sdl_id);
/* A frame of another size: the panes there are show their parts of it. */
void window_panes_picture(struct window *w, int width, int height);
/* The panes become those that are wanted, as far as the window system has room for them. */
void window_panes_settle(struct window *w);
/* The person has closed it; with the last one the view ends. */
void window_panes_close_one(struct window *w, struct pane *p);
void window_panes_open(struct window *w);
void window_panes_close(struct window *w);
/*
 * The pointer is at that place of a pane: sent on, in pixels of the picture, if it is on
 * that, which is returned. A drag goes on in other panes, and at the edge beside them.
 */
bool window_drag_place(struct window *w, struct pane *p, int x, int y);
/* Of every event of the window system, before SDL makes of it what it can. */
void window_drag_system(struct window *w, const SDL_SysWMmsg *event);

/* Its window is closed, and to stay so … */
void window_closed_add(struct window *w, const char *name);
bool window_closed_has(const struct window *w, const char *name);
/* … whatever the monitors, of which these would be shown, are called now. */
void window_closed_follow(struct window *w, const struct monitor_part *parts, int n);
void window_closed_forget(struct window *w);

/* NULL after saying why, with an exit code. */
struct pane *pane_open(struct window *w, int *code);
void pane_close(struct pane *p);
/* What it is to show from the next pane_frame on. */
void pane_aim(struct pane *p, const struct monitor_part *to);
/* Its part of what is there. */
struct rd_image pane_picture(const struct pane *p);
/* What came, or is there, with what changed of the whole picture. */
void pane_frame(struct pane *p, const struct rd_image *im, const pixman_region32_t *damage);
/* To be seen for the first time, or with a picture of another size. */
void pane_show(struct pane *p, int width, int height);
/* It was painted by a device that has forgotten it. */
void pane_fit(struct pane *p);
/* The window may have another size. */
void pane_resized(struct pane *p);
/* From its pixels to the picture's, and whether it is on the picture at all. */
bool pane_to_picture(const struct pane *p, int *x, int *y);
/* Paints what is wrong. False: nothing was. */
bool pane_flush(struct pane *p);

/* Pixels here to one of the picture, as --scale has it, for a part of a monitor. */
double pane_place_scale(const struct pane *p, const struct rd_monitor *of);
/* How large it is to be, at most as large as the desktop has room for. */
void pane_place_fit(const struct pane *p, int *width, int *height);
/* Before it is shown. */
void pane_place_first(struct pane *p, int width, int height);
/* Having grown it stays on the desktop. */
void pane_place_keep(struct pane *p, int width, int height);
/* After panes have come or gone. */
void window_place_full(struct window *w);

/* Starts to listen to the window system. 0 or a negative errno. */
int window_events_open(struct window *w);
void window_events_close(struct window *w);

/* Keys for the window itself, whoever has the keyboard. False: these are not. */
bool window_chord(struct window *w, const SDL_Keysym *key, bool repeated);

void window_layout_open(struct pane *p);
void window_layout_close(struct pane *p);
/* Whether the desktop follows the window, which then does not follow the desktop. */
bool window_layout_follows(const struct pane *p);
/* The window is there, for the first picture; or it has another size. */
void window_layout_shown(struct pane *p);
void window_layout_changed(struct pane *p);

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
/* They were in a window that is no more. */
void window_touch_forget(struct window *w);

void window_overlay_open(struct pane *p);
void window_overlay_close(struct pane *p);
/* After the window has another size. */
void window_overlay_place(struct pane *p);
void window_overlay_stats(struct pane *p, bool on);
/* Figures other than a frame's have changed. */
void window_overlay_figures(struct pane *p);
/* A frame was shown. */
void window_overlay_frame(struct pane *p);
void window_overlay_notice(struct pane *p, const char *text);
/* For the first time: a notice that was there before is to be read from now on. */
void window_overlay_shown(struct pane *p);
void window_overlay_end(struct pane *p, const struct view_end *end);
/* The peer's pointer, for one who only watches; in each pane that it is in. */
void window_overlay_shape(struct window *w, const struct rd_cursor *shape);
void window_overlay_pointer(struct window *w, const struct rd_pointer_at *at);
/* Whether the peer's pointer is painted has changed. */
void window_overlay_other(struct window *w);
/* In a pane that is new, or has another part of the picture. */
void window_overlay_aimed(struct pane *p);

#endif
