#include <dirent.h>
#include <string.h>

#include "base/log.h"
#include "rd-view/present.h"

/* More rectangles than this cost more to hand over than their pixels. */
#define RECTS_MAX 12

/* A GPU's render node. Without one "accelerated" means a renderer in software. */
static bool
has_gpu(void)
{
	DIR *d = opendir("/dev/dri");
	bool found = false;
	struct dirent *e;
	while (d && !found && (e = readdir(d)))
		found = strncmp(e->d_name, "renderD", 7) == 0;
	if (d)
		closedir(d);
	return found;
}

static int
open_with(struct present *p, const struct present_ops *ops)
{
	p->ops = ops;
	if (ops->open(p) == 0)
		return 0;
	p->ops = NULL;
	return -1;
}

int
present_open(struct present *p, SDL_Window *window, enum render how)
{
	*p = (struct present){.window = window};
	pixman_region32_init(&p->dirty);
	if (how == RENDER_TEXTURE)
		return open_with(p, &present_texture);
	if (how == RENDER_AUTO && has_gpu()) {
		if (open_with(p, &present_texture) == 0)
			return 0;
		rd_info("no accelerated renderer, painting in memory: %s", SDL_GetError());
	}
	return open_with(p, &present_surface);
}

void
present_close(struct present *p)
{
	for (int i = 0; i < SPRITES; i++)
		sprite_finish(&p->sprites[i]);
	if (p->ops)
		p->ops->close(p);
	pixman_region32_fini(&p->dirty);
	*p = (struct present){0};
}

static void
all_dirty(struct present *p)
{
	pixman_region32_fini(&p->dirty);
	pixman_region32_init_rect(&p->dirty, 0, 0, (unsigned)p->width, (unsigned)p->height);
}

/* The largest place for the picture, in the middle, aspect kept. */
static struct rd_rect
place(int im_w, int im_h, int w, int h)
{
	if (!im_w || !im_h || !w || !h)
		return (struct rd_rect){0};
	int dw = w, dh = (int)((int64_t)w * im_h / im_w);
	if (dh > h) {
		dh = h;
		dw = (int)((int64_t)h * im_w / im_h);
	}
	dw = dw < 1 ? 1 : dw;
	dh = dh < 1 ? 1 : dh;
	return (struct rd_rect){(w - dw) / 2, (h - dh) / 2, dw, dh};
}

bool
present_is_stale(const struct present *p, const struct rd_image *im)
{
	int w, h;
	SDL_GetWindowSize(p->window, &w, &h);
	return w != p->width || h != p->height || im->width != p->im_width
		|| im->height != p->im_height;
}

void
present_fit(struct present *p, const struct rd_image *im)
{
	SDL_GetWindowSize(p->window, &p->width, &p->height);
	p->im_width = im->width;
	p->im_height = im->height;
	p->dest = place(im->width, im->height, p->width, p->height);
	if (p->ops->fit(p) != 0)
		rd_error("the window cannot be painted: %s", SDL_GetError());
	if (p->ops->take && im->data)
		p->ops->take(p, im, (struct rd_rect){0, 0, im->width, im->height});
	all_dirty(p);
}

static bool
is_scaled(const struct present *p)
{
	return p->dest.w != p->im_width || p->dest.h != p->im_height;
}

bool
present_is_multiple(const struct present *p)
{
	if (!p->im_width || !p->im_height)
		return false;
	int times = p->dest.w / p->im_width;
	return times > 0 && p->dest.w == times * p->im_width && p->dest.h == times * p->im_height;
}

/*
 * The window pixels that a part of the picture has a share in: scaled, one
 * picture pixel and one window pixel more on each side, for the filter.
 */
static struct rd_rect
shadow_of(const struct present *p, struct rd_rect r)
{
	struct rd_rect d = p->dest;
	if (!is_scaled(p))
		return (struct rd_rect){d.x + r.x, d.y + r.y, r.w, r.h};
	int x0 = (int)((int64_t)(r.x - 1) * d.w / p->im_width) - 1;
	int y0 = (int)((int64_t)(r.y - 1) * d.h / p->im_height) - 1;
	int x1 = (int)((int64_t)(r.x + r.w + 1) * d.w / p->im_width) + 2;
	int y1 = (int)((int64_t)(r.y + r.h + 1) * d.h / p->im_height) + 2;
	return rd_rect_intersect(d, (struct rd_rect){d.x + x0, d.y + y0, x1 - x0, y1 - y0});
}

void
present_damage(struct present *p, const struct rd_image *im, const pixman_region32_t *region)
{
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)region, &n);
	for (int i = 0; i < n; i++) {
		struct rd_rect r = rd_rect_of_box(&box[i]);
		if (p->ops->take)
			p->ops->take(p, im, r);
		rd_region_add(&p->dirty, shadow_of(p, r));
	}
}

static void
sprite_dirty(struct present *p, enum sprite_id id)
{
	struct rd_rect all = {0, 0, p->width, p->height};
	struct rd_rect r = rd_rect_intersect(all, sprite_rect(&p->sprites[id]));
	if (!rd_rect_empty(r) && !p->sprites[id].hidden)
		rd_region_add(&p->dirty, r);
}

void
present_sprite(struct present *p, enum sprite_id id, struct sprite s)
{
	sprite_dirty(p, id);
	sprite_finish(&p->sprites[id]);
	p->sprites[id] = s;
	sprite_dirty(p, id);
	if (p->ops->sprite)
		p->ops->sprite(p, id);
}

void
present_move(struct present *p, enum sprite_id id, int x, int y)
{
	sprite_dirty(p, id);
	p->sprites[id].x = x;
	p->sprites[id].y = y;
	sprite_dirty(p, id);
}

void
present_hide(struct present *p, enum sprite_id id, bool hidden)
{
	sprite_dirty(p, id);
	p->sprites[id].hidden = hidden;
	sprite_dirty(p, id);
}

void
present_dim(struct present *p)
{
	p->dim = true;
	all_dirty(p);
}

bool
present_flush(struct present *p, const struct rd_image *im)
{
	if (present_is_stale(p, im))
		present_fit(p, im);
	if (!pixman_region32_not_empty(&p->dirty))
		return false;
	rd_region_simplify(&p->dirty, RECTS_MAX);
	p->ops->paint(p, im, &p->dirty);
	pixman_region32_clear(&p->dirty);
	return true;
}

void
present_expose(struct present *p)
{
	/* What is to be painted anyway need not be shown as it was. */
	if (!pixman_region32_not_empty(&p->dirty))
		p->ops->expose(p);
}

bool
present_to_picture(const struct present *p, int *x, int *y)
{
	struct rd_rect d = p->dest;
	if (rd_rect_empty(d))
		return false;
	bool inside = *x >= d.x && *y >= d.y && *x < d.x + d.w && *y < d.y + d.h;
	/* The middle of the window's pixel. */
	int64_t px = (2 * (int64_t)(*x - d.x) + 1) * p->im_width / (2 * d.w);
	int64_t py = (2 * (int64_t)(*y - d.y) + 1) * p->im_height / (2 * d.h);
	*x = px < 0 ? 0 : px >= p->im_width ? p->im_width - 1 : (int)px;
	*y = py < 0 ? 0 : py >= p->im_height ? p->im_height - 1 : (int)py;
	return inside;
}

void
present_to_window(const struct present *p, int *x, int *y)
{
	if (rd_rect_empty(p->dest))
		return;
	*x = p->dest.x + (int)((int64_t)*x * p->dest.w / p->im_width);
	*y = p->dest.y + (int)((int64_t)*y * p->dest.h / p->im_height);
}
