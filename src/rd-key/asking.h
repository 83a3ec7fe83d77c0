#ifndef RD_KEY_ASKING_H
#define RD_KEY_ASKING_H

#include <stddef.h>

/*
 * Secrets from a person at the terminal or from a descriptor. Each returns 0 or
 * an exit code, told. Who gets a secret wipes it.
 */

/* One that is there already. */
int ask_once(int fd, const char *prompt, char *out, size_t cap);
/*
 * A new one: asked twice at a terminal, and again, three times at most, where
 * the two differ or it has less than `min` characters (0 may be none at all).
 */
int ask_new(int fd, const char *what, size_t min, char *out, size_t cap);

#endif
