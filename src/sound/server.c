#include <errno.h>
#include <stdlib.h>

#include <pulse/error.h>
#include <pulse/subscribe.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "sound/pulse_loop.h"
#include "sound/server.h"
#include "sound/server_path.h"
#include "sound/server_wait.h"

/* One that has gone is most often back at once; then its socket tells, … */
#define AGAIN_NS (200 * RD_NS_PER_MS)
#define AGAIN_TIMES 5
/* … or, where that is out of sight, we ask. */
#define ASK_NS (15 * RD_NS_PER_S)
/* A socket that has appeared is not listened to yet. */
#define APPEARED_NS (100 * RD_NS_PER_MS)

struct rd_sound_server {
	struct rd_loop *loop;
	struct rd_pulse_loop *pulse;
	const char *program;
	const struct rd_sound_server_ops *ops;
	void *ctx;
	pa_context *context;	/* NULL: none at the moment */
	bool ready;
	struct rd_timer again;	/* tries, or buries what has failed */
	unsigned tries;		/* since it went, or appeared */
	struct server_wait wait;
};

static void connect_to(struct rd_sound_server *s);

static void
drop(struct rd_sound_server *s)
{
	if (!s->context)
		return;
	pa_context_set_state_callback(s->context, NULL, NULL);
	pa_context_set_subscribe_callback(s->context, NULL, NULL);
	pa_context_disconnect(s->context);
	pa_context_unref(s->context);
	s->context = NULL;
	s->ready = false;
}

static void
on_appeared(void *ctx)
{
	struct rd_sound_server *s = ctx;
	s->tries = 0;
	rd_timer_set(&s->again, APPEARED_NS);
}

/* It is not there: when is it looked for again? */
static void
wait_for_it(struct rd_sound_server *s)
{
	bool seen = s->wait.fd >= 0 || server_wait_begin(&s->wait, s->loop, on_appeared, s) == 0;
	if (s->tries < AGAIN_TIMES)
		rd_timer_set(&s->again, AGAIN_NS << s->tries++);
	else if (!seen)
		rd_timer_set(&s->again, ASK_NS);
}

/* A context may not be thrown away in its own callback. */
static void
on_again(void *ctx)
{
	struct rd_sound_server *s = ctx;
	if (s->context) {
		drop(s);
		wait_for_it(s);
	} else {
		connect_to(s);
	}
}

static void
on_event(pa_context *c, pa_subscription_event_type_t what, uint32_t index, void *ctx)
{
	struct rd_sound_server *s = ctx;
	(void)c, (void)what, (void)index;
	if (s->ops->changed)
		s->ops->changed(s->ctx);
}

static void
subscribe(struct rd_sound_server *s)
{
	pa_operation *o = pa_context_subscribe(s->context, PA_SUBSCRIPTION_MASK_SERVER |
		PA_SUBSCRIPTION_MASK_SINK | PA_SUBSCRIPTION_MASK_SOURCE |
		PA_SUBSCRIPTION_MASK_SINK_INPUT, NULL, NULL);
	pa_context_set_subscribe_callback(s->context, on_event, s);
	if (o)
		pa_operation_unref(o);
}

static void
on_state(pa_context *c, void *ctx)
{
	struct rd_sound_server *s = ctx;
	switch (pa_context_get_state(c)) {
	case PA_CONTEXT_READY:
		s->ready = true;
		s->tries = 0;
		server_wait_end(&s->wait);
		if (s->ops->changed)
			subscribe(s);
		s->ops->up(s->ctx);
		break;
	case PA_CONTEXT_FAILED:
	case PA_CONTEXT_TERMINATED:
		rd_debug("sound server: %s", pa_strerror(pa_context_errno(c)));
		if (s->ready) {
			s->ready = false;
			s->ops->down(s->ctx);
		}
		rd_timer_set(&s->again, 0);
		break;
	default:
		break;
	}
}

static void
connect_to(struct rd_sound_server *s)
{
	char name[PATH_MAX + 8];
	s->context = pa_context_new(rd_pulse_loop_api(s->pulse), s->program);
	if (!s->context) {
		wait_for_it(s);
		return;
	}
	pa_context_set_state_callback(s->context, on_state, s);
	if (pa_context_connect(s->context, rd_sound_server_name(name), PA_CONTEXT_NOAUTOSPAWN, NULL) < 0)
		rd_timer_set(&s->again, 0);
}

int
rd_sound_server_open(struct rd_sound_server **out, struct rd_loop *loop, const char *program,
	const struct rd_sound_server_ops *ops, void *ctx)
{
	struct rd_sound_server *s = xcalloc(1, sizeof(*s));
	s->loop = loop;
	s->program = program;
	s->ops = ops;
	s->ctx = ctx;
	s->wait.fd = -1;
	s->tries = AGAIN_TIMES;	/* who was never there is not expected back */
	s->pulse = rd_pulse_loop_new(loop);
	rd_timer_open(&s->again, loop, on_again, s);
	rd_timer_set(&s->again, 0);
	*out = s;
	return 0;
}

void
rd_sound_server_close(struct rd_sound_server *s)
{
	if (!s)
		return;
	drop(s);
	server_wait_end(&s->wait);
	rd_timer_close(&s->again);
	rd_pulse_loop_free(s->pulse);
	free(s);
}

pa_context *
rd_sound_server_context(const struct rd_sound_server *s)
{
	return s->ready ? s->context : NULL;
}

struct rd_loop *
rd_sound_server_loop(const struct rd_sound_server *s)
{
	return s->loop;
}
