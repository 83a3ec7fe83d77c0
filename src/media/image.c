#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/image.h"

/* Rows begin on cache lines, as the vector code of libyuv likes it. */
#define ROW_ALIGN 64

int
rd_image_size_ok(int width, int height)
{
	return width > 0 && height > 0 && width <= RD_IMAGE_MAX_WIDTH &&
		height <= RD_IMAGE_MAX_HEIGHT &&
		(int64_t)width * height <= RD_IMAGE_MAX_PIXELS;
}

int
rd_image_init(struct rd_image *im, int width, int height)
{
	*im = (struct rd_image){0};
	if (!rd_image_size_ok(width, height))
		return -EINVAL;
	const size_t stride = ((size_t)width * 4 + ROW_ALIGN - 1) & ~(size_t)(ROW_ALIGN - 1);
	uint8_t *data = aligned_alloc(ROW_ALIGN, stride * (size_t)height);
	if (!data)
		return -ENOMEM;
	memset(data, 0, stride * (size_t)height);
	*im = (struct rd_image){.data = data, .stride = stride, .width = width, .height = height};
	return 0;
}

void
rd_image_finish(struct rd_image *im)
{
	free(im->data);
	*im = (struct rd_image){0};
}

struct rd_image
rd_image_part(const struct rd_image *im, struct rd_rect r)
{
	r = rd_rect_intersect(r, (struct rd_rect){0, 0, im->width, im->height});
	if (!im->data || rd_rect_empty(r))
		return (struct rd_image){0};
	return (struct rd_image){
		.data = rd_image_at(im, r.x, r.y),
		.stride = im->stride,
		.width = r.w,
		.height = r.h,
	};
}

static void
check_inside(const struct rd_image *im, struct rd_rect r)
{
	assert(rd_rect_inside(r, im->width, im->height));
	(void)im, (void)r;
}

void
rd_image_copy(struct rd_image *dst, const struct rd_image *src, struct rd_rect r)
{
	check_inside(dst, r);
	check_inside(src, r);
	for (int y = r.y; y < r.y + r.h; y++)
		memcpy(rd_image_at(dst, r.x, y), rd_image_at(src, r.x, y), (size_t)r.w * 4);
}

void
rd_image_put(struct rd_image *im, struct rd_rect r, const uint8_t *packed)
{
	check_inside(im, r);
	const size_t row = (size_t)r.w * 4;
	for (int y = 0; y < r.h; y++)
		memcpy(rd_image_at(im, r.x, r.y + y), packed + (size_t)y * row, row);
}

void
rd_image_get(const struct rd_image *im, struct rd_rect r, uint8_t *packed)
{
	check_inside(im, r);
	const size_t row = (size_t)r.w * 4;
	for (int y = 0; y < r.h; y++)
		memcpy(packed + (size_t)y * row, rd_image_at(im, r.x, r.y + y), row);
}

void
rd_image_move(struct rd_image *im, struct rd_rect r, int dx, int dy)
{
	check_inside(im, r);
	check_inside(im, (struct rd_rect){dx, dy, r.w, r.h});
	const size_t row = (size_t)r.w * 4;
	/* downwards, the last row goes first, or it would be overwritten */
	const bool up = dy <= r.y;
	for (int i = 0; i < r.h; i++) {
		const int y = up ? i : r.h - 1 - i;
		memmove(rd_image_at(im, dx, dy + y), rd_image_at(im, r.x, r.y + y), row);
	}
}

void
rd_image_fill(struct rd_image *im, struct rd_rect r, uint32_t bgrx)
{
	check_inside(im, r);
	const uint8_t pixel[4] = {bgrx & 0xff, bgrx >> 8 & 0xff, bgrx >> 16 & 0xff, 0};
	uint8_t *first = rd_image_at(im, r.x, r.y);
	for (int x = 0; x < r.w; x++)
		memcpy(first + (size_t)x * 4, pixel, 4);
	for (int y = 1; y < r.h; y++)
		memcpy(rd_image_at(im, r.x, r.y + y), first, (size_t)r.w * 4);
}
