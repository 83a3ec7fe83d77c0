#ifndef RD_SHOT_OPTIONS_H
#define RD_SHOT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "look/ask.h"
#include "media/rect.h"

/* What the command line asks for. Strings are borrowed from it. */
struct options {
	struct rd_ask ask;
	const char *output;	/* a file, or "-" */
	struct rd_rect region;	/* of the picture; empty: all of it */
	bool cursor;
	uint64_t timeout_ns;
	bool confine;
};

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
