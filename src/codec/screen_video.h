#ifndef RD_CODEC_SCREEN_VIDEO_H
#define RD_CODEC_SCREEN_VIDEO_H

#include <stdbool.h>

#include "codec/decoder.h"
#include "media/image.h"
#include "wire/msg_picture.h"

/*
 * For screen.c: a stream's video decoders, and the packet that is being put
 * together for each. Zeroed memory has none open.
 */
struct screen_video {
	struct screen_decoder {
		struct rd_decoder *decoder;
		enum rd_codec codec;
		int width, height;
		struct rd_rect rect;
		struct rd_buf packet;
		bool open;	/* FIRST has come and LAST has not */
	} v[RD_VIDEO_DECODERS];
};

void screen_video_close(struct screen_video *s);
/*
 * A sync point: packets not whole are forgotten. Decoders stay: a sync frame's
 * first packet is a key frame, which is all they need.
 */
void screen_video_sync(struct screen_video *s);
/* Whether no packet is in the middle. */
bool screen_video_whole(const struct screen_video *s);
/*
 * A piece of a packet for a rectangle of the image. 1: the packet was whole and
 * is painted there; 0: more is to come; -EPROTO, -ENOTSUP or -ENOMEM.
 */
int screen_video_take(struct screen_video *s, const struct rd_video *u, struct rd_image *im);

#endif
