#ifndef RD_RUN_DOOR_H
#define RD_RUN_DOOR_H

#include <stdbool.h>
#include <sys/types.h>

#include "control/folder.h"

/*
 * What rd-ctl and rd-top call the film, whose control socket is rd-record's. Who
 * outlives a recorder that could not take its socket away does so: the keeper,
 * or the front.
 */
struct door {
	bool wanted;
	char name[RD_CONTROL_NAME + 1];	/* as rd-ctl lists it */
};

/*
 * Named `name`; NULL: as the command is, and by `pid`, which no other run has at
 * the same time.
 */
void door_init(struct door *d, bool wanted, const char *name, const char *command, pid_t pid);
/* The socket of that recorder, which has ended; what is gone already is no mistake. */
void door_sweep(const struct door *d, pid_t recorder);

#endif
