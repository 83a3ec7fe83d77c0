#ifndef RD_LOOK_GUARD_H
#define RD_LOOK_GUARD_H

#include "look/source.h"

/*
 * Where a command brings the stream, a tool that looks is two processes: a
 * guard that owns the command and looks at no foreign byte, and the viewer,
 * which decodes, is confined and can neither start nor end anything. The
 * guard waits for both, passes SIGUSR1 on, and the first SIGINT, SIGTERM or SIGHUP,
 * and leaves nothing behind; a SIGINT three seconds after that one kills the viewer.
 * A socket pair joins them: the viewer writes a byte into it when its output works,
 * and only then the guard starts the command, which may spend a code of one use;
 * the guard writes the command's status into it (one int, as a shell's $?), and its
 * end of file tells the viewer that the guard is gone.
 */

/*
 * A place that has to be put back however the viewer ends: a terminal. The job
 * can be stopped then, and go on (SIGTSTP).
 */
struct rd_guard_place {
	int in;			/* what the guard passes on meanwhile comes here; -1 */
	void (*turn)(void *ctx); /* there may be something of it; does not block */
	void (*put_back)(void *ctx); /* the viewer has ended */
	void *ctx;
};

/*
 * `work` looks at the source, in a process of its own where a command brings it
 * or there is a place to guard, and returns the exit status; guard_fd, -1 without, is its
 * end of the pair. Nothing comes from a command before rd_guard_ready.
 */
int rd_guard_work(struct rd_source *s, const struct rd_guard_place *place,
	int (*work)(void *ctx, int guard_fd), void *ctx);
/* In `work`: its output works, the command may start. `guard_fd` -1: there is none. */
void rd_guard_ready(int guard_fd);

#endif
