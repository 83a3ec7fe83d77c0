#ifndef RD_RUN_STAGE_H
#define RD_RUN_STAGE_H

#include "rd-run/keeper.h"

/*
 * All that is there before anything is filmed or run: the display, a session bus and a
 * window manager, as far as they are wanted. 0 or an exit status; *env, what is run
 * then is to find, is the caller's to free.
 */
int stage_make(struct keeper *k, char ***env);

#endif
