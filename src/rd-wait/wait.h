#ifndef RD_WAIT_WAIT_H
#define RD_WAIT_WAIT_H

#include "look/source.h"
#include "rd-wait/options.h"

/* Looks at the source until something came. Returns the exit status. */
int wait_run(const struct options *o, const struct rd_source *source, int guard_fd);

#endif
