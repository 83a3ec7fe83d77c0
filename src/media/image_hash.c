#include <libyuv/convert_from_argb.h>

/* compiled in, so that the state can live on the stack */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "media/image.h"

#define CHUNK_PX 2048

void
rd_image_hash(const struct rd_image *im, uint8_t hash[static 16])
{
	uint8_t packed[CHUNK_PX * 3];
	XXH3_state_t state;
	XXH3_128bits_reset(&state);
	for (int y = 0; y < im->height; y++) {
		for (int x = 0; x < im->width; x += CHUNK_PX) {
			const int n = im->width - x < CHUNK_PX ? im->width - x : CHUNK_PX;
			ARGBToRGB24(rd_image_at(im, x, y), 0, packed, 0, n, 1);
			XXH3_128bits_update(&state, packed, (size_t)n * 3);
		}
	}
	/* big endian, as xxhsum -H2 prints it */
	XXH128_canonical_t canonical;
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state));
	memcpy(hash, canonical.digest, sizeof(canonical.digest));
}
