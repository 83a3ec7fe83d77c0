#include <stdlib.h>
#include <string.h>

#include <pulse/introspect.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "sound/tap.h"
#include "sound/tap_stream.h"

/* What plays may only have changed from one piece of music to the next. */
#define LINGER_NS (600 * RD_NS_PER_MS)
/* One that is about to be made is not missing yet. */
#define MISSED_NS (2 * RD_NS_PER_S)
/*
 * Who does not want what is played may want it again soon, and say so as often as it likes:
 * the sound server hears of it no more than once in so long. A microphone is let go at once.
 */
#define HOLD_NS RD_NS_PER_S

/*
 * After every change of the server's it is asked again: which device is meant
 * (`look_*`, one question after the other), and whether something plays there.
 */
struct rd_tap {
	struct rd_loop *loop;
	const char *program;
	enum rd_tap_kind kind;
	const char *device;
	int channels;
	const struct rd_tap_ops *ops;
	void *ctx;

	bool wanted;
	bool fresh;		/* the next piece does not follow on the last */
	struct rd_timer hold;	/* set: not wanted, and the server not left yet */
	struct rd_sound_server *server;	/* NULL: not wanted, nor held */
	pa_operation *asking;	/* the question that is open; NULL */
	bool again;		/* something has changed meanwhile */
	char *source;		/* what is to be recorded; NULL: there is no such device */
	uint32_t sink;		/* whose monitor that is; PA_INVALID_INDEX: none's */
	bool told;		/* that it is missing */
	bool found, plays;	/* while asking: that the device is there, and heard */
	struct rd_timer missed;	/* the device is missing; once it fires that is said */
	struct tap_stream stream;
	struct rd_timer linger;
};

static void look(struct rd_tap *t);

static void
forget_question(struct rd_tap *t)
{
	if (!t->asking)
		return;
	pa_operation_cancel(t->asking);
	pa_operation_unref(t->asking);
	t->asking = NULL;
}

/* The answer to a question is whole. */
static void
answered(struct rd_tap *t)
{
	pa_operation_unref(t->asking);
	t->asking = NULL;
}

static void
hush(struct rd_tap *t)
{
	bool heard = t->stream.runs && t->wanted;
	rd_timer_clear(&t->linger);
	tap_stream_run(&t->stream, false);
	if (heard && t->ops->quiet)
		t->ops->quiet(t->ctx);
}

static void
stop(struct rd_tap *t)
{
	hush(t);
	tap_stream_close(&t->stream);
}

static void
on_linger(void *ctx)
{
	hush(ctx);
}

static void
on_piece(void *ctx, const int16_t *pcm, uint64_t at_ns, bool first)
{
	struct rd_tap *t = ctx;
	if (!t->wanted)
		return;
	first |= t->fresh;
	t->fresh = false;
	t->ops->piece(t->ctx, pcm, at_ns, first);
}

/*
 * The stream has ended by itself: its device went. One that never came to be is
 * tried again when something changes.
 */
static void
on_ended(void *ctx)
{
	struct rd_tap *t = ctx;
	bool worked = t->stream.ready;
	stop(t);
	if (worked)
		look(t);
}

/* The device that is meant is tapped; it runs while something plays there. */
static void
open_stream(struct rd_tap *t)
{
	static const struct tap_stream_ops ops = {.piece = on_piece, .ended = on_ended};
	pa_context *c = rd_sound_server_context(t->server);
	if (t->stream.pulse || !c)
		return;
	rd_debug("sound: listening at %s", t->source);
	tap_stream_open(&t->stream, t->loop, c, t->source, t->sink != PA_INVALID_INDEX, t->channels, &ops, t);
}

static void
settle(struct rd_tap *t)
{
	if (t->again) {
		look(t);
		return;
	}
	open_stream(t);
	if (t->plays) {
		rd_timer_clear(&t->linger);
		tap_stream_run(&t->stream, true);
	} else if (t->stream.runs && !t->linger.set) {
		rd_timer_set(&t->linger, LINGER_NS);
	}
}

/* --- does something play? --- */

static void
look_plays(pa_context *c, const pa_sink_input_info *i, int end, void *ctx)
{
	struct rd_tap *t = ctx;
	(void)c;
	if (!end) {
		t->plays |= i->sink == t->sink && !i->corked;
		return;
	}
	answered(t);
	settle(t);
}

/* The device is `source`; what plays on `sink` is to be heard there. */
static void
meant(struct rd_tap *t, const char *source, uint32_t sink)
{
	if (t->source && strcmp(t->source, source) != 0)
		stop(t);
	free(t->source);
	t->source = xstrdup(source);
	t->sink = sink;
	t->found = true;
	t->told = false;
	rd_timer_clear(&t->missed);
	t->plays = sink == PA_INVALID_INDEX;
}

static void
ask_plays(struct rd_tap *t, pa_context *c)
{
	if (t->plays)
		settle(t);
	else
		t->asking = pa_context_get_sink_input_info_list(c, look_plays, t);
}

/* --- which device? --- */

static void
on_missed(void *ctx)
{
	struct rd_tap *t = ctx;
	if (t->device)
		rd_warn("sound: no device \"%s\" (rd-capture --list names them); it is waited for",
			t->device);
}

static void
missing(struct rd_tap *t)
{
	if (t->source || !t->told)
		rd_timer_set(&t->missed, MISSED_NS);
	t->told = true;
	free(t->source);
	t->source = NULL;
	stop(t);
	if (t->again)
		look(t);
}

static void
look_source(pa_context *c, const pa_source_info *i, int end, void *ctx)
{
	struct rd_tap *t = ctx;
	if (!end) {
		meant(t, i->name, i->monitor_of_sink);
		return;
	}
	answered(t);
	if (t->found)
		ask_plays(t, c);
	else
		missing(t);
}

static void
look_sink(pa_context *c, const pa_sink_info *i, int end, void *ctx)
{
	struct rd_tap *t = ctx;
	if (!end) {
		meant(t, i->monitor_source_name, i->index);
		return;
	}
	answered(t);
	if (t->found)
		ask_plays(t, c);
	else if (t->device)
		t->asking = pa_context_get_source_info_by_name(c, t->device, look_source, t);
	else
		missing(t);
}

static void
look(struct rd_tap *t)
{
	pa_context *c = t->server ? rd_sound_server_context(t->server) : NULL;
	t->again = t->asking != NULL;
	if (!c || t->asking)
		return;
	t->found = t->plays = false;
	if (t->kind == RD_TAP_DESKTOP)
		t->asking = pa_context_get_sink_info_by_name(c, t->device ? t->device : "@DEFAULT_SINK@",
			look_sink, t);
	else
		t->asking = pa_context_get_source_info_by_name(c,
			t->device ? t->device : "@DEFAULT_SOURCE@", look_source, t);
}

/* --- the server --- */

static void
on_up(void *ctx)
{
	struct rd_tap *t = ctx;
	t->again = false;
	look(t);
}

static void
on_down(void *ctx)
{
	struct rd_tap *t = ctx;
	forget_question(t);
	stop(t);
}

static void
on_changed(void *ctx)
{
	look(ctx);
}

static const struct rd_sound_server_ops server_ops = {
	.up = on_up, .down = on_down, .changed = on_changed,
};

static void
leave(void *ctx)
{
	struct rd_tap *t = ctx;
	rd_timer_clear(&t->hold);
	forget_question(t);
	stop(t);
	rd_sound_server_close(t->server);
	t->server = NULL;
	free(t->source);
	t->source = NULL;
	t->told = false;
	rd_timer_clear(&t->missed);
}

void
rd_tap_open(struct rd_tap **out, struct rd_loop *loop, const char *program,
	enum rd_tap_kind kind, const char *device, int channels, const struct rd_tap_ops *ops,
	void *ctx)
{
	struct rd_tap *t = xcalloc(1, sizeof(*t));
	*t = (struct rd_tap){.loop = loop, .program = program, .kind = kind, .device = device,
		.channels = channels, .ops = ops, .ctx = ctx};
	rd_timer_open(&t->linger, loop, on_linger, t);
	rd_timer_open(&t->missed, loop, on_missed, t);
	rd_timer_open(&t->hold, loop, leave, t);
	*out = t;
}

void
rd_tap_want(struct rd_tap *t, bool on)
{
	if (on == t->wanted)
		return;
	if (!on && t->stream.runs && t->ops->quiet)
		t->ops->quiet(t->ctx);
	t->wanted = t->fresh = on;
	rd_timer_clear(&t->hold);
	if (on && !t->server)
		rd_sound_server_open(&t->server, t->loop, t->program, &server_ops, t);
	else if (!on && t->kind == RD_TAP_DESKTOP)
		rd_timer_set(&t->hold, HOLD_NS);
	else if (!on)
		leave(t);
}

void
rd_tap_close(struct rd_tap *t)
{
	if (!t)
		return;
	rd_tap_want(t, false);
	leave(t);
	rd_timer_close(&t->linger);
	rd_timer_close(&t->missed);
	rd_timer_close(&t->hold);
	free(t);
}
