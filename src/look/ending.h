#ifndef RD_LOOK_ENDING_H
#define RD_LOOK_ENDING_H

#include <stdbool.h>

#include "look/source.h"
#include "wire/msg_link.h"

/* All that is known about how a stream ended. */
struct rd_ending {
	const struct rd_source *source;
	const struct rd_end_msg *end;
	const char *broken;	/* which rule the peer broke, or NULL */
	int status;		/* the command's, as a shell's $?; -1: not known */
	bool greeted;		/* a HELLO had come */
};

/* The exit status that says so. */
int rd_ending_code(const struct rd_ending *e);
/* rd-recv or rd-capture failed, and has said so on the stderr we share with it. */
bool rd_ending_told(const struct rd_ending *e);
/* One line for people. The caller frees. */
char *rd_ending_text(const struct rd_ending *e);

#endif
