#ifndef RD_ENCODE_RESCALE_H
#define RD_ENCODE_RESCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "media/cursor.h"
#include "media/image.h"
#include "media/input.h"
#include "media/monitor.h"
#include "wire/msg_cursor.h"

/* What --scale asks for: a factor, or a size to fit into; zeroed: neither. */
struct scale_wish {
	double factor;
	int width, height;
};

/*
 * The source's picture at another size, and everything with coordinates mapped
 * between the two: damage, pointer and its shape on the way down, the viewer's
 * pointer on the way up. Zeroed memory is a valid one that maps nothing; while
 * both sizes agree the source's picture is used as it is.
 */
struct rescale {
	int from_w, from_h;	/* the source's size */
	int to_w, to_h;		/* the viewer's */
	struct rd_image image;	/* of the viewer's size, when the two differ */
	int64_t motion_x, motion_y; /* what MOTION's division left over */
};

void rescale_finish(struct rescale *r);
bool rescale_on(const struct rescale *r);
/*
 * Follows the source's size, the wish and `quarters` of size (4: all).
 * 1 when the viewer's size or its relation to the source's changed, 0, -ENOMEM.
 */
int rescale_follow(struct rescale *r, int width, int height,
	const struct scale_wish *wish, int quarters);
/*
 * The viewer's picture of src, of which `damage` changed; `out` (initialised)
 * becomes what changed of the result. Borrowed until the next call.
 */
const struct rd_image *rescale_picture(struct rescale *r, const struct rd_image *src,
	const pixman_region32_t *damage, pixman_region32_t *out);
/* Viewer to source: POINTER and MOTION; others are left alone. */
void rescale_input(struct rescale *r, struct rd_input *in);
/* Source to viewer. */
void rescale_pointer_at(const struct rescale *r, struct rd_pointer_at *at);
void rescale_monitors(const struct rescale *r, struct rd_monitors *m);
/* Source to viewer: appends the body of a SHAPE. */
void rescale_shape(const struct rescale *r, const struct rd_cursor *c, struct rd_buf *out);

#endif
