#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-view/terminal_pointer.h"

#define DARK 0x000000
#define LIGHT 0xffffff

void
terminal_pointer_finish(struct terminal_pointer *p)
{
	free((void *)p->shape.pixels);
	free(p->under);
	*p = (struct terminal_pointer){0};
}

void
terminal_pointer_shape(struct terminal_pointer *p, const struct rd_cursor *shape)
{
	size_t len = (size_t)shape->width * (size_t)shape->height * 4;
	free((void *)p->shape.pixels);
	p->shape = *shape;
	p->shape.pixels = NULL;
	if (len)
		p->shape.pixels = memcpy(xmalloc(len), shape->pixels, len);
}

/* The dots that it covers, which may reach beyond the picture; none where it is not to be seen. */
static struct rd_rect
covered(const struct terminal_pointer *p, const struct terminal_place *at, bool cell)
{
	struct rd_rect none = {0};
	if (!p->at.on || !p->shape.pixels || p->at.x < 0 || p->at.y < 0 ||
		p->at.x >= at->im_width || p->at.y >= at->im_height)
		return none;
	int x = (int)((int64_t)p->at.x * at->width / at->im_width);
	int y = (int)((int64_t)p->at.y * at->height / at->im_height);
	if (cell)
		return (struct rd_rect){x / at->dots_x * at->dots_x, y / at->dots_y * at->dots_y,
			at->dots_x, at->dots_y};
	return (struct rd_rect){x - p->shape.hot_x, y - p->shape.hot_y, p->shape.width,
		p->shape.height};
}

/* What stands out from these pixels, BGRX rows without gaps. */
static uint32_t
contrast(const uint8_t *pixels, size_t n)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < n; i++, pixels += 4)
		sum += pixels[0] + 5u * pixels[1] + 2u * pixels[2];
	return sum > n * 8 * 128 ? DARK : LIGHT;
}

struct rd_rect
terminal_pointer_draw(struct terminal_pointer *p, struct rd_image *dots,
	const struct terminal_place *place, bool cell)
{
	const struct rd_rect all = {0, 0, dots->width, dots->height};
	/* The picture may have become smaller since. */
	struct rd_rect was = rd_rect_intersect(p->drawn, all), is = covered(p, place, cell);
	struct rd_rect seen = rd_rect_intersect(is, all);
	p->drawn = seen;
	if (rd_rect_empty(seen))
		return was;
	size_t n = (size_t)seen.w * (size_t)seen.h;
	p->under = xmalloc(n * 4);
	rd_image_get(dots, seen, p->under);
	if (cell)
		rd_image_fill(dots, seen, contrast(p->under, n));
	else
		rd_image_blend(dots, is.x, is.y, p->shape.pixels, is.w, is.h);
	return rd_rect_bound(was, seen);
}

void
terminal_pointer_lift(struct terminal_pointer *p, struct rd_image *dots)
{
	if (p->under)
		rd_image_put(dots, p->drawn, p->under);
	free(p->under);
	p->under = NULL;
}
