#ifndef RD_CLIP_CLIP_H
#define RD_CLIP_CLIP_H

#include "base/bytes.h"
#include "look/source.h"
#include "rd-clip/options.h"

/* Does what the verb says. Returns the exit status; what is wrong has then been said. */
int clip_run(const struct options *o, const struct rd_source *source, const struct rd_buf *content,
	int guard_fd);

#endif
