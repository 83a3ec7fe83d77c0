#include <stdlib.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/guard.h"
#include "look/png_file.h"
#include "look/watch.h"
#include "rd-shot/shot.h"

/* How long a peer may take to make a new picture, or to say where the pointer is. */
#define FRESH_NS (3 * RD_NS_PER_S)
#define CURSOR_NS (2 * RD_NS_PER_S)

struct shot {
	const struct options *o;
	const struct rd_source *source;
	struct rd_loop *loop;
	struct rd_watch *watch;
	struct rd_png_file file;
	struct rd_timer patience;
	bool have;		/* there is a picture */
	bool fresh;		/* … and it is today's */
	bool placed;		/* what is to be known of the pointer is */
	bool done;
};

static void
paint_cursor(const struct shot *s, struct rd_image *im)
{
	struct rd_pointer_at at;
	const struct rd_cursor *c = rd_watch_cursor(s->watch, &at);
	if (c)
		rd_image_blend(im, at.x - c->hot_x, at.y - c->hot_y, c->pixels, c->width, c->height);
}

/* A copy of the picture, with the pointer where that is asked for. */
static int
compose(const struct shot *s, struct rd_image *im)
{
	const struct rd_image *now = rd_watch_image(s->watch);
	if (rd_image_init(im, now->width, now->height) != 0) {
		rd_error("no memory for a picture of %dx%d", now->width, now->height);
		return RD_EXIT_MEMORY;
	}
	rd_image_copy(im, now, (struct rd_rect){0, 0, now->width, now->height});
	if (s->o->cursor)
		paint_cursor(s, im);
	return 0;
}

static int
write_picture(struct shot *s)
{
	struct rd_image im = {0}, part;
	struct rd_rect r = s->o->region;
	int code = compose(s, &im);
	if (!code && rd_rect_empty(r))
		r = (struct rd_rect){0, 0, im.width, im.height};
	if (!code && !rd_rect_inside(r, im.width, im.height)) {
		rd_error("the region %dx%d+%d+%d does not lie within the picture, which is %dx%d",
			r.w, r.h, r.x, r.y, im.width, im.height);
		code = RD_EXIT_USAGE;
	}
	if (!code) {
		part = rd_image_part(&im, r);
		code = rd_png_file_write(&s->file, &part);
	}
	rd_image_finish(&im);
	return code;
}

static void
take(struct shot *s)
{
	if (s->done)
		return;
	s->done = true;
	rd_watch_leave(s->watch, write_picture(s), "the picture is taken");
}

/* A recording is taken at its end. */
static void
step(struct shot *s)
{
	if (s->have && s->fresh && (s->placed || !s->o->cursor) && !s->source->recorded)
		take(s);
}

/*
 * A host that serves several keeps a picture for those who come, which may be
 * one of a while ago: a new one is asked for, and awaited for so long.
 */
static void
first_frame(struct shot *s)
{
	const struct rd_hello *peer = rd_watch_peer(s->watch);
	bool live = peer && (peer->caps & RD_CAP_LIVE) && rd_watch_duplex(s->watch);
	s->have = true;
	s->fresh = !(live && s->source->kind == RD_SOURCE_HOST);
	s->placed = !live;
	if (!s->fresh) {
		rd_watch_refresh(s->watch);
		rd_timer_set(&s->patience, FRESH_NS);
	} else if (s->o->cursor && live) {
		/* The answer comes after what is said of the pointer at first. */
		rd_watch_ping(s->watch, rd_clock_ns());
		rd_timer_set(&s->patience, CURSOR_NS);
	}
}

static void
on_frame(void *ctx, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	struct shot *s = ctx;
	(void)im, (void)damage;
	if (!s->have)
		first_frame(s);
	else if (f->sync)
		s->fresh = s->placed = true;
	step(s);
}

static void
on_pong(void *ctx, uint64_t asked_ns)
{
	struct shot *s = ctx;
	(void)asked_ns;
	s->placed = true;
	step(s);
}

static void
on_patience(void *ctx)
{
	struct shot *s = ctx;
	s->fresh = s->placed = true;
	step(s);
}

static int
on_over(void *ctx)
{
	struct shot *s = ctx;
	if (s->have)
		return s->done ? RD_EXIT_OK : write_picture(s);
	rd_error("%s: no picture came, so %s is not written", s->source->name, s->o->output);
	return RD_EXIT_FAILURE;
}

static int
on_late(void *ctx)
{
	const struct shot *s = ctx;
	rd_error("%s: no picture came within the time of --timeout", s->source->name);
	return RD_EXIT_TIMEOUT;
}

static const struct rd_watch_ops ops = {
	.frame = on_frame,
	.pong = on_pong,
	.over = on_over,
	.late = on_late,
};

static int
shot_open(struct shot *s, int guard_fd)
{
	const struct rd_watch_config cfg = {
		.program = "rd-shot",
		.source = s->source,
		.guard_fd = guard_fd,
		.timeout_ns = s->o->timeout_ns,
		.ops = &ops,
		.ctx = s,
	};
	int code = rd_watch_open(&s->watch, s->loop, &cfg);
	rd_timer_open(&s->patience, s->loop, on_patience, s);
	if (!code)
		code = rd_png_file_open(&s->file, s->o->output);
	return code;
}

int
shot_take(const struct options *o, const struct rd_source *source, int guard_fd)
{
	struct shot s = {.o = o, .source = source, .loop = rd_loop_new()};
	int code = shot_open(&s, guard_fd);
	if (!code) {
		const struct rd_confine_rules rules = {
			.kind = RD_CONFINE_OUTPUT, .write_dir = s.file.dir,
		};
		if (o->confine)
			rd_confine(&rules);
		rd_guard_ready(guard_fd);
		code = rd_loop_run(s.loop);
	}
	rd_watch_close(s.watch);
	rd_timer_close(&s.patience);
	rd_png_file_close(&s.file);
	rd_loop_free(s.loop);
	return code;
}
