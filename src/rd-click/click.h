#ifndef RD_CLICK_CLICK_H
#define RD_CLICK_CLICK_H

#include "look/source.h"
#include "rd-click/options.h"

/* Does it. Returns the exit status; what is wrong has then been said. */
int click_run(const struct options *o, const struct rd_source *source, int guard_fd);

#endif
