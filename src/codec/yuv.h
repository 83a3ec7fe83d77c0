#ifndef RD_CODEC_YUV_H
#define RD_CODEC_YUV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/image.h"

/*
 * Planar pictures for the codecs, by libyuv: BT.601, limited range, 8 bit,
 * 4:2:0 or 4:4:4. Sizes are rounded up to even; the last column and row are
 * repeated into the padding.
 */
struct rd_yuv {
	uint8_t *plane[3];
	int stride[3];		/* bytes */
	int width, height;	/* even */
	bool yuv444;
	uint8_t *mem;
};

int rd_yuv_init(struct rd_yuv *y, int width, int height, bool yuv444);
void rd_yuv_finish(struct rd_yuv *y);
/* Converts what `changed` covers (NULL: all), grown to even pixels. `im` has init's size. */
void rd_yuv_from_image(struct rd_yuv *y, const struct rd_image *im,
	const pixman_region32_t *changed);
/*
 * The reverse, into `to` of `im`. The planes are borrowed, and of `to`'s size
 * or one more.
 */
void rd_yuv_to_image(const uint8_t *const plane[3], const int stride[3], bool yuv444,
	struct rd_image *im, struct rd_rect to);

#endif
