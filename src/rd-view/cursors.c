#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-view/cursors.h"

static size_t
bytes_of(const struct rd_cursor *s)
{
	return (size_t)s->width * (size_t)s->height * 4;
}

static bool
same(const struct rd_cursor *a, const struct rd_cursor *b)
{
	return a->width == b->width && a->height == b->height && a->hot_x == b->hot_x
		&& a->hot_y == b->hot_y && memcmp(a->pixels, b->pixels, bytes_of(a)) == 0;
}

static void
forget(struct cursor *k)
{
	SDL_FreeCursor(k->sdl);
	free((void *)k->shape.pixels);
	*k = (struct cursor){0};
}

/* X11 and Wayland take premultiplied pixels, and SDL passes them on as they are. */
static SDL_Cursor *
make(const struct rd_cursor *shape)
{
	SDL_Surface *s = SDL_CreateRGBSurfaceWithFormatFrom((void *)shape->pixels, shape->width,
		shape->height, 32, shape->width * 4, SDL_PIXELFORMAT_ARGB8888);
	if (!s)
		return NULL;
	SDL_Cursor *cursor = SDL_CreateColorCursor(s, shape->hot_x, shape->hot_y);
	SDL_FreeSurface(s);
	return cursor;
}

/* The kept cursor of that shape, or the one unused for longest, made anew. */
static struct cursor *
find(struct cursors *c, const struct rd_cursor *shape)
{
	struct cursor *oldest = &c->kept[0];
	for (int i = 0; i < CURSORS_KEPT; i++) {
		struct cursor *k = &c->kept[i];
		if (k->sdl && same(&k->shape, shape))
			return k;
		if (k->used < oldest->used)
			oldest = k;
	}
	forget(oldest);
	oldest->sdl = make(shape);
	if (!oldest->sdl)
		return NULL;
	uint8_t *pixels = xmalloc(bytes_of(shape));
	memcpy(pixels, shape->pixels, bytes_of(shape));
	oldest->shape = *shape;
	oldest->shape.pixels = pixels;
	return oldest;
}

void
cursors_show(struct cursors *c, const struct rd_cursor *shape)
{
	if (!shape->width || !shape->height) {
		SDL_ShowCursor(SDL_DISABLE);
		return;
	}
	struct cursor *k = find(c, shape);
	if (!k) {
		cursors_default();
		return;
	}
	k->used = ++c->clock;
	SDL_SetCursor(k->sdl);
	SDL_ShowCursor(SDL_ENABLE);
}

void
cursors_default(void)
{
	SDL_SetCursor(SDL_GetDefaultCursor());
	SDL_ShowCursor(SDL_ENABLE);
}

void
cursors_finish(struct cursors *c)
{
	for (int i = 0; i < CURSORS_KEPT; i++)
		forget(&c->kept[i]);
}
