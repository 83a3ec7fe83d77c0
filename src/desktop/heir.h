#ifndef RD_DESKTOP_HEIR_H
#define RD_DESKTOP_HEIR_H

#include <sys/types.h>

/*
 * A small process that sleeps until we are gone, after SIGKILL or a crash, and then does
 * what is left to be done to the display. It is a fork without exec: of single-threaded
 * programs only, and what it is to know meanwhile lies in memory that both share.
 * Zeroed memory is a closed one.
 */
struct rd_heir {
	pid_t pid;
	int fd;		/* its end is how the heir learns of ours */
};

/*
 * 0 or a negative errno. `tidy_up` is called there once we are gone; also after a close. Of
 * our descriptors it has stderr, and as stdout `keep`; -1: none.
 */
int rd_heir_open(struct rd_heir *h, int keep, void (*tidy_up)(void *ctx), void *ctx);
/* Lets it go, and waits for it. */
void rd_heir_close(struct rd_heir *h);

#endif
