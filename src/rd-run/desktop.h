#ifndef RD_RUN_DESKTOP_H
#define RD_RUN_DESKTOP_H

#include <stdbool.h>
#include <sys/types.h>

#include "rd-run/options.h"
#include "rd-run/start.h"

/* What runs on the display beside the command: a session, or a program. */
struct desktop {
	pid_t pid;	/* 0: it does not run */
	bool over;	/* it did, and has ended by itself … */
	int status;	/* … with this, as a shell's $? */
	bool told;
};

/*
 * What a shell is to run for `wanted`; "auto": ~/.xsession, else what the system has
 * as a session, else a terminal. *manager: it has no window manager of its own, as far
 * as we know. The caller frees; NULL: there is none of these.
 */
char *desktop_command(const char *wanted, bool *manager);
/* 0 or a negative errno. What it says goes where our words go. */
int desktop_start(struct desktop *d, const char *command, char *const *env,
	const struct start_before *before);
void desktop_ended(struct desktop *d, int status);

#endif
