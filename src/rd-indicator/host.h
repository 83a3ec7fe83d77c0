#ifndef RD_INDICATOR_HOST_H
#define RD_INDICATOR_HOST_H

#include "base/loop.h"
#include "control/client.h"
#include "rd-indicator/people.h"

/* The rd-send that it is about, by its control socket. While nothing happens there nothing is said. */
struct host {
	struct rd_control_talk talk;
	struct rd_fd watch;
	struct rd_timer again;	/* who has just come may not have been in the answer yet */
	struct people people;
	void (*changed)(void *ctx);
	void (*ended)(void *ctx);
	void *ctx;
};

/* By name or process id; NULL: the only one. An exit code, after a line on stderr; or 0. */
int host_find(struct rd_control_found *f, const char *whom);
int host_open(struct host *h, struct rd_loop *loop, const struct rd_control_found *f);
void host_pause(struct host *h);
/* Sends off all who are there. */
void host_end(struct host *h);
void host_close(struct host *h);

#endif
