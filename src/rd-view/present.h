#ifndef RD_VIEW_PRESENT_H
#define RD_VIEW_PRESENT_H

#include <stdbool.h>

#include <SDL.h>

#include "media/image.h"
#include "rd-view/options.h"
#include "rd-view/sprite.h"

/*
 * The picture in its window: scaled to fit with its aspect kept (a whole number of
 * times: sharp, else interpolated), black beside it, sprites above it; only what
 * changed is painted. Two ways of painting:
 *
 *	surface	pixels in memory that go to the window system in rectangles;
 *		without a GPU by far the cheapest
 *	texture	a renderer of SDL's, where one is accelerated
 */
enum sprite_id { SPRITE_POINTER, SPRITE_STATS, SPRITE_NOTICE, SPRITE_END, SPRITES };

struct present;

struct present_ops {
	const char *name;
	int (*open)(struct present *p);
	/* The picture or the window has a new size: all of it will be painted. 0 or -1. */
	int (*fit)(struct present *p);
	/* That part of the picture has changed. NULL: paint reads the picture itself. */
	void (*take)(struct present *p, const struct rd_image *im, struct rd_rect r);
	/* A sprite is another one now. */
	void (*sprite)(struct present *p, enum sprite_id id);
	/* Makes the window's pixels inside `dirty` right and shows them. */
	void (*paint)(struct present *p, const struct rd_image *im, pixman_region32_t *dirty);
	/* Shows again what was painted. */
	void (*expose)(struct present *p);
	void (*close)(struct present *p);
};

extern const struct present_ops present_surface, present_texture;

/* Zeroed memory is a closed one. */
struct present {
	const struct present_ops *ops;
	SDL_Window *window;
	int width, height;		/* of the window, pixels */
	int im_width, im_height;	/* of the picture */
	struct rd_rect dest;		/* where in the window the picture is */
	bool dim;			/* to 3/8 */
	struct sprite sprites[SPRITES];
	pixman_region32_t dirty;	/* window pixels that are wrong */
	/* the surface way */
	struct rd_image shadow;		/* where the window's pixels are not BGRX */
	/* the texture way */
	SDL_Renderer *renderer;
	SDL_Texture *texture;
	SDL_Texture *sprite_textures[SPRITES];
};

/* 0, or -1 with SDL's error set. Close it in both cases. */
int present_open(struct present *p, SDL_Window *window, enum render how);
void present_close(struct present *p);
/*
 * Takes the window's size and the picture's; everything is painted again at
 * the next flush.
 */
void present_fit(struct present *p, const struct rd_image *im);
/* Whether the window or the picture has another size than at the last fit. */
bool present_is_stale(const struct present *p, const struct rd_image *im);
/* That part of the picture has changed. */
void present_damage(struct present *p, const struct rd_image *im, const pixman_region32_t *region);
/* Puts a sprite over the picture, in place of the one with that name; takes it. */
void present_sprite(struct present *p, enum sprite_id id, struct sprite s);
void present_move(struct present *p, enum sprite_id id, int x, int y);
void present_hide(struct present *p, enum sprite_id id, bool hidden);
/* Darkens the picture, for a box that is to be read. */
void present_dim(struct present *p);
/* Paints and shows what is wrong. False: nothing was. */
bool present_flush(struct present *p, const struct rd_image *im);
void present_expose(struct present *p);
/* Whether picture pixels are squares of window pixels, of which one may be all there is. */
bool present_is_multiple(const struct present *p);
/* From window to picture pixels, and whether it is on the picture at all. */
bool present_to_picture(const struct present *p, int *x, int *y);
/* The reverse. */
void present_to_window(const struct present *p, int *x, int *y);

#endif
