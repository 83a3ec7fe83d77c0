#ifndef RD_CAPTURE_OTHERS_H
#define RD_CAPTURE_OTHERS_H

#include <stdbool.h>

/*
 * Of several rd-captures of this user whose viewers control one display, the last to go
 * locks it. They know each other by locks (flock(2)) on a file of that display in
 * $XDG_RUNTIME_DIR, which the kernel takes from who is killed. Where there is no such
 * folder nobody knows of others, and each is the last.
 */

/* A descriptor of that file, ours; -1: there can be none. `display` NULL: the environment's. */
int others_open(const char *display);
/* Our viewer controls it from now on. False: not known yet, to be said again. */
bool others_join(int fd);
/*
 * Of one that has joined: its viewer does no more. Whether nobody else's does: of two who
 * leave at once at least one hears so.
 */
bool others_none_after(int fd);

#endif
