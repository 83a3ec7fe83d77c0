#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "sound/tap_stream.h"

/* A monitor gives what was rendered, at most so late. */
#define MONITOR_MOST_US 25000
/* A piece comes in so many parts: the device works in steps that short, and is heard sooner. */
#define FRAGMENTS 2
/* Between two questions the times are worked out. */
#define ASK_PIECES 20

static size_t
piece_bytes(const struct tap_stream *s)
{
	return (size_t)RD_SOUND_PIECE * (size_t)s->channels * sizeof(int16_t);
}

/*
 * When the next byte to be read sounded, as far as the server knows. Of a monitor it says
 * up to a second too much while the sink changes its pace.
 */
static uint64_t
front_time(struct tap_stream *s)
{
	pa_usec_t us = 0;
	int negative = 0;
	uint64_t now = rd_clock_ns();
	if (pa_stream_get_latency(s->pulse, &us, &negative) < 0)
		us = RD_SOUND_PIECE_NS / 1000;
	if (s->monitor && !negative && us > MONITOR_MOST_US)
		us = MONITOR_MOST_US;
	/* Of what is played, the monitor hears before the loudspeaker does. */
	return negative ? now + us * 1000 : now - us * 1000;
}

/*
 * `data` NULL: a hole, as long as something was left out. front_ns: when the first
 * byte of it sounded.
 */
static void
take(struct tap_stream *s, const uint8_t *data, size_t len, uint64_t front_ns)
{
	size_t whole = piece_bytes(s);
	for (size_t at = 0, n; at < len && s->pulse; at += n) {
		n = whole - s->have < len - at ? whole - s->have : len - at;
		if (data)
			memcpy((uint8_t *)s->piece + s->have, data + at, n);
		else
			memset((uint8_t *)s->piece + s->have, 0, n);
		s->have += n;
		if (s->have < whole)
			continue;
		s->have = 0;
		s->unasked++;
		/* Bytes after front_ns at which this piece began; before it, where it had begun. */
		int64_t from = (int64_t)(at + n) - (int64_t)whole;
		int64_t after_ns = from * (int64_t)RD_SOUND_PIECE_NS / (int64_t)whole;
		bool jumped;
		uint64_t time = regular_time(&s->regular, front_ns + (uint64_t)after_ns, &jumped);
		s->ops->piece(s->ctx, s->piece, time, jumped);
	}
}

static void
finish(pa_operation *o)
{
	if (o)
		pa_operation_unref(o);
}

/* libpulse would ask by itself, but also while nothing runs. */
static void
ask_times(struct tap_stream *s)
{
	s->unasked = 0;
	finish(pa_stream_update_timing_info(s->pulse, NULL, NULL));
}

static void
cork(struct tap_stream *s)
{
	finish(pa_stream_cork(s->pulse, !s->runs, NULL, NULL));
	if (s->runs)
		ask_times(s);
}

/* What a corked stream still has is not of now. */
static void
on_readable(pa_stream *p, size_t bytes, void *ctx)
{
	struct tap_stream *s = ctx;
	const void *data;
	size_t len;
	(void)bytes;
	while (s->pulse == p && pa_stream_peek(p, &data, &len) == 0 && len > 0) {
		if (s->runs)
			take(s, data, len, front_time(s));
		if (s->pulse == p)
			pa_stream_drop(p);
	}
	if (s->pulse == p && s->unasked >= ASK_PIECES)
		ask_times(s);
}

static void
on_state(pa_stream *p, void *ctx)
{
	struct tap_stream *s = ctx;
	pa_stream_state_t state = pa_stream_get_state(p);
	if (state == PA_STREAM_READY) {
		s->ready = true;
		if (s->runs)
			cork(s);
	}
	/* A stream may not be thrown away in its own callback. */
	if (state == PA_STREAM_FAILED || state == PA_STREAM_TERMINATED)
		rd_timer_set(&s->ended, 0);
}

static void
on_ended(void *ctx)
{
	struct tap_stream *s = ctx;
	s->ops->ended(s->ctx);
}

void
tap_stream_open(struct tap_stream *s, struct rd_loop *loop, pa_context *c, const char *source,
	bool monitor, int channels, const struct tap_stream_ops *ops, void *ctx)
{
	const pa_sample_spec spec = {.format = PA_SAMPLE_S16LE, .rate = RD_SOUND_RATE,
		.channels = (uint8_t)channels};
	*s = (struct tap_stream){.monitor = monitor, .channels = channels, .ops = ops, .ctx = ctx};
	const pa_buffer_attr attr = {.maxlength = (uint32_t)-1, .tlength = (uint32_t)-1,
		.prebuf = (uint32_t)-1, .minreq = (uint32_t)-1,
		.fragsize = (uint32_t)piece_bytes(s) / FRAGMENTS};
	s->pulse = pa_stream_new(c, "remote desktop", &spec, NULL);
	if (!s->pulse)
		return;
	rd_timer_open(&s->ended, loop, on_ended, s);
	pa_stream_set_read_callback(s->pulse, on_readable, s);
	pa_stream_set_state_callback(s->pulse, on_state, s);
	if (pa_stream_connect_record(s->pulse, source, &attr, PA_STREAM_START_CORKED |
			PA_STREAM_ADJUST_LATENCY |
			PA_STREAM_INTERPOLATE_TIMING | PA_STREAM_DONT_MOVE) < 0)
		rd_timer_set(&s->ended, 0);
}

void
tap_stream_run(struct tap_stream *s, bool run)
{
	if (!s->pulse || s->runs == run)
		return;
	s->runs = run;
	s->regular.running = false;
	s->have = 0;
	if (s->ready)
		cork(s);
}

void
tap_stream_close(struct tap_stream *s)
{
	if (!s->pulse)
		return;
	pa_stream *p = s->pulse;
	s->pulse = NULL;
	rd_timer_close(&s->ended);
	pa_stream_set_read_callback(p, NULL, NULL);
	pa_stream_set_state_callback(p, NULL, NULL);
	pa_stream_disconnect(p);
	pa_stream_unref(p);
}
