#ifndef RD_RECORD_CANVAS_H
#define RD_RECORD_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "media/cursor.h"
#include "media/image.h"
#include "wire/msg_cursor.h"

/*
 * The picture that is recorded: the desktop as it was last shown, with the
 * pointer drawn into it, and, where the desktop has another size than the
 * recording, fitted into that with black bars. Zeroed memory is an empty one.
 */
struct canvas {
	struct rd_image desk;	/* the desktop, in its own size */
	struct rd_image fitted;	/* of the recording's size, where that is another */
	int width, height;	/* of the recording; 0: not known yet */
	pixman_region32_t changed; /* of what canvas_picture gives, since canvas_clean */
	bool begun;

	bool pointer;		/* is wanted */
	struct rd_cursor shape;	/* its pixels are ours */
	struct rd_pointer_at at;
	struct rd_rect drawn;	/* where it is in desk now; empty: nowhere */
	uint8_t *under;		/* what desk has there without it */
};

void canvas_init(struct canvas *c, bool pointer);
void canvas_finish(struct canvas *c);
/* The desktop shows `im`, of which `damage` differs from before. 0 or -ENOMEM. */
int canvas_show(struct canvas *c, const struct rd_image *im, const pixman_region32_t *damage);
void canvas_shape(struct canvas *c, const struct rd_cursor *shape);
void canvas_pointer(struct canvas *c, const struct rd_pointer_at *at);
/* Whether a pointer is, or has to be, drawn. */
bool canvas_has_pointer(const struct canvas *c);
/* Of which size the recording is from now on. */
void canvas_size(struct canvas *c, int width, int height);
/* The picture, of that size; NULL: none yet, or no memory. Borrowed. */
const struct rd_image *canvas_picture(struct canvas *c);
/* Whether so much of it has changed that coding it costs about as much as all of it. */
bool canvas_large(const struct canvas *c);
void canvas_clean(struct canvas *c);

#endif
