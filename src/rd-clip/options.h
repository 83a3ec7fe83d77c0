#ifndef RD_CLIP_OPTIONS_H
#define RD_CLIP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "look/ask.h"

enum verb { VERB_GET, VERB_PUT, VERB_TYPES };

struct options {
	struct rd_ask ask;
	enum verb verb;
	const char *type;	/* as wire/msg_clipboard.h names kinds; NULL: none is named */
	uint64_t max;		/* bytes */
	char max_text[24];	/* … as a command line has it */
	uint64_t timeout_ns;	/* 0: none */
	bool wait;		/* put: stay until something else is copied there */
	bool secret;		/* put: nobody should remember it */
	bool primary;
	bool json;
	bool confine;
	bool shown;		/* standard output is a terminal: found out before we are confined */
};

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
