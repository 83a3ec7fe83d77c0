#ifndef RD_CODEC_COPIES_H
#define RD_CODEC_COPIES_H

#include <stdbool.h>

#include "codec/motion.h"
#include "media/image.h"
#include "wire/msg_picture.h"

/*
 * What of a change is pixels the viewer has elsewhere. One movement is one
 * list of copies, done in its order.
 */
#define RD_COPIES_MAX 256

struct rd_copies {
	struct rd_copy v[RD_COPIES_MAX];
	int n;
};

/*
 * Looks for one movement from `old` to `now` that explains enough of `changed`
 * to pay. Whether there is one. `dear`: also in any direction, which is worth
 * its price for a frame's first one only.
 */
bool rd_copies_find(struct rd_copies *c, struct rd_motion *m, const struct rd_image *now,
	const struct rd_image *old, const pixman_region32_t *changed, bool dear);
/*
 * Replaces `changed` by what is left of it now that `old` has had the copies
 * done to it.
 */
void rd_copies_left(const struct rd_copies *c, const struct rd_image *now,
	const struct rd_image *old, pixman_region32_t *changed);

#endif
