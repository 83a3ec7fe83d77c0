#ifndef RD_CODEC_ENCODER_H
#define RD_CODEC_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/yuv.h"
#include "media/codec.h"
#include "media/image.h"

/*
 * A video encoder: one picture in, one packet out, no delay. It is told the
 * quantiser; it keeps no rate of its own (research: constant quantiser beats
 * CBR on screens), so the caller holds any ceiling by quantiser and by
 * leaving frames out.
 */
struct rd_encoder_config {
	enum rd_codec codec;
	int width, height;	/* of the pictures given */
	bool yuv444;		/* else 4:2:0; VP8 has only that */
	int threads;		/* at most; 1, 2, … */
	int quantizer;		/* 0 best … 63; the codecs' own 0..63 scale */
	int speed;		/* 0: what suits a desktop; else the codec's own */
};

struct rd_packet {
	const uint8_t *data;	/* borrowed until the next call on the encoder */
	size_t len;
	bool key;
	uint64_t time_ns;	/* of its picture */
};

/*
 * Every encoder's own struct begins with this, which rd_encoder_* look after;
 * nobody else looks inside.
 */
struct rd_encoder {
	const struct rd_encoder_ops *ops;
	int width, height;	/* of the pictures given */
	struct rd_yuv yuv;	/* the last one, converted */
	bool started;		/* the codec has all of yuv as its reference */
};

/* The codecs of this build, in order of preference. */
struct rd_encoder_ops {
	const char *name;	/* "av1" */
	enum rd_codec codec;
	char fourcc[5];		/* IVF's: "AV01" */
	bool has_444;
	/* cfg is checked, and its size is the coded one: even. */
	int (*open)(struct rd_encoder **out, const struct rd_encoder_config *cfg);
	/* Encodes e->yuv; `changed` is NULL for all of it. */
	int (*encode)(struct rd_encoder *e, const pixman_region32_t *changed, bool key,
		struct rd_packet *out);
	int (*quantizer)(struct rd_encoder *e, int quantizer);
	void (*close)(struct rd_encoder *e);
};
extern const struct rd_encoder_ops rd_encoder_vp8, rd_encoder_vp9, rd_encoder_av1;

const struct rd_encoder_ops *rd_encoder_find(enum rd_codec codec);
const struct rd_encoder_ops *rd_encoder_named(const char *name);

/* Pictures have at least so many pixels each way. */
#define RD_ENCODER_MIN_SIZE 16
#define RD_QUANTIZER_MAX 63
/*
 * -ENOTSUP: not in this build, or 4:4:4 with VP8. -EINVAL: a size or number
 * out of bounds.
 */
int rd_encoder_open(struct rd_encoder **out, const struct rd_encoder_config *cfg);
/*
 * Encodes all of `im` (the configured size). `changed` (may be NULL: all) says
 * what differs from the last picture given: only that is converted, and where
 * the codec can, searched: the rest stays as it was last coded. `key`: a key
 * frame, as is the first. The packet is never empty. After a failure the next
 * picture is coded afresh, as a key frame.
 */
int rd_encoder_encode(struct rd_encoder *e, const struct rd_image *im,
	const pixman_region32_t *changed, bool key, uint64_t time_ns, struct rd_packet *out);
/* From the next picture on. */
int rd_encoder_quantizer(struct rd_encoder *e, int quantizer);
void rd_encoder_close(struct rd_encoder *e);

#endif
