#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <pulse/introspect.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "media/sound.h"
#include "sound/modules.h"
#include "sound/server.h"

/* A server that does not answer by then keeps them; the next of us will see. */
#define PATIENCE_NS RD_NS_PER_S

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
		rd_warn("the sound server has no %s", (const char *)what);
}

/*
 * Where process ids mean what they mean to us: a server may be shared with containers.
 * 0: not known.
 */
static uint64_t
pid_namespace(void)
{
	struct stat st;
	return stat("/proc/self/ns/pid", &st) == 0 ? st.st_ino : 0;
}

#define NAMESPACE_KEY "rd.pid_namespace="

void
modules_sink(pa_context *c, const char *name)
{
	static char module[] = "module-null-sink";
	char *args = xasprintf("sink_name=%s rate=%d sink_properties='device.description=%s "
		NAMESPACE_KEY "%" PRIu64 "'", name, RD_SOUND_RATE, name, pid_namespace());
	follow(pa_context_load_module(c, module, args, on_loaded, module));
	free(args);
}

/* PulseAudio and PipeWire have both; programs that offer no monitors offer this one. */
static void
load_source(pa_context *c, const char *sink, const char *name)
{
	static char module[] = "module-remap-source";
	char *args = xasprintf("master=%s.monitor source_name=%s source_properties='device.description=%s "
		NAMESPACE_KEY "%" PRIu64 "'", sink, name, name, pid_namespace());
	follow(pa_context_load_module(c, module, args, on_loaded, module));
	free(args);
}

/* Of the process that a sink of ours is for: "_4711"; NULL: it is none. */
static const char *
owner_of(const char *sink)
{
	return strrchr(sink, '_');
}

/* None that leads nowhere: PulseAudio's takes itself away as soon as there is another. */
static bool
is_device(const char *name)
{
	static const char *const none[] = {"auto_null", MODULES_VOICE, MODULES_RUN};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (strncmp(name, none[i], strlen(none[i])) == 0)
			return false;
	return true;
}

static void
on_sink(pa_context *c, const pa_sink_info *i, int end, void *ctx)
{
	struct modules_voice *v = ctx;
	char desktop[2 * MODULES_NAME_MAX];
	if (!end) {
		v->others |= is_device(i->name);
		return;
	}
	/* The server does one thing after the other. */
	snprintf(desktop, sizeof(desktop), MODULES_DESKTOP "%s", owner_of(v->sink) + 1);
	if (end > 0 && !v->others)
		modules_sink(c, desktop);
	modules_sink(c, v->sink);
	load_source(c, v->sink, v->source);
}

void
modules_voice(struct modules_voice *v, pa_context *c)
{
	v->others = false;
	follow(pa_context_get_sink_info_list(c, on_sink, v));
}

struct unloading {
	const char *sink;
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

/* The sink those arguments are about: its name's length, 0 for none. */
static size_t
sink_in(const char *args, const char **name)
{
	static const char *const keys[] = {"sink_name=", "master="};
	for (int i = 0; i < 2; i++) {
		const char *at = args ? strstr(args, keys[i]) : NULL;
		if (!at)
			continue;
		*name = at + strlen(keys[i]);
		return strcspn(*name, " .");
	}
	return 0;
}

/* Of who can be asked whether he still is: not of one in a container, or outside ours. */
static bool
is_known(const char *args)
{
	const char *at = args ? strstr(args, NAMESPACE_KEY) : NULL;
	return at && strtoull(at + strlen(NAMESPACE_KEY), NULL, 10) == pid_namespace();
}

/* Whether that is the sink in question, or of a process that is no more. */
static bool
is_over(const char *args, const char *sink)
{
	static const char *const prefixes[] = {MODULES_VOICE, MODULES_RUN, MODULES_DESKTOP};
	const size_t count = sizeof(prefixes) / sizeof(prefixes[0]);
	const char *name = "";
	size_t n = sink_in(args, &name);
	if (!is_known(args))
		return false;
	if (n == strlen(sink) && strncmp(name, sink, n) == 0)
		return true;
	for (size_t i = 0; i < count; i++) {
		size_t head = strlen(prefixes[i]);
		long pid = n > head && strncmp(name, prefixes[i], head) == 0 ? strtol(name + head, NULL, 10) : 0;
		bool desktop = strcmp(prefixes[i], MODULES_DESKTOP) == 0;
		bool mine = desktop && pid > 0 && pid == strtol(owner_of(sink) + 1, NULL, 10);
		if (mine || (pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH))
			return true;
	}
	return false;
}

static void
on_module(pa_context *c, const pa_module_info *i, int end, void *ctx)
{
	struct unloading *u = ctx;
	if (end) {
		answered(u);
		return;
	}
	if (!is_over(i->argument, u->sink))
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
modules_unload(const char *program, const char *sink)
{
	static const struct rd_sound_server_ops ops = {.up = on_up, .down = on_over};
	struct unloading u = {.sink = sink};
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
