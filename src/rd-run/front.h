#ifndef RD_RUN_FRONT_H
#define RD_RUN_FRONT_H

#include "rd-run/options.h"
#include "rd-run/start.h"

/*
 * The process that was started: it passes signals on to the keeper, and ends with
 * the status that the keeper gives. If the keeper is killed, all that it had
 * started becomes ours, and is ended here. Returns the exit status.
 */
int front_run(const struct options *o, const struct start_before *before);

#endif
