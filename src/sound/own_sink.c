#include <stdlib.h>

#include "base/mem.h"
#include "sound/modules.h"
#include "sound/own_sink.h"
#include "sound/server.h"

struct rd_own_sink {
	const char *program, *name;
	struct rd_sound_server *server;
};

static void
on_up(void *ctx)
{
	struct rd_own_sink *s = ctx;
	modules_sink(rd_sound_server_context(s->server), s->name);
}

static void
on_down(void *ctx)
{
	(void)ctx;
}

static const struct rd_sound_server_ops server_ops = {.up = on_up, .down = on_down};

void
rd_own_sink_open(struct rd_own_sink **out, struct rd_loop *loop, const char *program,
	const char *name)
{
	struct rd_own_sink *s = xcalloc(1, sizeof(*s));
	s->program = program;
	s->name = name;
	modules_unload(program, name);
	rd_sound_server_open(&s->server, loop, program, &server_ops, s);
	*out = s;
}

void
rd_own_sink_close(struct rd_own_sink *s)
{
	if (!s)
		return;
	rd_sound_server_close(s->server);
	modules_unload(s->program, s->name);
	free(s);
}
