#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libyuv.h>

#include "codec/yuv.h"

#define ALIGN 64

int
rd_yuv_init(struct rd_yuv *y, int width, int height, bool yuv444)
{
	memset(y, 0, sizeof(*y));
	if (!rd_image_size_ok(width, height))
		return -EINVAL;
	y->yuv444 = yuv444;
	y->width = (width + 1) & ~1;
	y->height = (height + 1) & ~1;

	int chroma_height = yuv444 ? y->height : y->height / 2;
	y->stride[0] = (y->width + ALIGN - 1) & -ALIGN;
	y->stride[1] = ((yuv444 ? y->width : y->width / 2) + ALIGN - 1) & -ALIGN;
	y->stride[2] = y->stride[1];
	size_t luma = (size_t)y->stride[0] * y->height;
	size_t chroma = (size_t)y->stride[1] * chroma_height;

	y->mem = aligned_alloc(ALIGN, luma + 2 * chroma);
	if (!y->mem)
		return -ENOMEM;
	y->plane[0] = y->mem;
	y->plane[1] = y->mem + luma;
	y->plane[2] = y->plane[1] + chroma;
	memset(y->plane[0], 16, luma);	/* black */
	memset(y->plane[1], 128, 2 * chroma);
	return 0;
}

void
rd_yuv_finish(struct rd_yuv *y)
{
	free(y->mem);
	memset(y, 0, sizeof(*y));
}

/* Where pixel (x, y) is in plane i. */
static uint8_t *
at(const struct rd_yuv *yuv, int i, int x, int y)
{
	int shift = i > 0 && !yuv->yuv444;
	return yuv->plane[i] + (size_t)(y >> shift) * yuv->stride[i] + (x >> shift);
}

/*
 * Repeats the last column (of w) and row (of h) of a plane into the padding,
 * beside what `r` covers. 4:2:0 chroma has no padding: its last sample stands
 * for the picture's last pixels alone, which is what repeating them gives.
 */
static void
pad(struct rd_yuv *yuv, int plane, int w, int h, struct rd_rect r)
{
	bool right = w < yuv->width && r.x + r.w == w;
	bool below = h < yuv->height && r.y + r.h == h;

	for (int y = r.y; right && y < r.y + r.h; y++)
		*at(yuv, plane, w, y) = *at(yuv, plane, w - 1, y);
	if (below)
		memcpy(at(yuv, plane, r.x, h), at(yuv, plane, r.x, h - 1), r.w + right);
}

/* `r` starts at even pixels, and ends at even pixels or with the picture. */
static void
convert(struct rd_yuv *yuv, const struct rd_image *im, struct rd_rect r)
{
	(yuv->yuv444 ? ARGBToI444 : ARGBToI420)(
		rd_image_at(im, r.x, r.y), (int)im->stride,
		at(yuv, 0, r.x, r.y), yuv->stride[0],
		at(yuv, 1, r.x, r.y), yuv->stride[1],
		at(yuv, 2, r.x, r.y), yuv->stride[2], r.w, r.h);
	for (int i = 0; i < (yuv->yuv444 ? 3 : 1); i++)
		pad(yuv, i, im->width, im->height, r);
}

void
rd_yuv_from_image(struct rd_yuv *y, const struct rd_image *im,
	const pixman_region32_t *changed)
{
	struct rd_rect all = { 0, 0, im->width, im->height };

	assert(((im->width + 1) & ~1) == y->width && ((im->height + 1) & ~1) == y->height);
	if (!changed) {
		convert(y, im, all);
		return;
	}
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(changed, &n);
	for (int i = 0; i < n; i++) {
		int x1 = box[i].x1 & ~1, y1 = box[i].y1 & ~1;
		int x2 = (box[i].x2 + 1) & ~1, y2 = (box[i].y2 + 1) & ~1;
		struct rd_rect r = rd_rect_intersect((struct rd_rect){ x1, y1, x2 - x1, y2 - y1 }, all);
		if (!rd_rect_empty(r))
			convert(y, im, r);
	}
}

void
rd_yuv_to_image(const uint8_t *const plane[3], const int stride[3], bool yuv444,
	struct rd_image *im, struct rd_rect to)
{
	/*
	 * libyuv's plain conversions write 255 into X. Those that take an alpha
	 * plane are as fast, and one row of zeros, over and over, is one.
	 */
	static const uint8_t zeros[RD_IMAGE_MAX_WIDTH];

	(yuv444 ? I444AlphaToARGB : I420AlphaToARGB)(plane[0], stride[0],
		plane[1], stride[1], plane[2], stride[2], zeros, 0,
		rd_image_at(im, to.x, to.y), (int)im->stride, to.w, to.h, 0);
}
