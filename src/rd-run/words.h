#ifndef RD_RUN_WORDS_H
#define RD_RUN_WORDS_H

#include <stddef.h>

/* An argument list that grows; NULL-ended. Zeroed memory is an empty one. */
struct words {
	char **word;
	size_t count;
};

/* Copies of all that follow, up to NULL. */
void words_add(struct words *w, ...) __attribute__((sentinel));
/* What spaces part; NULL: nothing. No shell, no quotes. */
void words_split(struct words *w, const char *text);
void words_finish(struct words *w);

#endif
