#include <assert.h>

#include <libyuv/convert_argb.h>
#include <libyuv/convert_from_argb.h>

#include "media/y4m.h"

/* Length of the rows and of the planes, bytes. */
struct planes {
	int y_stride, c_stride;
	size_t y_size, c_size;
};

static struct planes
planes_of(const struct rd_y4m_header *h)
{
	const bool half = h->chroma == RD_CHROMA_420;
	const int cw = half ? (h->width + 1) / 2 : h->width;
	const int ch = half ? (h->height + 1) / 2 : h->height;
	return (struct planes){
		.y_stride = h->width,
		.c_stride = cw,
		.y_size = (size_t)h->width * (size_t)h->height,
		.c_size = (size_t)cw * (size_t)ch,
	};
}

size_t
rd_y4m_frame_size(const struct rd_y4m_header *h)
{
	const struct planes s = planes_of(h);
	return s.y_size + 2 * s.c_size;
}

/* libyuv makes every pixel opaque; ours have no alpha. */
static void
clear_x(struct rd_image *im)
{
	for (int y = 0; y < im->height; y++) {
		uint8_t *row = rd_image_at(im, 0, y);
		for (int x = 0; x < im->width; x++)
			row[x * 4 + 3] = 0;
	}
}

void
rd_y4m_to_image(const struct rd_y4m_header *h, const uint8_t *planes, struct rd_image *im)
{
	assert(im->width == h->width && im->height == h->height);
	const struct planes s = planes_of(h);
	const uint8_t *u = planes + s.y_size;
	const uint8_t *v = u + s.c_size;
	(h->chroma == RD_CHROMA_420 ? I420ToARGBMatrix : I444ToARGBMatrix)(planes, s.y_stride,
		u, s.c_stride, v, s.c_stride, im->data, (int)im->stride,
		h->full_range ? &kYuvJPEGConstants : &kYuvI601Constants, h->width, h->height);
	clear_x(im);
}

void
rd_y4m_from_image(const struct rd_y4m_header *h, const struct rd_image *im, uint8_t *planes)
{
	assert(im->width == h->width && im->height == h->height && !h->full_range);
	const struct planes s = planes_of(h);
	uint8_t *u = planes + s.y_size;
	uint8_t *v = u + s.c_size;
	(h->chroma == RD_CHROMA_420 ? ARGBToI420 : ARGBToI444)(im->data, (int)im->stride,
		planes, s.y_stride, u, s.c_stride, v, s.c_stride, h->width, h->height);
}
