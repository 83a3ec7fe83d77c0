#ifndef RD_SOUND_SERVER_H
#define RD_SOUND_SERVER_H

#include <stdbool.h>

#include <pulse/context.h>

#include "base/loop.h"

/*
 * The connection to the sound server of this machine: PulseAudio, or PipeWire,
 * which speaks its protocol. It is looked for again when it has gone, and costs
 * nothing meanwhile: a new one shows by its socket. Never started by us.
 */
struct rd_sound_server;

struct rd_sound_server_ops {
	/* It is there: everything has to be set up (anew). */
	void (*up)(void *ctx);
	/* It has gone, and all streams with it. */
	void (*down)(void *ctx);
	/* A device, the default one, or what plays has changed. May be NULL. */
	void (*changed)(void *ctx);
};

/*
 * `program` is what mixers show. Nothing is called before the loop runs. `up`
 * comes once for every time that it is found.
 */
int rd_sound_server_open(struct rd_sound_server **out, struct rd_loop *loop, const char *program,
	const struct rd_sound_server_ops *ops, void *ctx);
void rd_sound_server_close(struct rd_sound_server *s);
/* NULL while it is not there. */
pa_context *rd_sound_server_context(const struct rd_sound_server *s);
struct rd_loop *rd_sound_server_loop(const struct rd_sound_server *s);
/* Whether this machine seems to have one: without asking it. */
bool rd_sound_server_likely(void);

#endif
