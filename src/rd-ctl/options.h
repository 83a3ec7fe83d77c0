#ifndef RD_CTL_OPTIONS_H
#define RD_CTL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* The command line. Strings are borrowed from it. */
struct options {
	bool json;		/* lines of JSON, as the programs say them */
	bool follow;		/* events, until it ends */
	const char *wait;	/* EVENT, EVENT=VALUE or KEY=VALUE; NULL */
	uint64_t timeout_ns;	/* of --wait; 0: none */
	int argc;		/* NAME, VERB and what follows; or a verb of our own */
	char **argv;
};

/* false when the program should end now, with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
