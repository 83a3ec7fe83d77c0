#ifndef RD_WIRE_MSG_PICTURE_H
#define RD_WIRE_MSG_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "media/codec.h"
#include "media/rect.h"

/*
 * A frame is BEGIN, updates, SHOW; updates are applied in the order they come
 * and shown together. Rectangles on the wire are {u16 x, y, w, h}, non-empty
 * and within the picture; the parsers check that they are not empty, and
 * whoever applies them that they are within.
 */

enum { RD_BEGIN_SYNC = 1 << 0 };	/* self-contained: start here */

/* {u32 number, u32 base, u16 width, u16 height, u16 flags} */
struct rd_begin {
	uint32_t number;	/* 1, 2, 3 … on this stream */
	uint32_t base;		/* the frame this one changes; 0 with SYNC */
	uint16_t width, height;	/* of the picture; changes only with SYNC */
	uint16_t flags;
};
void rd_begin_pack(struct rd_buf *b, const struct rd_begin *m);
int rd_begin_parse(struct rd_begin *m, const uint8_t *data, size_t len);

/* {rect}, then w*h*4 bytes BGRX. */
#define RD_RAW_HEADER_SIZE 8
struct rd_raw {
	struct rd_rect rect;
	const uint8_t *pixels;
};
void rd_raw_pack_header(uint8_t out[static RD_RAW_HEADER_SIZE], struct rd_rect r);
int rd_raw_parse(struct rd_raw *m, const uint8_t *data, size_t len);

/*
 * Up to RD_COPY_MAX times {u16 sx, sy, dx, dy, w, h}: w*h pixels at (sx, sy)
 * move to (dx, dy). Each reads the picture as those before it left it;
 * within one, as memmove. The copies of one frame together move at most
 * RD_COPY_PICTURES times as many pixels as the picture has.
 */
#define RD_COPY_MAX 4096
#define RD_COPY_PICTURES 8
struct rd_copy { struct rd_rect from; int to_x, to_y; };
void rd_copy_pack(struct rd_buf *b, const struct rd_copy *c, int n);
/* How many are in a body, or -EPROTO; then one at a time. */
int rd_copy_count(const uint8_t *data, size_t len);
int rd_copy_parse(struct rd_copy *c, const uint8_t *data, size_t len, int i);

/*
 * {u8 method, u8 strip, u16 count}, count rectangles, compressed bytes.
 * Uncompressed they are at most RD_EXACT_MAX_BYTES and describe the pixels of
 * the rectangles one after another.
 *
 * RD_EXACT_RASTER	rows from the top, 3 bytes BGR a pixel; strip is 1
 * RD_EXACT_COLUMNS	each rectangle is cut into strips of `strip` rows from its
 *	top (the last may have fewer), each strip into columns from the left, and
 *	each column is a number in a book of columns (see codec/exact.h)
 * RD_EXACT_PREDICT	as RASTER, each pixel as its difference from a prediction
 *
 * Each method's bytes are one zstd stream from sync point to sync point,
 * flushed at every message.
 */
enum rd_exact_method {
	RD_EXACT_RASTER = 0,
	RD_EXACT_COLUMNS = 1,
	RD_EXACT_PREDICT = 2,
	RD_EXACT_METHODS,
};
#define RD_EXACT_MAX_BYTES (60 << 10)	/* uncompressed, of one message */
#define RD_EXACT_MAX_RECTS 1024
#define RD_EXACT_MAX_STRIP 64
struct rd_exact {
	enum rd_exact_method method;
	int strip;		/* rows, 1 to RD_EXACT_MAX_STRIP */
	int count;
	const uint8_t *rects;	/* use rd_exact_rect */
	const uint8_t *data;
	size_t len;
	int64_t pixels;		/* of all rectangles together */
};
void rd_exact_pack(struct rd_buf *b, enum rd_exact_method method, int strip,
	const struct rd_rect *rects, int n, const uint8_t *data, size_t len);
int rd_exact_parse(struct rd_exact *m, const uint8_t *data, size_t len);
struct rd_rect rd_exact_rect(const struct rd_exact *m, int i);

/*
 * {rect, u8 codec, u8 decoder, u8 flags, u8 0}, bytes of a packet. A packet
 * longer than a message is cut: FIRST and LAST mark its ends. `decoder` names
 * one of RD_VIDEO_DECODERS decoders; its references are its own. The coded
 * size is the rectangle's, rounded up to even; colours are BT.601, limited.
 * The rectangles of all decoders in use together have at most RD_VIDEO_PICTURES
 * times the pixels of the picture; a picture of another size ends them all.
 */
enum { RD_VIDEO_FIRST = 1 << 0, RD_VIDEO_LAST = 1 << 1, RD_VIDEO_KEY = 1 << 2 };
#define RD_VIDEO_HEADER_SIZE 12
#define RD_VIDEO_DECODERS 8
#define RD_VIDEO_PICTURES 2
#define RD_VIDEO_MAX_PACKET ((size_t)16 << 20)
struct rd_video {
	struct rd_rect rect;
	enum rd_codec codec;
	uint8_t decoder;
	uint8_t flags;
	const uint8_t *data;
	size_t len;
};
void rd_video_pack(struct rd_buf *b, const struct rd_video *m);
/* 0, -EPROTO, or -ENOTSUP for a codec we have never heard of. */
int rd_video_parse(struct rd_video *m, const uint8_t *data, size_t len);

/* {u8 flags} */
enum { RD_SHOW_EXACT = 1 << 0 };	/* every pixel is now the source's */
void rd_show_pack(struct rd_buf *b, uint8_t flags);
int rd_show_parse(uint8_t *flags, const uint8_t *data, size_t len);

#endif
