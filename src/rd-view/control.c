#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "control/setting.h"
#include "rd-view/control.h"
#include "rd-view/locks.h"
#include "rd-view/session_priv.h"

/* --- values --- */

static bool
is_paused(const struct session *s)
{
	return s->held || s->pace.stopped;
}

static void
get_state(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->leaving ? "ending" : s->ended ? "over" : is_paused(s) ? "paused" :
		s->shown ? "showing" : "opening");
}

static void
get_peer(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->source->name);
}

static void
get_to(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->ops->name);
}

static void
get_width(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_number(out, s->stats.width);
}

static void
get_height(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_number(out, s->stats.height);
}

static void
get_exact(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_bool(out, s->stats.exact);
}

static void
get_frames(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->shown);
}

static void
get_fps(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_real(out, rd_meter_rate(&s->stats.shown, rd_clock_ns()), 1);
}

static void
get_rate_in(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_real(out, 8 * rd_meter_rate(&s->stats.came, rd_clock_ns()), 0);
}

static void
get_bytes_in(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, rd_link_count(s->link).in);
}

static void
put_mean(struct rd_json *out, uint64_t sum_ns, unsigned n)
{
	if (n)
		rd_json_real(out, (double)sum_ns / n / (double)RD_NS_PER_MS, 3);
	else
		rd_json_null(out);
}

/* Of the last second in which something was shown. */
static const struct stats_sums *
sums_of(const struct session *s)
{
	return s->stats.last.frames ? &s->stats.last : &s->stats.now;
}

static void
get_latency(void *ctx, struct rd_json *out)
{
	const struct stats_sums *l = sums_of(ctx);
	put_mean(out, l->latency_ns, l->latencies);
}

static void
get_latency_error(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	put_mean(out, s->stats.latency_error_ns, sums_of(s)->latencies ? 1 : 0);
}

static void
get_decode(void *ctx, struct rd_json *out)
{
	const struct stats_sums *l = sums_of(ctx);
	put_mean(out, l->decode_ns, l->frames);
}

static void
get_show(void *ctx, struct rd_json *out)
{
	const struct stats_sums *l = sums_of(ctx);
	put_mean(out, l->show_ns, l->frames);
}

static void
put_kind(struct rd_json *out, const char *name, int64_t pixels)
{
	rd_json_key(out, name);
	rd_json_open(out, '{');
	rd_json_put_number(out, "pixels", pixels);
	rd_json_close(out, '}');
}

static void
get_kinds(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_open(out, '{');
	put_kind(out, "copy", s->stats.all.copy);
	put_kind(out, "exact", s->stats.all.exact);
	put_kind(out, "video", s->stats.all.video);
	put_kind(out, "raw", s->stats.all.raw);
	rd_json_close(out, '}');
}

static void
get_keyboard(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, keyboard_names[s->ops->keyboard ? s->ops->keyboard(s->view) : KEYBOARD_TEXT]);
}

static int
set_keyboard(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct session *s = ctx;
	int keyboard;
	int err = rd_control_set_choice("keyboard", text, keyboard_names, &keyboard, a);
	if (err)
		return err;
	if (!s->ops->set_keyboard)
		return rd_control_refuse(a, -ENOTSUP, "only a window tells one key from another");
	s->ops->set_keyboard(s->view, keyboard);
	return 0;
}

static void
get_locks(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	char text[LOCKS_TEXT];
	if (s->stats.locks.known)
		rd_json_text(out, locks_text(s->stats.locks, text));
	else
		rd_json_null(out);
}

static void
get_pointer(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	if (s->ops->is_relative)
		rd_json_text(out, pointer_names[s->ops->is_relative(s->view)]);
	else
		rd_json_null(out);
}

static int
set_pointer(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct session *s = ctx;
	int relative;
	int err = rd_control_set_choice("pointer", text, pointer_names, &relative, a);
	if (err)
		return err;
	const char *why = s->ops->set_relative ? s->ops->set_relative(s->view, relative)
		: "there is no window";
	return why ? rd_control_refuse(a, -ENOTSUP, "%s", why) : 0;
}

static const struct rd_control_value values[] = {
	{"state", RD_CONTROL_TEXT, "", "what it does: opening, showing, paused, over, ending",
		get_state, NULL},
	{"peer", RD_CONTROL_TEXT, "", "whose picture it is, as it was named", get_peer, NULL},
	{"to", RD_CONTROL_TEXT, "", "where it is shown: window, terminal, png, hash, null", get_to, NULL},
	{"keyboard", RD_CONTROL_TEXT, "", "how keys are meant: text, physical", get_keyboard, set_keyboard},
	{"width", RD_CONTROL_GAUGE, "px", "of the picture", get_width, NULL},
	{"height", RD_CONTROL_GAUGE, "px", "of the picture", get_height, NULL},
	{"monitor", RD_CONTROL_TEXT, "", "which are seen: all, each in a window of its own, or one",
		control_get_monitor, control_set_monitor},
	{"monitors", RD_CONTROL_LIST, "", "of the desktop, and where they lie in its picture",
		control_get_monitors, NULL},
	{"exact", RD_CONTROL_FLAG, "", "whether every pixel is the source's", get_exact, NULL},
	{"fps", RD_CONTROL_GAUGE, "1/s", "frames that were shown, of late", get_fps, NULL},
	{"frames", RD_CONTROL_COUNTER, "", "that were shown", get_frames, NULL},
	{"rate-in", RD_CONTROL_GAUGE, "bit/s", "of pictures, of late", get_rate_in, NULL},
	{"bytes-in", RD_CONTROL_COUNTER, "B", "of the stream so far", get_bytes_in, NULL},
	{"latency-ms", RD_CONTROL_GAUGE, "ms", "from capture to the screen", get_latency, NULL},
	{"latency-error-ms", RD_CONTROL_GAUGE, "ms", "the two clocks may be so far apart",
		get_latency_error, NULL},
	{"decode-ms", RD_CONTROL_GAUGE, "ms", "decoding a frame", get_decode, NULL},
	{"show-ms", RD_CONTROL_GAUGE, "ms", "bringing it to the screen", get_show, NULL},
	{"locks", RD_CONTROL_TEXT, "", "which of caps, num and scroll are locked there, or none; with commas between",
		get_locks, NULL},
	{"pointer", RD_CONTROL_TEXT, "", "absolute, or relative: only how it moves is sent",
		get_pointer, set_pointer},
	{"kinds", RD_CONTROL_LIST, "", "pixels that came as copy, exact, video and raw", get_kinds, NULL},
	{0},
};

static const struct rd_control_member kind_members[] = {
	{"pixels", RD_CONTROL_COUNTER, "px", "that came so"},
	{0},
};
static const struct rd_control_list lists[] = {
	{"kinds", "update", "kind", kind_members},
	{0},
};

/* --- stages of a frame's way --- */

static const struct rd_histogram *
of_decode(const void *ctx)
{
	return &((const struct session *)ctx)->stats.decode;
}

static const struct rd_histogram *
of_show(const void *ctx)
{
	return &((const struct session *)ctx)->stats.show;
}

static const struct rd_histogram *
of_total(const void *ctx)
{
	return &((const struct session *)ctx)->stats.total;
}

static const struct rd_control_stage stages[] = {
	{"decode", "decoding a frame", of_decode},
	{"show", "bringing it to the screen", of_show},
	{"total", "from capture to the screen, where the clocks can be compared", of_total},
	{0},
};

/* --- verbs --- */

static int
run_pause(void *ctx, const char *argument, struct rd_control_answer *a)
{
	struct session *s = ctx;
	(void)argument;
	if (s->ended || s->leaving)
		return rd_control_refuse(a, -EPIPE, "the stream is over");
	session_pause(s, true);
	return 0;
}

static int
run_resume(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	session_pause(ctx, false);
	return 0;
}

static int
run_refresh(void *ctx, const char *argument, struct rd_control_answer *a)
{
	struct session *s = ctx;
	(void)argument;
	if (!s->up)
		return rd_control_refuse(a, -ENOTSUP, "there is no way back to where the picture comes from");
	session_refresh(s);
	return 0;
}

static int
run_end(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	session_leave(ctx, RD_EXIT_OK, "ended by rd-ctl");
	return 0;
}

static const struct rd_control_verb verbs[] = {
	{"pause", "", "lets the picture stand still", run_pause},
	{"resume", "", "lets it go on", run_resume},
	{"refresh", "", "asks for a whole picture", run_refresh},
	{"end", "", "ends, as if the window had been closed", run_end},
	{0},
};

const struct rd_control_table control_table = {.values = values, .verbs = verbs, .lists = lists,
	.stages = stages};
