#ifndef RD_MEDIA_Y4M_H
#define RD_MEDIA_Y4M_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/image.h"

/*
 * YUV4MPEG2, as mjpegtools' yuv4mpeg(5) describes it: what ffmpeg and others
 * read and write. Colours are BT.601, as libyuv converts. A file is one header
 * line, then for every frame a line that begins with FRAME, and its planes.
 */
enum rd_chroma { RD_CHROMA_420, RD_CHROMA_444 };

struct rd_y4m_header {
	int width, height;
	unsigned fps_num, fps_den;
	enum rd_chroma chroma;
	bool full_range;	/* read: luma 0 to 255 (XCOLORRANGE=FULL); never written */
};

/* No line of a file is longer than this, its newline included; ffmpeg says the same. */
#define RD_Y4M_LINE_MAX 1024

/*
 * Parses the first line, without its newline. 0, -EPROTO for what is not Y4M
 * or out of bounds, -ENOTSUP for a chroma we do not read (C420*, C444 only).
 * A rate that is absent or unknown (0:0) becomes 25:1.
 */
int rd_y4m_parse(struct rd_y4m_header *h, const char *line, size_t len);
/* The line before a frame, without its newline. 0 or -EPROTO. */
int rd_y4m_parse_frame(const char *line, size_t len);
/* Bytes of the planes of one frame, without its FRAME line. */
size_t rd_y4m_frame_size(const struct rd_y4m_header *h);
/* Planes to BGRX. `im` has the header's size. */
void rd_y4m_to_image(const struct rd_y4m_header *h, const uint8_t *planes, struct rd_image *im);
/* BGRX to planes. */
void rd_y4m_from_image(const struct rd_y4m_header *h, const struct rd_image *im, uint8_t *planes);
/* The header line with its newline; returns its length, < cap. */
size_t rd_y4m_format(const struct rd_y4m_header *h, char *line, size_t cap);

#endif
