#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-view/terminal_paint.h"

/*
 * What is on the screen is kept as a picture; it is compared and sent by
 * tiles of whole cells, so that no two tiles share a pixel.
 */

static int
tile_w(const struct terminal_painter *p)
{
	return TERMINAL_TILE_COLS * p->place.dots_x;
}

static int
tile_h(const struct terminal_painter *p)
{
	return TERMINAL_TILE_ROWS * p->place.dots_y;
}

int
terminal_tiles_across(const struct terminal_painter *p)
{
	return (p->place.width + tile_w(p) - 1) / tile_w(p);
}

int
terminal_tiles_down(const struct terminal_painter *p)
{
	return (p->place.height + tile_h(p) - 1) / tile_h(p);
}

void
terminal_tiles_fit(struct terminal_painter *p)
{
	rd_image_finish(&p->shown);
	free(p->known);
	/* Without memory for it nothing is known, and all is sent. */
	if (rd_image_init(&p->shown, p->place.width, p->place.height) != 0)
		p->shown = (struct rd_image){0};
	p->known = xcalloc((size_t)terminal_tiles_across(p) * (size_t)terminal_tiles_down(p),
		sizeof(*p->known));
}

struct rd_rect
terminal_tiles_rect(const struct terminal_painter *p, int tx, int ty)
{
	struct rd_rect r = {tx * tile_w(p), ty * tile_h(p), tile_w(p), tile_h(p)};
	if (r.x + r.w > p->place.width)
		r.w = p->place.width - r.x;
	if (r.y + r.h > p->place.height)
		r.h = p->place.height - r.y;
	return r;
}

bool
terminal_tiles_take(struct terminal_painter *p, const struct rd_image *im, int tx, int ty)
{
	struct rd_rect r = terminal_tiles_rect(p, tx, ty);
	bool *known = &p->known[ty * terminal_tiles_across(p) + tx];
	bool same = *known;
	if (!p->shown.data)
		return true;
	for (int y = r.y; same && y < r.y + r.h; y++)
		same = memcmp(rd_image_at(im, r.x, y), rd_image_at(&p->shown, r.x, y),
			(size_t)r.w * 4) == 0;
	if (same)
		return false;
	rd_image_copy(&p->shown, im, r);
	*known = true;
	return true;
}
