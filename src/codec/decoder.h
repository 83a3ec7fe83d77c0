#ifndef RD_CODEC_DECODER_H
#define RD_CODEC_DECODER_H

#include <stddef.h>
#include <stdint.h>

#include "codec/peek.h"
#include "media/codec.h"
#include "media/image.h"

/*
 * A video decoder: one packet in, one picture out. What comes in is foreign.
 * Memory is bounded by the size of the pictures asked for, whatever the packets
 * claim.
 */
struct rd_decoder;

/* -ENOTSUP for a codec that is not in this build. */
int rd_decoder_open(struct rd_decoder **out, enum rd_codec codec);
/*
 * Decodes a packet and writes its picture as BGRX into `to` of `im`, which
 * contains it. The coded size must be to's, rounded up to even. -EPROTO for
 * a broken packet, a wrong size, a packet with no picture or several, or a
 * format other than 8 bit 4:2:0 or 4:4:4. `to` may be of another size than
 * before only with a key frame. After an error the decoder has forgotten
 * everything and takes only a key frame; `im` is then as it was.
 */
int rd_decoder_decode(struct rd_decoder *d, const uint8_t *data, size_t len,
	struct rd_image *im, struct rd_rect to);
void rd_decoder_close(struct rd_decoder *d);

/*
 * For the implementations. Every decoder's own struct begins with this, which
 * rd_decoder_* look after; nobody else looks inside.
 */
struct rd_decoder {
	const struct rd_decoder_ops *ops;
	int width, height;	/* coded; 0 while there is no state: see reset */
};

struct rd_decoder_ops {
	enum rd_codec codec;
	int (*open)(struct rd_decoder **out);
	/* What the packet says of itself: see codec/peek.h. */
	int (*peek)(struct rd_peek *p, const uint8_t *data, size_t len);
	/*
	 * The packet has passed peek, is of the decoder's coded size, and is a
	 * key frame if there is no state. 0, or a negative errno; reset follows.
	 */
	int (*decode)(struct rd_decoder *d, const uint8_t *data, size_t len,
		struct rd_image *im, struct rd_rect to);
	/* Forgets all state and frees its memory. */
	void (*reset)(struct rd_decoder *d);
	void (*close)(struct rd_decoder *d);
};
extern const struct rd_decoder_ops rd_decoder_vp8, rd_decoder_vp9, rd_decoder_av1;

#endif
