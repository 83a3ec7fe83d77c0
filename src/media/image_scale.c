#include <assert.h>
#include <stdlib.h>

#include <libyuv/scale_argb.h>

#include "base/mem.h"
#include "media/image.h"

/*
 * libyuv has no box filter for 4-byte pixels: asked for one it interpolates
 * between two pixels, and at 3 or 5 to 1 it takes single ones, so that thin
 * lines and letters vanish. It also rounds an even shrink differently in a
 * clip. So it does what it does well, up to 2 to 1, and means of areas are
 * taken here.
 */

/*
 * The source pixels one picture pixel covers, along one axis. Scaling `from`
 * pixels to `to`, pixel i covers i * from to (i + 1) * from, in units of 1 / to
 * source pixel; the first and the last count in part.
 */
struct cover {
	int first, last;
	uint32_t head, body, tail; /* how much of them; all add up to `from` */
};

static struct cover
cover_of(int i, int from, int to)
{
	const int64_t start = (int64_t)i * from, end = start + from;
	struct cover c = {
		.first = (int)(start / to),
		.last = (int)((end - 1) / to),
		.body = (uint32_t)to,
	};
	c.head = (uint32_t)((int64_t)(c.first + 1) * to - start);
	c.tail = (uint32_t)(end - (int64_t)c.last * to);
	if (c.first == c.last)
		c.head = (uint32_t)from;
	return c;
}

static uint32_t
weight(const struct cover *c, int i)
{
	return i == c->first ? c->head : i == c->last ? c->tail : c->body;
}

/* sum += row * weight. In steps of a fixed length, which compilers turn into vectors. */
static void
add_row(uint32_t *restrict sum, const uint8_t *restrict row, size_t n, uint32_t w)
{
	enum { STEP = 16 };
	size_t i = 0;
	for (; i + STEP <= n; i += STEP) {
		for (size_t k = 0; k < STEP; k++)
			sum[i + k] += row[i + k] * w;
	}
	for (; i < n; i++)
		sum[i] += row[i] * w;
}

/* The weighted sum of the rows under row y of dst: 255 * 8192 at most. */
static void
sum_rows(uint32_t *sum, const struct rd_image *src, int x0, int x1, const struct cover *rows)
{
	const size_t n = (size_t)(x1 - x0) * 4;
	for (size_t i = 0; i < n; i++)
		sum[i] = 0;
	for (int y = rows->first; y <= rows->last; y++)
		add_row(sum, rd_image_at(src, x0, y), n, weight(rows, y));
}

static void
mean_pixel(uint8_t *out, const uint32_t *sum, const struct cover *columns, int x0, double scale)
{
	uint64_t v[3] = {0};
	for (int x = columns->first; x <= columns->last; x++) {
		const uint32_t *p = sum + (size_t)(x - x0) * 4;
		const uint64_t w = weight(columns, x);
		v[0] += p[0] * w;
		v[1] += p[1] * w;
		v[2] += p[2] * w;
	}
	for (int c = 0; c < 3; c++)
		out[c] = (uint8_t)((double)v[c] * scale + 0.5);
	out[3] = 0;
}

/* Every pixel of dst in the clip becomes the mean of the area it covers in src. */
static void
mean_of_areas(struct rd_image *dst, const struct rd_image *src, struct rd_rect clip)
{
	const int x0 = cover_of(clip.x, src->width, dst->width).first;
	const int x1 = cover_of(clip.x + clip.w - 1, src->width, dst->width).last + 1;
	const double scale = 1.0 / ((double)src->width * src->height);
	uint32_t *sum = xcalloc((size_t)(x1 - x0) * 4, sizeof(*sum));
	for (int y = clip.y; y < clip.y + clip.h; y++) {
		const struct cover rows = cover_of(y, src->height, dst->height);
		sum_rows(sum, src, x0, x1, &rows);
		for (int x = clip.x; x < clip.x + clip.w; x++) {
			const struct cover columns = cover_of(x, src->width, dst->width);
			mean_pixel(rd_image_at(dst, x, y), sum, &columns, x0, scale);
		}
	}
	free(sum);
}

void
rd_image_scale_clip(struct rd_image *dst, const struct rd_image *src, struct rd_rect clip)
{
	assert(rd_rect_inside(clip, dst->width, dst->height));
	if (src->width >= 2 * dst->width || src->height >= 2 * dst->height) {
		mean_of_areas(dst, src, clip);
		return;
	}
	ARGBScaleClip(src->data, (int)src->stride, src->width, src->height,
		dst->data, (int)dst->stride, dst->width, dst->height,
		clip.x, clip.y, clip.w, clip.h, kFilterBilinear);
}

void
rd_image_scale(struct rd_image *dst, const struct rd_image *src)
{
	rd_image_scale_clip(dst, src, (struct rd_rect){0, 0, dst->width, dst->height});
}
