#ifndef RD_RUN_OPTIONS_H
#define RD_RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"

enum keep { KEEP_ALWAYS, KEEP_ON_FAILURE, KEEP_NEVER };

/* All texts are borrowed from argv. */
struct options {
	char **command;		/* NULL-ended, at least one word */
	struct rd_opt_size size;
	const char *record;	/* the film's name, or NULL */
	enum keep keep;
	bool overwrite;
	bool pointer;
	bool sound;		/* what the command plays is in the film */
	double fps;		/* at most so many pictures a second in the film; 0: what is cheap */
	uint64_t timeout_ns;	/* 0: none */
	uint64_t grace_ns;	/* between asking to end and SIGKILL */
	const char *manager;	/* NULL: none; "auto": one that is installed; a command */
	const char *server_args; /* words for Xvfb, or NULL */
	bool json, quiet;
};

bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
