#ifndef RD_RUN_RUN_H
#define RD_RUN_RUN_H

#include "rd-run/keeper.h"

/* The keeper's whole life, from no display to none. Returns the exit status. */
int run(struct keeper *k);

#endif
