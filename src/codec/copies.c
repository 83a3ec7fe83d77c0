#include "codec/copies.h"

#include "codec/diff.h"

/* Changes smaller than this many pixels are not searched for movement. */
#define MOTION_MIN (128 * 64)
/* A movement is used when it explains this share of the change, percent. */
#define MOTION_GAIN 12
/* Copies smaller than this cost more than they save, pixels. */
#define COPY_MIN 192

/* A frame and the one before it. */
struct pair {
	const struct rd_image *now, *old;
	const pixman_region32_t *changed;
	struct rd_rect area;	/* around what changed */
	int64_t pixels;		/* that changed */
};

static bool
overlaps(const pixman_region32_t *region, const pixman_box32_t *box)
{
	return pixman_region32_contains_rectangle((pixman_region32_t *)region,
		(pixman_box32_t *)box) != PIXMAN_REGION_OUT;
}

/*
 * The boxes of `match` worth copying, in an order in which none overwrites
 * what a later one reads (for boxes in bands, as pixman keeps them; where that
 * fails the difference is found and sent exact).
 */
static void
choose(struct rd_copies *c, const pixman_region32_t *match, const pixman_region32_t *changed,
	int dx, int dy)
{
	bool backwards = dy > 0 || (dy == 0 && dx > 0);
	int n;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)match, &n);

	c->n = 0;
	for (int k = 0; k < n && c->n < RD_COPIES_MAX; k++) {
		const pixman_box32_t *box = &boxes[backwards ? n - 1 - k : k];
		struct rd_rect to = rd_rect_of_box(box);

		if (rd_rect_area(to) < COPY_MIN || !overlaps(changed, box))
			continue;
		c->v[c->n++] = (struct rd_copy){{to.x - dx, to.y - dy, to.w, to.h}, to.x, to.y};
	}
}

/* The copies of one movement; false when it explains too little. */
static bool
explain(struct rd_copies *c, const struct pair *p, int dx, int dy)
{
	pixman_region32_t match, both;

	c->n = 0;
	pixman_region32_init(&match);
	pixman_region32_init(&both);
	rd_motion_match(p->now, p->old, p->area, dx, dy, &match);
	pixman_region32_intersect(&both, &match, (pixman_region32_t *)p->changed);
	if (rd_region_area(&both) * 100 >= p->pixels * MOTION_GAIN)
		choose(c, &match, p->changed, dx, dy);
	pixman_region32_fini(&match);
	pixman_region32_fini(&both);
	return c->n > 0;
}

bool
rd_copies_find(struct rd_copies *c, struct rd_motion *m, const struct rd_image *now,
	const struct rd_image *old, const pixman_region32_t *changed, bool dear)
{
	struct pair p = {now, old, changed,
		rd_rect_of_box(pixman_region32_extents((pixman_region32_t *)changed)),
		rd_region_area(changed)};
	bool useful;
	int dx, dy;

	if (p.pixels < MOTION_MIN)
		return false;
	if (rd_motion_vertical(m, now, old, p.area, &dx, &dy) && explain(c, &p, dx, dy))
		return true;
	if (!dear || !rd_motion_any_ready(m))
		return false;
	useful = rd_motion_any(m, now, old, p.area, &dx, &dy) && explain(c, &p, dx, dy);
	rd_motion_any_was(m, useful);
	return useful;
}

static struct rd_rect
target(const struct rd_copy *c)
{
	return (struct rd_rect){c->to_x, c->to_y, c->from.w, c->from.h};
}

/* Whether a copy overwrites what a later one reads. */
static bool
collide(const struct rd_copies *c)
{
	for (int i = 0; i < c->n; i++)
		for (int k = i + 1; k < c->n; k++)
			if (!rd_rect_empty(rd_rect_intersect(target(&c->v[i]), c->v[k].from)))
				return true;
	return false;
}

/*
 * Copies were proved pixel by pixel, so what they painted is looked at again
 * only where one may have spoilt another's source.
 */
void
rd_copies_left(const struct rd_copies *c, const struct rd_image *now, const struct rd_image *old,
	pixman_region32_t *changed)
{
	pixman_region32_t copied, rest;

	pixman_region32_init(&copied);
	pixman_region32_init(&rest);
	for (int i = 0; i < c->n; i++)
		rd_region_add(&copied, target(&c->v[i]));
	if (collide(c))
		pixman_region32_union(&rest, changed, &copied);
	else
		pixman_region32_subtract(&rest, changed, &copied);
	rd_diff(now, old, &rest, changed);
	pixman_region32_fini(&copied);
	pixman_region32_fini(&rest);
}
