#ifndef RD_CONTROL_REQUEST_H
#define RD_CONTROL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A line of a client: a verb and what follows it, words between blanks.
 *
 *	get [KEY…]	set KEY=VALUE…	watch	help	and the program's own verbs
 *
 * Pure: it points into the line, which it cuts.
 */
#define RD_CONTROL_LINE 4096	/* bytes of a request, with its newline */

struct rd_control_request {
	char *verb;
	char *rest;		/* "" when there is nothing more */
};

/* line[0 … len), without its newline; line[len] is writable. 0, or -EINVAL. */
int rd_control_request_parse(struct rd_control_request *r, char *line, size_t len);
/* Cuts the next word off *rest; NULL: there is none. */
char *rd_control_word(char **rest);
/* Of KEY=VALUE: cuts it, and returns VALUE; NULL: there is no "=", or no KEY. */
char *rd_control_assignment(char *word);
/* Whether they are the same key: "rtt-ms" and "rtt_ms" are. */
bool rd_control_key_is(const char *a, const char *b);

#endif
