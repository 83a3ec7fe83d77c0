#include "codec/strips.h"

#include "codec/diff.h"

/* Heights of strips where no grid is known. */
#define STRIP 16
#define STRIP_MIN 8

static int
floor_to(int v, int step, int phase)
{
	int d = (v - phase) % step;

	return v - (d < 0 ? d + step : d);
}

/* A box grown to whole lines of its grid, as far as the picture goes. */
static struct rd_rect
align(struct rd_rect r, const struct rd_grid *g, const struct rd_image *im)
{
	int top = floor_to(r.y, g->pitch, g->phase);
	int bottom = floor_to(r.y + r.h - 1, g->pitch, g->phase) + g->pitch;

	if (top < 0)
		top = r.y;
	if (bottom > im->height)
		bottom = im->height;
	return (struct rd_rect){r.x, top, r.w, bottom - top};
}

/* Without a grid: a change no higher than a line is taken for one. */
static int
height_for(struct rd_rect r)
{
	return r.h < STRIP_MIN ? STRIP_MIN : r.h <= RD_LINE_MAX ? r.h : STRIP;
}

static void
add(struct rd_strips *s, int height, struct rd_rect r)
{
	int i = 0;

	while (i < s->n && s->v[i].height != height)
		i++;
	if (i == RD_STRIPS_HEIGHTS)
		i--;	/* so many heights at once: the last takes the rest */
	if (i == s->n) {
		s->v[i].height = height;
		pixman_region32_init(&s->v[i].region);
		s->n++;
	}
	rd_region_add(&s->v[i].region, r);
}

void
rd_strips_cut(struct rd_strips *s, struct rd_grids *g, const struct rd_image *im,
	const pixman_region32_t *region)
{
	pixman_region32_t *whole = (pixman_region32_t *)region;
	int n;
	const pixman_box32_t *boxes = pixman_region32_rectangles(whole, &n);

	s->n = 0;
	rd_grids_learn(g, im, rd_rect_of_box(pixman_region32_extents(whole)));
	for (int i = 0; i < n; i++) {
		struct rd_rect r = rd_rect_of_box(&boxes[i]);
		const struct rd_grid *lines = rd_grids_at(g, r);

		if (lines)
			add(s, lines->pitch, align(r, lines, im));
		else
			add(s, height_for(r), r);
	}
}

void
rd_strips_finish(struct rd_strips *s)
{
	for (int i = 0; i < s->n; i++)
		pixman_region32_fini(&s->v[i].region);
	s->n = 0;
}
