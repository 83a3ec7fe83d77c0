#include "codec/mirror.h"

void
rd_mirror_init(struct rd_mirror *m)
{
	*m = (struct rd_mirror){0};
	pixman_region32_init(&m->lossy);
}

void
rd_mirror_finish(struct rd_mirror *m)
{
	rd_image_finish(&m->im);
	pixman_region32_fini(&m->lossy);
	rd_tiles_finish(&m->tiles);
}

int
rd_mirror_resize(struct rd_mirror *m, int width, int height)
{
	rd_mirror_finish(m);
	rd_mirror_init(m);
	rd_tiles_init(&m->tiles, width, height);
	return rd_image_init(&m->im, width, height);
}

bool
rd_mirror_is_exact(const struct rd_mirror *m)
{
	return !pixman_region32_not_empty((pixman_region32_t *)&m->lossy);
}

void
rd_mirror_move(struct rd_mirror *m, const struct rd_copy *c, uint64_t time_ns)
{
	pixman_region32_t moved, to;

	rd_image_move(&m->im, c->from, c->to_x, c->to_y);
	if (!pixman_region32_not_empty(&m->lossy))
		return;
	pixman_region32_init_rect(&to, c->to_x, c->to_y, c->from.w, c->from.h);
	pixman_region32_init(&moved);
	pixman_region32_intersect_rect(&moved, &m->lossy, c->from.x, c->from.y, c->from.w,
		c->from.h);
	pixman_region32_translate(&moved, c->to_x - c->from.x, c->to_y - c->from.y);
	pixman_region32_subtract(&m->lossy, &m->lossy, &to);
	pixman_region32_union(&m->lossy, &m->lossy, &moved);
	rd_tiles_touch(&m->tiles, &moved, time_ns, false);
	pixman_region32_fini(&moved);
	pixman_region32_fini(&to);
}

void
rd_mirror_filmed(struct rd_mirror *m, struct rd_rect r, uint64_t time_ns)
{
	pixman_region32_t region;

	pixman_region32_init_rect(&region, r.x, r.y, r.w, r.h);
	pixman_region32_union(&m->lossy, &m->lossy, &region);
	rd_tiles_touch(&m->tiles, &region, time_ns, false);
	pixman_region32_fini(&region);
}

void
rd_mirror_exact(struct rd_mirror *m, const pixman_region32_t *region)
{
	pixman_region32_subtract(&m->lossy, &m->lossy, (pixman_region32_t *)region);
}

void
rd_mirror_paint(struct rd_mirror *m, const struct rd_image *im, const pixman_region32_t *region)
{
	int n;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)region, &n);

	for (int i = 0; i < n; i++)
		rd_image_copy(&m->im, im, rd_rect_of_box(&boxes[i]));
}
