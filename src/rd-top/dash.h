#ifndef RD_TOP_DASH_H
#define RD_TOP_DASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "rd-top/grid.h"
#include "rd-top/key.h"

/*
 * The dashboard's frame: it has the screen, looks again every so often, hands
 * keys on, and draws when something is new. What stands on it is a view's.
 */
struct dash;

struct dash_view {
	void (*look)(void *ctx);			/* it is time to ask anew */
	void (*draw)(void *ctx, struct grid *g);	/* a page that is blank */
	bool (*key)(void *ctx, struct key k);		/* false: leave */
};

/* Runs until the user leaves; an exit status. */
int dash_run(struct dash *d, struct rd_loop *loop, const struct dash_view *view, void *ctx,
	uint64_t interval_ns, bool mouse);
/* What is shown is not what is: it is drawn soon, and once for many such calls. */
void dash_changed(struct dash *d);

struct dash {
	struct rd_loop *loop;
	const struct dash_view *view;
	void *ctx;
	uint64_t interval_ns;
	struct rd_fd input;
	struct rd_timer look, draw;
	struct rd_signal resized, ended[3];
	bool open;
};

#endif
