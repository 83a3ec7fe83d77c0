#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-record/canvas.h"

/* From a sixteenth of the picture on a change is a large one. */
#define LARGE_PART 16

void
canvas_init(struct canvas *c, bool pointer)
{
	*c = (struct canvas){.pointer = pointer};
	pixman_region32_init(&c->changed);
}

void
canvas_finish(struct canvas *c)
{
	rd_image_finish(&c->desk);
	rd_image_finish(&c->fitted);
	pixman_region32_fini(&c->changed);
	free((void *)c->shape.pixels);
	free(c->under);
	*c = (struct canvas){0};
}

static void
erase_pointer(struct canvas *c)
{
	if (rd_rect_empty(c->drawn))
		return;
	rd_image_put(&c->desk, c->drawn, c->under);
	rd_region_add(&c->changed, c->drawn);
	c->drawn = (struct rd_rect){0};
}

static void
draw_pointer(struct canvas *c)
{
	const struct rd_cursor *s = &c->shape;
	struct rd_rect desk = {0, 0, c->desk.width, c->desk.height};
	struct rd_rect place = {c->at.x - s->hot_x, c->at.y - s->hot_y, s->width, s->height};
	struct rd_rect seen = rd_rect_intersect(place, desk);
	if (!canvas_has_pointer(c) || !rd_rect_empty(c->drawn) || rd_rect_empty(seen))
		return;
	if (!c->under)
		c->under = xmalloc((size_t)RD_CURSOR_MAX * RD_CURSOR_MAX * 4);
	rd_image_get(&c->desk, seen, c->under);
	rd_image_blend(&c->desk, place.x, place.y, s->pixels, s->width, s->height);
	rd_region_add(&c->changed, seen);
	c->drawn = seen;
}

static int
resize(struct canvas *c, int width, int height)
{
	rd_image_finish(&c->desk);
	c->drawn = (struct rd_rect){0};
	int err = rd_image_init(&c->desk, width, height);
	if (!err)
		rd_region_add(&c->changed, (struct rd_rect){0, 0, width, height});
	return err;
}

int
canvas_show(struct canvas *c, const struct rd_image *im, const pixman_region32_t *damage)
{
	struct rd_rect all = {0, 0, im->width, im->height};
	bool other = im->width != c->desk.width || im->height != c->desk.height;
	int n, err = other ? resize(c, im->width, im->height) : 0;
	if (err)
		return err;
	c->begun = true;
	if (other) {
		rd_image_copy(&c->desk, im, all);
		return 0;
	}
	erase_pointer(c);
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)damage, &n);
	for (int i = 0; i < n; i++)
		rd_image_copy(&c->desk, im, rd_rect_of_box(&box[i]));
	pixman_region32_union(&c->changed, &c->changed, (pixman_region32_t *)damage);
	return 0;
}

void
canvas_shape(struct canvas *c, const struct rd_cursor *shape)
{
	size_t len = (size_t)shape->width * (size_t)shape->height * 4;
	uint8_t *pixels = len ? xmalloc(len) : NULL;
	if (len)
		memcpy(pixels, shape->pixels, len);
	erase_pointer(c);
	free((void *)c->shape.pixels);
	c->shape = *shape;
	c->shape.pixels = pixels;
}

/* Far outside it is as good as nowhere, and sums stay small. */
static bool
near_picture(int32_t v)
{
	return v > -2 * RD_IMAGE_MAX_WIDTH && v < 2 * RD_IMAGE_MAX_WIDTH;
}

void
canvas_pointer(struct canvas *c, const struct rd_pointer_at *at)
{
	erase_pointer(c);
	c->at = *at;
	c->at.on = at->on && near_picture(at->x) && near_picture(at->y);
}

bool
canvas_has_pointer(const struct canvas *c)
{
	return c->pointer && c->at.on && c->shape.pixels;
}

void
canvas_size(struct canvas *c, int width, int height)
{
	if (width == c->width && height == c->height)
		return;
	c->width = width;
	c->height = height;
	rd_image_finish(&c->fitted);
	rd_region_add(&c->changed, (struct rd_rect){0, 0, width, height});
}

/* The largest place of the recording's size that has the shape of the desktop. */
static struct rd_rect
place_of(const struct canvas *c)
{
	int w = c->width, h = c->height;
	if ((int64_t)c->desk.width * h > (int64_t)c->desk.height * w)
		h = (int)((int64_t)c->desk.height * w / c->desk.width);
	else
		w = (int)((int64_t)c->desk.width * h / c->desk.height);
	w = w > 0 ? w : 1;
	h = h > 0 ? h : 1;
	return (struct rd_rect){(c->width - w) / 2, (c->height - h) / 2, w, h};
}

static const struct rd_image *
fit(struct canvas *c)
{
	struct rd_rect all = {0, 0, c->width, c->height}, place = place_of(c);
	if (!c->fitted.data && rd_image_init(&c->fitted, c->width, c->height) < 0)
		return NULL;
	if (!pixman_region32_not_empty(&c->changed))
		return &c->fitted;
	struct rd_image part = rd_image_part(&c->fitted, place);
	rd_image_fill(&c->fitted, all, 0);
	rd_image_scale(&part, &c->desk);
	pixman_region32_clear(&c->changed);
	rd_region_add(&c->changed, all);
	return &c->fitted;
}

const struct rd_image *
canvas_picture(struct canvas *c)
{
	if (!c->begun)
		return NULL;
	draw_pointer(c);
	if (c->width == c->desk.width && c->height == c->desk.height)
		return &c->desk;
	return fit(c);
}

bool
canvas_large(const struct canvas *c)
{
	int64_t area = 0;
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)&c->changed, &n);
	for (int i = 0; i < n; i++)
		area += (int64_t)(box[i].x2 - box[i].x1) * (box[i].y2 - box[i].y1);
	return area * LARGE_PART >= (int64_t)c->width * c->height;
}

void
canvas_clean(struct canvas *c)
{
	pixman_region32_clear(&c->changed);
}
