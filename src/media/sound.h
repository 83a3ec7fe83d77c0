#ifndef RD_MEDIA_SOUND_H
#define RD_MEDIA_SOUND_H

#include <stdint.h>

/*
 * Sound is 48 kHz, signed 16 bit, in pieces of 10 ms: what Opus codes best,
 * and what every sound server mixes to. Two channels are left, right, left, …
 */
#define RD_SOUND_RATE 48000
#define RD_SOUND_PIECE 480	/* samples a channel in a piece */
#define RD_SOUND_PIECE_NS (UINT64_C(10) * 1000 * 1000)
#define RD_SOUND_CHANNELS 2	/* at most, and what is played */
/* Samples of a piece, all channels. */
#define RD_SOUND_SAMPLES (RD_SOUND_PIECE * RD_SOUND_CHANNELS)

#endif
