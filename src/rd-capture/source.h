#ifndef RD_CAPTURE_SOURCE_H
#define RD_CAPTURE_SOURCE_H

#include "rd-capture/options.h"

/*
 * What is captured, and the memory its pictures go through: a few blobs, so
 * that one can be filled while the next process still reads the others.
 */
#define SOURCE_BLOBS 4

struct source {
	struct rd_capture *capture;
	struct rd_blob_pool *pool;
	char *display;		/* the X display, where we found it ourselves; owned */
};

/*
 * Where no display is named and one is needed it finds the caller's session.
 * 0, or an exit code; what is wrong has then been said, and is in *why, which
 * the caller frees.
 */
int source_open(struct source *s, const struct options *opt, struct rd_loop *loop,
	const struct rd_capture_events *ev, void *ctx, char **why);
void source_close(struct source *s);

/* The exit code that fits an error of capture or injection. */
int source_exit(int error);

#endif
