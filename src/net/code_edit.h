#ifndef RD_NET_CODE_EDIT_H
#define RD_NET_CODE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * A line with a one-time code while a person types it: bytes of the keyboard
 * in, bytes for the screen out. Tab completes a word (net/code.h), and shows the
 * choices where there are several; a word that is known by what was typed is
 * completed by '-' and by blank, too, so four letters and a dash are enough.
 * Pure.
 */
#define RD_CODE_LINE 320	/* "relay/code" */

enum rd_code_typed {
	RD_CODE_TYPING,		/* go on */
	RD_CODE_ENTERED,	/* text is whole */
	RD_CODE_GIVEN_UP,	/* ^C, ^D */
};

struct rd_code_edit {
	char text[RD_CODE_LINE];	/* ended by 0; wiped by whoever holds it */
	size_t len;
	unsigned escape;		/* within a sequence of a key that means nothing here */
	bool tabbed;			/* the last byte was a Tab that could not complete */
};

/* Takes a byte; appends to *screen what makes it seen, the prompt too where it is shown anew. */
enum rd_code_typed rd_code_edit(struct rd_code_edit *e, uint8_t byte, const char *prompt,
	struct rd_buf *screen);

#endif
