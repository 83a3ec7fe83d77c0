#include <errno.h>
#include <math.h>
#include <string.h>

#include "rd-encode/rescale.h"
#include "wire/msg_monitors.h"

void
rescale_finish(struct rescale *r)
{
	rd_image_finish(&r->image);
	*r = (struct rescale){0};
}

bool
rescale_on(const struct rescale *r)
{
	return r->to_w != r->from_w || r->to_h != r->from_h;
}

static int
scaled(int length, double factor)
{
	long n = lround(length * factor);
	return n < 1 ? 1 : n > length ? length : (int)n;
}

/* The wish keeps the picture's shape and never makes it larger. */
static double
factor_of(const struct scale_wish *wish, int width, int height)
{
	double factor = wish->factor > 0 ? wish->factor : 1;
	if (wish->width > 0)
		factor = fmin(factor, (double)wish->width / width);
	if (wish->height > 0)
		factor = fmin(factor, (double)wish->height / height);
	return factor;
}

int
rescale_follow(struct rescale *r, int width, int height,
	const struct scale_wish *wish, int quarters)
{
	double factor = factor_of(wish, width, height) * quarters / 4;
	int to_w = scaled(width, factor), to_h = scaled(height, factor);
	if (width == r->from_w && height == r->from_h && to_w == r->to_w && to_h == r->to_h)
		return 0;
	rd_image_finish(&r->image);
	*r = (struct rescale){.from_w = width, .from_h = height, .to_w = to_w, .to_h = to_h};
	if (!rescale_on(r))
		return 1;
	int err = rd_image_init(&r->image, to_w, to_h);
	return err < 0 ? err : 1;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * The viewer's pixels that a source rectangle reaches: filters look up to one
 * pixel to each side, hence one more all around.
 */
static struct rd_rect
reach(const struct rescale *r, const pixman_box32_t *box)
{
	int x1 = (int)floor_div((int64_t)box->x1 * r->to_w, r->from_w) - 1;
	int y1 = (int)floor_div((int64_t)box->y1 * r->to_h, r->from_h) - 1;
	int x2 = (int)floor_div((int64_t)box->x2 * r->to_w + r->from_w - 1, r->from_w) + 1;
	int y2 = (int)floor_div((int64_t)box->y2 * r->to_h + r->from_h - 1, r->from_h) + 1;
	return rd_rect_intersect((struct rd_rect){x1, y1, x2 - x1, y2 - y1},
		(struct rd_rect){0, 0, r->to_w, r->to_h});
}

const struct rd_image *
rescale_picture(struct rescale *r, const struct rd_image *src,
	const pixman_region32_t *damage, pixman_region32_t *out)
{
	if (!rescale_on(r)) {
		pixman_region32_copy(out, damage);
		return src;
	}
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(damage, &n);
	pixman_region32_clear(out);
	for (int i = 0; i < n; i++)
		rd_region_add(out, reach(r, &box[i]));
	box = pixman_region32_rectangles(out, &n);
	for (int i = 0; i < n; i++)
		rd_image_scale_clip(&r->image, src, rd_rect_of_box(&box[i]));
	return &r->image;
}

static int32_t
saturated(int64_t v)
{
	return v < INT32_MIN ? INT32_MIN : v > INT32_MAX ? INT32_MAX : (int32_t)v;
}

/* The pixel of `to` in which the middle of pixel v of `from` lies. */
static int32_t
mapped(int32_t v, int from, int to)
{
	return saturated(floor_div((2 * (int64_t)v + 1) * to, 2 * (int64_t)from));
}

/* Relative motion: what does not make a whole pixel is kept for the next. */
static int32_t
moved(int32_t v, int from, int to, int64_t *rest)
{
	int64_t sum = (int64_t)v * to + *rest;
	*rest = sum % from;
	return saturated(sum / from);
}

void
rescale_input(struct rescale *r, struct rd_input *in)
{
	if (!rescale_on(r))
		return;
	if (in->kind == RD_INPUT_POINTER) {
		in->x = mapped(in->x, r->to_w, r->from_w);
		in->y = mapped(in->y, r->to_h, r->from_h);
	} else if (in->kind == RD_INPUT_MOTION) {
		in->x = moved(in->x, r->to_w, r->from_w, &r->motion_x);
		in->y = moved(in->y, r->to_h, r->from_h, &r->motion_y);
	}
}

void
rescale_pointer_at(const struct rescale *r, struct rd_pointer_at *at)
{
	if (!rescale_on(r))
		return;
	at->x = mapped(at->x, r->from_w, r->to_w);
	at->y = mapped(at->y, r->from_h, r->to_h);
}

/* Edges that two share are shared in the viewer's picture, too. */
static void
rescale_span(int *at, int *len, int from, int to)
{
	int64_t first = floor_div((int64_t)*at * to, from), end = floor_div((int64_t)(*at + *len) * to, from);
	*at = saturated(first);
	*len = saturated(end > first ? end - first : 1);
}

static bool
can_be_said(struct rd_rect r)
{
	const int far = RD_MONITORS_PLACE_MAX;
	return r.x >= -far && r.x <= far && r.y >= -far && r.y <= far && r.w <= UINT16_MAX &&
		r.h <= UINT16_MAX;
}

void
rescale_monitors(const struct rescale *r, struct rd_monitors *m)
{
	int n = 0;
	if (!rescale_on(r))
		return;
	for (int i = 0; i < m->count; i++) {
		struct rd_rect *rect = &m->v[i].rect;
		rescale_span(&rect->x, &rect->w, r->from_w, r->to_w);
		rescale_span(&rect->y, &rect->h, r->from_h, r->to_h);
		if (can_be_said(*rect))
			m->v[n++] = m->v[i];
	}
	m->count = n;
}

/*
 * One pixel of a shape made smaller: the mean of the source pixels it covers.
 * Alpha is premultiplied, so all four bytes average alike.
 */
static void
shape_pixel(const struct rd_cursor *c, int x, int y, int w, int h, uint8_t out[static 4])
{
	int x1 = x * c->width / w, x2 = ((x + 1) * c->width + w - 1) / w;
	int y1 = y * c->height / h, y2 = ((y + 1) * c->height + h - 1) / h;
	unsigned sum[4] = {0};
	unsigned n = (unsigned)((x2 - x1) * (y2 - y1));
	for (int sy = y1; sy < y2; sy++) {
		const uint8_t *p = c->pixels + ((size_t)sy * (size_t)c->width + (size_t)x1) * 4;
		for (int sx = x1; sx < x2; sx++)
			for (int i = 0; i < 4; i++)
				sum[i] += *p++;
	}
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)((sum[i] + n / 2) / n);
}

void
rescale_shape(const struct rescale *r, const struct rd_cursor *c, struct rd_buf *out)
{
	if (!rescale_on(r) || c->width <= 0 || c->height <= 0) {
		rd_shape_pack(out, c);
		return;
	}
	int w = scaled(c->width, (double)r->to_w / r->from_w);
	int h = scaled(c->height, (double)r->to_h / r->from_h);
	uint8_t row[RD_CURSOR_MAX * 4];
	struct rd_buf all = {0};
	for (int y = 0; y < h; y++) {
		for (int x = 0; x < w; x++)
			shape_pixel(c, x, y, w, h, row + (size_t)x * 4);
		rd_buf_bytes(&all, row, (size_t)w * 4);
	}
	rd_shape_pack(out, &(struct rd_cursor){
		.width = w,
		.height = h,
		.hot_x = c->hot_x * w / c->width,
		.hot_y = c->hot_y * h / c->height,
		.pixels = all.data,
	});
	rd_buf_finish(&all);
}
