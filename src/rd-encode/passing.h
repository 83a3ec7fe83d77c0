#ifndef RD_ENCODE_PASSING_H
#define RD_ENCODE_PASSING_H

#include <stdbool.h>

#include "rd-encode/rescale.h"
#include "wire/link.h"
#include "wire/msg_cursor.h"

/*
 * What goes through: every message that is not ours to consume, in order, in
 * both directions, known or not. Only coordinates are mapped, while the
 * picture is scaled.
 */
struct passing {
	struct rd_buf shape;	/* the last SHAPE's body, in the source's size */
	bool has_shape;
	struct rd_pointer_at at; /* the last POINTER_AT, in the source's pixels */
	bool has_at;
	struct rd_buf monitors;	/* the last MONITORS' body, likewise; empty: none came */
	struct rd_buf said;	/* … as it went on */
};

void passing_finish(struct passing *p);
/* From the source. 0, or -EPROTO. */
int passing_down(struct passing *p, const struct rescale *r, struct rd_link *down,
	const struct rd_msg *m);
/* The size of the picture changed at `time_ns`: shape, pointer and monitors are sent anew. */
void passing_resized(struct passing *p, const struct rescale *r, struct rd_link *down,
	uint64_t time_ns);
/* From the viewer. 0, or -EPROTO. */
int passing_up(struct rescale *r, struct rd_link *up, const struct rd_msg *m);

#endif
