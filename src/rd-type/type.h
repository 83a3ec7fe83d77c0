#ifndef RD_TYPE_TYPE_H
#define RD_TYPE_TYPE_H

#include "look/source.h"
#include "rd-type/options.h"

/* Types all of it. Returns the exit status; what is wrong has then been said. */
int type_run(const struct options *o, const struct rd_source *source, int guard_fd);

#endif
