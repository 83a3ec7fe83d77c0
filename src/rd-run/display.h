#ifndef RD_RUN_DISPLAY_H
#define RD_RUN_DISPLAY_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "desktop/xauth.h"
#include "rd-run/options.h"
#include "rd-run/place.h"
#include "rd-run/start.h"

/* By which its lock and its socket are known from those of others; number -1: none. */
struct display_trace {
	int number;
	pid_t server;
	ino_t socket;
	struct timespec made;
};

/*
 * A display that nobody else has: its server, Xvfb or Xtigervnc, chooses the number
 * itself and tells it, it listens to no network, and only who has its cookie is let in.
 */
struct display {
	const char *server; /* its name, "Xvfb" */
	pid_t pid;	/* 0: it does not run */
	int fd;		/* its number comes here; -1 */
	int log;	/* what it says, in memory; -1 */
	char text[16];	/* what has come of the number */
	unsigned len;
	int number;	/* -1: not known yet */
	struct display_trace trace; /* also after its end */
	struct rd_xauth_cookie cookie;
};

/* Starts the server; its number is not known yet. 0 or a negative errno. */
int display_start(struct display *d, const struct options *o, const struct place *p,
	const struct start_before *before);
/* There is something to read at d->fd. */
void display_read(struct display *d);
/* The number is known: writes the clients' cookies. 0 or a negative errno. */
int display_admit(struct display *d, const struct place *p);
/* What the server said last that is no warning; the caller frees. NULL: nothing. */
char *display_words(const struct display *d);
/* The lock and the socket of a server that left them behind; those of others stay. */
void display_sweep(const struct display_trace *t);
void display_close(struct display *d);

#endif
