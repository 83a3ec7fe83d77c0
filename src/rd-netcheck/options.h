#ifndef RD_NETCHECK_OPTIONS_H
#define RD_NETCHECK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "net/relay_choose.h"

/* What the command line asks for. */
struct options {
	struct rd_agent_relay relay;	/* without addresses; wiped by whoever holds it */
	bool json, confine;
	uint64_t limit_ns;		/* for all of it */
};

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
