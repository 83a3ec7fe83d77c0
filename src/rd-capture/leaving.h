#ifndef RD_CAPTURE_LEAVING_H
#define RD_CAPTURE_LEAVING_H

#include "base/loop.h"
#include "desktop/heir.h"
#include "rd-capture/options.h"

/*
 * --blank and --lock-on-end: what is to be done to the desktop once the last viewer that
 * did something has gone, however that comes about. A process that outlives us does it
 * (desktop/heir.h): first the lock, then the light. Zeroed memory does nothing.
 */
struct leaving {
	const struct options *opt;
	char *display;		/* NULL: as X programs find it */
	char *notice;		/* a line for the viewer; NULL */
	bool locks;
	struct rd_x11_blank *blank; /* NULL: the monitors stay as they are */
	struct leaving_word *word; /* shared with the heir */
	int others;		/* others.h; in use while there is a word */
	bool joined;		/* … and they know of us */
	struct rd_heir heir;
};

/*
 * `controlled`: a viewer can do something here, so there may be something to lock. 0, or an
 * exit code with *why, a line for people that the caller says and frees.
 */
int leaving_open(struct leaving *l, struct rd_loop *loop, const struct options *opt,
	const char *display, bool controlled, char **why);
/* A viewer does something: there is something to lock from now on. Before it is done. */
void leaving_acted(struct leaving *l);
/* After all else at the desktop is closed. 0, or the exit code if something failed. */
int leaving_close(struct leaving *l);

#endif
