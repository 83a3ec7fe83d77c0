#include "rd-wait/mark.h"

#define RED 0xff2020
#define YELLOW 0xffe000
#define FRAME_PX 2

static void
darken(struct rd_image *im, struct rd_rect but)
{
	for (int y = 0; y < im->height; y++) {
		for (int x = 0; x < im->width; x++) {
			if (y >= but.y && y < but.y + but.h && x == but.x)
				x += but.w;
			if (x >= im->width)
				break;
			uint8_t *p = rd_image_at(im, x, y);
			for (int c = 0; c < 3; c++)
				p[c] /= 3;
		}
	}
}

static void
frame(struct rd_image *im, struct rd_rect r)
{
	const struct rd_rect all = {0, 0, im->width, im->height};
	const struct rd_rect sides[] = {
		{r.x - FRAME_PX, r.y - FRAME_PX, r.w + 2 * FRAME_PX, FRAME_PX},
		{r.x - FRAME_PX, r.y + r.h, r.w + 2 * FRAME_PX, FRAME_PX},
		{r.x - FRAME_PX, r.y, FRAME_PX, r.h},
		{r.x + r.w, r.y, FRAME_PX, r.h},
	};
	for (int i = 0; i < 4; i++) {
		struct rd_rect side = rd_rect_intersect(sides[i], all);
		if (!rd_rect_empty(side))
			rd_image_fill(im, side, YELLOW);
	}
}

void
mark_difference(struct rd_image *im, const struct rd_needle *n, struct rd_rect at)
{
	darken(im, at);
	for (int row = 0; row < at.h; row++)
		for (int column = 0; column < at.w; column++) {
			if (rd_needle_differs(n, im, at.x, at.y, column, row))
				rd_image_fill(im, (struct rd_rect){at.x + column, at.y + row, 1, 1}, RED);
		}
	frame(im, at);
}
