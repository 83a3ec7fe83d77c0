#ifndef RD_CODEC_MOTION_H
#define RD_CODEC_MOTION_H

#include <stdbool.h>

#include "media/image.h"

/*
 * Finds pixels that moved: scrolled text, dragged windows. Two searches: one
 * for vertical movement by hashes of short pieces of rows, cheap enough for
 * every frame; one for any direction by hashes at places their own content
 * chooses, which after failures is tried less and less often.
 */
struct rd_motion;

struct rd_motion *rd_motion_new(void);
void rd_motion_free(struct rd_motion *m);
/*
 * The vector by which most of `area` of `now` moved since `old` (two pictures
 * of one size): now(x, y) = old(x - dx, y - dy). False when none stands out.
 * It is a guess, to be proved by rd_motion_match.
 */
bool rd_motion_vertical(struct rd_motion *m, const struct rd_image *now,
	const struct rd_image *old, struct rd_rect area, int *dx, int *dy);
bool rd_motion_any(struct rd_motion *m, const struct rd_image *now, const struct rd_image *old,
	struct rd_rect area, int *dx, int *dy);
/*
 * rd_motion_any is dear, and in a film useless: told whether a call was of
 * use, it says whether the next one is worth making. Ask once a frame.
 */
bool rd_motion_any_ready(struct rd_motion *m);
void rd_motion_any_was(struct rd_motion *m, bool useful);
/*
 * Replaces `match` by where in `area` that is true of every pixel, as far as
 * it is at least 32 pixels wide and 8 rows high.
 */
void rd_motion_match(const struct rd_image *now, const struct rd_image *old, struct rd_rect area,
	int dx, int dy, pixman_region32_t *match);

#endif
