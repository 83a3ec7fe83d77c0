#ifndef RD_CAPTURE_LOCK_H
#define RD_CAPTURE_LOCK_H

#include <stdbool.h>

/* --lock-on-end without a command: what this desktop locks its screen with. */
#define LOCK_AUTO "auto"

/* Whether there is such a command: its first word, split at blanks. */
bool lock_exists(const char *command);
/*
 * Runs it, of a display, without a shell; true if it ended well, or a command (not "auto")
 * still runs after a few seconds, as lockers do that stay until somebody unlocks. What is
 * wrong is said.
 */
bool lock_run(const char *command, const char *display);

#endif
