#ifndef RD_SOUND_MICROPHONE_H
#define RD_SOUND_MICROPHONE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/loop.h"
#include "media/sound.h"

/*
 * A microphone that is none: programs of this machine see a source of the name
 * RD_MICROPHONE_NAME, and hear what is given here. It is there again after the sound
 * server was started anew, and until rd_microphone_remove, which somebody else may do for
 * who was killed; of whom nobody did it for, it goes when the next one opens.
 */
#define RD_MICROPHONE_NAME "rd_microphone"

struct rd_microphone;

void rd_microphone_open(struct rd_microphone **out, struct rd_loop *loop, const char *program);
void rd_microphone_close(struct rd_microphone *m);
/*
 * The one that this process had, after its close. In a fork only if who forked had not talked
 * to a sound server before.
 */
void rd_microphone_remove(const char *program, pid_t owner);
/* 10 ms of both channels. Too many at once: the oldest go. */
void rd_microphone_piece(struct rd_microphone *m, const int16_t pcm[static RD_SOUND_SAMPLES]);

#endif
