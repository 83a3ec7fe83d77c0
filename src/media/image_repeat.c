#include <assert.h>
#include <string.h>

#include "media/image.h"

/* A row of dst from `from` on, of the row of src below it. */
static void
repeat_row(uint32_t *out, const uint32_t *row, int from, int to, int times)
{
	int x = from / times, left = times - from % times;
	for (int i = from; i < to; i++) {
		out[i] = row[x];
		if (--left == 0) {
			left = times;
			x++;
		}
	}
}

void
rd_image_repeat_clip(struct rd_image *dst, const struct rd_image *src, struct rd_rect clip)
{
	const int across = dst->width / src->width, down = dst->height / src->height;
	assert(rd_rect_inside(clip, dst->width, dst->height));
	assert(dst->width == across * src->width && dst->height == down * src->height);
	for (int y = clip.y; y < clip.y + clip.h; y++) {
		if (y > clip.y && y % down)
			memcpy(rd_image_at(dst, clip.x, y), rd_image_at(dst, clip.x, y - 1), (size_t)clip.w * 4);
		else
			repeat_row((uint32_t *)rd_image_at(dst, 0, y), (uint32_t *)rd_image_at(src, 0, y / down),
				clip.x, clip.x + clip.w, across);
	}
}
