#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_follow.h"
#include "rd-capture/clip.h"
#include "rd-capture/feedback.h"
#include "rd-capture/leaving.h"
#include "rd-capture/obey.h"
#include "rd-capture/source.h"
#include "wire/msg_input.h"

struct obey {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_inject *inject;
	struct leaving leaving;
	bool answers;
	const struct options *opt;
	struct rd_clip_link clip; /* its board NULL: none is shared */
	struct rd_x11_follow *follow;
	struct rd_rect picture;	/* to which positions belong; empty: not known */
	bool part;		/* … and it is not all of the screen */
	struct rd_hello hello;	/* ours, where we answer */
	int code;		/* the exit status, once leaving */
	struct rd_signal signals[3];
};

static void
on_taken(void *ctx, uint64_t token)
{
	struct obey *o = ctx;
	if (o->answers)
		feedback_taken(o->link, rd_hello_time(&o->hello, rd_clock_ns()), token);
}

static void
on_locked(void *ctx, const struct rd_locks *now)
{
	struct obey *o = ctx;
	if (o->answers)
		feedback_locked(o->link, rd_hello_time(&o->hello, rd_clock_ns()), now);
}

/* The reader of our answers is gone; or, without an error, they are all written. */
static void
on_closed(void *ctx, int error)
{
	struct obey *o = ctx;
	if (error && error != -EPIPE)
		rd_error("cannot write to stdout: %s", strerror(-error));
	rd_loop_stop(o->loop, o->code ? o->code : error ? RD_EXIT_OUTPUT : RD_EXIT_OK);
}

/* What waits is done first; then, where somebody listens, that it is. */
static void
leave(struct obey *o, enum rd_end reason, int code, const char *text)
{
	rd_inject_close(o->inject);
	o->inject = NULL;
	o->code = code;
	if (o->answers)
		rd_link_finish(o->link, reason, code, text);
	else
		rd_loop_stop(o->loop, code);
}

/*
 * A place that is none is a mistake of who named it. A viewer's, who points at a
 * picture, would be kept within by the injector; but nobody sees one here.
 */
static bool
points_beside(struct obey *o, const struct rd_msg *m)
{
	struct rd_input in;
	struct rd_rect p = o->picture;
	if (!o->answers || m->type != RD_MSG_POINTER || rd_rect_empty(p) ||
			rd_input_parse(&in, m->type, m->data, m->len) != 0)
		return false;
	if (in.x >= 0 && in.y >= 0 && in.x < p.w && in.y < p.h)
		return false;
	char *text = xasprintf("%d,%d is no place in %dx%d", in.x, in.y, p.w, p.h);
	rd_error("%s", text);
	leave(o, RD_END_FAILED, RD_EXIT_INPUT, text);
	free(text);
	return true;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct obey *o = ctx;
	if (!o->inject || points_beside(o, m))
		return 0;
	if (rd_msg_class(m->type) == RD_CLASS_CLIPBOARD)
		return rd_clip_link_message(&o->clip, m);
	int err = feedback_input(o->inject, &o->leaving, m);
	if (err == 0 || err == -EPROTO)
		return err;
	rd_error("the desktop takes no input any more: %s", strerror(-err));
	leave(o, RD_END_FAILED, source_exit(err), "the desktop takes no input any more");
	return 0;
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct obey *o = ctx;
	bool fine = end->reason == RD_END_DONE || end->reason == RD_END_USER;
	/* Only codes of ours: the number comes from the peer. */
	int code = fine ? RD_EXIT_OK : end->reason == RD_END_CUT_SHORT ? RD_EXIT_CUT_SHORT :
		end->code && rd_exit_name(end->code) ? end->code : RD_EXIT_FAILURE;
	if (!o->inject)
		return;
	if (!fine)
		rd_error("%s", end->text[0] ? end->text : "the stream was cut short");
	leave(o, RD_END_DONE, code, "");
}

static void
on_room(void *ctx)
{
	struct obey *o = ctx;
	if (o->inject)
		rd_clip_link_room(&o->clip);
}

static const struct rd_link_ops link_ops = {
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

static void
on_signal(void *ctx, int number)
{
	struct obey *o = ctx;
	(void)number;
	rd_loop_stop(o->loop, RD_EXIT_OK);
}

/*
 * The picture lies elsewhere now. While it is nowhere nobody sees on what they act; but
 * who waits for an answer looks at no picture.
 */
static void
on_moved(void *ctx, struct rd_rect area)
{
	struct obey *o = ctx;
	o->picture = area;
	if (!o->inject || !o->part)
		return;
	if (!rd_rect_empty(area))
		rd_inject_area(o->inject, area);
	rd_inject_blind(o->inject, rd_rect_empty(area) && !o->answers);
}

static int
open_link(struct obey *o, bool answers)
{
	int in, out;
	rd_link_stdout(&in, &out);
	int err = rd_link_open(&o->link, o->loop, answers && in >= 0 ? in : STDIN_FILENO,
		answers ? out : -1, &link_ops, o);
	o->answers = !err && answers;
	return err;
}

/* Whoever hears us hears first what can be asked of us; `there`: the desktop is. */
static void
greet(struct obey *o, bool there)
{
	if (!o->answers)
		return;
	o->clip = (struct rd_clip_link){.link = o->link, .hello = &o->hello};
	if (there)
		clip_open(&o->clip, o->loop, o->opt, NULL);
	/* Where nothing is there END says why, and not what it could have done. */
	uint32_t clip = !there || o->clip.board ? clip_caps(o->opt) : 0;
	rd_hello_init(&o->hello, "rd-capture", RD_CAP_LIVE | RD_CAP_INPUT | RD_CAP_TAKEN |
		RD_CAP_KEYBOARD | clip);
	rd_link_hello(o->link, &o->hello);
}

static int
open_desktop(struct obey *o, const struct options *opt, char **why)
{
	const struct rd_capture_config *cfg = &opt->capture;
	o->part = cfg->monitor || cfg->window || cfg->window_title || !rd_rect_empty(cfg->region);
	bool judged = o->answers && strcmp(opt->injector->name, "x11") == 0;
	int err = !o->part && !judged ? 0 :
		rd_x11_follow_open(&o->follow, o->loop, cfg, on_moved, o, &o->picture, why);
	if (!err)
		err = rd_inject_open(&o->inject, opt->injector, o->loop, opt->capture.display, why);
	if (err) {
		o->inject = NULL;
		return err;
	}
	on_moved(o, o->picture);
	rd_inject_on_taken(o->inject, on_taken, o);
	rd_inject_on_locked(o->inject, on_locked, o);
	return 0;
}

/* 0 where the reason is an answer, too, that is to be written; else the exit status. */
static int
give_up(struct obey *o, const char *heading, int err, const char *why)
{
	int code = source_exit(err);
	rd_error("%s%s", heading, why);
	if (!o->answers)
		return code;
	char *line = xasprintf("%.*s", (int)strcspn(why, "\n"), why);
	leave(o, RD_END_FAILED, code, line);
	free(line);
	return 0;
}

static int
obey_open(struct obey *o, const struct options *opt)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	const char *heading = "cannot inject input: ";
	char *why = NULL;
	for (int i = 0; i < 3; i++)
		rd_signal_open(&o->signals[i], o->loop, numbers[i], on_signal, o);
	int err = open_link(o, opt->answer);
	if (!err)
		err = open_desktop(o, opt, &why);
	if (!err && leaving_open(&o->leaving, o->loop, opt, opt->capture.display, true, &why)) {
		heading = "";
		err = -EPERM;
	}
	greet(o, !err);
	int code = err ? give_up(o, heading, err, why ? why : strerror(-err)) : 0;
	free(why);
	return code;
}

int
obey_run(const struct options *opt)
{
	struct obey o = {.loop = rd_loop_new(), .opt = opt};
	int code = obey_open(&o, opt);
	if (!code)
		code = rd_loop_run(o.loop);
	rd_inject_close(o.inject);
	rd_x11_follow_close(o.follow);
	rd_clip_link_close(&o.clip);
	rd_link_close(o.link);
	for (int i = 0; i < 3; i++)
		rd_signal_close(&o.signals[i]);
	rd_loop_free(o.loop);
	int left = leaving_close(&o.leaving);
	return code ? code : left;
}
