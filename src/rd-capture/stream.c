#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-capture/clip.h"
#include "rd-capture/feedback.h"
#include "rd-capture/stream.h"
#include "wire/msg_control.h"

/* Who is told to go, or has nobody left to read, does not wait longer than that. */
#define HURRY_NS (500 * RD_NS_PER_MS)

void
stream_end(struct stream *s, enum rd_end reason, int code, const char *text)
{
	if (s->ending)
		return;
	s->ending = true;
	s->code = code;
	rd_timer_clear(&s->limit);
	/* The text is one line; what follows it is for our own terminal. */
	char line[sizeof(((struct rd_end_msg *)0)->text)];
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
	rd_link_finish(s->link, reason, code, line);
}

void
stream_hurry(struct stream *s)
{
	s->hurried = true;
	rd_timer_set(&s->limit, HURRY_NS);
}

void
stream_step(struct stream *s)
{
	int got = s->ending ? 0 : frames_step(&s->frames);
	if (got > 0)
		stream_end(s, RD_END_DONE, RD_EXIT_OK, "");
	if (got >= 0)
		return;
	char *why = xasprintf("no picture can be taken: %s", strerror(-got));
	rd_error("%s", why);
	stream_end(s, RD_END_FAILED, source_exit(got), why);
	free(why);
}

void
stream_notice_to(struct stream *s, uint8_t peer, int level, const char *text)
{
	struct rd_notice notice = {.level = (uint8_t)level};
	struct rd_buf body = {0};
	snprintf(notice.text, sizeof(notice.text), "%s", text);
	rd_notice_pack(&body, &notice);
	rd_link_send(s->link, &(struct rd_msg){
		.type = RD_MSG_NOTICE,
		.channel = peer,
		.time_ns = frames_now(&s->frames),
		.len = body.len,
		.data = body.data,
	});
	rd_buf_finish(&body);
}

void
stream_notice(struct stream *s, int level, const char *text)
{
	stream_notice_to(s, 0, level, text);
}

/* ---- the source's events ---- */

static void
on_damaged(void *ctx)
{
	struct stream *s = ctx;
	s->frames.damaged = true;
	stream_step(s);
}

static void
on_ended(void *ctx, int error, const char *why)
{
	struct stream *s = ctx;
	if (!error) {
		stream_end(s, RD_END_DONE, RD_EXIT_OK, why ? why : "");
		return;
	}
	const char *text = why ? why : strerror(-error);
	if (!s->ending)
		rd_error("%s", text);
	stream_end(s, RD_END_FAILED, source_exit(error), text);
}

static void
on_shape(void *ctx, const struct rd_cursor *cursor)
{
	struct stream *s = ctx;
	frames_shape(&s->frames, cursor);
	stream_step(s);
}

static void
on_pointer(void *ctx, int x, int y, bool inside)
{
	struct stream *s = ctx;
	frames_pointer(&s->frames, x, y, inside);
	stream_step(s);
}

static void
on_area(void *ctx, struct rd_rect area)
{
	struct stream *s = ctx;
	if (s->inject)
		rd_inject_area(s->inject, area);
}

static void
on_monitors(void *ctx, const struct rd_monitors *monitors)
{
	struct stream *s = ctx;
	frames_monitors(&s->frames, monitors);
	stream_step(s);
}

static void
on_there(void *ctx, bool there)
{
	struct stream *s = ctx;
	if (s->inject)
		rd_inject_blind(s->inject, !there);
}

static void
on_source_notice(void *ctx, const char *text)
{
	struct stream *s = ctx;
	if (!s->ending)
		stream_notice(s, RD_LOG_WARN, text);
}

static const struct rd_capture_events source_events = {
	.damaged = on_damaged,
	.ended = on_ended,
	.shape = on_shape,
	.pointer = on_pointer,
	.area = on_area,
	.monitors = on_monitors,
	.there = on_there,
	.notice = on_source_notice,
};

/* ---- opening and closing ---- */

static void
on_signal(void *ctx, int number)
{
	struct stream *s = ctx;
	(void)number;
	if (s->ending) {
		rd_loop_stop(s->loop, s->code);
		return;
	}
	stream_end(s, RD_END_USER, RD_EXIT_OK, "");
	stream_hurry(s);
}

/* The duration is over, or the time for an end in good order. */
static void
on_limit(void *ctx)
{
	struct stream *s = ctx;
	if (s->ending)
		rd_loop_stop(s->loop, s->code);
	else
		stream_end(s, RD_END_DONE, RD_EXIT_OK, "");
}

static void
open_clocks(struct stream *s)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	for (int i = 0; i < 3; i++)
		rd_signal_open(&s->signals[i], s->loop, numbers[i], on_signal, s);
	rd_timer_open(&s->limit, s->loop, on_limit, s);
	if (s->opt->duration_ns && s->opt->source->live)
		rd_timer_set(&s->limit, s->opt->duration_ns);
}

/* A test picture has no desktop behind it, but its input can be written down. */
static bool
wants_input(const struct stream *s)
{
	bool desktop = strcmp(s->opt->injector->name, "x11") == 0;
	return !s->opt->view_only && rd_link_duplex(s->link) && (s->opt->source->live || !desktop);
}

static void
on_taken(void *ctx, uint64_t token)
{
	struct stream *s = ctx;
	if (!s->ending)
		feedback_taken(s->link, frames_now(&s->frames), token);
}

static void
on_locked(void *ctx, const struct rd_locks *now)
{
	struct stream *s = ctx;
	if (!s->ending)
		feedback_locked(s->link, frames_now(&s->frames), now);
}

/*
 * Without input there is still something to see: the reason goes to both
 * people. Returns it, or NULL; the caller frees.
 */
static char *
open_inject(struct stream *s)
{
	char *why = NULL;
	if (!wants_input(s))
		return NULL;
	const char *display = s->source.display ? s->source.display : s->opt->capture.display;
	int err = rd_inject_open(&s->inject, s->opt->injector, s->loop, display, &why);
	if (!err) {
		rd_inject_on_taken(s->inject, on_taken, s);
		rd_inject_on_locked(s->inject, on_locked, s);
		return NULL;
	}
	s->inject = NULL;
	if (!why)
		why = strdup(strerror(-err));
	rd_warn("view only: %s", why);
	return why;
}

static void
on_refused(void *ctx, const char *why)
{
	struct stream *s = ctx;
	if (!s->ending)
		stream_notice(s, RD_LOG_WARN, why);
}

/* Who can move the pointer may move the edges. */
static void
open_layout(struct stream *s)
{
	const char *display = s->source.display ? s->source.display : s->opt->capture.display;
	const char *how = s->opt->resize;
	struct layout_of of = {
		.display = display,
		.monitor = s->opt->capture.monitor,
		.restore = how && strcmp(how, "restore") == 0,
	};
	if (how && s->inject)
		layout_open(&s->layout, s->loop, &of, on_refused, s);
}

/* A refused paste is for the person at that viewer; one refused to nobody is for us. */
static void
on_clip(void *ctx, uint8_t peer, const char *line)
{
	struct stream *s = ctx;
	if (s->ending || rd_link_busy(s->link))
		return;
	stream_notice_to(s, peer, RD_LOG_WARN, line);
}

/* Without a clipboard there is still something to see. */
static void
open_clip(struct stream *s)
{
	if (!rd_link_duplex(s->link))
		return;
	s->clip = (struct rd_clip_link){.link = s->link, .hello = &s->frames.hello, .say = on_clip, .ctx = s};
	clip_open(&s->clip, s->loop, s->opt, s->source.display);
}

/* What cannot be left as was asked for is not even looked at. */
static int
open_leaving(struct stream *s, char **why)
{
	const char *display = s->source.display ? s->source.display : s->opt->capture.display;
	int code = leaving_open(&s->leaving, s->loop, s->opt, display, s->inject != NULL, why);
	if (!code)
		return 0;
	rd_error("%s", *why);
	rd_inject_close(s->inject);
	s->inject = NULL;
	source_close(&s->source);
	return code;
}

static int
open_link(struct stream *s)
{
	int in, out;
	rd_link_stdout(&in, &out);
	int err = rd_link_open(&s->link, s->loop, in, out, &feedback_ops, s);
	if (!err)
		return 0;
	rd_error("cannot write to stdout: %s", strerror(-err));
	return RD_EXIT_OUTPUT;
}

/* The stream begins: who we are, and what can be asked of us. */
static void
greet(struct stream *s, const char *no_input)
{
	struct rd_hello hello;
	uint32_t caps = (s->inject ? RD_CAP_INPUT | RD_CAP_TAKEN | RD_CAP_KEYBOARD : 0) |
		(s->layout.screen ? RD_CAP_LAYOUT : 0) | (s->opt->source->live ? RD_CAP_LIVE | RD_CAP_FRESH : 0) |
		(s->source.capture && s->source.capture->has_monitors ? RD_CAP_MONITORS : 0) |
		(s->clip.board ? clip_caps(s->opt) : 0) |
		(s->source.capture ? hearing_caps(s->opt, rd_link_duplex(s->link)) : 0);
	rd_hello_init(&hello, "rd-capture", caps);
	rd_link_hello(s->link, &hello);
	frames_init(&s->frames, s->loop, s->link, &hello, s->opt);
	s->frames.capture = s->source.capture;
	hearing_open(&s->hearing, s->loop, s->link, &hello, s->opt);
	if (no_input)
		stream_notice(s, RD_LOG_WARN, no_input);
	if (s->leaving.notice)
		stream_notice(s, RD_LOG_WARN, s->leaving.notice);
}

/*
 * Where there is nothing to capture the stream says why, and nothing else: so
 * whoever is at the far end of it learns the reason, too.
 */
static int
stream_open(struct stream *s)
{
	char *why = NULL, *no_input = NULL;
	int code = open_link(s);
	if (code)
		return code;
	open_clocks(s);
	code = source_open(&s->source, s->opt, s->loop, &source_events, s, &why);
	if (!code) {
		no_input = open_inject(s);
		code = open_leaving(s, &why);
	}
	if (!code) {
		open_layout(s);
		open_clip(s);
	}
	greet(s, no_input);
	if (code)
		stream_end(s, RD_END_FAILED, code, why);
	free(no_input);
	free(why);
	return 0;
}

/* 0, or the exit code of what could not be done at the end. */
static int
stream_close(struct stream *s)
{
	/* First what is held down is let go, then the desktop is left alone. */
	rd_inject_close(s->inject);
	layout_close(&s->layout);
	rd_clip_link_close(&s->clip);
	hearing_close(&s->hearing);
	source_close(&s->source);
	rd_link_close(s->link);
	frames_finish(&s->frames);
	rd_timer_close(&s->limit);
	for (int i = 0; i < 3; i++)
		rd_signal_close(&s->signals[i]);
	return leaving_close(&s->leaving);
}

int
stream_run(const struct options *opt)
{
	struct stream s = {.opt = opt, .loop = rd_loop_new()};
	int code = stream_open(&s);
	if (!code)
		code = rd_loop_run(s.loop);
	int left = stream_close(&s);
	rd_loop_free(s.loop);
	return code ? code : left;
}
