#ifndef RD_SHOT_SHOT_H
#define RD_SHOT_SHOT_H

#include "look/source.h"
#include "rd-shot/options.h"

/*
 * Looks at the source until there is a picture, and writes it. Returns the exit
 * status; what is wrong has then been said.
 */
int shot_take(const struct options *o, const struct rd_source *source, int guard_fd);

#endif
