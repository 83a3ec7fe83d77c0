#include <string.h>

#include "rd-view/present.h"

/*
 * The window's own pixels in memory (with X11: shared with the server), where
 * SDL_HINT_FRAMEBUFFER_ACCELERATION is "0"; else SDL passes them through
 * OpenGL, whole, at twenty times the cost. The surface goes at any change of
 * the window's size, so it is asked for anew each time; that costs nothing.
 */

static bool
is_bgrx(const SDL_Surface *s)
{
	return s->format->format == SDL_PIXELFORMAT_RGB888 ||
		s->format->format == SDL_PIXELFORMAT_ARGB8888;
}

/* The image to paint in: the surface itself, or one that is converted into it. */
static struct rd_image
canvas_of(struct present *p, SDL_Surface *s)
{
	if (!is_bgrx(s))
		return p->shadow;
	return (struct rd_image){
		.data = s->pixels,
		.stride = (size_t)s->pitch,
		.width = s->w,
		.height = s->h,
	};
}

static void
darken(struct rd_image *im)
{
	for (int y = 0; y < im->height; y++) {
		uint32_t *row = (uint32_t *)rd_image_at(im, 0, y);
		for (int x = 0; x < im->width; x++)
			row[x] = (row[x] >> 2 & 0x3f3f3f) + (row[x] >> 3 & 0x1f1f1f);
	}
}

/* The picture inside r, which lies within p->dest. */
static void
paint_picture(const struct present *p, struct rd_image *canvas, const struct rd_image *im,
	struct rd_rect r)
{
	struct rd_image dest = rd_image_part(canvas, p->dest);
	struct rd_rect in = {r.x - p->dest.x, r.y - p->dest.y, r.w, r.h};
	if (dest.width == im->width && dest.height == im->height)
		rd_image_copy(&dest, im, in);
	else if (present_is_multiple(p))
		rd_image_repeat_clip(&dest, im, in);
	else
		rd_image_scale_clip(&dest, im, in);
}

static void
paint_rect(const struct present *p, struct rd_image *canvas, const struct rd_image *im,
	struct rd_rect r)
{
	struct rd_rect on = rd_rect_intersect(r, p->dest);
	if (rd_rect_empty(on) || on.w != r.w || on.h != r.h)
		rd_image_fill(canvas, r, 0);
	if (!rd_rect_empty(on) && im->data)
		paint_picture(p, canvas, im, on);
	struct rd_image part = rd_image_part(canvas, r);
	if (p->dim)
		darken(&part);
	for (int i = 0; i < SPRITES; i++) {
		const struct sprite *s = &p->sprites[i];
		if (s->im.data && !s->hidden)
			rd_image_blend(&part, s->x - r.x, s->y - r.y, s->im.data, s->im.width, s->im.height);
	}
}

/* For windows with another order or depth of pixels. */
static void
convert(struct present *p, SDL_Surface *to, const SDL_Rect *rects, int n)
{
	SDL_Surface *from = SDL_CreateRGBSurfaceWithFormatFrom(p->shadow.data, p->shadow.width,
		p->shadow.height, 32, (int)p->shadow.stride, SDL_PIXELFORMAT_RGB888);
	for (int i = 0; from && i < n; i++) {
		SDL_Rect dst = rects[i];
		SDL_BlitSurface(from, &rects[i], to, &dst);
	}
	SDL_FreeSurface(from);
}

static int
surface_open(struct present *p)
{
	return SDL_GetWindowSurface(p->window) ? 0 : -1;
}

static int
surface_fit(struct present *p)
{
	SDL_Surface *s = SDL_GetWindowSurface(p->window);
	if (!s)
		return -1;
	rd_image_finish(&p->shadow);
	if (is_bgrx(s) || rd_image_init(&p->shadow, s->w, s->h) == 0)
		return 0;
	return SDL_SetError("no memory for %dx%d pixels", s->w, s->h);
}

static void
surface_paint(struct present *p, const struct rd_image *im, pixman_region32_t *dirty)
{
	SDL_Surface *s = SDL_GetWindowSurface(p->window);
	/* Of another size than what was fitted: an event that says so is on its way. */
	if (!s || s->w != p->width || s->h != p->height)
		return;
	struct rd_image canvas = canvas_of(p, s);
	if (!canvas.data)
		return;
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(dirty, &n);
	SDL_Rect *rects = SDL_stack_alloc(SDL_Rect, n);
	for (int i = 0; i < n; i++) {
		struct rd_rect r = rd_rect_of_box(&box[i]);
		paint_rect(p, &canvas, im, r);
		rects[i] = (SDL_Rect){r.x, r.y, r.w, r.h};
	}
	if (!is_bgrx(s))
		convert(p, s, rects, n);
	SDL_UpdateWindowSurfaceRects(p->window, rects, n);
	SDL_stack_free(rects);
}

static void
surface_expose(struct present *p)
{
	SDL_UpdateWindowSurface(p->window);
}

static void
surface_close(struct present *p)
{
	rd_image_finish(&p->shadow);
}

const struct present_ops present_surface = {
	.name = "surface",
	.open = surface_open,
	.fit = surface_fit,
	.paint = surface_paint,
	.expose = surface_expose,
	.close = surface_close,
};
