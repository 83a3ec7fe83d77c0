#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "desktop/arrange.h"

enum side { OVER, RIGHT, LEFT, BELOW, ABOVE };

/* What was, and what will be, of those that are placed. */
struct work {
	struct rd_rect old[RD_ARRANGE_MAX];
	struct rd_rect *v;
	bool placed[RD_ARRANGE_MAX];
	int n, first;
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

/* The length of the edge that two share; of two that cover each other, more than any. */
static int
edge(struct rd_rect a, struct rd_rect b)
{
	int x = common(a.x, a.w, b.x, b.w), y = common(a.y, a.h, b.y, b.h);
	if (x > 0 && y > 0)
		return INT_MAX;
	return (x > 0 && y == 0) || (y > 0 && x == 0) ? max(x, y) : 0;
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

struct stretch { int at, len; };

/*
 * Where a stretch b begins that stood beside a, when both are others now: at the same
 * end of it, if it stood at one, else as far from its beginning; and it has as much in
 * common with it as before, if there is as much.
 */
static int
along(struct stretch a, struct stretch b, struct stretch a_now, int b_len)
{
	bool at_end = a.at != b.at && a.at + a.len == b.at + b.len;
	int place = at_end ? a_now.at + a_now.len - b_len : a_now.at + (b.at - a.at);
	int need = min(common(a.at, a.len, b.at, b.len), min(a_now.len, b_len));
	if (need <= 0)
		return place;
	return max(a_now.at - b_len + need, min(place, a_now.at + a_now.len - need));
}

static void
put_beside(struct work *w, int p, int m, enum side side)
{
	struct rd_rect was = w->old[p], now = w->v[p], own = w->old[m];
	struct rd_rect *r = &w->v[m];
	r->x = along((struct stretch){was.x, was.w}, (struct stretch){own.x, own.w},
		(struct stretch){now.x, now.w}, r->w);
	r->y = along((struct stretch){was.y, was.h}, (struct stretch){own.y, own.h},
		(struct stretch){now.y, now.h}, r->h);
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

/*
 * A step along its neighbour's edge that takes it out of q's way, and leaves it half of
 * what the two had in common at least: the shorter one, if it covers nobody then.
 */
static bool
slide(struct work *w, int p, int m, int q, enum side side)
{
	struct rd_rect *r = &w->v[m], was = *r, in_the_way = w->v[q];
	bool upright = side == RIGHT || side == LEFT;
	int *at = upright ? &r->y : &r->x, len = upright ? r->h : r->w;
	int before = upright ? in_the_way.y - len : in_the_way.x - len;
	int after = upright ? in_the_way.y + in_the_way.h : in_the_way.x + in_the_way.w;
	int first = *at - before <= after - *at ? before : after, had = edge(w->v[p], was);
	if (side == OVER)
		return false;
	for (int try = 0; try < 2; try++) {
		*at = try ? before + after - first : first;
		if (edge(w->v[p], *r) > had / 2 && covered_by(w, m) < 0)
			return true;
	}
	*r = was;
	return false;
}

/* It goes on in its direction until it covers nobody: each is passed once. */
static void
push(struct work *w, int p, int m, enum side side)
{
	struct rd_rect *r = &w->v[m];
	for (int q; (q = covered_by(w, m)) >= 0;) {
		struct rd_rect in_the_way = w->v[q];
		if (slide(w, p, m, q, side))
			return;
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
	push(w, p, m, side);
	w->placed[m] = true;
}

/*
 * The next one, beside the neighbour with whom it has the longest edge in common: what
 * stands under another one still does, though it touches a third with a corner. One
 * without neighbours stays where it is from the first.
 */
static void
place_next(struct work *w)
{
	int best = 0, p = w->first, m = -1;
	for (int i = 0; i < w->n; i++) {
		if (w->placed[i])
			continue;
		m = m < 0 ? i : m;
		for (int k = 0; k < w->n; k++) {
			int e = w->placed[k] ? edge(w->old[k], w->old[i]) : 0;
			if (e <= best)
				continue;
			best = e;
			p = k;
			m = i;
		}
	}
	place(w, p, m);
}

struct rd_rect
rd_arrange_bound(const struct rd_rect *v, int n)
{
	struct rd_rect all = {0};
	for (int i = 0; i < n; i++)
		all = rd_rect_bound(all, v[i]);
	return all;
}

/* Whoever is nearest to the top left. */
static int
first_of(const struct rd_rect *v, int n)
{
	int first = 0;
	for (int i = 1; i < n; i++)
		if (v[i].x + v[i].y < v[first].x + v[first].y)
			first = i;
	return first;
}

void
rd_arrange(struct rd_rect *v, int n, const struct rd_rect *sizes)
{
	struct work w = {.v = v, .n = n, .first = first_of(v, n)};
	assert(n > 0 && n <= RD_ARRANGE_MAX);
	memcpy(w.old, v, (size_t)n * sizeof(*v));
	for (int i = 0; i < n; i++) {
		v[i].w = sizes[i].w;
		v[i].h = sizes[i].h;
	}
	w.placed[w.first] = true;
	for (int i = 1; i < n; i++)
		place_next(&w);
	struct rd_rect all = rd_arrange_bound(v, n);
	for (int i = 0; i < n; i++) {
		v[i].x -= all.x;
		v[i].y -= all.y;
	}
}
