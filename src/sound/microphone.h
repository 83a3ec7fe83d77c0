#ifndef RD_SOUND_MICROPHONE_H
#define RD_SOUND_MICROPHONE_H

#include <stdint.h>

#include "base/loop.h"
#include "media/sound.h"

/*
 * A microphone that is none: programs of this machine see a source of the name
 * RD_MICROPHONE_NAME, and hear what is given here. It is there as long as this is,
 * again after the sound server was started anew, and gone afterwards; one that a
 * killed program left behind goes when the next one opens or closes.
 */
#define RD_MICROPHONE_NAME "rd_microphone"

struct rd_microphone;

void rd_microphone_open(struct rd_microphone **out, struct rd_loop *loop, const char *program);
void rd_microphone_close(struct rd_microphone *m);
/* 10 ms of both channels. Too many at once: the oldest go. */
void rd_microphone_piece(struct rd_microphone *m, const int16_t pcm[static RD_SOUND_SAMPLES]);

#endif
