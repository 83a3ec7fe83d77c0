#ifndef RD_VIEW_ENDING_H
#define RD_VIEW_ENDING_H

#include <stdbool.h>

#include "rd-view/source.h"
#include "wire/msg_link.h"

/* All that is known about how a stream ended. */
struct ending {
	const struct source *source;
	const struct rd_end_msg *end;
	const char *broken;	/* which rule the peer broke, or NULL */
	int status;		/* the command's, as a shell's $?; -1: not known */
	bool greeted;		/* a HELLO had come */
};

/* The exit status that says so. */
int ending_code(const struct ending *e);
/* rd-recv failed, and has said so on the stderr we share with it. */
bool ending_told(const struct ending *e);
/* One line for people. The caller frees. */
char *ending_text(const struct ending *e);

#endif
