#ifndef RD_KEY_SAY_H
#define RD_KEY_SAY_H

#include <stddef.h>

#include "rd-key/options.h"

/* What rd-key says, and the exit codes that go with it. */

#define EXIT_INTERRUPTED 130	/* as a shell says SIGINT: ^C or ^D at a question */

/* The path of a file in the configuration folder; caller frees. */
char *path_of(const struct options *o, const char *name);
/* Makes the folder. 0 or an exit code, told. */
int make_folder(const struct options *o);

/* One line about a file that could not be read or written; an exit code. */
int cannot_read(const char *path, int err);
int cannot_write(const char *path, int err);
/* What went out has arrived: 0, or RD_EXIT_OUTPUT, told. */
int printed(void);

/* A text and blanks up to that many characters. */
void put_padded(const char *text, size_t width);
size_t characters(const char *text);

#endif
