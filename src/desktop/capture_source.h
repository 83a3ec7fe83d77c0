#ifndef RD_DESKTOP_CAPTURE_SOURCE_H
#define RD_DESKTOP_CAPTURE_SOURCE_H

#include <stdint.h>

#include "base/clock.h"
#include "desktop/capture.h"

/* For the sources themselves: what they are called, and what they share. */
extern const struct rd_capture_ops rd_capture_x11;
extern const struct rd_capture_ops rd_capture_test;
extern const struct rd_capture_ops rd_capture_y4m;

/* No grab has more parts: simplify the region first (rd_region_simplify). */
#define RD_GRAB_PARTS_MAX 128
/*
 * Fills size and blob of *g for a picture of that size; parts it has none yet. 0
 * (rd_grab_finish it), or -EAGAIN while the pool has none free, or another negative
 * errno; then *g is empty. Blobs always have room for the whole picture: a pool keeps
 * what has one size.
 */
int rd_grab_room(struct rd_grab *g, struct rd_blob_pool *pool, int width, int height);
/*
 * Places the parts, whose rectangles are disjoint and within the picture, in the blob:
 * one after another, with room before each.
 */
void rd_grab_place(struct rd_grab *g);
/* Both, for the rectangles of a region; without any there is no blob. As rd_grab_room. */
int rd_grab_init(struct rd_grab *g, struct rd_blob_pool *pool, int width, int height,
	const pixman_region32_t *region);

/* When frame n of a steady rate is due, without drift. */
static inline uint64_t
rd_frame_time_ns(uint64_t n, unsigned fps_num, unsigned fps_den)
{
	return (uint64_t)((unsigned __int128)n * RD_NS_PER_S * fps_den / fps_num);
}

#endif
