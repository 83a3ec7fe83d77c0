#include <string.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/guard.h"
#include "look/png_file.h"
#include "look/stdout.h"
#include "look/watch.h"
#include "rd-wait/mark.h"
#include "rd-wait/reader.h"
#include "rd-wait/report.h"
#include "rd-wait/targets.h"
#include "rd-wait/wait.h"

/* How long an answer to "are you still there?" may take before it is asked again. */
#define ASK_AGAIN_NS (500 * RD_NS_PER_MS)

struct waiter {
	const struct options *o;
	const struct rd_source *source;
	struct rd_loop *loop;
	struct rd_watch *watch;
	struct targets targets;
	struct rd_png_file save;
	uint64_t start_ns;
	bool live;		/* times are our clock's; else the stream's */
	struct rd_timer still;
	bool over;		/* the stream is, and a text is still being read */
	bool done;

	struct reader *reader;	/* NULL where no text is waited for */
	bool unread;		/* something changed since the last reading began */
	struct rd_rect part;	/* what is being read */
	int scale;
};

static uint64_t
elapsed(const struct waiter *w)
{
	return rd_clock_ns() - w->start_ns;
}

static void
leave(struct waiter *w, int code)
{
	w->done = true;
	rd_watch_leave(w->watch, code, code == RD_EXIT_USAGE ? "there is nothing to wait for"
		: "what was waited for has come");
}

/* True when that is a target: then we are done. */
static bool
met(struct waiter *w, int n, struct rd_rect at)
{
	if (n < 0 || w->done)
		return false;
	int code = report_found(w->o, n, at, elapsed(w));
	leave(w, code ? code : target_exit(n));
	return true;
}

/* ---- stillness ---- */

/*
 * A picture may be still because nothing comes through. So a peer that can is
 * asked: what it showed before it answers has come before that.
 */
static void
on_still(void *ctx)
{
	struct waiter *w = ctx;
	struct rd_rect at;
	uint64_t now = rd_clock_ns(), due = targets_due(&w->targets);
	if (w->done || due == UINT64_MAX)
		return;
	if (due > now) {
		rd_timer_set(&w->still, due - now);
	} else if (rd_watch_duplex(w->watch)) {
		rd_watch_ping(w->watch, now);
		rd_timer_set(&w->still, ASK_AGAIN_NS);
	} else {
		met(w, targets_time(&w->targets, now, &at), at);
	}
}

static void
on_pong(void *ctx, uint64_t asked_ns)
{
	struct waiter *w = ctx;
	struct rd_rect at;
	if (w->live)
		met(w, targets_time(&w->targets, asked_ns, &at), at);
}

/* ---- text ---- */

static void
read_text(struct waiter *w)
{
	if (!w->reader || !w->unread || w->done || reader_busy(w->reader))
		return;
	w->part = targets_area(&w->targets);
	w->unread = false;
	if (rd_rect_empty(w->part))
		return;
	int err = reader_begin(w->reader, rd_watch_image(w->watch), w->part, &w->scale);
	if (!err)
		return;
	rd_error("the text cannot be read: %s", strerror(-err));
	leave(w, RD_EXIT_FAILURE);
}

static int
nothing(const struct waiter *w)
{
	rd_error("%s: the stream is over, and nothing that was waited for came", w->source->name);
	return RD_EXIT_NOTHING;
}

static void
on_read(void *ctx, const char *tsv, size_t len)
{
	struct waiter *w = ctx;
	struct rd_rect at;
	if (w->done)
		return;
	if (!tsv) {
		rd_error("tesseract could not read the picture; is the language installed? "
			"(tesseract --list-langs)");
		leave(w, RD_EXIT_COMMAND);
		return;
	}
	if (met(w, targets_text(&w->targets, tsv, len, w->part, w->scale, &at), at))
		return;
	read_text(w);
	if (w->over && !reader_busy(w->reader) && !w->done)
		leave(w, nothing(w));
}

/* ---- the stream ---- */

static void
on_started(void *ctx, const struct rd_hello *peer)
{
	struct waiter *w = ctx;
	w->live = (peer->caps & RD_CAP_LIVE) && !w->source->recorded;
}

/*
 * As rd-shot has it: a script that waits beside the picture has a number wrong. Only
 * the first one is asked; a desktop that becomes smaller may become larger again.
 */
static bool
refused(struct waiter *w, const struct rd_image *im)
{
	struct rd_rect r;
	if (w->targets.width || !targets_outside(&w->targets, im, &r))
		return false;
	rd_error("the region %dx%d+%d+%d lies beside the picture, which is %dx%d",
		r.w, r.h, r.x, r.y, im->width, im->height);
	leave(w, RD_EXIT_USAGE);
	return true;
}

static void
on_frame(void *ctx, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	struct waiter *w = ctx;
	struct rd_rect at;
	uint64_t now = w->live ? rd_clock_ns() : f->time_ns;
	if (w->done || refused(w, im))
		return;
	if (!w->live && met(w, targets_time(&w->targets, now, &at), at))
		return;
	if (met(w, targets_frame(&w->targets, im, damage, now, &at), at))
		return;
	w->unread |= pixman_region32_not_empty((pixman_region32_t *)damage) || f->resized;
	read_text(w);
	if (w->live && !w->still.set)
		on_still(w);
}

/* ---- ends ---- */

static int
on_over(void *ctx)
{
	struct waiter *w = ctx;
	if (w->done)
		return -1;
	w->over = true;
	if (w->reader && reader_busy(w->reader))
		return -1;
	return nothing(w);
}

/* The picture, or what is missing from the nearest image. */
static int
save(struct waiter *w, int nearest, struct rd_rect at)
{
	const struct rd_image *now = rd_watch_image(w->watch);
	struct rd_image im;
	if (rd_image_init(&im, now->width, now->height) != 0)
		return RD_EXIT_MEMORY;
	rd_image_copy(&im, now, (struct rd_rect){0, 0, now->width, now->height});
	if (nearest >= 0)
		mark_difference(&im, w->targets.needle[nearest], at);
	int code = rd_png_file_write(&w->save, &im);
	rd_image_finish(&im);
	return code;
}

static void
say_late(const struct waiter *w, int nearest, struct rd_rect at, double differ)
{
	if (nearest < 0)
		rd_error("%s: nothing that was waited for came in time", w->source->name);
	else
		rd_error("%s: nothing that was waited for came in time; nearest is %s at %dx%d+%d+%d, "
			"where %.1f %% of its pixels differ", w->source->name,
			w->o->target[nearest].name, at.w, at.h, at.x, at.y, 100 * differ);
}

static int
on_late(void *ctx)
{
	struct waiter *w = ctx;
	struct rd_rect at = {0};
	int64_t off = 0, of = 1;
	if (!w->targets.width) {
		rd_error("%s: no picture came within the time of --timeout", w->source->name);
		return RD_EXIT_TIMEOUT;
	}
	int nearest = targets_nearest(&w->targets, rd_watch_image(w->watch), &at, &off, &of);
	double differ = (double)off / (double)of;
	w->done = true;
	int code = report_timeout(w->o, nearest, at, differ, elapsed(w));
	if (!code && w->o->save)
		code = save(w, nearest, at);
	if (code)
		return code;
	say_late(w, nearest, at, differ);
	return RD_EXIT_TIMEOUT;
}

static const struct rd_watch_ops ops = {
	.started = on_started,
	.frame = on_frame,
	.pong = on_pong,
	.over = on_over,
	.late = on_late,
};

/* All that is opened by name, before confinement. */
static int
wait_open(struct waiter *w, int guard_fd)
{
	const struct rd_watch_config cfg = {
		.program = "rd-wait",
		.source = w->source,
		.guard_fd = guard_fd,
		.timeout_ns = w->o->timeout_ns,
		.ops = &ops,
		.ctx = w,
	};
	rd_timer_open(&w->still, w->loop, on_still, w);
	int code = rd_stdout_check();
	if (!code)
		code = targets_open(&w->targets, w->o);
	if (!code && targets_want_text(&w->targets))
		code = reader_open(&w->reader, w->loop, w->o->language, on_read, w);
	if (!code && w->o->save)
		code = rd_png_file_open(&w->save, w->o->save);
	return code ? code : rd_watch_open(&w->watch, w->loop, &cfg);
}

int
wait_run(const struct options *o, const struct rd_source *source, int guard_fd)
{
	struct waiter w = {.o = o, .source = source, .loop = rd_loop_new(), .start_ns = rd_clock_ns()};
	int code = wait_open(&w, guard_fd);
	if (!code) {
		const struct rd_confine_rules rules = {
			.kind = RD_CONFINE_OUTPUT, .write_dir = w.save.dir,
		};
		if (o->confine)
			rd_confine(&rules);
		code = targets_load(&w.targets);
	}
	if (!code) {
		rd_guard_ready(guard_fd);
		code = rd_loop_run(w.loop);
	}
	rd_watch_close(w.watch);
	rd_timer_close(&w.still);
	reader_close(w.reader);
	rd_png_file_close(&w.save);
	targets_close(&w.targets);
	rd_loop_free(w.loop);
	return code;
}
