#ifndef RD_CODEC_PEEK_H
#define RD_CODEC_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a foreign packet says of itself, read before any decoder sees it. The
 * decoders take much that rd-stream(5) has no room for, and some of it costs
 * without limit: several frames in a packet, frames of other sizes than the
 * stream's, layers. A packet that passes holds one frame, to be shown, and
 * what it says of its size is here.
 */
struct rd_peek {
	bool key;		/* stands alone; AV1: may stand alone */
	int width, height;	/* coded; 0: those of the frames it refers to */
};

/* All return 0, or -EPROTO for what is not one shown frame of 8 bit 4:2:0 or 4:4:4. */
int rd_peek_vp8(struct rd_peek *p, const uint8_t *data, size_t len);
int rd_peek_vp9(struct rd_peek *p, const uint8_t *data, size_t len);
int rd_peek_av1(struct rd_peek *p, const uint8_t *data, size_t len);

#endif
