#include "media/find_priv.h"

static bool
sums_fit(const struct rd_needle *n, const struct needle_table *t, int x, int y)
{
	for (int i = 0; i < NEEDLE_QUARTERS; i++) {
		const struct needle_part *p = &n->quarter[i];
		if (!p->usable)
			continue;
		int64_t off = needle_table_sum(t, p, x, y) - p->sum;
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
		struct needle_probe p = n->probe[i];
		uint32_t ours = rd_pixel(&n->im, p.x, p.y), theirs = rd_pixel(im, x + p.x, y + p.y);
		off += rd_pixel_differs(ours, theirs, n->tolerance);
		if (off > n->allowed)
			return false;
	}
	return true;
}

/* The places in `places`, which are top left corners. */
static bool
look(const struct rd_needle *n, const struct rd_image *im, struct rd_rect places,
	struct rd_rect *at)
{
	struct needle_table t;
	bool found = false;
	bool coarse = needle_table_make(&t, n, im, places);
	for (int y = places.y; y < places.y + places.h && !found; y++)
		for (int x = places.x; x < places.x + places.w && !found; x++) {
			if ((coarse && !sums_fit(n, &t, x, y)) || !probes_fit(n, im, x, y))
				continue;
			found = needle_off(n, im, x, y, n->allowed) <= n->allowed;
			*at = (struct rd_rect){x, y, n->im.width, n->im.height};
		}
	needle_table_finish(&t);
	return found;
}

static bool
look_in_bands(const struct rd_needle *n, const struct rd_image *im, struct rd_rect places,
	struct rd_rect *at)
{
	struct rd_rect band = {0};
	while (needle_next_band(n, places, &band))
		if (look(n, im, band, at))
			return true;
	return false;
}

/* Adds to `places` those of `all` at which it has something of what changed. */
static void
touched(const struct rd_needle *n, const pixman_region32_t *changed, struct rd_rect all,
	pixman_region32_t *places)
{
	int count;
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)changed, &count);
	for (int i = 0; i < count; i++) {
		struct rd_rect r = rd_rect_of_box(&box[i]);
		r = (struct rd_rect){r.x - n->im.width + 1, r.y - n->im.height + 1,
			r.w + n->im.width - 1, r.h + n->im.height - 1};
		r = rd_rect_intersect(r, all);
		if (!rd_rect_empty(r))
			rd_region_add(places, r);
	}
}

bool
rd_needle_find(const struct rd_needle *n, const struct rd_image *im, struct rd_rect within,
	const pixman_region32_t *changed, struct rd_rect *at)
{
	struct rd_rect all = needle_places(n, im, within);
	if (rd_rect_empty(all))
		return false;
	if (!changed)
		return look_in_bands(n, im, all, at);
	/* As a region: the places of two boxes often overlap. */
	pixman_region32_t places;
	int count;
	bool found = false;
	pixman_region32_init(&places);
	touched(n, changed, all, &places);
	const pixman_box32_t *box = pixman_region32_rectangles(&places, &count);
	for (int i = 0; i < count && !found; i++)
		found = look_in_bands(n, im, rd_rect_of_box(&box[i]), at);
	pixman_region32_fini(&places);
	return found;
}
