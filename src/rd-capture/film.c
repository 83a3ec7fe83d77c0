/*
 * The desktop as a film: a constant rate, whatever changes when. Frame k shows
 * what was to be seen at k / fps: of a desktop by the clock, of a test picture
 * or a file by the times of its pictures, as fast as the reader takes them.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "media/image.h"
#include "rd-capture/film.h"
#include "rd-capture/source.h"
#include "rd-capture/y4m_out.h"

#define FPS_DEFAULT 30
/* Who is told to go waits no longer than that for the rest of a frame. */
#define HURRY_NS (500 * RD_NS_PER_MS)

struct film {
	const struct options *opt;
	struct rd_loop *loop;
	struct source source;
	struct y4m_out out;
	struct rd_timer tick;
	struct rd_timer limit;
	struct rd_signal signals[3];

	struct rd_image picture; /* what is to be seen; empty before the first */
	bool changed;		/* … since the last frame */
	bool damaged;		/* the source has something new */
	bool source_over;
	struct rd_grab next;	/* not live: the picture after this one … */
	bool has_next;		/* … if it is known */

	unsigned fps_num, fps_den; /* 0: not known yet */
	uint64_t first_ns;	/* time of frame 0 */
	uint64_t picture_ns;	/* of the picture */
	uint64_t sent;		/* frames */
	bool told_size, told_slow;
	bool ending;
	int code;
};

static uint64_t
frame_time(const struct film *f, uint64_t k)
{
	return f->first_ns + (uint64_t)((unsigned __int128)k * RD_NS_PER_S * f->fps_den / f->fps_num);
}

/* ---- ending ---- */

/* Goes when the frame that is on its way has been written. */
static void
end(struct film *f, int code)
{
	if (!f->ending)
		f->code = code;
	f->ending = true;
	rd_timer_clear(&f->tick);
	if (!y4m_out_busy(&f->out))
		rd_loop_stop(f->loop, f->code);
}

static bool
enough(const struct film *f)
{
	if (f->opt->frames && f->sent >= f->opt->frames)
		return true;
	return f->opt->duration_ns && f->fps_num
		&& frame_time(f, f->sent) - f->first_ns >= f->opt->duration_ns;
}

/* ---- pictures ---- */

/* What of a rectangle lies within the film, whose size never changes. */
static void
put_part(struct rd_image *im, struct rd_rect r, const uint8_t *packed)
{
	struct rd_rect in = rd_rect_intersect(r, (struct rd_rect){0, 0, im->width, im->height});
	for (int y = 0; y < in.h; y++)
		memcpy(rd_image_at(im, in.x, in.y + y), packed + (size_t)y * (size_t)r.w * 4, (size_t)in.w * 4);
}

static int
put_grab(struct film *f, const struct rd_grab *g)
{
	struct rd_image *im = &f->picture;
	if (!im->data) {
		int err = rd_image_init(im, g->width, g->height);
		if (err)
			return err;
		f->first_ns = f->opt->source->live ? rd_clock_ns() : g->time_ns;
	} else if (g->all && (g->width != im->width || g->height != im->height)) {
		rd_image_fill(im, (struct rd_rect){0, 0, im->width, im->height}, 0);
		if (!f->told_size)
			rd_warn("the picture is %dx%d now; the film stays at %dx%d",
				g->width, g->height, im->width, im->height);
		f->told_size = true;
	}
	for (int i = 0; i < g->count; i++)
		put_part(im, g->part[i].rect, g->blob->data + g->part[i].offset);
	f->picture_ns = g->time_ns;
	f->changed |= g->count > 0;
	return 0;
}

/* The rate whose frames are that far apart: whole, of NTSC, or thousandths. */
static void
learn_rate(struct film *f, uint64_t gap_ns)
{
	double fps = gap_ns ? (double)RD_NS_PER_S / (double)gap_ns : FPS_DEFAULT;
	double whole = round(fps), ntsc = round(fps * 1.001);
	f->fps_den = 1;
	f->fps_num = FPS_DEFAULT;
	if (fps >= 0.5 && fabs(fps - whole) < 0.0005) {
		f->fps_num = (unsigned)whole;
	} else if (fps >= 0.5 && fabs(fps - ntsc / 1.001) < 0.0005) {
		f->fps_num = (unsigned)ntsc * 1000;
		f->fps_den = 1001;
	} else if (fps >= 0.001 && fps <= 1000) {
		f->fps_num = (unsigned)round(fps * 1000);
		f->fps_den = 1000;
	}
}

/* ---- frames ---- */

static int
send_frame(struct film *f)
{
	if (f->sent == 0) {
		struct rd_y4m_header h = {
			.width = f->picture.width, .height = f->picture.height,
			.fps_num = f->fps_num, .fps_den = f->fps_den,
			.chroma = f->opt->chroma,
		};
		int err = y4m_out_begin(&f->out, &h);
		if (err)
			return err;
		f->changed = true;
	}
	if (f->changed)
		y4m_out_picture(&f->out, &f->picture);
	f->changed = false;
	f->sent++;
	y4m_out_frame(&f->out);
	return 0;
}

/* 0 with the newest picture taken, if there is a newer one. */
static int
take_newest(struct film *f)
{
	struct rd_grab g;
	if (!f->damaged)
		return 0;
	int err = rd_capture_grab(f->source.capture, &g);
	f->damaged = false;
	if (err == -EAGAIN)
		return 0;
	if (err)
		return err;
	err = put_grab(f, &g);
	rd_grab_finish(&g);
	return err;
}

/* Returns whether a frame was sent; *err when the film cannot go on. */
static bool
step_live(struct film *f, int *err)
{
	uint64_t now = rd_clock_ns();
	if (f->picture.data && frame_time(f, f->sent) > now) {
		rd_timer_set(&f->tick, frame_time(f, f->sent) - now);
		return false;
	}
	*err = take_newest(f);
	if (*err || !f->picture.data)
		return false;
	if (!f->told_slow && now > frame_time(f, f->sent) + RD_NS_PER_S) {
		rd_warn("the reader takes fewer than %.4g frames a second: the film falls behind",
			(double)f->fps_num / f->fps_den);
		f->told_slow = true;
	}
	*err = send_frame(f);
	return !*err;
}

/* The picture that comes next becomes the one to be seen. */
static int
advance(struct film *f)
{
	int err = put_grab(f, &f->next);
	rd_grab_finish(&f->next);
	f->has_next = false;
	return err;
}

/* The same, but a picture is shown until the next one's time: whether it got on. */
static bool
step_paced(struct film *f, int *err)
{
	if (!f->has_next && f->damaged) {
		int got = rd_capture_grab(f->source.capture, &f->next);
		f->damaged = false;
		f->has_next = got == 0;
		*err = got == -EAGAIN || got == -ENODATA ? 0 : got;
	}
	if (*err || (!f->has_next && !f->source_over))
		return false;
	if (!f->picture.data && !f->has_next) {
		end(f, RD_EXIT_OK);
		return false;
	}
	if (f->picture.data && !f->fps_num)
		learn_rate(f, f->has_next ? f->next.time_ns - f->picture_ns : 0);
	uint64_t due = f->picture.data ? frame_time(f, f->sent) : UINT64_MAX;
	if (f->has_next ? due < f->next.time_ns : due <= f->picture_ns) {
		*err = send_frame(f);
		return !*err;
	}
	if (!f->has_next) {
		end(f, RD_EXIT_OK);
		return false;
	}
	*err = advance(f);
	return !*err;
}

static void
step(struct film *f)
{
	int err = 0;
	bool more = true;
	while (more && !f->ending && !y4m_out_busy(&f->out)) {
		if (enough(f)) {
			end(f, RD_EXIT_OK);
			return;
		}
		more = f->opt->source->live ? step_live(f, &err) : step_paced(f, &err);
		if (err == -ENODATA)
			err = 0;
		if (err) {
			rd_error("cannot make the film: %s", strerror(-err));
			end(f, source_exit(err));
		}
	}
}

/* ---- events ---- */

static void
on_damaged(void *ctx)
{
	struct film *f = ctx;
	f->damaged = true;
	/* A live picture is taken when its frame is due, except the first. */
	if (!f->opt->source->live || !f->picture.data)
		step(f);
}

static void
on_ended(void *ctx, int error, const char *why)
{
	struct film *f = ctx;
	f->source_over = true;
	if (error) {
		rd_error("%s", why ? why : strerror(-error));
		end(f, source_exit(error));
	} else if (f->opt->source->live) {
		end(f, RD_EXIT_OK);
	} else {
		step(f);
	}
}

static const struct rd_capture_events source_events = {.damaged = on_damaged, .ended = on_ended};

static void
on_ready(void *ctx)
{
	struct film *f = ctx;
	if (f->ending)
		rd_loop_stop(f->loop, f->code);
	else
		step(f);
}

static void
on_failed(void *ctx, int error)
{
	struct film *f = ctx;
	rd_error("cannot write the film: %s", error == -EPIPE ? "its reader is gone" : strerror(-error));
	rd_loop_stop(f->loop, RD_EXIT_OUTPUT);
}

static void
on_tick(void *ctx)
{
	step(ctx);
}

/* The duration has passed without a picture, or the time to end in good order. */
static void
on_limit(void *ctx)
{
	struct film *f = ctx;
	if (f->ending)
		rd_loop_stop(f->loop, f->code);
	else if (!f->picture.data)
		end(f, RD_EXIT_OK);
}

static void
on_signal(void *ctx, int number)
{
	struct film *f = ctx;
	(void)number;
	if (f->ending)
		rd_loop_stop(f->loop, f->code);
	rd_timer_set(&f->limit, HURRY_NS);
	end(f, RD_EXIT_OK);
}

/* ---- opening and closing ---- */

static int
film_open(struct film *f)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	rd_timer_open(&f->tick, f->loop, on_tick, f);
	rd_timer_open(&f->limit, f->loop, on_limit, f);
	for (int i = 0; i < 3; i++)
		rd_signal_open(&f->signals[i], f->loop, numbers[i], on_signal, f);
	int err = y4m_out_open(&f->out, f->loop, STDOUT_FILENO, on_ready, on_failed, f);
	if (err) {
		rd_error("cannot write to stdout: %s", strerror(-err));
		return RD_EXIT_OUTPUT;
	}
	char *why = NULL;
	int code = source_open(&f->source, f->opt, f->loop, &source_events, f, &why);
	free(why);
	if (f->opt->duration_ns && f->opt->source->live)
		rd_timer_set(&f->limit, f->opt->duration_ns);
	return code;
}

static void
film_close(struct film *f)
{
	rd_grab_finish(&f->next);
	source_close(&f->source);
	y4m_out_close(&f->out);
	rd_image_finish(&f->picture);
	rd_timer_close(&f->tick);
	rd_timer_close(&f->limit);
	for (int i = 0; i < 3; i++)
		rd_signal_close(&f->signals[i]);
}

int
film_run(const struct options *opt)
{
	struct film f = {
		.opt = opt,
		.loop = rd_loop_new(),
		.fps_num = opt->fps_num ? opt->fps_num : opt->source->live ? FPS_DEFAULT : 0,
		.fps_den = opt->fps_num ? opt->fps_den : 1,
	};
	int code = film_open(&f);
	if (!code)
		code = rd_loop_run(f.loop);
	film_close(&f);
	rd_loop_free(f.loop);
	return code;
}
