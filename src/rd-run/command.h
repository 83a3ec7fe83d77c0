#ifndef RD_RUN_COMMAND_H
#define RD_RUN_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "rd-run/door.h"
#include "rd-run/place.h"
#include "rd-run/start.h"

/* The command, and how it is made to end. */
struct command {
	pid_t pid;	/* 0: it does not run */
	uint64_t began_ns;
	bool over;
	int status;	/* then: as a shell's $? */
	int killed;	/* by this signal; 0 */
	int next;	/* the signal that it gets … */
	uint64_t next_ns; /* … at that time; UINT64_MAX: never */
};

/*
 * The environment that we were given, with that display, where chapters go, of a film its path and what
 * rd-ctl calls it, and that session bus (NULL: the one there was);
 * `sounds`: it plays to p->sink. To be freed.
 */
char **command_environment(int display, const struct place *p, const char *film,
	const struct door *door, const char *bus, bool sounds, const struct start_before *before);
void command_environment_free(char **env);
/* In the process group `group`, with all that we were given. 0 or a negative errno. */
int command_start(struct command *c, char **argv, char **env, pid_t group,
	const struct start_before *before);
void command_ended(struct command *c, int wait_status);
/* The exit status of a command that could not be run. */
int command_missing(int err);

#endif
