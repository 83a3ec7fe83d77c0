#include <stdlib.h>

#include "media/rect.h"

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

/* Where a rectangle ends, in numbers that cannot overflow. */
static int64_t
right(struct rd_rect r)
{
	return (int64_t)r.x + r.w;
}

static int64_t
bottom(struct rd_rect r)
{
	return (int64_t)r.y + r.h;
}

struct rd_rect
rd_rect_intersect(struct rd_rect a, struct rd_rect b)
{
	if (rd_rect_empty(a) || rd_rect_empty(b))
		return (struct rd_rect){a.x, a.y, 0, 0};
	const int x = max(a.x, b.x);
	const int y = max(a.y, b.y);
	const int64_t w = (right(a) < right(b) ? right(a) : right(b)) - x;
	const int64_t h = (bottom(a) < bottom(b) ? bottom(a) : bottom(b)) - y;
	if (w <= 0 || h <= 0)
		return (struct rd_rect){x, y, 0, 0};
	return (struct rd_rect){x, y, (int)w, (int)h};
}

struct rd_rect
rd_rect_bound(struct rd_rect a, struct rd_rect b)
{
	if (rd_rect_empty(a))
		return b;
	if (rd_rect_empty(b))
		return a;
	const int x = min(a.x, b.x);
	const int y = min(a.y, b.y);
	const int64_t w = (right(a) > right(b) ? right(a) : right(b)) - x;
	const int64_t h = (bottom(a) > bottom(b) ? bottom(a) : bottom(b)) - y;
	return (struct rd_rect){x, y, (int)w, (int)h};
}

bool
rd_rect_inside(struct rd_rect r, int width, int height)
{
	return r.x >= 0 && r.y >= 0 && r.w > 0 && r.h > 0 && r.w <= width && r.h <= height &&
		r.x <= width - r.w && r.y <= height - r.h;
}

struct rd_rect
rd_rect_of_box(const pixman_box32_t *box)
{
	return (struct rd_rect){box->x1, box->y1, box->x2 - box->x1, box->y2 - box->y1};
}

void
rd_region_add(pixman_region32_t *region, struct rd_rect r)
{
	if (rd_rect_empty(r))
		return;
	pixman_region32_union_rect(region, region, r.x, r.y, (unsigned)r.w, (unsigned)r.h);
}

void
rd_region_part(pixman_region32_t *out, const pixman_region32_t *region, struct rd_rect r)
{
	if (rd_rect_empty(r)) {
		pixman_region32_clear(out);
		return;
	}
	pixman_region32_intersect_rect(out, (pixman_region32_t *)region, r.x, r.y, (unsigned)r.w,
		(unsigned)r.h);
	pixman_region32_translate(out, -r.x, -r.y);
}

static int64_t
box_area(const pixman_box32_t *b)
{
	return (int64_t)(b->x2 - b->x1) * (b->y2 - b->y1);
}

int64_t
rd_region_area(const pixman_region32_t *region)
{
	int n;
	const pixman_box32_t *b = pixman_region32_rectangles(region, &n);
	int64_t area = 0;
	for (int i = 0; i < n; i++)
		area += box_area(&b[i]);
	return area;
}

/* A number at *text, which moves behind it; -1: there is none, or it is huge. */
static long
take_number(const char **text)
{
	char *end;
	if (**text < '0' || **text > '9')
		return -1;
	long n = strtol(*text, &end, 10);
	*text = end;
	return n <= 65535 ? n : -1;
}

static bool
take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

bool
rd_rect_parse(struct rd_rect *r, const char *text)
{
	long w = take_number(&text);
	bool ok = take_char(&text, 'x');
	long h = take_number(&text);
	ok = ok && take_char(&text, '+');
	long x = take_number(&text);
	ok = ok && take_char(&text, '+');
	long y = take_number(&text);
	if (!ok || *text || w < 1 || h < 1 || x < 0 || y < 0)
		return false;
	*r = (struct rd_rect){(int)x, (int)y, (int)w, (int)h};
	return true;
}
