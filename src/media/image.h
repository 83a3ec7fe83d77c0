#ifndef RD_MEDIA_IMAGE_H
#define RD_MEDIA_IMAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "media/rect.h"

/*
 * A picture in memory. There is one raw format in rd: BGRX, 4 bytes a pixel
 * (blue first; libyuv's "ARGB", X's depth 24 on little endian), X ignored and
 * written as 0. Rows are `stride` bytes apart. The owner is whoever called
 * init; zeroed memory is an empty image.
 */
struct rd_image {
	uint8_t *data;
	size_t stride;	/* bytes */
	int width, height; /* pixels */
};

/* The largest picture we take from anyone: 8K. Both in pixels. */
#define RD_IMAGE_MAX_WIDTH 8192
#define RD_IMAGE_MAX_HEIGHT 8192
#define RD_IMAGE_MAX_PIXELS (7680 * 4320)

/* Whether a picture of that size is one we take. */
int rd_image_size_ok(int width, int height);
/* Black, 64-byte aligned rows. 0, -EINVAL for a size we do not take, -ENOMEM. */
int rd_image_init(struct rd_image *im, int width, int height);
void rd_image_finish(struct rd_image *im);

static inline uint8_t *
rd_image_at(const struct rd_image *im, int x, int y)
{
	return im->data + (size_t)y * im->stride + (size_t)x * 4;
}

/* What lies in r of an image, as an image: the same pixels, borrowed. Empty: nothing does. */
struct rd_image rd_image_part(const struct rd_image *im, struct rd_rect r);
/* Copies `r` of src to the same place of dst; both contain it. */
void rd_image_copy(struct rd_image *dst, const struct rd_image *src, struct rd_rect r);
/* Packed rows (stride = r.w * 4) into and out of the image. */
void rd_image_put(struct rd_image *im, struct rd_rect r, const uint8_t *packed);
void rd_image_get(const struct rd_image *im, struct rd_rect r, uint8_t *packed);
/* Moves r to (dx, dy) within the image, overlapping or not (as memmove). */
void rd_image_move(struct rd_image *im, struct rd_rect r, int dx, int dy);
void rd_image_fill(struct rd_image *im, struct rd_rect r, uint32_t bgrx);
/*
 * Adds to `out` where two pictures of one size differ (X included), in
 * rectangles 64 pixels wide and at most 16 rows high.
 */
void rd_image_diff(const struct rd_image *a, const struct rd_image *b, pixman_region32_t *out);
/*
 * Where two pictures of one size differ by more than the tolerance, within a
 * rectangle of both: how many pixels, and around them *bound (empty for none).
 */
int64_t rd_image_count(const struct rd_image *a, const struct rd_image *b, struct rd_rect r,
	int tolerance, struct rd_rect *bound);
/*
 * Draws a premultiplied BGRA sprite with its top left at (x, y), clipped.
 * `sprite` is w * h * 4 bytes.
 */
void rd_image_blend(struct rd_image *im, int x, int y, const uint8_t *sprite, int w, int h);
/*
 * Scales all of src into all of dst: interpolated (libyuv), or, where half the
 * size or less, the mean of the pixels covered.
 */
void rd_image_scale(struct rd_image *dst, const struct rd_image *src);
/* The same for the pixels of dst inside `clip` only. */
void rd_image_scale_clip(struct rd_image *dst, const struct rd_image *src, struct rd_rect clip);
/*
 * The same where dst is a whole multiple of src in both directions: pixels become
 * squares, sharp.
 */
void rd_image_repeat_clip(struct rd_image *dst, const struct rd_image *src, struct rd_rect clip);
/* XXH3 (128 bit) over width*height packed BGR triples, top to bottom. */
void rd_image_hash(const struct rd_image *im, uint8_t hash[static 16]);
/* Writes a PNG to a stdio stream (libpng). 0 or a negative errno. */
int rd_image_png(const struct rd_image *im, FILE *file);
/*
 * Reads one, of any kind; the fourth byte of a pixel is 0 or, where it is more
 * transparent than not, 255. 0 with *im the caller's; -EPROTO: it is no PNG, or a
 * broken one; -EMSGSIZE: a size we do not take; -ENOMEM.
 */
int rd_image_read_png(struct rd_image *im, FILE *file);

#endif
