#ifndef RD_RUN_LEFT_H
#define RD_RUN_LEFT_H

#include "rd-run/keeper.h"

/*
 * Ends what the command has left behind: daemons, and what else did not end with it.
 * First it is asked, then killed; who escapes even that is hunted.
 */
void left_end(struct keeper *k);

#endif
