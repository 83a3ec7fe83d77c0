#ifndef RD_MEDIA_IVF_H
#define RD_MEDIA_IVF_H

#include <stddef.h>
#include <stdint.h>

/* The IVF container: a 32-byte header, then 12 bytes before every packet. */
#define RD_IVF_HEADER_SIZE 32
#define RD_IVF_FRAME_SIZE 12

void rd_ivf_header(uint8_t out[static RD_IVF_HEADER_SIZE], const char fourcc[static 4],
	int width, int height, unsigned fps_num, unsigned fps_den, uint32_t frames);
void rd_ivf_frame(uint8_t out[static RD_IVF_FRAME_SIZE], uint32_t size, uint64_t pts);

#endif
