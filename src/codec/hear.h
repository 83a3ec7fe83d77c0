#ifndef RD_CODEC_HEAR_H
#define RD_CODEC_HEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/jitter.h"

/*
 * Messages of sound in, a steady row of pieces out: the jitter buffer, decoding,
 * what stands for lost pieces, and playing a little faster or slower. Pure.
 */
struct rd_hear;

/* NULL: out of memory. */
struct rd_hear *rd_hear_new(void);
void rd_hear_free(struct rd_hear *h);
/* A message of class SOUND has come. 0, or -EPROTO. */
int rd_hear_put(struct rd_hear *h, const struct rd_msg *m, uint64_t now_ns);
/*
 * The next 10 ms, which will be heard heard_ns from now. False: nothing sounds
 * until more comes, and the device may rest; the piece is silence then.
 */
bool rd_hear_take(struct rd_hear *h, uint64_t now_ns, uint64_t heard_ns,
	int16_t out[static RD_SOUND_SAMPLES]);
/* For pictures and pace, and to be asked. */
struct rd_jitter *rd_hear_jitter(struct rd_hear *h);
/* Which part of the pieces since the last call was lost, in percent. */
int rd_hear_lost(struct rd_hear *h);

#endif
