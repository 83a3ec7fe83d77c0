#include "codec/planner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/diff.h"
#include "codec/exact.h"
#include "codec/film.h"
#include "codec/grid.h"
#include "codec/motion.h"
#include "codec/tiles.h"
#include "wire/msg_picture.h"

/* Changes smaller than this many pixels are not searched for movement. */
#define MOTION_MIN (128 * 64)
/* Movements looked for in one frame: two windows that scroll at once. */
#define MOTIONS 2
/* A movement is used when it explains this share of the change, percent. */
#define MOTION_GAIN 12
/* Copies smaller than this cost more than they save, pixels. */
#define COPY_MIN 192
/* Rectangles of one frame's exact updates, and of its copies. */
#define EXACT_BOXES 384
#define COPY_BOXES 256
/* Heights of strips where no grid is known. */
#define STRIP 16
#define STRIP_MIN 8
/* Film smaller than this is sent exact, pixels. */
#define FILM_MIN (96 * 64)

struct rd_planner {
	struct rd_planner_config cfg;
	struct rd_planner_ops ops;
	void *ctx;

	struct rd_image sent;	/* what the viewer shows, were nothing lossy */
	pixman_region32_t lossy; /* where it is not that yet */
	struct rd_tiles tiles;
	struct rd_grids grids;
	struct rd_motion *motion;
	struct rd_exact_enc *exact;
	struct rd_film *film;

	uint32_t number;	/* of the last frame */
	bool want_sync;
	uint64_t time_ns;	/* of the frame being made */
	struct rd_buf body;
	struct rd_planner_stats stats;
};

int
rd_planner_open(struct rd_planner **out, const struct rd_planner_config *cfg,
	const struct rd_planner_ops *ops, void *ctx)
{
	struct rd_planner *p = xcalloc(1, sizeof(*p));
	int err = rd_exact_enc_open(&p->exact);

	if (err) {
		free(p);
		return err;
	}
	p->cfg = *cfg;
	p->ops = *ops;
	p->ctx = ctx;
	p->want_sync = true;
	p->motion = rd_motion_new();
	p->film = rd_film_new(cfg->codec, cfg->yuv444, cfg->threads, cfg->quantizer);
	rd_film_rate(p->film, cfg->max_bps);
	pixman_region32_init(&p->lossy);
	*out = p;
	return 0;
}

void
rd_planner_close(struct rd_planner *p)
{
	if (!p)
		return;
	rd_image_finish(&p->sent);
	pixman_region32_fini(&p->lossy);
	rd_tiles_finish(&p->tiles);
	rd_motion_free(p->motion);
	rd_exact_enc_close(p->exact);
	rd_film_free(p->film);
	rd_buf_finish(&p->body);
	free(p);
}

void
rd_planner_sync(struct rd_planner *p)
{
	p->want_sync = true;
}

void
rd_planner_rate(struct rd_planner *p, uint64_t bps)
{
	rd_film_rate(p->film, bps);
}

void
rd_planner_quantizer(struct rd_planner *p, int quantizer)
{
	rd_film_quantizer(p->film, quantizer);
}

struct rd_planner_stats
rd_planner_stats(const struct rd_planner *p)
{
	return p->stats;
}

static void
emit(struct rd_planner *p, uint16_t type, struct rd_buf *body)
{
	p->ops.emit(p->ctx, type, p->time_ns, body);
	rd_buf_reset(body);
}

static void
emit_begin(struct rd_planner *p, bool sync)
{
	struct rd_begin b = {
		.number = p->number + 1,
		.base = sync ? 0 : p->number,
		.width = p->sent.width,
		.height = p->sent.height,
		.flags = sync ? RD_BEGIN_SYNC : 0,
	};

	p->number++;
	p->stats.frames++;
	rd_begin_pack(&p->body, &b);
	emit(p, RD_MSG_BEGIN, &p->body);
}

static void
emit_show(struct rd_planner *p)
{
	rd_show_pack(&p->body, pixman_region32_not_empty(&p->lossy) ? 0 : RD_SHOW_EXACT);
	emit(p, RD_MSG_SHOW, &p->body);
}

static void
emit_exact(void *ctx, struct rd_buf *body)
{
	struct rd_planner *p = ctx;

	p->stats.exact.bytes += RD_MSG_HEADER_SIZE + body->len;
	emit(p, RD_MSG_EXACT, body);
}

static void
emit_video(void *ctx, struct rd_buf *body)
{
	struct rd_planner *p = ctx;

	p->stats.video.bytes += RD_MSG_HEADER_SIZE + body->len;
	emit(p, RD_MSG_VIDEO, body);
}

/* A picture of another size: nothing of the old one counts. */
static int
resize(struct rd_planner *p, int width, int height)
{
	rd_image_finish(&p->sent);
	rd_tiles_finish(&p->tiles);
	rd_grids_clear(&p->grids);
	rd_tiles_init(&p->tiles, width, height);
	p->want_sync = true;
	return rd_image_init(&p->sent, width, height);
}

/* One copy done to our picture of the viewer, lossy pixels moving with the rest. */
static void
apply_copy(struct rd_planner *p, const struct rd_copy *c)
{
	pixman_region32_t moved;

	rd_image_move(&p->sent, c->from, c->to_x, c->to_y);
	if (!pixman_region32_not_empty(&p->lossy))
		return;
	pixman_region32_init(&moved);
	pixman_region32_intersect_rect(&moved, &p->lossy, c->from.x, c->from.y, c->from.w, c->from.h);
	pixman_region32_translate(&moved, c->to_x - c->from.x, c->to_y - c->from.y);
	{
		pixman_region32_t to;

		pixman_region32_init_rect(&to, c->to_x, c->to_y, c->from.w, c->from.h);
		pixman_region32_subtract(&p->lossy, &p->lossy, &to);
		pixman_region32_fini(&to);
	}
	pixman_region32_union(&p->lossy, &p->lossy, &moved);
	rd_tiles_touch(&p->tiles, &moved, p->time_ns, false);
	pixman_region32_fini(&moved);
}

/*
 * The boxes of `match` worth copying, in an order in which none overwrites
 * what a later one reads (for boxes in bands, as pixman keeps them; where that
 * fails the difference is found and sent exact).
 */
static int
choose_copies(const pixman_region32_t *match, const pixman_region32_t *changed, int dx, int dy,
	struct rd_copy *out)
{
	bool backwards = dy > 0 || (dy == 0 && dx > 0);
	int n, count = 0;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)match, &n);

	for (int k = 0; k < n && count < COPY_BOXES; k++) {
		const pixman_box32_t *box = &boxes[backwards ? n - 1 - k : k];
		struct rd_rect to = rd_rect_of_box(box);

		if (rd_rect_area(to) < COPY_MIN
		    || pixman_region32_contains_rectangle((pixman_region32_t *)changed,
			(pixman_box32_t *)box) == PIXMAN_REGION_OUT)
			continue;
		out[count++] = (struct rd_copy){{to.x - dx, to.y - dy, to.w, to.h}, to.x, to.y};
	}
	return count;
}

/* Whether a copy overwrites what a later one reads. */
static bool
collide(const struct rd_copy *c, int n)
{
	for (int i = 0; i < n; i++) {
		struct rd_rect to = {c[i].to_x, c[i].to_y, c[i].from.w, c[i].from.h};

		for (int k = i + 1; k < n; k++)
			if (!rd_rect_empty(rd_rect_intersect(to, c[k].from)))
				return true;
	}
	return false;
}

/*
 * What is left to send after the copies. They were proved pixel by pixel, so
 * what they painted is looked at again only where one may have spoilt
 * another's source.
 */
static void
left_over(struct rd_planner *p, const struct rd_image *im, const struct rd_copy *c, int n,
	pixman_region32_t *changed)
{
	pixman_region32_t copied, rest;

	pixman_region32_init(&copied);
	pixman_region32_init(&rest);
	for (int i = 0; i < n; i++)
		rd_region_add(&copied, (struct rd_rect){c[i].to_x, c[i].to_y, c[i].from.w, c[i].from.h});
	if (collide(c, n))
		pixman_region32_union(&rest, changed, &copied);
	else
		pixman_region32_subtract(&rest, changed, &copied);
	rd_diff(im, &p->sent, &rest, changed);
	pixman_region32_fini(&copied);
	pixman_region32_fini(&rest);
}

/* Sends copies for one movement; false when it explains too little. */
static bool
send_copies(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *changed, int dx,
	int dy)
{
	struct rd_rect area = rd_rect_of_box(pixman_region32_extents(changed));
	struct rd_copy copies[COPY_BOXES];
	pixman_region32_t match, both;
	int n = 0;

	pixman_region32_init(&match);
	pixman_region32_init(&both);
	rd_motion_match(im, &p->sent, area, dx, dy, &match);
	pixman_region32_intersect(&both, &match, changed);
	if (rd_region_area(&both) * 100 >= rd_region_area(changed) * MOTION_GAIN)
		n = choose_copies(&match, changed, dx, dy, copies);
	if (n) {
		for (int i = 0; i < n; i++) {
			apply_copy(p, &copies[i]);
			p->stats.copy.pixels += rd_rect_area(copies[i].from);
		}
		rd_copy_pack(&p->body, copies, n);
		p->stats.copy.bytes += RD_MSG_HEADER_SIZE + p->body.len;
		emit(p, RD_MSG_COPY, &p->body);
		left_over(p, im, copies, n, changed);
	}
	pixman_region32_fini(&match);
	pixman_region32_fini(&both);
	return n > 0;
}

/*
 * Looks for one movement and sends it as copies; what is left is in `changed`.
 * The dear search is made for the frame's first one only.
 */
static bool
copy_once(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *changed, bool first)
{
	struct rd_rect area = rd_rect_of_box(pixman_region32_extents(changed));
	bool useful;
	int dx, dy;

	if (rd_region_area(changed) < MOTION_MIN)
		return false;
	if (rd_motion_vertical(p->motion, im, &p->sent, area, &dx, &dy)
	    && send_copies(p, im, changed, dx, dy))
		return true;
	if (!first || !rd_motion_any_ready(p->motion))
		return false;
	useful = rd_motion_any(p->motion, im, &p->sent, area, &dx, &dy)
		&& send_copies(p, im, changed, dx, dy);
	rd_motion_any_was(p->motion, useful);
	return useful;
}

/* Sends a part of the picture as video; false when it is to go exact after all. */
static bool
send_film(struct rd_planner *p, const struct rd_image *im, struct rd_rect r, bool sync)
{
	pixman_region32_t region;

	if (rd_film_put(p->film, im, r, p->time_ns, sync, emit_video, p))
		return false;
	p->stats.video.pixels += rd_rect_area(r);
	pixman_region32_init_rect(&region, r.x, r.y, r.w, r.h);
	pixman_region32_union(&p->lossy, &p->lossy, &region);
	rd_tiles_touch(&p->tiles, &region, p->time_ns, false);
	pixman_region32_fini(&region);
	return true;
}

/* Takes out of `changed` what goes as video. */
static void
film(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *changed, bool sync)
{
	struct rd_rect whole = {0, 0, im->width, im->height}, r;
	pixman_region32_t sent;

	if (!(p->cfg.kinds & RD_KIND_VIDEO) || p->cfg.codec == RD_CODEC_NONE)
		return;
	if (p->cfg.kinds & RD_KIND_EXACT) {
		r = rd_tiles_film(&p->tiles, im, changed, p->time_ns);
		if (rd_rect_area(r) < FILM_MIN)
			return;
		r = rd_film_frame(p->film, r, whole, p->time_ns);
	} else {
		r = whole;
	}
	if (!pixman_region32_not_empty(changed) || !send_film(p, im, r, sync))
		return;
	pixman_region32_init_rect(&sent, r.x, r.y, r.w, r.h);
	pixman_region32_subtract(changed, changed, &sent);
	pixman_region32_fini(&sent);
}

static int
floor_to(int v, int step, int phase)
{
	int d = (v - phase) % step;

	return v - (d < 0 ? d + step : d);
}

/* A box grown to whole lines of its grid, as far as the picture goes. */
static struct rd_rect
align(struct rd_rect r, const struct rd_grid *g, const struct rd_image *im)
{
	int top = floor_to(r.y, g->pitch, g->phase);
	int bottom = floor_to(r.y + r.h - 1, g->pitch, g->phase) + g->pitch;

	if (top < 0)
		top = r.y;
	if (bottom > im->height)
		bottom = im->height;
	return (struct rd_rect){r.x, top, r.w, bottom - top};
}

/* Areas that share a height of strip, so that they share messages. */
struct group {
	int strip;
	pixman_region32_t region;
};

static void
group_add(struct group *groups, int *n, int max, int strip, struct rd_rect r)
{
	int i = 0;

	while (i < *n && groups[i].strip != strip)
		i++;
	if (i == max)
		i = max - 1;	/* so many heights at once: the last takes the rest */
	if (i == *n) {
		groups[i].strip = strip;
		pixman_region32_init(&groups[i].region);
		(*n)++;
	}
	rd_region_add(&groups[i].region, r);
}

/* Without a grid: a change no higher than a line is taken for one. */
static int
strip_for(struct rd_rect r)
{
	return r.h < STRIP_MIN ? STRIP_MIN : r.h <= RD_LINE_MAX ? r.h : STRIP;
}

static int
put_group(struct rd_planner *p, const struct rd_image *im, const struct group *g)
{
	struct rd_rect *rects;
	int n, err;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)&g->region, &n);

	rects = xcalloc(n, sizeof(*rects));
	for (int i = 0; i < n; i++)
		rects[i] = rd_rect_of_box(&boxes[i]);
	err = rd_exact_enc_put(p->exact, im, g->strip, rects, n, emit_exact, p);
	free(rects);
	return err;
}

/* Sends `region` exact. It stays as the caller gave it but for being made simpler. */
static int
put_exact(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *region)
{
	struct group groups[8];
	int count = 0, n, err = 0;
	const pixman_box32_t *boxes;

	if (!pixman_region32_not_empty(region))
		return 0;
	rd_region_simplify(region, EXACT_BOXES);
	rd_grids_learn(&p->grids, im, rd_rect_of_box(pixman_region32_extents(region)));
	boxes = pixman_region32_rectangles(region, &n);
	for (int i = 0; i < n; i++) {
		struct rd_rect r = rd_rect_of_box(&boxes[i]);
		const struct rd_grid *g = rd_grids_at(&p->grids, r);

		if (g)
			group_add(groups, &count, 8, g->pitch, align(r, g, im));
		else
			group_add(groups, &count, 8, strip_for(r), r);
	}
	for (int i = 0; i < count; i++) {
		if (!err)
			err = put_group(p, im, &groups[i]);
		pixman_region32_fini(&groups[i].region);
	}
	p->stats.exact.pixels += rd_region_area(region);
	return err;
}

/* From now on the viewer has `region` of the picture (exact or nearly so). */
static void
remember(struct rd_planner *p, const struct rd_image *im, const pixman_region32_t *region)
{
	int n;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)region, &n);

	for (int i = 0; i < n; i++)
		rd_image_copy(&p->sent, im, rd_rect_of_box(&boxes[i]));
}

/* Updates for `changed`, between BEGIN and SHOW. */
static int
send_changes(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *changed, bool sync)
{
	pixman_region32_t rest;
	int err;

	rd_film_changed(p->film, changed);
	if (sync) {
		rd_exact_enc_reset(p->exact);
		pixman_region32_clear(&p->lossy);
	} else if (p->cfg.kinds & RD_KIND_COPY) {
		for (int i = 0; i < MOTIONS && copy_once(p, im, changed, i == 0); i++)
			;
	}
	rd_tiles_touch(&p->tiles, changed, p->time_ns, !sync);

	pixman_region32_init(&rest);
	pixman_region32_copy(&rest, changed);
	film(p, im, &rest, sync);
	err = put_exact(p, im, &rest);
	pixman_region32_subtract(&p->lossy, &p->lossy, &rest);
	pixman_region32_fini(&rest);
	remember(p, im, changed);
	return err;
}

int64_t
rd_planner_frame(struct rd_planner *p, const struct rd_image *im, const pixman_region32_t *damage,
	uint64_t time_ns)
{
	uint64_t cpu = rd_clock_cpu_ns();
	pixman_region32_t changed;
	int64_t number = 0;
	bool sync;
	int err = 0;

	if (im->width != p->sent.width || im->height != p->sent.height) {
		err = resize(p, im->width, im->height);
		if (err)
			return err;
	}
	sync = p->want_sync;
	p->time_ns = time_ns;
	pixman_region32_init(&changed);
	if (sync)
		rd_region_add(&changed, (struct rd_rect){0, 0, im->width, im->height});
	else
		rd_diff(im, &p->sent, damage, &changed);

	if (sync || p->cfg.every_frame || pixman_region32_not_empty(&changed)) {
		p->want_sync = false;
		emit_begin(p, sync);
		err = send_changes(p, im, &changed, sync);
		emit_show(p);
		number = p->number;
	}
	pixman_region32_fini(&changed);
	p->stats.cpu_ns += rd_clock_cpu_ns() - cpu;
	return err ? err : number;
}

/* The first boxes of `region` up to about `pixels`, the last one cut to fit. */
static void
take(const pixman_region32_t *region, int64_t pixels, pixman_region32_t *out)
{
	int n;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)region, &n);

	pixman_region32_clear(out);
	for (int i = 0; i < n && pixels > 0; i++) {
		struct rd_rect r = rd_rect_of_box(&boxes[i]);
		int rows = (int)(pixels / r.w) + 1;

		if (rows < r.h)
			r.h = rows;
		rd_region_add(out, r);
		pixels -= rd_rect_area(r);
	}
}

int64_t
rd_planner_refine(struct rd_planner *p, uint64_t time_ns, int64_t budget, bool all)
{
	uint64_t cpu = rd_clock_cpu_ns();
	pixman_region32_t rested, now;
	int64_t number = 0;
	int err = 0;

	if (!pixman_region32_not_empty(&p->lossy))
		return 0;
	pixman_region32_init(&rested);
	pixman_region32_init(&now);
	if (all)
		pixman_region32_copy(&rested, &p->lossy);
	else if (time_ns >= RD_REST_NS)
		rd_tiles_rested(&p->tiles, &p->lossy, time_ns - RD_REST_NS, &rested);
	take(&rested, budget / 3, &now);

	if (pixman_region32_not_empty(&now)) {
		p->time_ns = time_ns;
		emit_begin(p, false);
		err = put_exact(p, &p->sent, &now);
		pixman_region32_subtract(&p->lossy, &p->lossy, &now);
		emit_show(p);
		number = p->number;
	}
	pixman_region32_fini(&rested);
	pixman_region32_fini(&now);
	p->stats.cpu_ns += rd_clock_cpu_ns() - cpu;
	return err ? err : number;
}

uint64_t
rd_planner_due(const struct rd_planner *p)
{
	uint64_t oldest = rd_tiles_oldest(&p->tiles, &p->lossy);

	return oldest == UINT64_MAX ? UINT64_MAX : oldest + RD_REST_NS;
}
