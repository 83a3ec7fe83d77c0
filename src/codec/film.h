#ifndef RD_CODEC_FILM_H
#define RD_CODEC_FILM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "media/codec.h"
#include "media/image.h"

/*
 * The part of the screen that goes as video: its rectangle, its encoder, and
 * the quantiser that keeps it under a ceiling.
 */
struct rd_film;

struct rd_film *rd_film_new(enum rd_codec codec, bool yuv444, int threads, int quantizer);
void rd_film_free(struct rd_film *f);
/* Ceiling, bits a second; 0: none. */
void rd_film_rate(struct rd_film *f, uint64_t bps);
/* Another quantiser than it began with; coarser ones under a ceiling start from it. */
void rd_film_quantizer(struct rd_film *f, int quantizer);
/* This changed since the last call, inside the rectangle or not. */
void rd_film_changed(struct rd_film *f, const pixman_region32_t *region);
/*
 * The rectangle to send now that `moving` moves: the one in use if it contains
 * that, else a larger one, so that a film does not begin anew (with a key
 * frame) at every frame; aligned to 16 pixels and within `picture`.
 */
struct rd_rect rd_film_frame(struct rd_film *f, struct rd_rect moving, struct rd_rect picture,
	uint64_t time_ns);
/*
 * Encodes rectangle r of the picture and gives its packet to `emit` as VIDEO
 * bodies. `key` asks for a key frame. A negative errno where the codec cannot
 * (too small, not in this build).
 */
int rd_film_put(struct rd_film *f, const struct rd_image *im, struct rd_rect r, uint64_t time_ns,
	bool key, void (*emit)(void *ctx, struct rd_buf *body), void *ctx);

#endif
