#ifndef TESTS_CODEC_PICTURES_H
#define TESTS_CODEC_PICTURES_H

#include <math.h>
#include <stdint.h>

#include "codec/encoder.h"
#include "media/image.h"

/* What the tests of encoders and decoders share. */

static const enum rd_codec codecs[] = { RD_CODEC_VP8, RD_CODEC_VP9, RD_CODEC_AV1 };
#define CODECS 3

static inline struct rd_rect
whole(const struct rd_image *im)
{
	return (struct rd_rect){ 0, 0, im->width, im->height };
}

/* Peak signal to noise over B, G and R of a rectangle, dB. */
static inline double
psnr(const struct rd_image *a, const struct rd_image *b, struct rd_rect r)
{
	double sum = 0;

	for (int y = r.y; y < r.y + r.h; y++) {
		const uint8_t *p = rd_image_at(a, r.x, y), *q = rd_image_at(b, r.x, y);
		for (int x = 0; x < r.w; x++, p += 4, q += 4)
			for (int c = 0; c < 3; c++)
				sum += (p[c] - q[c]) * (p[c] - q[c]);
	}
	return sum ? 10 * log10(255.0 * 255.0 * 3 * r.w * r.h / sum) : 99;
}

/* Equal input, equal numbers: the tests may not depend on chance. */
static inline uint32_t
next_random(uint32_t *state)
{
	*state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
	return *state >> 8;
}

static inline void
noise(struct rd_image *im, uint32_t *state)
{
	for (int y = 0; y < im->height; y++)
		for (int x = 0; x < im->width; x++) {
			uint32_t v = next_random(state) & 0xffffff;
			rd_image_fill(im, (struct rd_rect){ x, y, 1, 1 }, v);
		}
}

#endif
