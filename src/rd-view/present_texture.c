#include <string.h>

#include "rd-view/present.h"

/* The picture as a texture, scaled and blended by the GPU. */

static int
texture_open(struct present *p)
{
	SDL_RendererInfo info;
	p->renderer = SDL_CreateRenderer(p->window, -1, SDL_RENDERER_ACCELERATED);
	if (!p->renderer)
		return -1;
	if (SDL_GetRendererInfo(p->renderer, &info) == 0 && strcmp(info.name, "software") != 0)
		return 0;
	SDL_DestroyRenderer(p->renderer);
	p->renderer = NULL;
	return SDL_SetError("SDL has only its software renderer");
}

static int
texture_fit(struct present *p)
{
	SDL_DestroyTexture(p->texture);
	p->texture = NULL;
	if (!p->im_width)
		return 0;
	p->texture = SDL_CreateTexture(p->renderer, SDL_PIXELFORMAT_RGB888,
		SDL_TEXTUREACCESS_STATIC, p->im_width, p->im_height);
	if (!p->texture)
		return -1;
	return SDL_SetTextureScaleMode(p->texture,
		present_is_multiple(p) ? SDL_ScaleModeNearest : SDL_ScaleModeLinear);
}

static void
texture_take(struct present *p, const struct rd_image *im, struct rd_rect r)
{
	SDL_Rect rect = {r.x, r.y, r.w, r.h};
	if (p->texture && im->width == p->im_width && im->height == p->im_height)
		SDL_UpdateTexture(p->texture, &rect, rd_image_at(im, r.x, r.y), (int)im->stride);
}

static void
texture_sprite(struct present *p, enum sprite_id id)
{
	const struct rd_image *im = &p->sprites[id].im;
	SDL_DestroyTexture(p->sprite_textures[id]);
	p->sprite_textures[id] = NULL;
	if (!im->data)
		return;
	SDL_Texture *t = SDL_CreateTexture(p->renderer, SDL_PIXELFORMAT_ARGB8888,
		SDL_TEXTUREACCESS_STATIC, im->width, im->height);
	if (!t)
		return;
	/* Premultiplied; where a renderer cannot blend so, edges are a little dark. */
	SDL_BlendMode over = SDL_ComposeCustomBlendMode(
		SDL_BLENDFACTOR_ONE, SDL_BLENDFACTOR_ONE_MINUS_SRC_ALPHA, SDL_BLENDOPERATION_ADD,
		SDL_BLENDFACTOR_ONE, SDL_BLENDFACTOR_ONE_MINUS_SRC_ALPHA, SDL_BLENDOPERATION_ADD);
	if (SDL_SetTextureBlendMode(t, over) != 0)
		SDL_SetTextureBlendMode(t, SDL_BLENDMODE_BLEND);
	SDL_UpdateTexture(t, NULL, im->data, (int)im->stride);
	p->sprite_textures[id] = t;
}

static void
texture_expose(struct present *p)
{
	SDL_Rect dest = {p->dest.x, p->dest.y, p->dest.w, p->dest.h};
	SDL_SetRenderDrawColor(p->renderer, 0, 0, 0, 255);
	SDL_RenderClear(p->renderer);
	if (p->texture) {
		uint8_t light = p->dim ? 96 : 255;
		SDL_SetTextureColorMod(p->texture, light, light, light);
		SDL_RenderCopy(p->renderer, p->texture, NULL, &dest);
	}
	for (int i = 0; i < SPRITES; i++) {
		struct rd_rect r = sprite_rect(&p->sprites[i]);
		if (p->sprite_textures[i] && !p->sprites[i].hidden)
			SDL_RenderCopy(p->renderer, p->sprite_textures[i], NULL,
				&(SDL_Rect){r.x, r.y, r.w, r.h});
	}
	SDL_RenderPresent(p->renderer);
}

/* A renderer's back buffer is undefined after it was presented: all is drawn, by the GPU. */
static void
texture_paint(struct present *p, const struct rd_image *im, pixman_region32_t *dirty)
{
	(void)im, (void)dirty;
	texture_expose(p);
}

static void
texture_close(struct present *p)
{
	/* Its textures go with it. */
	SDL_DestroyRenderer(p->renderer);
}

const struct present_ops present_texture = {
	.name = "texture",
	.open = texture_open,
	.fit = texture_fit,
	.take = texture_take,
	.sprite = texture_sprite,
	.paint = texture_paint,
	.expose = texture_expose,
	.close = texture_close,
};
