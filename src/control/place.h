#ifndef RD_CONTROL_PLACE_H
#define RD_CONTROL_PLACE_H

#include <sys/types.h>

#include "control/folder.h"

/*
 * A program's control socket, bound and listening. It is made early, by the
 * process that stays unconfined, and served by the one that has what is asked
 * for (server.h), which may be confined by then: it inherits the descriptor, and
 * needs accept4 on it and nothing else. Who made it takes it away; if that is the
 * process that is confined, it may remove files of that folder and nothing else there.
 *
 * $RD_CONTROL, "PID NAME", is inherited by the programs that we start: they belong
 * to this one's session, under its name, as the first of them made it.
 */
struct rd_control_place {
	int fd;			/* -1: there is none */
	int page;		/* … and a socket for metrics (metrics.h), which is apart; -1: none */
	int team;		/* to the program whose page of metrics has ours (member.h); -1: none */
	pid_t leader;		/* the first program of this session on this machine; us, mostly */
	char name[RD_CONTROL_NAME + 1];
	char tool[RD_CONTROL_TOOL + 1];
	char file[RD_CONTROL_FILE];
	struct rd_control_folder folder; /* open as long as this is */
};

/*
 * name: what the user calls it; NULL: as the program that started us does, or
 * `otherwise`. A failure is told as a warning and is none: sessions go on, and
 * fd is -1. The first call of a pipeline also sets $RD_CONTROL.
 */
void rd_control_place_open(struct rd_control_place *p, const char *tool, const char *name,
	const char *otherwise);
/* As one that could not be made. */
void rd_control_place_none(struct rd_control_place *p);
/* Closes this process's descriptors, but for the folder: of who does not serve. */
void rd_control_place_close(struct rd_control_place *p);
/* Takes its file away, and closes. */
void rd_control_place_remove(struct rd_control_place *p);

#endif
