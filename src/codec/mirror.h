#ifndef RD_CODEC_MIRROR_H
#define RD_CODEC_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/tiles.h"
#include "media/image.h"
#include "wire/msg_picture.h"

/*
 * What the viewer has, as its sender knows it: every update that goes out is
 * done here too, so that the next difference is taken against the truth.
 */
struct rd_mirror {
	struct rd_image im;	/* what the viewer shows, were nothing lossy */
	pixman_region32_t lossy; /* where it is not that yet */
	struct rd_tiles tiles;	/* since when each part of it rests */
};

/* No picture yet; its size is 0 by 0. */
void rd_mirror_init(struct rd_mirror *m);
void rd_mirror_finish(struct rd_mirror *m);
/*
 * A picture of another size: nothing of the old one counts, and nothing is
 * shown but black. 0 or a negative errno.
 */
int rd_mirror_resize(struct rd_mirror *m, int width, int height);

/* Whether it is lossy nowhere. */
bool rd_mirror_is_exact(const struct rd_mirror *m);
/* One copy is done there: lossy pixels move with the rest. */
void rd_mirror_move(struct rd_mirror *m, const struct rd_copy *c, uint64_t time_ns);
/* A rectangle was painted as video. */
void rd_mirror_filmed(struct rd_mirror *m, struct rd_rect r, uint64_t time_ns);
/* `region` was painted as it is. */
void rd_mirror_exact(struct rd_mirror *m, const pixman_region32_t *region);
/* From now on it has `region` of that picture, exact or nearly so. */
void rd_mirror_paint(struct rd_mirror *m, const struct rd_image *im,
	const pixman_region32_t *region);

#endif
