#ifndef RD_LOOK_GUARD_H
#define RD_LOOK_GUARD_H

#include <sys/types.h>

#include "look/source.h"

/*
 * Where a command brings the stream, a tool that looks is two processes: a
 * guard that owns the command and looks at no foreign byte, and the viewer,
 * which decodes, is confined and can neither start nor end anything. The
 * guard waits for both, passes SIGINT and SIGTERM on, and leaves nothing
 * behind. A socket pair joins them: the viewer writes a byte into it when it
 * is able to show something, and only then the guard starts the command, which
 * may spend a code of one use; the guard writes the command's status into it
 * (one int, as a shell's $?), and its end of file tells the viewer that the
 * guard is gone.
 */
struct rd_guard {
	pid_t viewer;	/* 0 in the viewer itself */
	int fd;
};

/*
 * Divides the process: returns with g->viewer 0 in the viewer, its pid in the
 * guard. 0 or a negative errno.
 */
int rd_guard_split(struct rd_guard *g);
/* In the viewer: its output works, the command may start. `fd` -1: there is none. */
void rd_guard_ready(int fd);
/* The guard's whole life. Returns the exit status of the program. */
int rd_guard_run(struct rd_guard *g, struct rd_source *source);
/*
 * Both: `work` looks at the source, in a process of its own where a command
 * brings it, and returns the exit status; guard_fd is -1 without, and else
 * rd_guard_ready is to be called.
 */
int rd_guard_work(struct rd_source *s, int (*work)(void *ctx, int guard_fd), void *ctx);

#endif
