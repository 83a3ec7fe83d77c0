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
 *	config.c	the configuration, rd-config(5); its words may follow options
 *	words.c		what completion offers; hidden
 */
int list_run(const struct options *o);
int ask_run(const struct options *o);
int watch_run(const struct options *o);
bool config_is_meant(char **argv);
int config_run(int argc, char **argv);
int words_run(int argc, char **argv);

/* stdout has taken everything: 0, or RD_EXIT_OUTPUT and a line (output.c). */
int output_flush(void);

#endif
