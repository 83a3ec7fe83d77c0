#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pulse/introspect.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "sound/microphone.h"
#include "sound/microphone_modules.h"
#include "sound/server.h"

#define PREFIX "rd_voice_"
/* A server that does not answer by then keeps them; the next of us will see. */
#define PATIENCE_NS RD_NS_PER_S

void
microphone_sink(char name[static MICROPHONE_SINK_MAX], long pid)
{
	snprintf(name, MICROPHONE_SINK_MAX, PREFIX "%ld", pid);
}

static void
follow(pa_operation *o)
{
	if (o)
		pa_operation_unref(o);
}

static void
on_loaded(pa_context *c, uint32_t index, void *what)
{
	(void)c;
	if (index == PA_INVALID_INDEX)
		rd_warn("no microphone: the sound server has no %s", (const char *)what);
}

/*
 * A sink that leads nowhere, and a source that hears it: PulseAudio and PipeWire have
 * both modules, and programs that offer no monitors offer this one.
 */
void
microphone_load(pa_context *c)
{
	static char sink_module[] = "module-null-sink", source_module[] = "module-remap-source";
	char sink[MICROPHONE_SINK_MAX];
	microphone_sink(sink, (long)getpid());
	char *args = xasprintf("sink_name=%s rate=%d sink_properties=device.description=%s", sink,
		RD_SOUND_RATE, sink);
	follow(pa_context_load_module(c, sink_module, args, on_loaded, sink_module));
	free(args);
	args = xasprintf("master=%s.monitor source_name=" RD_MICROPHONE_NAME
		" source_properties=device.description=remote_microphone", sink);
	follow(pa_context_load_module(c, source_module, args, on_loaded, source_module));
	free(args);
}

struct unloading {
	struct rd_loop *loop;
	struct rd_sound_server *server;
	struct rd_timer patience;
	unsigned open;		/* questions */
};

static void
answered(struct unloading *u)
{
	if (--u->open == 0)
		rd_loop_stop(u->loop, 0);
}

static void
on_unloaded(pa_context *c, int success, void *ctx)
{
	(void)c, (void)success;
	answered(ctx);
}

/* Whose sink those arguments name: ours, or of a process that is no more. */
static bool
is_over(const char *args)
{
	const char *at = args ? strstr(args, PREFIX) : NULL;
	long pid = at ? strtol(at + strlen(PREFIX), NULL, 10) : 0;
	return pid > 0 && (pid == (long)getpid() || (kill((pid_t)pid, 0) < 0 && errno == ESRCH));
}

static void
on_module(pa_context *c, const pa_module_info *i, int end, void *ctx)
{
	struct unloading *u = ctx;
	if (end) {
		answered(u);
		return;
	}
	if (!is_over(i->argument))
		return;
	u->open++;
	follow(pa_context_unload_module(c, i->index, on_unloaded, u));
}

static void
on_up(void *ctx)
{
	struct unloading *u = ctx;
	u->open = 1;
	follow(pa_context_get_module_info_list(rd_sound_server_context(u->server), on_module, u));
}

static void
on_over(void *ctx)
{
	struct unloading *u = ctx;
	rd_loop_stop(u->loop, 0);
}

void
microphone_unload(const char *program)
{
	static const struct rd_sound_server_ops ops = {.up = on_up, .down = on_over};
	struct unloading u = {0};
	if (!rd_sound_server_likely())
		return;
	u.loop = rd_loop_new();
	rd_sound_server_open(&u.server, u.loop, program, &ops, &u);
	rd_timer_open(&u.patience, u.loop, on_over, &u);
	rd_timer_set(&u.patience, PATIENCE_NS);
	rd_loop_run(u.loop);
	rd_timer_close(&u.patience);
	rd_sound_server_close(u.server);
	rd_loop_free(u.loop);
}
