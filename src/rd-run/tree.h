#ifndef RD_RUN_TREE_H
#define RD_RUN_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The processes that descend from us. A subreaper (prctl(2)) inherits what a
 * daemon leaves behind, so nothing escapes by forking twice or by a session of
 * its own.
 */
#define TREE_KEEPER "rd-run-keeper" /* the name of a keeper's process */
#define TREE_SPARED 4

struct tree_ask {
	pid_t group;		/* only members of that process group; 0: all */
	bool keepers;		/* also what a keeper has below it, and it; else it does that itself */
	pid_t spared[TREE_SPARED]; /* these, and what is below them, are left alone; 0: none */
};

/* Sends `sig` (0: nothing) to each that is meant and has not ended; how many there were. */
size_t tree_signal(const struct tree_ask *ask, int sig);

/*
 * The same to our own children alone, which orphans are, with those that have ended and
 * were not reaped yet; group and keepers are not looked at. None: then nothing is below
 * us either. It takes microseconds, so it also meets who lives for one fork only: before
 * all of /proc is read, that one is gone, and its child is where it was.
 */
size_t tree_signal_children(const struct tree_ask *ask, int sig);

/* One of /proc's lines, "pid (name) state parent group …"; false where it is none. */
struct tree_stat {
	pid_t pid, parent, group;
	char state;
	char name[32];
};
bool tree_parse(struct tree_stat *st, const char *line);

#endif
