#ifndef RD_VIEW_WORDS_H
#define RD_VIEW_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "rd-view/tty.h"

/*
 * What is said on standard error while the picture has the terminal: ours,
 * and that of the command that brings the stream. It passes through a pipe
 * and is kept until the terminal is a person's again. Where standard error is
 * no terminal there is no pipe.
 */
#define WORDS_KEPT 65536

struct words {
	int in;			/* of the pipe; -1: none */
	int out;		/* the real standard error */
	const struct tty *tty;
	char *kept;
	size_t len;
	bool lost;		/* more than fits was said */
};

/* Standard error of this process, and of who it starts, goes there from now on. */
void words_open(struct words *w, const struct tty *tty);
/* Takes what has been said; it appears where the terminal is free. Does not wait. */
void words_turn(struct words *w);
/* Standard error is what it was; all of it appears. */
void words_close(struct words *w);
/* In a process that says words and does not read them. */
void words_leave(struct words *w);

#endif
