#ifndef RD_RECV_MONITOR_H
#define RD_RECV_MONITOR_H

#include <sys/types.h>

#include "control/place.h"
#include "rd-recv/options.h"
#include "rd-recv/trust.h"

/*
 * The monitor: the process that has a terminal, files and passwords, and reads
 * no foreign byte but what the confined child passes on, which it checks. It
 * answers the child's questions (ask.h) and outlives it.
 */
struct split {
	pid_t child;	/* 0 in the child */
	int fd;		/* to the other one */
};

/* Divides the process. 0 or negative errno. */
int monitor_split(struct split *s);
/* In the child: what only the monitor is to have goes, and all descriptors but stdio and these. */
void monitor_forget(const struct options *o, const int *keep, unsigned count);
/* In the monitor: its whole life. Returns the exit status of the program. */
int monitor_run(const struct split *s, const struct options *o, const struct trust *t,
	const struct known *known);

#endif
