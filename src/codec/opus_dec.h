#ifndef RD_CODEC_OPUS_DEC_H
#define RD_CODEC_OPUS_DEC_H

#include <stddef.h>
#include <stdint.h>

#include "media/sound.h"

/* Packets of Opus, and what stands for lost ones, as pieces of two channels. */
struct rd_opus_dec;

/* 0 or -ENOMEM. */
int rd_opus_dec_open(struct rd_opus_dec **out);
void rd_opus_dec_close(struct rd_opus_dec *d);
/* 0; or -EPROTO for what is no packet of 10 ms: then nothing has changed. */
int rd_opus_dec(struct rd_opus_dec *d, const uint8_t *data, size_t len,
	int16_t out[static RD_SOUND_SAMPLES]);
/*
 * A piece that was lost: from what the packet after it says of it, where that is
 * there and does; else something that sounds like what was before.
 */
void rd_opus_dec_lost(struct rd_opus_dec *d, const uint8_t *next, size_t len,
	int16_t out[static RD_SOUND_SAMPLES]);

#endif
