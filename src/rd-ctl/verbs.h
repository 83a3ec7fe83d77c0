#ifndef RD_CTL_VERBS_H
#define RD_CTL_VERBS_H

#include "rd-ctl/options.h"

/*
 * Each returns an exit code, after a line on stderr where it is not 0.
 *
 *	list.c		what runs
 *	ask.c		a request to a session, and its answer
 *	watch.c		events, --wait
 *	show.c		answers for people
 */
int list_run(const struct options *o);
int ask_run(const struct options *o);
int watch_run(const struct options *o);

/* stdout has taken everything: 0, or RD_EXIT_OUTPUT and a line. */
int output_flush(void);

#endif
