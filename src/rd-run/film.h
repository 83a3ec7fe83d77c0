#ifndef RD_RUN_FILM_H
#define RD_RUN_FILM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "rd-run/door.h"
#include "rd-run/options.h"
#include "rd-run/place.h"
#include "rd-run/start.h"
#include "rd-run/tell.h"

/*
 * The film: rd-record, which starts rd-capture, and says what happens as lines of
 * JSON. Zeroed memory with fd -1 is none.
 */
struct film {
	pid_t pid;	/* 0: it does not run */
	const struct door *door; /* once it was started */
	int fd;		/* its words; -1 */
	char *path;	/* in full; NULL: no film is wanted */
	char line[8192]; /* of its words, the one that is not whole */
	size_t len;
	bool was_there;	/* a file of that name, before */
	bool made;	/* the file is ours: it may be dropped */
	bool begun;	/* the first picture is in it */
	bool over;	/* it ended */
	int status;	/* then: as a shell's $? */
	bool broken;	/* it ended before it was asked to, or not in good order */
	double seconds;	/* when it was saved */
	uint64_t bytes;
};

/* Where it will be, in full; the folder may be another one later. */
void film_init(struct film *f, const struct options *o);
/* On the display that `env` names; `door` is borrowed until it has ended. 0 or a negative errno. */
int film_start(struct film *f, const struct options *o, const struct place *p,
	const struct door *door, char *const *env, const struct start_before *before);
/* There is something to read at f->fd. */
void film_read(struct film *f, const struct tell *t);
/* It has ended. */
void film_ended(struct film *f, int status);
/* Whether there is a file of its name: the command may have moved it away. */
bool film_is_there(const struct film *f);
/* Removes the file, if it is ours; whether there was one. */
bool film_drop(struct film *f);
void film_close(struct film *f);

#endif
