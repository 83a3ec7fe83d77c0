#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-encode/control.h"
#include "rd-encode/ending.h"
#include "rd-encode/feedback.h"
#include "rd-encode/flow.h"

/* Where --fps does not say: the most we send of a live picture, in the long run. */
#define FPS_MOST 60
/* What live pictures are measured against then, to tell whether the processor keeps up. */
#define FPS_WANTED 30
/* A producer that has lost its reader gets this long to end by itself. */
#define CHILD_GRACE_MS 1000

/* what wakes it */

static void
on_timer(void *ctx)
{
	struct flow *f = ctx;
	if (f->state == FLOW_CLOSING)
		ending_timeout(f);
	else
		flow_step(f);
}

static void
on_ivf_room(void *ctx)
{
	flow_step(ctx);
}

static void
on_ivf_closed(void *ctx, int error)
{
	ending_output(ctx, error);
}

static void
on_ivf_failed(void *ctx, int error)
{
	ending_failed(ctx, error);
}

static const struct ivf_out_ops ivf_ops = {
	.room = on_ivf_room,
	.closed = on_ivf_closed,
	.failed = on_ivf_failed,
};

static void
on_signal(void *ctx, int signal)
{
	ending_signal(ctx, signal);
}

/* opening and closing */

static bool
is_socket(int fd, struct stat *st)
{
	return fstat(fd, st) == 0 && S_ISSOCK(st->st_mode);
}

/* Whether stdin can be the stream we read. */
static int
check_stdin(void)
{
	struct stat in, out;
	if (isatty(STDIN_FILENO)) {
		rd_error("nothing to encode: stdin is a terminal; "
			"try: rd-capture | rd-encode | rd-view -");
		return RD_EXIT_USAGE;
	}
	if (is_socket(STDIN_FILENO, &in) && is_socket(STDOUT_FILENO, &out) &&
			in.st_ino == out.st_ino && in.st_dev == out.st_dev) {
		rd_error("nothing to encode: stdin is the viewer; "
			"name a producer: rd-encode -- rd-capture");
		return RD_EXIT_USAGE;
	}
	return 0;
}

static int
open_source(struct flow *f)
{
	int in = STDIN_FILENO, out = -1;
	struct stat st;
	if (f->opt->producer) {
		int err = rd_child_spawn(&f->child, f->opt->producer);
		if (err < 0) {
			rd_error("cannot run %s: %s", f->opt->producer[0], strerror(-err));
			return RD_EXIT_COMMAND;
		}
		in = out = f->child_fd = f->child.fd;
		f->child.fd = -1;
	} else {
		int code = check_stdin();
		if (code)
			return code;
		if (is_socket(STDIN_FILENO, &st))
			out = STDIN_FILENO;
	}
	int err = rd_link_open(&f->up, f->loop, in, out, &flow_source_ops, f);
	if (err < 0) {
		rd_error("cannot read the stream: %s", strerror(-err));
		return RD_EXIT_INPUT;
	}
	rd_hello_init(&f->mine, "rd-encode", RD_CAP_ACK);
	if (rd_link_duplex(f->up))
		rd_link_hello(f->up, &f->mine);
	return 0;
}

static int
open_output(struct flow *f)
{
	int in, out, err;
	if (isatty(STDOUT_FILENO)) {
		rd_error("stdout is a terminal: pipe the stream to rd-view - or into a file");
		return RD_EXIT_USAGE;
	}
	if (f->opt->ivf) {
		err = ivf_out_open(&f->ivf, f->loop, STDOUT_FILENO, f->opt, &ivf_ops, f);
	} else {
		if (f->opt->producer)
			rd_link_stdio(&in, &out);
		else
			rd_link_stdout(&in, &out);
		err = rd_link_open(&f->down, f->loop, in, out, &feedback_ops, f);
	}
	if (err < 0) {
		rd_error("cannot write to stdout: %s", strerror(-err));
		return RD_EXIT_OUTPUT;
	}
	coder_init(&f->coder, f->opt, f->down);
	return 0;
}

void
flow_fps(struct flow *f, double fps)
{
	f->fps = fps;
	f->interval_ns = (uint64_t)(RD_NS_PER_S / (fps > 0 ? fps : FPS_MOST));
	adapt_init(&f->adapt, (uint64_t)(RD_NS_PER_S / (fps > 0 ? fps : FPS_WANTED)));
	f->next_ns = 0;
}

int
flow_open(struct flow *f, struct rd_loop *loop, const struct options *opt,
	const struct rd_control_place *place)
{
	static const int signals[FLOW_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	*f = (struct flow){.opt = opt, .loop = loop, .child.fd = -1, .child_fd = -1};
	flow_fps(f, opt->fps);
	f->sounds.bps = (uint32_t)opt->sound_bps;
	rd_timer_open(&f->timer, loop, on_timer, f);
	for (int i = 0; i < FLOW_SIGNALS; i++)
		rd_signal_open(&f->signals[i], loop, signals[i], on_signal, f);
	if (rd_screen_open(&f->screen) < 0) {
		rd_error("out of memory");
		return RD_EXIT_MEMORY;
	}
	int code = open_output(f);
	if (code == 0)
		code = open_source(f);
	if (code == 0) {
		f->control = rd_control_open(loop, place, &control_table, f);
		f->metrics = rd_metrics_open(loop, place, &control_table, f, f->control);
	}
	return code;
}

void
flow_close(struct flow *f)
{
	for (int i = 0; i < FLOW_SIGNALS; i++)
		rd_signal_close(&f->signals[i]);
	rd_metrics_close(f->metrics);
	rd_control_close(f->control);
	rd_link_close(f->up);
	rd_link_close(f->down);
	ivf_out_close(f->ivf);
	coder_finish(&f->coder);
	rd_screen_close(f->screen);
	rescale_finish(&f->rescale);
	passing_finish(&f->passing);
	sounds_finish(&f->sounds);
	voices_finish(&f->voices);
	rd_timer_close(&f->timer);
	if (f->child_fd >= 0)
		close(f->child_fd);
	if (f->child.pid)
		rd_child_reap(&f->child, CHILD_GRACE_MS);
}
