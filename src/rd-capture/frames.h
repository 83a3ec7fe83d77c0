#ifndef RD_CAPTURE_FRAMES_H
#define RD_CAPTURE_FRAMES_H

#include "rd-capture/options.h"
#include "wire/acks.h"
#include "wire/link.h"
#include "wire/msg_cursor.h"

/*
 * Pictures become messages. A picture is taken when something changed *and*
 * there is room: the link's queue is short and, once the peer acknowledges,
 * little stands unacknowledged. Until then damage gathers in the source, and
 * of the pointer only the newest shape and place are kept. This is the one
 * place where rd-capture drops, and it drops by not capturing.
 */
struct frames {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_capture *capture;
	struct rd_hello hello;	/* ours: its time zero is the stream's */
	bool live;

	struct rd_acks acks;
	bool bounded;		/* the peer acknowledges */
	bool shares;		/* … and takes memory by descriptor */

	bool damaged;		/* the source has something */
	bool asked;		/* for a fresh picture, … */
	uint64_t token;		/* … by this FRESH */
	uint32_t number;	/* of the last frame sent */
	uint64_t limit;		/* frames, 0: none */
	uint64_t limit_ns;	/* of a source with its own time, 0: none */

	struct rd_buf body;
	struct rd_buf monitors;	/* a MONITORS' body not yet sent; empty: none */
	struct rd_buf shape;	/* a SHAPE's body not yet sent; empty: none */
	struct rd_pointer_at at;
	bool at_waits;
};

void frames_init(struct frames *f, struct rd_loop *loop, struct rd_link *link,
	const struct rd_hello *hello, const struct options *opt);
void frames_finish(struct frames *f);

/*
 * Sends what there is room for. 0, 1 when a limit is reached, or a negative errno:
 * no picture can be taken any more.
 */
int frames_step(struct frames *f);
/* The source's news; frames_step comes after them. */
void frames_shape(struct frames *f, const struct rd_cursor *cursor);
void frames_monitors(struct frames *f, const struct rd_monitors *monitors);
void frames_pointer(struct frames *f, int x, int y, bool inside);
/* The peer's. */
void frames_peer(struct frames *f, const struct rd_hello *peer);
int frames_acked(struct frames *f, uint32_t number);
void frames_refresh(struct frames *f);
/* The same, and the picture is marked as the answer. */
void frames_fresh(struct frames *f, uint64_t token);

/* The stream's time now. */
uint64_t frames_now(const struct frames *f);

#endif
