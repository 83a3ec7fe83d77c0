#include <string.h>

#include "media/ivf.h"

/*
 *	header	"DKIF" | version u16 = 0 | size u16 = 32 | fourcc | width u16 |
 *		height u16 | fps_num u32 | fps_den u32 | frames u32 | 0 u32
 *	frame	size u32 | pts u64
 *
 * Little endian; pts counts units of fps_den / fps_num seconds. As libvpx and
 * libaom write it (ivfenc.c there).
 */
static uint8_t *
put(uint8_t *p, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		*p++ = (uint8_t)(v >> (8 * i));
	return p;
}

void
rd_ivf_header(uint8_t out[static RD_IVF_HEADER_SIZE], const char fourcc[static 4],
	int width, int height, unsigned fps_num, unsigned fps_den, uint32_t frames)
{
	uint8_t *p = out;
	memcpy(p, "DKIF", 4);
	p = put(p + 4, 0, 2);
	p = put(p, RD_IVF_HEADER_SIZE, 2);
	memcpy(p, fourcc, 4);
	p = put(p + 4, (unsigned)width, 2);
	p = put(p, (unsigned)height, 2);
	p = put(p, fps_num, 4);
	p = put(p, fps_den, 4);
	p = put(p, frames, 4);
	put(p, 0, 4);
}

void
rd_ivf_frame(uint8_t out[static RD_IVF_FRAME_SIZE], uint32_t size, uint64_t pts)
{
	put(put(out, size, 4), pts, 8);
}
