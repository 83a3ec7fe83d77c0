#ifndef RD_CODEC_SCREEN_H
#define RD_CODEC_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "media/image.h"
#include "wire/msg.h"

/*
 * The picture at the receiving end: takes the messages of the picture class
 * and keeps the screen they describe. Everything in it is foreign and checked;
 * memory is bounded by the largest picture and decoders for RD_VIDEO_PICTURES of
 * them.
 */
struct rd_screen;

struct rd_screen_frame {
	uint32_t number;
	uint64_t time_ns;	/* BEGIN's: when it was captured */
	bool sync;
	bool exact;		/* every pixel is the source's */
	bool resized;		/* the picture's size differs from the last frame's */
	uint64_t bytes;		/* of its messages, headers included */
	/* pixels of each kind that this frame painted */
	struct { int64_t raw, copy, exact, video; } painted;
};

int rd_screen_open(struct rd_screen **out);
void rd_screen_close(struct rd_screen *s);
/*
 * 0: taken. 1: it was SHOW, and *f describes the frame that is now whole.
 * -EPROTO: the sender broke the rules; *why is then a static sentence. Types
 * of the class that we do not know are left alone (0). A frame that does not
 * stand on the last one (and is no sync point) is passed over until a sync
 * point: see rd_screen_lost.
 */
int rd_screen_message(struct rd_screen *s, const struct rd_msg *m,
	struct rd_screen_frame *f, const char **why);
/* Waiting for a sync point: the caller should ask for one, once. */
bool rd_screen_lost(const struct rd_screen *s);
/* The screen. Valid until the next message; empty before the first frame. */
const struct rd_image *rd_screen_image(const struct rd_screen *s);
/* What changed since rd_screen_clean, clipped to the picture. */
const pixman_region32_t *rd_screen_damage(const struct rd_screen *s);
void rd_screen_clean(struct rd_screen *s);

#endif
