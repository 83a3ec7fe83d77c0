#ifndef RD_SOUND_OWN_SINK_H
#define RD_SOUND_OWN_SINK_H

#include "base/loop.h"

/* A sink that leads nowhere, there as long as this is, and gone afterwards. */
struct rd_own_sink;

/* `name` is borrowed. */
void rd_own_sink_open(struct rd_own_sink **out, struct rd_loop *loop, const char *program,
	const char *name);
void rd_own_sink_close(struct rd_own_sink *s);

#endif
