#ifndef RD_MEDIA_RECT_H
#define RD_MEDIA_RECT_H

#include <stdbool.h>
#include <stdint.h>

#include <pixman.h>

/*
 * Pixels of a picture, top left first. Sets of rectangles (damage, what is
 * lossy) are pixman's pixman_region32_t, used directly: banded, disjoint.
 */
struct rd_rect {
	int x, y;
	int w, h;
};

static inline int64_t
rd_rect_area(struct rd_rect r)
{
	return (int64_t)r.w * r.h;
}

static inline bool
rd_rect_empty(struct rd_rect r)
{
	return r.w <= 0 || r.h <= 0;
}

static inline bool
rd_rect_same(struct rd_rect a, struct rd_rect b)
{
	return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

/* What both have; w and h are 0 when that is nothing. */
struct rd_rect rd_rect_intersect(struct rd_rect a, struct rd_rect b);
/* The smallest rectangle around both; an empty one counts for nothing. */
struct rd_rect rd_rect_bound(struct rd_rect a, struct rd_rect b);
/* Whether it lies within a picture of that size and is not empty. */
bool rd_rect_inside(struct rd_rect r, int width, int height);

/*
 * "640x480+10+20", as X programs write geometries; no side is 0 and no number
 * greater than 65535. Whether it is one.
 */
bool rd_rect_parse(struct rd_rect *r, const char *text);

struct rd_rect rd_rect_of_box(const pixman_box32_t *box);
void rd_region_add(pixman_region32_t *region, struct rd_rect r);
/* Makes `out` what of the region lies in r, counted from r's corner. */
void rd_region_part(pixman_region32_t *out, const pixman_region32_t *region, struct rd_rect r);
/* Area in pixels. */
int64_t rd_region_area(const pixman_region32_t *region);
/*
 * Makes the region of at most `max` rectangles that contains this one, by
 * joining bands and neighbours where that adds the fewest pixels; what has
 * more than 512 rectangles is put on a grid first. The extents stay the same.
 */
void rd_region_simplify(pixman_region32_t *region, int max);

#endif
