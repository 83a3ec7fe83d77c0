#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "media/find.h"

#define QUARTERS 4
#define PROBES_MAX 8192
/* A sum of so many pixels still fits into 32 bits. */
#define SUM_AREA_MAX (INT64_C(5) << 20)
/* Rows of places that share one table, at least. */
#define BAND_ROWS 256
/* The nearest place is chosen among so many by their pixels, by so many cells each way. */
#define NEAREST 24
#define CELLS 4

struct part {
	struct rd_rect r;	/* of the needle */
	int64_t sum;		/* of the channels of the pixels that count */
	int64_t low, high;	/* how far a sum of the other picture's may be below and above */
	bool usable;
};

struct probe {
	int16_t x, y;
};

struct rd_needle {
	struct rd_image im;
	int tolerance;
	int64_t counted;	/* pixels that count */
	int64_t allowed;	/* … and may differ */
	struct part quarter[QUARTERS];
	struct part cell[CELLS * CELLS];
	struct probe *probe;
	int probes;
};

static uint32_t
pixel(const struct rd_image *im, int x, int y)
{
	uint32_t p;
	memcpy(&p, rd_image_at(im, x, y), sizeof(p));
	return p;
}

static int
sum3(uint32_t p)
{
	return (int)((p & 0xff) + (p >> 8 & 0xff) + (p >> 16 & 0xff));
}

static bool
counts(uint32_t p)
{
	return p >> 24 == 0;
}

static bool
differs(uint32_t a, uint32_t b, int tolerance)
{
	if (tolerance == 0)
		return ((a ^ b) & 0xffffff) != 0;
	for (int shift = 0; shift < 24; shift += 8) {
		int d = (int)(a >> shift & 0xff) - (int)(b >> shift & 0xff);
		if (abs(d) > tolerance)
			return true;
	}
	return false;
}

/* ---- making one ---- */

static void
sum_part(const struct rd_needle *n, struct part *p)
{
	int64_t area = rd_rect_area(p->r), counted = 0;
	for (int y = p->r.y; y < p->r.y + p->r.h; y++)
		for (int x = p->r.x; x < p->r.x + p->r.w; x++) {
			uint32_t v = pixel(&n->im, x, y);
			counted += counts(v);
			p->sum += counts(v) ? sum3(v) : 0;
		}
	int64_t off = n->allowed < counted ? n->allowed : counted;
	p->low = 3 * counted * n->tolerance + 765 * off;
	p->high = p->low + 765 * (area - counted);
	p->usable = area > 0 && area <= SUM_AREA_MAX;
}

static void
sum_grid(const struct rd_needle *n, struct part *parts, int each)
{
	for (int i = 0; i < each * each; i++) {
		int column = i % each, row = i / each;
		int x0 = n->im.width * column / each, x1 = n->im.width * (column + 1) / each;
		int y0 = n->im.height * row / each, y1 = n->im.height * (row + 1) / each;
		parts[i] = (struct part){.r = {x0, y0, x1 - x0, y1 - y0}};
		sum_part(n, &parts[i]);
	}
}

/* How far a pixel is from the mean: of text, the letters are. */
static int
contrast(uint32_t p, const int mean[3])
{
	return abs((int)(p & 0xff) - mean[0]) + abs((int)(p >> 8 & 0xff) - mean[1]) +
		abs((int)(p >> 16 & 0xff) - mean[2]);
}

static void
find_mean(const struct rd_needle *n, int mean[3])
{
	int64_t sum[3] = {0};
	for (int y = 0; y < n->im.height; y++)
		for (int x = 0; x < n->im.width; x++) {
			uint32_t p = pixel(&n->im, x, y);
			for (int c = 0; c < 3 && counts(p); c++)
				sum[c] += p >> (8 * c) & 0xff;
		}
	for (int c = 0; c < 3; c++)
		mean[c] = (int)(sum[c] / n->counted);
}

/* The least contrast that at most `wanted` pixels have; *have of them. */
static int
threshold(const struct rd_needle *n, const int mean[3], int64_t wanted, int64_t *have)
{
	int64_t of[766] = {0};
	for (int y = 0; y < n->im.height; y++)
		for (int x = 0; x < n->im.width; x++) {
			uint32_t p = pixel(&n->im, x, y);
			if (counts(p))
				of[contrast(p, mean)]++;
		}
	int least = 765;
	*have = of[least];
	while (least > 0 && *have < wanted)
		*have += of[--least];
	return least;
}

static void
shuffle(struct probe *p, int n)
{
	uint32_t x = 1;
	for (int i = n - 1; i > 0; i--) {
		x = x * 1664525 + 1013904223;
		int k = (int)((x >> 8) % (uint32_t)(i + 1));
		struct probe t = p[i];
		p[i] = p[k];
		p[k] = t;
	}
}

/*
 * The pixels that tell most, in no order: where none of it is most of them
 * differ, and that is known after a few more than may.
 */
static void
choose_probes(struct rd_needle *n)
{
	int mean[3];
	int64_t wanted = 4 * n->allowed + 16, have;
	if (wanted > PROBES_MAX)
		wanted = PROBES_MAX;
	find_mean(n, mean);
	int least = threshold(n, mean, wanted, &have);
	int64_t step = have / wanted > 1 ? have / wanted : 1, seen = 0;
	n->probe = xcalloc((size_t)(have / step + 1), sizeof(*n->probe));
	for (int y = 0; y < n->im.height; y++)
		for (int x = 0; x < n->im.width; x++) {
			uint32_t p = pixel(&n->im, x, y);
			if (!counts(p) || contrast(p, mean) < least || seen++ % step)
				continue;
			n->probe[n->probes++] = (struct probe){(int16_t)x, (int16_t)y};
		}
	shuffle(n->probe, n->probes);
}

static int64_t
count_pixels(const struct rd_image *im)
{
	int64_t n = 0;
	for (int y = 0; y < im->height; y++)
		for (int x = 0; x < im->width; x++)
			n += counts(pixel(im, x, y));
	return n;
}

struct rd_needle *
rd_needle_new(const struct rd_image *im, const struct rd_needle_config *cfg)
{
	struct rd_needle *n = xcalloc(1, sizeof(*n));
	n->tolerance = cfg->tolerance;
	n->counted = count_pixels(im);
	n->allowed = (int64_t)(cfg->differ * (double)n->counted);
	if (n->counted == 0 || rd_image_init(&n->im, im->width, im->height) != 0) {
		free(n);
		return NULL;
	}
	rd_image_copy(&n->im, im, (struct rd_rect){0, 0, im->width, im->height});
	sum_grid(n, n->quarter, 2);
	sum_grid(n, n->cell, CELLS);
	choose_probes(n);
	return n;
}

void
rd_needle_free(struct rd_needle *n)
{
	if (!n)
		return;
	rd_image_finish(&n->im);
	free(n->probe);
	free(n);
}

/* ---- sums of a rectangle's pixels, of any rectangle within one ---- */

struct table {
	struct rd_rect r;	/* of the picture */
	uint32_t *sum;		/* (w + 1) * (h + 1); wraps, and so differences are right */
};

static bool
table_make(struct table *t, const struct rd_image *im, struct rd_rect r)
{
	size_t wide = (size_t)r.w + 1;
	t->r = r;
	t->sum = malloc(wide * ((size_t)r.h + 1) * sizeof(*t->sum));
	if (!t->sum)
		return false;
	memset(t->sum, 0, wide * sizeof(*t->sum));
	for (int y = 0; y < r.h; y++) {
		const uint32_t *above = t->sum + (size_t)y * wide;
		uint32_t *row = t->sum + (size_t)(y + 1) * wide, run = 0;
		row[0] = 0;
		for (int x = 0; x < r.w; x++) {
			run += (uint32_t)sum3(pixel(im, r.x + x, r.y + y));
			row[x + 1] = above[x + 1] + run;
		}
	}
	return true;
}

/* Of a part of the needle when that is at x, y. */
static int64_t
table_sum(const struct table *t, const struct part *p, int x, int y)
{
	size_t wide = (size_t)t->r.w + 1;
	size_t left = (size_t)(x + p->r.x - t->r.x), right = left + (size_t)p->r.w;
	const uint32_t *top = t->sum + (size_t)(y + p->r.y - t->r.y) * wide;
	const uint32_t *bottom = top + (size_t)p->r.h * wide;
	return (int64_t)(uint32_t)(bottom[right] - bottom[left] - top[right] + top[left]);
}

/* ---- looking ---- */

static bool
sums_fit(const struct rd_needle *n, const struct table *t, int x, int y)
{
	for (int i = 0; i < QUARTERS; i++) {
		const struct part *p = &n->quarter[i];
		if (!p->usable)
			continue;
		int64_t off = table_sum(t, p, x, y) - p->sum;
		if (off < -p->low || off > p->high)
			return false;
	}
	return true;
}

static bool
probes_fit(const struct rd_needle *n, const struct rd_image *im, int x, int y)
{
	int64_t off = 0;
	for (int i = 0; i < n->probes; i++) {
		struct probe p = n->probe[i];
		off += differs(pixel(&n->im, p.x, p.y), pixel(im, x + p.x, y + p.y), n->tolerance);
		if (off > n->allowed)
			return false;
	}
	return true;
}

/* Pixels that differ, or more than `limit`. */
static int64_t
count_off(const struct rd_needle *n, const struct rd_image *im, int x, int y, int64_t limit)
{
	int64_t off = 0;
	for (int row = 0; row < n->im.height && off <= limit; row++)
		for (int column = 0; column < n->im.width; column++) {
			uint32_t p = pixel(&n->im, column, row);
			off += counts(p) && differs(p, pixel(im, x + column, y + row), n->tolerance);
		}
	return off;
}

/* The places in `places`, which are top left corners. */
static bool
look(const struct rd_needle *n, const struct rd_image *im, struct rd_rect places, struct rd_rect *at)
{
	struct table t;
	bool found = false;
	bool coarse = table_make(&t, im, (struct rd_rect){places.x, places.y,
		places.w + n->im.width - 1, places.h + n->im.height - 1});
	for (int y = places.y; y < places.y + places.h && !found; y++)
		for (int x = places.x; x < places.x + places.w && !found; x++) {
			if ((coarse && !sums_fit(n, &t, x, y)) || !probes_fit(n, im, x, y))
				continue;
			found = count_off(n, im, x, y, n->allowed) <= n->allowed;
			*at = (struct rd_rect){x, y, n->im.width, n->im.height};
		}
	free(t.sum);
	return found;
}

/* In bands, so that the table stays small. */
static bool
look_in_bands(const struct rd_needle *n, const struct rd_image *im, struct rd_rect places,
	struct rd_rect *at)
{
	int rows = n->im.height > BAND_ROWS ? n->im.height : BAND_ROWS;
	for (int y = 0; y < places.h; y += rows) {
		struct rd_rect band = {places.x, places.y + y, places.w,
			places.h - y < rows ? places.h - y : rows};
		if (look(n, im, band, at))
			return true;
	}
	return false;
}

/* Where its top left corner may be. */
static struct rd_rect
places_in(const struct rd_needle *n, const struct rd_image *im, struct rd_rect within)
{
	struct rd_rect r = rd_rect_intersect(within, (struct rd_rect){0, 0, im->width, im->height});
	r.w -= n->im.width - 1;
	r.h -= n->im.height - 1;
	return r.w > 0 && r.h > 0 ? r : (struct rd_rect){0};
}

bool
rd_needle_find(const struct rd_needle *n, const struct rd_image *im, struct rd_rect within,
	const pixman_region32_t *changed, struct rd_rect *at)
{
	struct rd_rect all = places_in(n, im, within);
	if (rd_rect_empty(all))
		return false;
	if (!changed)
		return look_in_bands(n, im, all, at);
	/* Places that touch what changed; those of two boxes often overlap. */
	pixman_region32_t places;
	int count;
	bool found = false;
	pixman_region32_init(&places);
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)changed, &count);
	for (int i = 0; i < count; i++) {
		struct rd_rect r = rd_rect_of_box(&box[i]);
		r = (struct rd_rect){r.x - n->im.width + 1, r.y - n->im.height + 1,
			r.w + n->im.width - 1, r.h + n->im.height - 1};
		r = rd_rect_intersect(r, all);
		if (!rd_rect_empty(r))
			rd_region_add(&places, r);
	}
	box = pixman_region32_rectangles(&places, &count);
	for (int i = 0; i < count && !found; i++)
		found = look_in_bands(n, im, rd_rect_of_box(&box[i]), at);
	pixman_region32_fini(&places);
	return found;
}

/* ---- the nearest ---- */

struct near {
	int64_t score;
	int x, y;
};

/* Keeps the best few, the best first. */
static void
keep(struct near best[NEAREST], int *have, struct near one)
{
	if (*have == NEAREST && one.score >= best[NEAREST - 1].score)
		return;
	int i = *have < NEAREST ? (*have)++ : NEAREST - 1;
	for (; i > 0 && best[i - 1].score > one.score; i--)
		best[i] = best[i - 1];
	best[i] = one;
}

static int64_t
unlikeness(const struct rd_needle *n, const struct table *t, int x, int y)
{
	int64_t score = 0;
	for (int i = 0; i < CELLS * CELLS; i++)
		if (n->cell[i].usable)
			score += llabs(table_sum(t, &n->cell[i], x, y) - n->cell[i].sum);
	return score;
}

static void
gather(const struct rd_needle *n, const struct rd_image *im, struct rd_rect places,
	struct near best[NEAREST], int *have)
{
	struct table t;
	if (!table_make(&t, im, (struct rd_rect){places.x, places.y,
			places.w + n->im.width - 1, places.h + n->im.height - 1}))
		return;
	for (int y = places.y; y < places.y + places.h; y++)
		for (int x = places.x; x < places.x + places.w; x++)
			keep(best, have, (struct near){unlikeness(n, &t, x, y), x, y});
	free(t.sum);
}

int64_t
rd_needle_nearest(const struct rd_needle *n, const struct rd_image *im, struct rd_rect within,
	struct rd_rect *at, int64_t *of)
{
	struct rd_rect places = places_in(n, im, within);
	struct near best[NEAREST];
	int have = 0, rows = n->im.height > BAND_ROWS ? n->im.height : BAND_ROWS;
	int64_t least = -1;
	for (int y = 0; y < places.h; y += rows)
		gather(n, im, (struct rd_rect){places.x, places.y + y, places.w,
			places.h - y < rows ? places.h - y : rows}, best, &have);
	for (int i = 0; i < have; i++) {
		int64_t off = count_off(n, im, best[i].x, best[i].y, INT64_MAX);
		if (least >= 0 && off >= least)
			continue;
		least = off;
		*at = (struct rd_rect){best[i].x, best[i].y, n->im.width, n->im.height};
	}
	*of = n->counted;
	return least;
}

bool
rd_needle_differs(const struct rd_needle *n, const struct rd_image *im, int x, int y,
	int column, int row)
{
	uint32_t p = pixel(&n->im, column, row);
	return counts(p) && differs(p, pixel(im, x + column, y + row), n->tolerance);
}

int64_t
rd_image_count(const struct rd_image *a, const struct rd_image *b, struct rd_rect r,
	int tolerance, struct rd_rect *bound)
{
	int64_t n = 0;
	int left = INT_MAX, right = -1, top = -1, bottom = -1;
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++) {
			if (!differs(pixel(a, x, y), pixel(b, x, y), tolerance))
				continue;
			n++;
			left = x < left ? x : left;
			right = x > right ? x : right;
			top = top < 0 ? y : top;
			bottom = y;
		}
	*bound = n ? (struct rd_rect){left, top, right - left + 1, bottom - top + 1} : (struct rd_rect){0};
	return n;
}
