#include "media/image.h"

/* v / 255, rounded, for v up to 255 * 255. */
static inline unsigned
div255(unsigned v)
{
	v += 128;
	return (v + (v >> 8)) >> 8;
}

static inline uint8_t
over(uint8_t below, uint8_t above, uint8_t alpha)
{
	const unsigned v = above + div255(below * (255u - alpha));
	/* more than 255 only where the sprite is not premultiplied after all */
	return v > 255 ? 255 : (uint8_t)v;
}

void
rd_image_blend(struct rd_image *im, int x, int y, const uint8_t *sprite, int w, int h)
{
	const struct rd_rect r = rd_rect_intersect((struct rd_rect){x, y, w, h},
		(struct rd_rect){0, 0, im->width, im->height});
	for (int row = r.y; row < r.y + r.h; row++) {
		uint8_t *d = rd_image_at(im, r.x, row);
		const uint8_t *s = sprite + ((size_t)(row - y) * (size_t)w + (size_t)(r.x - x)) * 4;
		for (int i = 0; i < r.w; i++, d += 4, s += 4) {
			for (int c = 0; c < 3; c++)
				d[c] = over(d[c], s[c], s[3]);
		}
	}
}
