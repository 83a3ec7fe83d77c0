#ifndef RD_CONTROL_SWEEP_H
#define RD_CONTROL_SWEEP_H

#include <stdbool.h>

#include "control/folder.h"

/*
 * A program that was killed, or was confined and could not, leaves its file there.
 * A socket that refuses is one of those: it listens before it has its name.
 */

/* A connection, non-blocking; or a negative errno. -EAGAIN: its queue is full. */
int rd_control_connect(const struct rd_control_folder *f, const char *file);
/* Whether somebody listens; if not, its file goes. */
bool rd_control_is_alive(const struct rd_control_folder *f, const char *file);
/* Takes away the socket that a dead program has left; what is none is somebody else's, and stays. */
void rd_control_remove_dead(const struct rd_control_folder *f, const char *file);
/* Takes away what programs have left whose process is gone; nobody is woken up. */
void rd_control_sweep(const struct rd_control_folder *f);
/* Calls it for each of the folder's files, whatever they are called. 0 or a negative errno. */
int rd_control_each(const struct rd_control_folder *f,
	void (*each)(void *ctx, const struct rd_control_folder *f, const char *file), void *ctx);

#endif
