#ifndef RD_SOUND_GATE_H
#define RD_SOUND_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "media/sound.h"
#include "wire/msg_sound.h"

/*
 * Which pieces are sent: from the first that sounds to a little after the last;
 * silence in between costs nothing. Numbers them as well. Pure; zeroed memory is a
 * gate before the first piece, for which silence is digital, zeros.
 */
#define RD_GATE_HANG 30		/* silent pieces that are still sent: 300 ms */

/* A quiet room, by a microphone's converter: -48 dB of full scale. */
#define RD_GATE_FLOOR_VOICE 128

struct rd_gate {
	int16_t floor;		/* what is no louder is silence */
	bool open;
	unsigned silent;	/* pieces in a row */
	uint32_t number;	/* of the piece passed last */
};

/* Whether that piece passes; then *m has number, flags and channels, not its bytes. */
bool rd_gate_piece(struct rd_gate *g, const int16_t *pcm, int channels, struct rd_sound_msg *m);
/*
 * No pieces follow: whether something that rests has to be said. Then *m wants the bytes of
 * silence.
 */
bool rd_gate_close(struct rd_gate *g, int channels, struct rd_sound_msg *m);

#endif
