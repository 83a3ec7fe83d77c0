#ifndef RD_RECV_WORK_H
#define RD_RECV_WORK_H

#include <sys/types.h>

#include "net/password.h"
#include "rd-recv/ask.h"
#include "rd-recv/options.h"
#include "rd-recv/trust.h"

/*
 * What may take long, a name's look-up or a person's answer, is done by a
 * process of its own, so that the monitor sees the child's end meanwhile and
 * can stop asking: a prompt that is ended by SIGTERM leaves the terminal as it
 * was.
 */
struct work_result {
	struct answer answer;
	char secret[RD_PASSWORD_MAX + 1];	/* of ASK_PASSWORD; wiped by who holds it */
};

struct work {
	pid_t pid;	/* 0: nothing is under way */
	int fd;		/* its result comes here, as a struct work_result */
};

/* 0 or negative errno. `command` is as it came from the child. */
int work_start(struct work *w, const struct options *o, const struct trust *t,
	const struct known *known, const struct ask *command);
/* After its result has come, or to end it. */
void work_end(struct work *w);

#endif
