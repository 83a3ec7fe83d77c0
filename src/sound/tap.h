#ifndef RD_SOUND_TAP_H
#define RD_SOUND_TAP_H

#include <stdbool.h>
#include <stdint.h>

#include "media/sound.h"
#include "sound/server.h"

/*
 * What a device plays, or a microphone hears, in pieces of 10 ms. Of what is
 * played there are pieces only while something plays: a desktop that is still
 * wakes nobody. Devices that go and come back, another default one and another
 * sound server are followed.
 */
struct rd_tap;

enum rd_tap_kind {
	RD_TAP_DESKTOP,	/* what is played: a sink by name, or a source; else the default sink */
	RD_TAP_MICROPHONE, /* a source by name; else the default one */
};

struct rd_tap_ops {
	/*
	 * Samples of `channels` channels, and when the first of them sounded, by
	 * CLOCK_MONOTONIC: regular times, whatever the server's were. `first`:
	 * they do not follow on those before.
	 */
	void (*piece)(void *ctx, const int16_t *pcm, uint64_t at_ns, bool first);
	/* Nothing plays any more: no pieces follow until something does. */
	void (*quiet)(void *ctx);
};

/* `device` NULL: the default one; borrowed. It waits for rd_tap_want. */
void rd_tap_open(struct rd_tap **out, struct rd_loop *loop, const char *program,
	enum rd_tap_kind kind, const char *device, int channels, const struct rd_tap_ops *ops,
	void *ctx);
void rd_tap_close(struct rd_tap *t);
/*
 * Whether pieces are wanted. While they are not, no sound server is talked to, from a second
 * later on: who changes its mind, however often, opens and closes nothing there.
 */
void rd_tap_want(struct rd_tap *t, bool on);

#endif
