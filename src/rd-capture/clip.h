#ifndef RD_CAPTURE_CLIP_H
#define RD_CAPTURE_CLIP_H

#include "desktop/clip_link.h"
#include "rd-capture/options.h"

/*
 * The display's clipboard, as the options want it shared; `display` is the one
 * that is captured, NULL: the options'. Where it cannot be had that is said,
 * and c->board stays NULL.
 */
void clip_open(struct rd_clip_link *c, struct rd_loop *loop, const struct options *opt,
	const char *display);
/* What HELLO says of it, where it can be had. */
uint32_t clip_caps(const struct options *opt);

#endif
