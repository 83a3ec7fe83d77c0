#ifndef RD_CAPTURE_LAYOUT_H
#define RD_CAPTURE_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "wire/msg.h"
#include "wire/msg_layout.h"

/*
 * --resize: the desktop, or one of its monitors, gets the size that a viewer's LAYOUT
 * asks for. While a window is dragged many come; for each monitor the newest counts, and
 * the screen changes a few times a second at most. Zeroed memory obeys none.
 */
#define LAYOUT_WISHES 8
struct layout {
	struct rd_x11_resize *screen;	/* NULL: it does not change */
	void (*refused)(void *ctx, const char *why);
	void *ctx;
	struct rd_loop *loop;
	struct rd_timer again;		/* too soon: then */
	uint64_t after_ns;		/* not before */
	struct rd_layout wish[LAYOUT_WISHES]; /* for each monitor one … */
	int count;
	char *told;			/* why the last one was refused */
	uint64_t told_ns;
};

/* `refused`: a line for people, for each new reason. False: it cannot be; that was said. */
struct layout_of {
	const char *display;	/* NULL: as rd_x11_open finds it */
	const char *monitor;	/* only that may change; NULL: all */
	bool restore;
};
bool layout_open(struct layout *l, struct rd_loop *loop, const struct layout_of *of,
	void (*refused)(void *ctx, const char *why), void *ctx);
/* A LAYOUT: 0, or -EPROTO for nonsense. */
int layout_take(struct layout *l, const struct rd_msg *m);
/* The old size is there again, where that was wanted. */
void layout_close(struct layout *l);

#endif
