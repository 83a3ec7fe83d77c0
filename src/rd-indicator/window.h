#ifndef RD_INDICATOR_WINDOW_H
#define RD_INDICATOR_WINDOW_H

#include "base/loop.h"
#include "desktop/x11.h"
#include "media/rect.h"
#include "rd-indicator/keys.h"
#include "rd-indicator/panel.h"

/*
 * The small window on the display: above all others, where it was dragged to, and
 * only there while somebody is connected; so are its keys.
 */
struct window {
	struct rd_loop *loop;
	struct rd_x11 *x;
	struct rd_fd watch;
	struct keys keys;
	void (*pressed)(void *ctx, enum panel_button b);
	void (*lost)(void *ctx);
	void *ctx;

	const struct people *people;
	struct panel panel;
	int scale;
	xcb_window_t id;		/* 0: none */
	xcb_gcontext_t gc;
	bool shown;
	struct rd_rect screen;
	int left, top;			/* on it */
	bool moved;			/* by a person, who wants it there */
	bool inside;			/* the pointer is */
	enum panel_button under, down;
	bool dragged;
	int grip_x, grip_y;		/* where in it it was taken hold of */
	struct rd_timer raise;		/* not more often than that */
	uint64_t raised_ns;
};

/* Borrows all of it. 0, or -ENOTSUP and *why. */
int window_open(struct window *w, char **why);
/* The people have changed: draws, shows or hides it. */
void window_update(struct window *w);
void window_close(struct window *w);

#endif
