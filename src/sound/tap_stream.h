#ifndef RD_SOUND_TAP_STREAM_H
#define RD_SOUND_TAP_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include <pulse/stream.h>

#include "base/loop.h"
#include "media/sound.h"
#include "sound/regular.h"

/*
 * One stream of one source, as whole pieces with regular times. It is corked at
 * first. So a sink is told early how soon we want to hear what is played: one that
 * was not renders two seconds of it at once, and we would come too late for these.
 * Zeroed memory is a closed one.
 */
struct tap_stream_ops {
	void (*piece)(void *ctx, const int16_t *pcm, uint64_t at_ns, bool first);
	/* It was cut off; comes from the loop, once. */
	void (*ended)(void *ctx);
};

struct tap_stream {
	pa_stream *pulse;	/* NULL: closed */
	int channels;
	bool monitor;		/* it hears what a sink plays: as that is rendered, so at once */
	bool ready, runs;	/* uncorked, or to be once it is ready */
	const struct tap_stream_ops *ops;
	void *ctx;
	struct regular regular;
	unsigned unasked;	/* pieces since the server was asked how late it is */
	int16_t piece[RD_SOUND_SAMPLES];
	size_t have;		/* bytes of it */
	struct rd_timer ended;
};

void tap_stream_open(struct tap_stream *s, struct rd_loop *loop, pa_context *c, const char *source,
	bool monitor, int channels, const struct tap_stream_ops *ops, void *ctx);
void tap_stream_run(struct tap_stream *s, bool run);
void tap_stream_close(struct tap_stream *s);

#endif
