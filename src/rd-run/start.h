#ifndef RD_RUN_START_H
#define RD_RUN_START_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* How the world was before we changed it, which is what commands get back. */
struct start_before {
	sigset_t mask;
	bool ignored[32];	/* signals that were ignored */
	char *notify;		/* "NOTIFY_SOCKET=…", or NULL */
	char *config;		/* "RD_CONFIG=…", or NULL: which configuration we read is ours */
};

/* A service manager's socket leaves the environment: it is the command's, and nobody else's. */
void start_before(struct start_before *b);
void start_before_finish(struct start_before *b);

struct start {
	char *const *argv;	/* argv[0] by PATH; a name "rd-…" beside us first */
	char *const *env;
	const struct start_before *before;
	int death;		/* the signal for when its parent dies */
	pid_t group;		/* the process group that it joins; 0: its parent's */
	bool session;		/* one of its own instead: no terminal reaches it */
	bool bare;		/* it gets fd[] as 0 to 3, and no other descriptor */
	int fd[4];		/* -1: /dev/null; of fd[3]: none */
};

/* 0, or a negative errno (-ENOENT, -EACCES, …): it could not be run. */
int start(pid_t *pid, const struct start *s);

#endif
