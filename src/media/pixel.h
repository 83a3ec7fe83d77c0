#ifndef RD_MEDIA_PIXEL_H
#define RD_MEDIA_PIXEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "media/image.h"

/* One pixel of a picture, its channels from the lowest byte: blue, green, red. */

static inline uint32_t
rd_pixel(const struct rd_image *im, int x, int y)
{
	uint32_t p;
	memcpy(&p, rd_image_at(im, x, y), sizeof(p));
	return p;
}

/* Of its three channels. */
static inline int
rd_pixel_sum(uint32_t p)
{
	return (int)((p & 0xff) + (p >> 8 & 0xff) + (p >> 16 & 0xff));
}

/* Whether a channel of one is farther than that from the other's. */
static inline bool
rd_pixel_differs(uint32_t a, uint32_t b, int tolerance)
{
	if (tolerance == 0)
		return ((a ^ b) & 0xffffff) != 0;
	for (int shift = 0; shift < 24; shift += 8) {
		int d = (int)(a >> shift & 0xff) - (int)(b >> shift & 0xff);
		if (abs(d) > tolerance)
			return true;
	}
	return false;
}

#endif
