#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "desktop/arrange.h"

enum side { OVER, RIGHT, LEFT, BELOW, ABOVE };

/* What was, what will be, and the order in which that is found out. */
struct work {
	struct rd_rect old[RD_ARRANGE_MAX];
	struct rd_rect *v;
	bool placed[RD_ARRANGE_MAX];
	int queue[RD_ARRANGE_MAX];
	int n, placed_count;
};

static int
min(int a, int b)
{
	return a < b ? a : b;
}

static int
max(int a, int b)
{
	return a > b ? a : b;
}

static bool
covers(struct rd_rect a, struct rd_rect b)
{
	return !rd_rect_empty(rd_rect_intersect(a, b));
}

/* How much two stretches have in common; negative: the gap between them. */
static int
common(int a, int a_len, int b, int b_len)
{
	return min(a + a_len, b + b_len) - max(a, b);
}

static bool
touches(struct rd_rect a, struct rd_rect b)
{
	int x = common(a.x, a.w, b.x, b.w), y = common(a.y, a.h, b.y, b.h);
	return (x > 0 && y >= 0) || (y > 0 && x >= 0);
}

/* On which side of a lies b? */
static enum side
side_of(struct rd_rect a, struct rd_rect b)
{
	int x = common(a.x, a.w, b.x, b.w), y = common(a.y, a.h, b.y, b.h);
	if (x > 0 && y > 0)
		return OVER;
	if (x <= y)
		return b.x >= a.x + a.w ? RIGHT : LEFT;
	return b.y >= a.y + a.h ? BELOW : ABOVE;
}

/*
 * Where a stretch b begins that stood beside a, which is another one now: at the same
 * end of it, if it stood at one, else as far from its beginning; and it has as much in
 * common with it as before, if there is as much.
 */
static int
along(int a, int a_len, int b, int b_len, int now, int now_len)
{
	bool at_end = a != b && a + a_len == b + b_len;
	int place = at_end ? now + now_len - b_len : now + (b - a);
	int need = min(common(a, a_len, b, b_len), now_len);
	if (need <= 0)
		return place;
	return max(now - b_len + need, min(place, now + now_len - need));
}

static void
put_beside(struct work *w, int p, int m, enum side side)
{
	struct rd_rect was = w->old[p], now = w->v[p], own = w->old[m];
	struct rd_rect *r = &w->v[m];
	r->x = along(was.x, was.w, own.x, own.w, now.x, now.w);
	r->y = along(was.y, was.h, own.y, own.h, now.y, now.h);
	if (side == RIGHT)
		r->x = now.x + now.w + (own.x - (was.x + was.w));
	else if (side == LEFT)
		r->x = now.x - r->w - (was.x - (own.x + own.w));
	else if (side == BELOW)
		r->y = now.y + now.h + (own.y - (was.y + was.h));
	else if (side == ABOVE)
		r->y = now.y - r->h - (was.y - (own.y + own.h));
}

/* One that is placed and is covered, though it was not. -1: none is. */
static int
covered_by(const struct work *w, int m)
{
	for (int i = 0; i < w->n; i++)
		if (i != m && w->placed[i] && covers(w->v[i], w->v[m]) && !covers(w->old[i], w->old[m]))
			return i;
	return -1;
}

/* It goes on in its direction until it covers nobody: each is passed once. */
static void
push(struct work *w, int m, enum side side)
{
	struct rd_rect *r = &w->v[m];
	for (int q; (q = covered_by(w, m)) >= 0;) {
		struct rd_rect in_the_way = w->v[q];
		if (side == LEFT)
			r->x = in_the_way.x - r->w;
		else if (side == BELOW)
			r->y = in_the_way.y + in_the_way.h;
		else if (side == ABOVE)
			r->y = in_the_way.y - r->h;
		else
			r->x = in_the_way.x + in_the_way.w;
	}
}

static void
place(struct work *w, int p, int m)
{
	enum side side = side_of(w->old[p], w->old[m]);
	put_beside(w, p, m, side);
	push(w, m, side);
	w->placed[m] = true;
	w->queue[w->placed_count++] = m;
}

/* The neighbours of those that are placed, and theirs; then whoever has none. */
static void
place_all(struct work *w)
{
	for (int q = 0; q < w->placed_count; q++)
		for (int m = 0; m < w->n; m++)
			if (!w->placed[m] && touches(w->old[w->queue[q]], w->old[m]))
				place(w, w->queue[q], m);
	for (int m = 0; m < w->n; m++) {
		if (w->placed[m])
			continue;
		place(w, w->queue[0], m);
		place_all(w);
		return;
	}
}

struct rd_rect
rd_arrange_bound(const struct rd_rect *v, int n)
{
	struct rd_rect all = {0};
	for (int i = 0; i < n; i++)
		all = rd_rect_bound(all, v[i]);
	return all;
}

void
rd_arrange(struct rd_rect *v, int n, int which, int width, int height)
{
	struct work w = {.v = v, .n = n, .placed_count = 1, .queue = {which}};
	assert(n <= RD_ARRANGE_MAX && which >= 0 && which < n && width > 0 && height > 0);
	memcpy(w.old, v, (size_t)n * sizeof(*v));
	v[which].w = width;
	v[which].h = height;
	w.placed[which] = true;
	place_all(&w);
	struct rd_rect all = rd_arrange_bound(v, n);
	for (int i = 0; i < n; i++) {
		v[i].x -= all.x;
		v[i].y -= all.y;
	}
}
