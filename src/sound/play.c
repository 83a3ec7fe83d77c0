#include <stdlib.h>
#include <string.h>

#include <pulse/introspect.h>
#include <pulse/stream.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "sound/play.h"

#define PIECE_BYTES (RD_SOUND_SAMPLES * sizeof(int16_t))
/* Between two questions how late it is, that is worked out. */
#define ASK_PIECES 20
/* A sink that is about to be made is not missing yet. */
#define MISSED_NS (2 * RD_NS_PER_S)
/* What was given is played by then. */
#define REST_NS (300 * RD_NS_PER_MS)
/*
 * When the device runs dry it keeps more ahead, up to a limit; but not for what happens
 * while it begins, nor for what one delay does several times.
 */
#define AHEAD_STEP_MS 10
#define AHEAD_MOST_MS 80
#define DRY_EVERY_NS (2 * RD_NS_PER_S)
/* After so long in which that did not happen it keeps less again. */
#define DRY_FORGET_NS (20 * RD_NS_PER_S)

struct rd_play {
	struct rd_loop *loop;
	const char *sink;
	unsigned least_ms, ahead_ms;
	const struct rd_play_ops *ops;
	void *ctx;

	struct rd_sound_server *server;
	pa_stream *stream;	/* NULL: none */
	bool there;		/* it can be played to */
	bool missing;		/* the sink is not there … */
	struct rd_timer missed;	/* … and once this fires that is said */
	bool playing;		/* between start and rest … */
	bool corked;		/* … and beyond, until what was given is played */
	uint64_t calm_ns;	/* until then running dry means nothing */
	unsigned given;		/* pieces since the server was asked how late it is */
	unsigned asked;		/* pieces that were wanted and have not come */
	struct rd_timer rest;
	struct rd_timer dead;	/* the stream has failed: it is thrown away, and tried anew */
};

static void
set_there(struct rd_play *p, bool there)
{
	if (p->there == there)
		return;
	p->there = there;
	p->ops->ready(p->ctx, there);
}

static void
finish_operation(pa_operation *o)
{
	if (o)
		pa_operation_unref(o);
}

/* The device's wishes, a piece each. */
static void
ask(struct rd_play *p)
{
	pa_usec_t us = 0;
	int negative = 0;
	size_t room = pa_stream_writable_size(p->stream);
	if (!p->playing || room == (size_t)-1)
		return;
	if (pa_stream_get_latency(p->stream, &us, &negative) < 0 || negative)
		us = p->ahead_ms * 1000;
	/* Pieces may be given from within `want`, or later. */
	size_t from = p->asked, to = room / PIECE_BYTES;
	for (size_t i = from; i < to && p->playing && p->stream; i++) {
		p->asked++;
		p->ops->want(p->ctx, us * 1000 + i * RD_SOUND_PIECE_NS);
	}
}

static void
on_writable(pa_stream *s, size_t bytes, void *ctx)
{
	(void)s, (void)bytes;
	ask(ctx);
}

static pa_buffer_attr
buffer_of(const struct rd_play *p)
{
	return (pa_buffer_attr){
		.maxlength = (uint32_t)-1,
		.tlength = (uint32_t)(p->ahead_ms / 10 * PIECE_BYTES),
		.prebuf = (uint32_t)PIECE_BYTES,
		.minreq = (uint32_t)PIECE_BYTES,
		.fragsize = (uint32_t)-1,
	};
}

static void
keep_ahead(struct rd_play *p, unsigned ms)
{
	p->ahead_ms = ms;
	rd_debug("sound: %u ms are kept ahead now", ms);
	const pa_buffer_attr attr = buffer_of(p);
	finish_operation(pa_stream_set_buffer_attr(p->stream, &attr, NULL, NULL));
}

/* It ran dry: we are slower, or less regular, than we thought. */
static void
on_dry(pa_stream *s, void *ctx)
{
	struct rd_play *p = ctx;
	uint64_t now = rd_clock_ns();
	if (!p->playing || now < p->calm_ns || p->ahead_ms + AHEAD_STEP_MS > AHEAD_MOST_MS)
		return;
	p->calm_ns = now + DRY_EVERY_NS;
	(void)s;
	rd_debug("sound: the device ran dry");
	keep_ahead(p, p->ahead_ms + AHEAD_STEP_MS);
}

/* libpulse would ask by itself, but also while nothing is played. */
static void
ask_times(struct rd_play *p)
{
	p->given = 0;
	finish_operation(pa_stream_update_timing_info(p->stream, NULL, NULL));
}

static void
cork(struct rd_play *p, bool yes)
{
	if (p->corked == yes)
		return;
	p->corked = yes;
	if (yes)
		finish_operation(pa_stream_flush(p->stream, NULL, NULL));
	finish_operation(pa_stream_cork(p->stream, yes, NULL, NULL));
	if (!yes)
		ask_times(p);
}

static void
on_state(pa_stream *s, void *ctx)
{
	struct rd_play *p = ctx;
	switch (pa_stream_get_state(s)) {
	case PA_STREAM_READY:
		rd_debug("sound: playing to %s", pa_stream_get_device_name(s));
		p->missing = false;
		rd_timer_clear(&p->missed);
		set_there(p, true);
		if (p->playing)
			rd_play_start(p);
		break;
	case PA_STREAM_FAILED:
	case PA_STREAM_TERMINATED:
		rd_timer_set(&p->dead, 0);
		break;
	default:
		break;
	}
}

static void
drop_stream(struct rd_play *p)
{
	if (!p->stream)
		return;
	pa_stream_set_state_callback(p->stream, NULL, NULL);
	pa_stream_set_write_callback(p->stream, NULL, NULL);
	pa_stream_set_underflow_callback(p->stream, NULL, NULL);
	pa_stream_disconnect(p->stream);
	pa_stream_unref(p->stream);
	p->stream = NULL;
	p->asked = 0;
}

static void
open_stream(struct rd_play *p)
{
	static const pa_sample_spec spec = {.format = PA_SAMPLE_S16LE, .rate = RD_SOUND_RATE,
		.channels = RD_SOUND_CHANNELS};
	pa_context *c = rd_sound_server_context(p->server);
	if (p->stream || !c)
		return;
	p->stream = pa_stream_new(c, "remote desktop", &spec, NULL);
	if (!p->stream)
		return;
	p->corked = true;
	pa_stream_set_state_callback(p->stream, on_state, p);
	pa_stream_set_write_callback(p->stream, on_writable, p);
	pa_stream_set_underflow_callback(p->stream, on_dry, p);
	const pa_buffer_attr attr = buffer_of(p);
	/* Of a device that was named the server takes no other for it. */
	pa_stream_flags_t stay = p->sink ? PA_STREAM_DONT_MOVE : PA_STREAM_NOFLAGS;
	if (pa_stream_connect_playback(p->stream, p->sink, &attr, stay | PA_STREAM_START_CORKED |
			PA_STREAM_ADJUST_LATENCY | PA_STREAM_INTERPOLATE_TIMING, NULL, NULL) < 0)
		rd_timer_set(&p->dead, 0);
}

/* Its device has gone, or there is none: the next change is waited for. */
static void
on_dead(void *ctx)
{
	struct rd_play *p = ctx;
	bool worked = p->there;
	drop_stream(p);
	set_there(p, false);
	if (worked) {
		open_stream(p);
		return;
	}
	if (p->sink && !p->missing)
		rd_timer_set(&p->missed, MISSED_NS);
	p->missing = true;
}

static void
on_missed(void *ctx)
{
	struct rd_play *p = ctx;
	rd_warn("sound: no device \"%s\" to play to; it is waited for", p->sink);
}

/* The server has come, or a device: perhaps while one that was refused is to be thrown away. */
static void
on_up(void *ctx)
{
	struct rd_play *p = ctx;
	if (p->dead.set) {
		rd_timer_clear(&p->dead);
		on_dead(p);
	}
	open_stream(p);
}

static void
on_down(void *ctx)
{
	struct rd_play *p = ctx;
	rd_timer_clear(&p->dead);
	drop_stream(p);
	set_there(p, false);
}

static const struct rd_sound_server_ops server_ops = {
	.up = on_up, .down = on_down, .changed = on_up,
};

static void
on_rest(void *ctx)
{
	struct rd_play *p = ctx;
	if (p->stream && p->there)
		cork(p, true);
}

void
rd_play_open(struct rd_play **out, struct rd_loop *loop, const char *program,
	const char *sink, unsigned ahead_ms, const struct rd_play_ops *ops, void *ctx)
{
	struct rd_play *p = xcalloc(1, sizeof(*p));
	*p = (struct rd_play){.loop = loop, .sink = sink, .ahead_ms = ahead_ms,
		.least_ms = ahead_ms, .ops = ops, .ctx = ctx};
	rd_timer_open(&p->rest, loop, on_rest, p);
	rd_timer_open(&p->dead, loop, on_dead, p);
	rd_timer_open(&p->missed, loop, on_missed, p);
	rd_sound_server_open(&p->server, loop, program, &server_ops, p);
	*out = p;
}

void
rd_play_close(struct rd_play *p)
{
	if (!p)
		return;
	drop_stream(p);
	rd_sound_server_close(p->server);
	rd_timer_close(&p->rest);
	rd_timer_close(&p->dead);
	rd_timer_close(&p->missed);
	free(p);
}

void
rd_play_start(struct rd_play *p)
{
	p->playing = true;
	rd_timer_clear(&p->rest);
	if (!p->stream || !p->there)
		return;
	p->asked = 0;
	p->calm_ns = rd_clock_ns() + DRY_EVERY_NS;
	cork(p, false);
	ask(p);
}

void
rd_play_piece(struct rd_play *p, const int16_t pcm[static RD_SOUND_SAMPLES])
{
	if (!p->asked || !p->stream || !p->there)
		return;
	p->asked--;
	pa_stream_write(p->stream, pcm, PIECE_BYTES, NULL, 0, PA_SEEK_RELATIVE);
	if (++p->given < ASK_PIECES)
		return;
	ask_times(p);
	uint64_t now = rd_clock_ns();
	if (p->ahead_ms > p->least_ms && now > p->calm_ns + DRY_FORGET_NS) {
		p->calm_ns = now;
		keep_ahead(p, p->ahead_ms - AHEAD_STEP_MS);
	}
}

void
rd_play_rest(struct rd_play *p)
{
	p->playing = false;
	p->asked = 0;
	rd_timer_set(&p->rest, REST_NS);
}
