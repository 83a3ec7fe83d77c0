#ifndef RD_RUN_BUS_H
#define RD_RUN_BUS_H

#include <sys/types.h>

#include "rd-run/place.h"
#include "rd-run/start.h"

/*
 * A session bus (D-Bus) that belongs to the display: a program that runs once a
 * session is then not the one on another display, and nothing of it stays.
 */
struct bus {
	pid_t pid;	/* 0: it does not run */
	int fd;		/* its address comes here, when it listens; -1 */
	char text[512];	/* what has come of the address */
	unsigned len;
	char *address;	/* NULL: not known yet */
};

/* Of a socket at that path; the caller frees. */
char *bus_address(const char *path);
/* 0, -ENOENT (it is not installed), or another negative errno. */
int bus_start(struct bus *b, const struct place *p, char *const *env,
	const struct start_before *before);
/* There is something to read at b->fd. */
void bus_read(struct bus *b);
void bus_close(struct bus *b);

#endif
