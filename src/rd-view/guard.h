#ifndef RD_VIEW_GUARD_H
#define RD_VIEW_GUARD_H

#include <sys/types.h>

#include "base/spawn.h"
#include "rd-view/tty.h"
#include "rd-view/words.h"

/*
 * Where a command brings the stream, or a terminal shows it, two processes
 * stand behind rd-view: a guard that owns the command and looks at no foreign
 * byte, and the viewer, which decodes, is confined and can neither start nor
 * end anything. The guard waits for both, passes SIGINT and SIGTERM on, and
 * leaves nothing behind: no process, and a terminal as it was, however the
 * viewer ends. A socket pair joins them: the guard writes the command's status
 * into it (one int, as a shell's $?), and its end of file tells the viewer
 * that the guard is gone.
 */
struct guard {
	pid_t viewer;	/* 0 in the viewer itself */
	int fd;
	int signals;	/* in the guard: a signalfd */
	struct tty *tty;	/* what the viewer draws on, or NULL */
	struct words *words;	/* … and what is said meanwhile */
};

/*
 * Divides the process: returns with g->viewer 0 in the viewer, its pid in the
 * guard. `tty` and `words` may be NULL. 0 or a negative errno.
 */
int guard_split(struct guard *g, struct tty *tty, struct words *words);
/* The guard's whole life; the command may be none. Returns the program's exit status. */
int guard_run(struct guard *g, struct rd_child *command);

#endif
