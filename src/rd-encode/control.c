#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "codec/encoder.h"
#include "control/setting.h"
#include "rd-encode/control.h"
#include "rd-encode/ending.h"
#include "rd-encode/flow.h"

/* --- values --- */

/* There has been a picture; the next one may be on its way, as it always is of a fast source. */
static bool
has_begun(const struct flow *f)
{
	return f->arrived_ns > 0;
}

static void
get_state(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_text(out, f->state != FLOW_RUNNING ? "ending" : has_begun(f) ? "encoding" : "waiting");
}

/* Whose viewer it encodes for, where rd-send has started it. */
static void
get_viewer(void *ctx, struct rd_json *out)
{
	const char *viewer = getenv("RD_VIEWER");
	(void)ctx;
	if (viewer && *viewer && strspn(viewer, "0123456789") == strlen(viewer))
		rd_json_number(out, strtol(viewer, NULL, 10));
	else
		rd_json_null(out);
}

static void
get_codec(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	static const char *const names[] = {
		[RD_CODEC_NONE] = "none", [RD_CODEC_VP8] = "vp8", [RD_CODEC_VP9] = "vp9",
		[RD_CODEC_AV1] = "av1",
	};
	rd_json_text(out, names[f->opt->codec]);
}

static void
get_width(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_number(out, has_begun(f) ? rd_screen_image(f->screen)->width : 0);
}

static void
get_height(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_number(out, has_begun(f) ? rd_screen_image(f->screen)->height : 0);
}

static void
get_fps(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_real(out, rd_meter_rate(&f->coder.sent, rd_clock_ns()), 1);
}

static void
get_rate_out(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_real(out, 8 * rd_meter_rate(&f->coder.bytes, rd_clock_ns()), 0);
}

static void
get_bytes_out(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_count(out, f->down ? rd_link_count(f->down).out : 0);
}

static struct rd_planner_stats
stats_of(const struct flow *f)
{
	return f->coder.planner ? rd_planner_stats(f->coder.planner) : (struct rd_planner_stats){0};
}

static void
get_frames(void *ctx, struct rd_json *out)
{
	rd_json_count(out, stats_of(ctx).frames);
}

static void
put_kind(struct rd_json *out, const char *name, uint64_t pixels, uint64_t bytes)
{
	rd_json_key(out, name);
	rd_json_open(out, '{');
	rd_json_put_count(out, "pixels", pixels);
	rd_json_put_count(out, "bytes", bytes);
	rd_json_close(out, '}');
}

static void
get_kinds(void *ctx, struct rd_json *out)
{
	struct rd_planner_stats s = stats_of(ctx);
	rd_json_open(out, '{');
	put_kind(out, "copy", s.copy.pixels, s.copy.bytes);
	put_kind(out, "exact", s.exact.pixels, s.exact.bytes);
	put_kind(out, "video", s.video.pixels, s.video.bytes);
	rd_json_close(out, '}');
}

static void
get_encode(void *ctx, struct rd_json *out)
{
	struct rd_planner_stats s = stats_of(ctx);
	rd_json_ms(out, s.frames ? s.cpu_ns / s.frames : 0);
}

static void
get_latency(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_ms(out, f->coder.acks.rtt_ns);
}

static void
get_latency_min(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_ms(out, f->coder.acks.rtt_min_ns);
}

static void
get_delivered(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_count(out, f->coder.acks.bps);
}

static void
get_unacknowledged(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_count(out, rd_acks_outstanding(&f->coder.acks));
}

static void
get_adapted(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_count(out, f->adapt.level);
}

static void
get_way(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_count(out, f->coder.way_bps);
}

static void
get_max_bitrate(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_count(out, f->coder.max_bps);
}

static void
get_max_fps(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_real(out, f->fps, 1);
}

static void
get_quantizer(void *ctx, struct rd_json *out)
{
	const struct flow *f = ctx;
	rd_json_number(out, f->coder.quantizer);
}

/* --- what can be set --- */

static int
set_max_bitrate(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct flow *f = ctx;
	uint64_t bps;
	int err = rd_control_set_rate("max-bitrate", text, &bps, a);
	if (err)
		return err;
	if (f->ivf)
		return rd_control_refuse(a, -ENOTSUP, "a film in IVF keeps what it began with");
	coder_ceiling(&f->coder, bps);
	flow_step(f);
	return 0;
}

static int
set_max_fps(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct flow *f = ctx;
	char *end;
	double fps = strtod(text, &end);
	if (end == text || *end || !(fps == 0 || (fps >= 0.1 && fps <= 1000)))
		return rd_control_refuse(a, -EINVAL, "max-fps is a number from 0.1 to 1000, or 0: as they come");
	flow_fps(f, fps);
	flow_step(f);
	return 0;
}

static int
set_quantizer(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct flow *f = ctx;
	char *end;
	long n = strtol(text, &end, 10);
	if (end == text || *end || n < 0 || n > RD_QUANTIZER_MAX)
		return rd_control_refuse(a, -EINVAL, "quantizer is a number from 0, the finest, to %d",
			RD_QUANTIZER_MAX);
	if (f->ivf)
		return rd_control_refuse(a, -ENOTSUP, "a film in IVF keeps what it began with");
	coder_quantizer(&f->coder, (int)n);
	return 0;
}

static const struct rd_control_value values[] = {
	{"state", RD_CONTROL_TEXT, "", "what it does: waiting, encoding, ending", get_state, NULL},
	{"viewer", RD_CONTROL_GAUGE, "", "the number of the viewer it encodes for, as rd-send counts",
		get_viewer, NULL},
	{"codec", RD_CONTROL_TEXT, "", "of what goes as video", get_codec, NULL},
	{"width", RD_CONTROL_GAUGE, "px", "of the picture", get_width, NULL},
	{"height", RD_CONTROL_GAUGE, "px", "of the picture", get_height, NULL},
	{"fps", RD_CONTROL_GAUGE, "1/s", "frames that went out, of late", get_fps, NULL},
	{"frames", RD_CONTROL_COUNTER, "", "that went out", get_frames, NULL},
	{"rate-out", RD_CONTROL_GAUGE, "bit/s", "of pictures, of late", get_rate_out, NULL},
	{"bytes-out", RD_CONTROL_COUNTER, "B", "of the stream so far", get_bytes_out, NULL},
	{"kinds", RD_CONTROL_LIST, "", "pixels and bytes that went as copy, exact and video",
		get_kinds, NULL},
	{"encode-ms", RD_CONTROL_GAUGE, "ms", "of processor for a frame, in the mean", get_encode, NULL},
	{"latency-ms", RD_CONTROL_GAUGE, "ms", "until the viewer said that it has the last frame",
		get_latency, NULL},
	{"latency-min-ms", RD_CONTROL_GAUGE, "ms", "the least that took", get_latency_min, NULL},
	{"delivered", RD_CONTROL_GAUGE, "bit/s", "what the way takes when it is full; 0: not known",
		get_delivered, NULL},
	{"unacknowledged", RD_CONTROL_GAUGE, "", "frames that are on their way", get_unacknowledged, NULL},
	{"adapted", RD_CONTROL_GAUGE, "", "0: all as asked; more: the processor is too slow for it",
		get_adapted, NULL},
	{"asked-bitrate", RD_CONTROL_GAUGE, "bit/s", "what the viewer, or rd-send, asks not to exceed; 0: none",
		get_way, NULL},
	{"max-bitrate", RD_CONTROL_GAUGE, "bit/s", "the ceiling; 0: none", get_max_bitrate,
		set_max_bitrate},
	{"max-fps", RD_CONTROL_GAUGE, "1/s", "the most frames; 0: as they come", get_max_fps, set_max_fps},
	{"quantizer", RD_CONTROL_GAUGE, "", "of video: 0, the finest, to 63", get_quantizer, set_quantizer},
	{0},
};

static const struct rd_control_member kind_members[] = {
	{"pixels", RD_CONTROL_COUNTER, "px", "that went so"},
	{"bytes", RD_CONTROL_COUNTER, "B", "that took"},
	{0},
};
static const struct rd_control_list lists[] = {
	{"kinds", "update", "kind", kind_members},
	{0},
};

/* --- stages of a frame's way --- */

static const struct rd_histogram *
of_capture(const void *ctx)
{
	return &((const struct flow *)ctx)->capture;
}

static const struct rd_histogram *
of_wait(const void *ctx)
{
	return &((const struct flow *)ctx)->wait;
}

static const struct rd_histogram *
of_encode(const void *ctx)
{
	return &((const struct flow *)ctx)->encode;
}

static const struct rd_histogram *
of_deliver(const void *ctx)
{
	return &((const struct flow *)ctx)->coder.deliver;
}

static const struct rd_control_stage stages[] = {
	{"capture", "from the change on the screen until the picture has come here", of_capture},
	{"wait", "from there until it is its turn", of_wait},
	{"encode", "encoding a frame", of_encode},
	{"deliver", "from there until the viewer said that it has the frame", of_deliver},
	{0},
};

/* --- verbs --- */

static int
run_refresh(void *ctx, const char *argument, struct rd_control_answer *a)
{
	struct flow *f = ctx;
	(void)argument;
	if (f->ivf || !f->coder.planner)
		return rd_control_refuse(a, -ENOTSUP, "there is no picture yet, or it goes as IVF");
	coder_sync(&f->coder);
	flow_step(f);
	return 0;
}

static int
run_end(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	ending_signal(ctx, SIGTERM);
	return 0;
}

static const struct rd_control_verb verbs[] = {
	{"refresh", "", "makes the next frame a whole picture", run_refresh},
	{"end", "", "ends the stream, as SIGTERM does", run_end},
	{0},
};

const struct rd_control_table control_table = {.values = values, .verbs = verbs, .lists = lists,
	.stages = stages};
