#ifndef RD_LOOK_WATCH_PRIV_H
#define RD_LOOK_WATCH_PRIV_H

#include "base/bytes.h"
#include "look/watch.h"
#include "wire/link.h"

/*
 * Inside a watch, for watch*.c only:
 *
 *	watch.c		messages become frames
 *	watch_end.c	the many ways to end
 */
#define WATCH_SIGNALS 3

struct rd_watch {
	struct rd_loop *loop;
	struct rd_watch_config cfg;
	struct rd_link *link;
	struct rd_screen *screen;
	struct rd_hello mine;
	bool up;		/* there is a way back, and it is open */
	bool asked_refresh;
	unsigned notices;
	struct rd_buf shape;	/* the newest SHAPE's body */
	struct rd_cursor cursor; /* … its pixels are in there */
	struct rd_pointer_at at;

	/* watch_end.c */
	struct rd_fd guard;
	int status;		/* the command's, -1: not known */
	bool ended;		/* the stream is over, as `end` says */
	struct rd_end_msg end;
	const char *broken;	/* which rule the peer broke */
	bool leaving;
	int code;		/* the exit status, once leaving */
	struct rd_timer patience; /* ends a wait: for a status, or for our END */
	struct rd_timer timeout;
	struct rd_signal signals[WATCH_SIGNALS];
};

void watch_end_open(struct rd_watch *w);
void watch_end_close(struct rd_watch *w);
/* The stream is over. */
void watch_over(struct rd_watch *w);
/* The way back is closed. */
void watch_unheard(struct rd_watch *w);

#endif
