#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sound/microphone.h"
#include "sound/modules.h"
#include "sound/play.h"
#include "sound/server.h"

/* Voice may wait a little, so that it has no holes where the way is not regular. */
#define AHEAD_MS 20
#define BEGIN_PIECES 4
/* More wait only where the two clocks differ: the oldest go. */
#define MOST_PIECES 12
/* After so many pieces in which nobody spoke the device may sleep. */
#define REST_PIECES 50

struct rd_microphone {
	struct rd_sound_server *server;
	char sink[MODULES_NAME_MAX];
	struct modules_voice voice;
	struct rd_play *play;
	int16_t pieces[MOST_PIECES][RD_SOUND_SAMPLES];
	unsigned first, count;
	bool playing, filling;	/* filling: until a few are there */
	unsigned missing;	/* pieces in a row that were wanted and not there */
};

static void
on_want(void *ctx, uint64_t heard_ns)
{
	static const int16_t silence[RD_SOUND_SAMPLES];
	struct rd_microphone *m = ctx;
	(void)heard_ns;
	if (m->filling || m->count == 0) {
		m->filling = true;
		if (++m->missing < REST_PIECES) {
			rd_play_piece(m->play, silence);
			return;
		}
		m->playing = false;
		rd_play_rest(m->play);
		return;
	}
	m->missing = 0;
	m->count--;
	rd_play_piece(m->play, m->pieces[m->first]);
	m->first = (m->first + 1) % MOST_PIECES;
}

static void
on_ready(void *ctx, bool there)
{
	struct rd_microphone *m = ctx;
	m->playing = false;
	m->count = 0;
	(void)there;
}

static const struct rd_play_ops play_ops = {.want = on_want, .ready = on_ready};

static void
on_up(void *ctx)
{
	struct rd_microphone *m = ctx;
	m->voice = (struct modules_voice){.sink = m->sink, .source = RD_MICROPHONE_NAME};
	modules_voice(&m->voice, rd_sound_server_context(m->server));
}

static void
on_down(void *ctx)
{
	(void)ctx;
}

static const struct rd_sound_server_ops server_ops = {.up = on_up, .down = on_down};

static void
sink_of(char sink[static MODULES_NAME_MAX], pid_t owner)
{
	snprintf(sink, MODULES_NAME_MAX, MODULES_VOICE "%ld", (long)owner);
}

void
rd_microphone_open(struct rd_microphone **out, struct rd_loop *loop, const char *program)
{
	struct rd_microphone *m = xcalloc(1, sizeof(*m));
	sink_of(m->sink, getpid());
	modules_unload(program, m->sink);
	rd_sound_server_open(&m->server, loop, program, &server_ops, m);
	rd_play_open(&m->play, loop, program, m->sink, AHEAD_MS, &play_ops, m);
	*out = m;
}

void
rd_microphone_close(struct rd_microphone *m)
{
	if (!m)
		return;
	rd_play_close(m->play);
	rd_sound_server_close(m->server);
	free(m);
}

void
rd_microphone_remove(const char *program, pid_t owner)
{
	char sink[MODULES_NAME_MAX];
	sink_of(sink, owner);
	modules_unload(program, sink);
}

void
rd_microphone_piece(struct rd_microphone *m, const int16_t pcm[static RD_SOUND_SAMPLES])
{
	if (m->count == MOST_PIECES) {
		m->first = (m->first + 1) % MOST_PIECES;
		m->count--;
	}
	memcpy(m->pieces[(m->first + m->count) % MOST_PIECES], pcm, sizeof(m->pieces[0]));
	m->count++;
	if (m->count >= BEGIN_PIECES)
		m->filling = false;
	if (m->playing)
		return;
	m->playing = m->filling = true;
	m->missing = 0;
	rd_play_start(m->play);
}
