/*
 * Which rectangles a grab of an X11 desktop has: those that the server fills first, then
 * what we paint ourselves, so that what is hidden is never asked for.
 */
#include <assert.h>

#include "base/mem.h"
#include "desktop/capture_x11.h"

/* More rectangles cost more one by one than joined (measured: about ten). */
#define PARTS_FEW 12
/* Where something is hidden, around it. */
#define PARTS_MAX 60
static_assert(PARTS_MAX <= RD_X11_FETCH_MAX, "a grab is one batch");
/* Fetched, hidden, and four beside the screen. */
static_assert(2 * PARTS_MAX + 4 <= RD_GRAB_PARTS_MAX, "a grab has room for all of it");

#define BLACK 0u

static int
add_parts(struct rd_grab *g, int at, const pixman_region32_t *region)
{
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)region, &n);
	for (int i = 0; i < n; i++)
		g->part[at + i].rect = rd_rect_of_box(&box[i]);
	return at + n;
}

static void
paint(struct rd_grab *g, int from, int to, uint32_t colour)
{
	for (int i = from; i < to; i++) {
		uint32_t *pixel = (uint32_t *)(void *)(g->blob->data + g->part[i].offset);
		for (int64_t n = rd_rect_area(g->part[i].rect); n > 0; n--)
			*pixel++ = colour;
	}
}

/* *g has its blob, and gets its parts. */
static int
cut(struct rd_grab *g, const struct rd_hide_parts *p, const pixman_region32_t *beyond)
{
	int n = pixman_region32_n_rects((pixman_region32_t *)&p->fetched)
		+ pixman_region32_n_rects((pixman_region32_t *)&p->solid)
		+ pixman_region32_n_rects((pixman_region32_t *)beyond);
	g->part = xcalloc((size_t)n, sizeof(*g->part));
	int fetched = add_parts(g, 0, &p->fetched);
	int solid = add_parts(g, fetched, &p->solid);
	g->count = add_parts(g, solid, beyond);
	rd_grab_place(g);
	paint(g, fetched, solid, RD_HIDE_COLOUR);
	paint(g, solid, g->count, BLACK);
	return fetched;
}

/*
 * `all` of a window that hangs over the screen's edge: what the server lacks of it is
 * black. `dirty` lies within the screen.
 */
static void
divide(const struct x11 *c, struct rd_hide_parts *p, pixman_region32_t *wanted,
	pixman_region32_t *beyond)
{
	struct rd_rect area = c->place.area, seen = c->place.visible;
	pixman_region32_copy(beyond, wanted);
	pixman_region32_intersect_rect(wanted, wanted, seen.x - area.x, seen.y - area.y,
		(unsigned)seen.w, (unsigned)seen.h);
	pixman_region32_subtract(beyond, beyond, wanted);
	rd_hide_split(p, wanted, &c->hide, c->all, PARTS_FEW, PARTS_MAX);
}

/*
 * What changes where nobody looks adds up, at each grab of what is looked at: it is kept
 * as roughly as it will be grabbed.
 */
static void
keep_roughly(const struct x11 *c, pixman_region32_t *unseen)
{
	rd_region_simplify(unseen, PARTS_FEW);
	pixman_region32_subtract(unseen, unseen, (pixman_region32_t *)&c->looked_at);
}

/* What is damaged and not done with this; of damage at which nobody looks that is all. */
static void
leave_owed(struct x11 *c, pixman_region32_t *owed, const struct rd_hide_parts *p)
{
	if (!c->all) {
		pixman_region32_intersect(owed, (pixman_region32_t *)&p->solid, &c->hide);
		pixman_region32_union(owed, owed, (pixman_region32_t *)&p->fetched);
		pixman_region32_subtract(owed, &c->dirty, owed);
		if (c->watched.count)
			keep_roughly(c, owed);
	}
	pixman_region32_union(owed, owed, (pixman_region32_t *)&p->owed);
}

int
x11_plan(struct x11 *c, struct rd_grab *g, pixman_region32_t *owed)
{
	int width = c->place.area.w, height = c->place.area.h;
	struct rd_hide_parts p;
	pixman_region32_t wanted, beyond;
	rd_hide_parts_init(&p);
	pixman_region32_init(&beyond);
	pixman_region32_init(&wanted);
	if (c->all)
		rd_region_add(&wanted, (struct rd_rect){0, 0, width, height});
	else
		x11_owed(c, &wanted);
	divide(c, &p, &wanted, &beyond);
	int err = rd_grab_room(g, c->pool, width, height);
	if (!err) {
		g->all = c->all;
		err = cut(g, &p, &beyond);
		leave_owed(c, owed, &p);
	}
	rd_hide_parts_finish(&p);
	pixman_region32_fini(&beyond);
	pixman_region32_fini(&wanted);
	return err;
}
