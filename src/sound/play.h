#ifndef RD_SOUND_PLAY_H
#define RD_SOUND_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "media/sound.h"
#include "sound/server.h"

/*
 * Pieces of 10 ms to a device, which says when it wants the next. While nothing
 * is played the device may sleep. Devices that go and come back, another default
 * one and another sound server are followed.
 */
struct rd_play;

struct rd_play_ops {
	/*
	 * The device wants the next piece: give it with rd_play_piece, now or as soon
	 * as can be. It will be heard heard_ns from now.
	 */
	void (*want)(void *ctx, uint64_t heard_ns);
	/* There is something to play to, or nothing any more. */
	void (*ready)(void *ctx, bool there);
};

/* `sink` NULL: the default one; borrowed. `ahead_ms`: so much the device keeps, at least 10. */
void rd_play_open(struct rd_play **out, struct rd_loop *loop, const char *program,
	const char *sink, unsigned ahead_ms, const struct rd_play_ops *ops, void *ctx);
void rd_play_close(struct rd_play *p);
/* From now on pieces are wanted. */
void rd_play_start(struct rd_play *p);
void rd_play_piece(struct rd_play *p, const int16_t pcm[static RD_SOUND_SAMPLES]);
/* No more pieces: what was given is played, then the device may sleep. */
void rd_play_rest(struct rd_play *p);

#endif
