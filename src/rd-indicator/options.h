#ifndef RD_INDICATOR_OPTIONS_H
#define RD_INDICATOR_OPTIONS_H

#include <stdbool.h>

#include "media/keyname.h"

struct options {
	const char *whom;		/* a name or process id of rd-send; NULL: the only one */
	const char *display;		/* NULL: $DISPLAY, or the only one */
	const char *pause_key, *end_key; /* "": none */
	struct rd_chord pause, end;
	bool quiet;			/* where there is no display, nothing is said */
};

/* false when the program should end now, with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
