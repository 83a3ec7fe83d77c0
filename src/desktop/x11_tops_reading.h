#ifndef RD_DESKTOP_X11_TOPS_READING_H
#define RD_DESKTOP_X11_TOPS_READING_H

#include "desktop/x11_tops.h"

/*
 * Between the parts of rd_x11_tops_read: x11_tops.c asks about windows, x11_tops_judge.c
 * draws the conclusions. Nobody else includes it.
 */
/* A window that is looked at: a child of the root, or one below it. */
struct node {
	xcb_window_t id;
	int top;		/* which child of the root it is, or is in */
	bool managed;		/* a window manager has marked it: it is a program's own */
	bool popup;
	bool pixels;
	bool meant;
	bool gone;		/* before the last question about it */
	xcb_window_t belongs;	/* to that one; 0 */
};

struct reading {
	struct rd_x11_tops *t;
	const struct rd_x11 *x;
	const struct rd_hide *hide;
	xcb_window_t own;
	uint32_t own_mask;
	struct node *node;
	int count, room;
	int depth;
	bool *frames;		/* of each child of the root: a managed window is in it */
	bool too_many;
	uint64_t until_ns;	/* nothing is asked after that; 0: it may take its time */
	bool late;
	size_t words;		/* bytes of titles so far */
};

/* Says of each of the root's children whether it is hidden. */
void rd_x11_tops_judge(struct reading *r);

#endif
