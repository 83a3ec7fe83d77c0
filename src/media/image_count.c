#include <limits.h>

#include "media/pixel.h"

int64_t
rd_image_count(const struct rd_image *a, const struct rd_image *b, struct rd_rect r,
	int tolerance, struct rd_rect *bound)
{
	int64_t n = 0;
	int left = INT_MAX, right = -1, top = -1, bottom = -1;
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++) {
			if (!rd_pixel_differs(rd_pixel(a, x, y), rd_pixel(b, x, y), tolerance))
				continue;
			n++;
			left = x < left ? x : left;
			right = x > right ? x : right;
			top = top < 0 ? y : top;
			bottom = y;
		}
	*bound = n ? (struct rd_rect){left, top, right - left + 1, bottom - top + 1} : (struct rd_rect){0};
	return n;
}
