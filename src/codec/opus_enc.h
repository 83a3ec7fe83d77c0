#ifndef RD_CODEC_OPUS_ENC_H
#define RD_CODEC_OPUS_ENC_H

#include <stdint.h>

#include "media/sound.h"
#include "wire/msg_sound.h"

/* Pieces of sound as packets of Opus (RFC 6716), by libopus: 10 ms each, with in-band FEC. */
struct rd_opus_enc;

#define RD_OPUS_BPS 96000	/* transparent for most music, RFC 6716 2.1.1 */
#define RD_OPUS_BPS_VOICE 32000	/* a microphone's */
#define RD_OPUS_BPS_MIN 8000
#define RD_OPUS_BPS_MAX 320000

/* 0, -ENOMEM, or -EINVAL. */
int rd_opus_enc_open(struct rd_opus_enc **out, int channels, uint32_t bps);
void rd_opus_enc_close(struct rd_opus_enc *e);
/* Which part will not arrive, in percent: the more, the more a packet stands for itself. */
void rd_opus_enc_loss(struct rd_opus_enc *e, int percent);
/* RD_SOUND_PIECE samples of each channel. The packet's length, or a negative errno. */
int rd_opus_enc(struct rd_opus_enc *e, const int16_t *pcm, uint8_t out[static RD_OPUS_MAX]);
/* By so much what a packet decodes to is earlier than what it was made of. */
uint64_t rd_opus_enc_ahead_ns(const struct rd_opus_enc *e);

#endif
