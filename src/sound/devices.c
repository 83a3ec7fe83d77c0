#include <stdlib.h>
#include <string.h>

#include <pulse/introspect.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sound/devices.h"
#include "sound/server.h"

/* Who does not answer by then is no server. */
#define PATIENCE_NS (2 * RD_NS_PER_S)

struct asking {
	struct rd_loop *loop;
	struct rd_sound_server *server;
	struct rd_timer patience;
	char *default_sink, *default_source;
	struct rd_sound_device *list;
	int count;
};

static void
follow(pa_operation *o)
{
	if (o)
		pa_operation_unref(o);
}

static struct rd_sound_device *
add(struct asking *a, const char *name, const char *title)
{
	a->list = xreallocarray(a->list, (size_t)a->count + 1, sizeof(*a->list));
	struct rd_sound_device *d = &a->list[a->count++];
	*d = (struct rd_sound_device){.name = xstrdup(name), .title = xstrdup(title ? title : name)};
	return d;
}

static bool
is(const char *name, const char *standard)
{
	return standard && strcmp(name, standard) == 0;
}

static void
on_source(pa_context *c, const pa_source_info *i, int end, void *ctx)
{
	struct asking *a = ctx;
	(void)c;
	if (end) {
		rd_loop_stop(a->loop, 0);
		return;
	}
	struct rd_sound_device *d = add(a, i->name, i->description);
	d->monitor = i->monitor_of_sink != PA_INVALID_INDEX;
	d->standard = is(i->name, a->default_source);
}

static void
on_sink(pa_context *c, const pa_sink_info *i, int end, void *ctx)
{
	struct asking *a = ctx;
	if (end) {
		follow(pa_context_get_source_info_list(c, on_source, a));
		return;
	}
	struct rd_sound_device *d = add(a, i->name, i->description);
	d->sink = true;
	d->standard = is(i->name, a->default_sink);
}

static void
on_info(pa_context *c, const pa_server_info *i, void *ctx)
{
	struct asking *a = ctx;
	if (i && i->default_sink_name)
		a->default_sink = xstrdup(i->default_sink_name);
	if (i && i->default_source_name)
		a->default_source = xstrdup(i->default_source_name);
	follow(pa_context_get_sink_info_list(c, on_sink, a));
}

static void
on_up(void *ctx)
{
	struct asking *a = ctx;
	follow(pa_context_get_server_info(rd_sound_server_context(a->server), on_info, a));
}

static void
on_over(void *ctx)
{
	struct asking *a = ctx;
	rd_loop_stop(a->loop, 0);
}

int
rd_sound_devices(struct rd_sound_device **out, const char *program)
{
	static const struct rd_sound_server_ops ops = {.up = on_up, .down = on_over};
	struct asking a = {0};
	*out = NULL;
	if (!rd_sound_server_likely())
		return 0;
	a.loop = rd_loop_new();
	rd_sound_server_open(&a.server, a.loop, program, &ops, &a);
	rd_timer_open(&a.patience, a.loop, on_over, &a);
	rd_timer_set(&a.patience, PATIENCE_NS);
	rd_loop_run(a.loop);
	rd_timer_close(&a.patience);
	rd_sound_server_close(a.server);
	rd_loop_free(a.loop);
	free(a.default_sink);
	free(a.default_source);
	*out = a.list;
	return a.count;
}

void
rd_sound_devices_free(struct rd_sound_device *list, int n)
{
	for (int i = 0; i < n; i++) {
		free(list[i].name);
		free(list[i].title);
	}
	free(list);
}
