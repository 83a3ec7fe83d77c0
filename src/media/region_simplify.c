#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "media/rect.h"

/*
 * A banded region can lose rectangles in two ways: a gap between neighbours of
 * one band is filled, or two bands, one above the other, become one that has
 * the spans of both. Each step takes what adds the fewest pixels for every
 * rectangle it saves. A step looks at all rectangles, so what has very many is
 * first put on a grid.
 */
#define GRID_ABOVE 512 /* rectangles */
#define GRID_FIRST 8   /* pixels */

/* A band: `n` boxes with the same y1 and y2, left to right, not touching. */
struct band {
	const pixman_box32_t *box;
	int n;
};

struct span {
	int x1, x2;
};

/* The cheapest step found so far: a gap or band pair, and what it would cost. */
struct step {
	double price;		/* pixels added for each rectangle saved */
	struct band upper;	/* the band, or the upper of two */
	struct band lower;	/* n = 0: a gap */
	pixman_box32_t gap;
};

static struct band
band_at(const pixman_box32_t *box, const pixman_box32_t *end)
{
	struct band b = {box, 0};
	while (box + b.n < end && box[b.n].y1 == box->y1)
		b.n++;
	return b;
}

/* Adds a span to the sorted list whose last span it may touch or overlap. */
static int
span_push(struct span *out, int n, const pixman_box32_t *b)
{
	if (n > 0 && b->x1 <= out[n - 1].x2) {
		if (b->x2 > out[n - 1].x2)
			out[n - 1].x2 = b->x2;
		return n;
	}
	out[n] = (struct span){b->x1, b->x2};
	return n + 1;
}

static int
close_smallest_gap(struct span *s, int n)
{
	int at = 1;
	for (int i = 2; i < n; i++) {
		if (s[i].x1 - s[i - 1].x2 < s[at].x1 - s[at - 1].x2)
			at = i;
	}
	s[at - 1].x2 = s[at].x2;
	for (int i = at; i + 1 < n; i++)
		s[i] = s[i + 1];
	return n - 1;
}

/* The spans of two bands as one: always fewer than the two have together. */
static int
join(struct span *out, struct band a, struct band b)
{
	int n = 0, i = 0, j = 0;
	while (i < a.n || j < b.n) {
		const bool upper = j == b.n || (i < a.n && a.box[i].x1 <= b.box[j].x1);
		n = span_push(out, n, upper ? &a.box[i++] : &b.box[j++]);
	}
	return n < a.n + b.n ? n : close_smallest_gap(out, n);
}

static int64_t
band_area(struct band b)
{
	int64_t width = 0;
	for (int i = 0; i < b.n; i++)
		width += b.box[i].x2 - b.box[i].x1;
	return width * (b.box->y2 - b.box->y1);
}

static void
consider_gaps(struct step *best, struct band b)
{
	for (int i = 1; i < b.n; i++) {
		const pixman_box32_t gap = {b.box[i - 1].x2, b.box->y1, b.box[i].x1, b.box->y2};
		const double price = (double)(gap.x2 - gap.x1) * (gap.y2 - gap.y1);
		if (price < best->price)
			*best = (struct step){price, b, {0}, gap};
	}
}

static void
consider_join(struct step *best, struct band upper, struct band lower, struct span *scratch)
{
	const int n = join(scratch, upper, lower);
	int64_t width = 0;
	for (int i = 0; i < n; i++)
		width += scratch[i].x2 - scratch[i].x1;
	const int64_t area = width * (lower.box->y2 - upper.box->y1);
	const int64_t added = area - band_area(upper) - band_area(lower);
	const double price = (double)added / (upper.n + lower.n - n);
	if (price < best->price)
		*best = (struct step){price, upper, lower, {0}};
}

/* Adds what the step joins; `box` is room for that many. */
static void
apply(pixman_region32_t *region, const struct step *s, struct span *scratch, pixman_box32_t *box)
{
	int n = 1;
	if (s->lower.n == 0) {
		box[0] = s->gap;
	} else {
		n = join(scratch, s->upper, s->lower);
		for (int i = 0; i < n; i++)
			box[i] = (pixman_box32_t){scratch[i].x1, s->upper.box->y1,
				scratch[i].x2, s->lower.box->y2};
	}
	pixman_region32_t more;
	pixman_region32_init_rects(&more, box, n);
	pixman_region32_union(region, region, &more);
	pixman_region32_fini(&more);
}

static void
step(pixman_region32_t *region, struct span *scratch, pixman_box32_t *room)
{
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(region, &n);
	const pixman_box32_t *end = box + n;
	struct step best = {.price = 1e300};
	struct band upper = {0};
	while (box < end) {
		const struct band b = band_at(box, end);
		consider_gaps(&best, b);
		if (upper.n > 0)
			consider_join(&best, upper, b, scratch);
		upper = b;
		box += b.n;
	}
	apply(region, &best, scratch, room);
}

/* Grows every rectangle to lines of a grid, but not beyond what is around all. */
static void
snap(pixman_region32_t *region, int grid)
{
	int n;
	const pixman_box32_t *from = pixman_region32_rectangles(region, &n);
	const pixman_box32_t around = *pixman_region32_extents(region);
	pixman_box32_t *to = xcalloc((size_t)n, sizeof(*to));
	for (int i = 0; i < n; i++) {
		/* counted from the corner of all, so that nothing is negative */
		to[i].x1 = around.x1 + (from[i].x1 - around.x1) / grid * grid;
		to[i].y1 = around.y1 + (from[i].y1 - around.y1) / grid * grid;
		to[i].x2 = around.x1 + (from[i].x2 - around.x1 + grid - 1) / grid * grid;
		to[i].y2 = around.y1 + (from[i].y2 - around.y1 + grid - 1) / grid * grid;
	}
	pixman_region32_t snapped;
	pixman_region32_init_rects(&snapped, to, n);
	pixman_region32_intersect_rect(region, &snapped, around.x1, around.y1,
		(unsigned)(around.x2 - around.x1), (unsigned)(around.y2 - around.y1));
	pixman_region32_fini(&snapped);
	free(to);
}

static int
count(const pixman_region32_t *region)
{
	return pixman_region32_n_rects(region);
}

void
rd_region_simplify(pixman_region32_t *region, int max)
{
	assert(max > 0);
	for (int grid = GRID_FIRST; count(region) > max && count(region) > GRID_ABOVE; grid *= 2)
		snap(region, grid);
	const int n = count(region);
	if (n <= max)
		return;
	struct span *scratch = xcalloc((size_t)n, sizeof(*scratch));
	pixman_box32_t *room = xcalloc((size_t)n, sizeof(*room));
	while (count(region) > max)
		step(region, scratch, room);
	free(scratch);
	free(room);
}
