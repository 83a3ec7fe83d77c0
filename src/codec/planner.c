#include "codec/planner.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/diff.h"
#include "codec/planner_priv.h"

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
	p->out.ops = *ops;
	p->out.ctx = ctx;
	p->want_sync = true;
	p->motion = rd_motion_new();
	p->film = rd_film_new(cfg->codec, cfg->yuv444, cfg->threads, cfg->quantizer);
	rd_film_rate(p->film, cfg->max_bps);
	rd_mirror_init(&p->mirror);
	*out = p;
	return 0;
}

void
rd_planner_close(struct rd_planner *p)
{
	if (!p)
		return;
	rd_mirror_finish(&p->mirror);
	rd_motion_free(p->motion);
	rd_exact_enc_close(p->exact);
	rd_film_free(p->film);
	rd_buf_finish(&p->out.body);
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
	return p->out.stats;
}

/* A picture of another size begins anew. */
static int
resize(struct rd_planner *p, const struct rd_image *im)
{
	if (im->width == p->mirror.im.width && im->height == p->mirror.im.height)
		return 0;
	rd_grids_clear(&p->grids);
	p->want_sync = true;
	return rd_mirror_resize(&p->mirror, im->width, im->height);
}

/* What may differ from what the viewer has, and does; at a sync point everything. */
static void
find_changes(struct rd_planner *p, const struct rd_image *im, const pixman_region32_t *damage,
	pixman_region32_t *changed)
{
	if (p->want_sync)
		rd_region_add(changed, (struct rd_rect){0, 0, im->width, im->height});
	else
		rd_diff(im, &p->mirror.im, damage, changed);
}

/* A frame of what changed, if it is to have one: its number, or as rd_planner_frame. */
static int64_t
send_frame(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *changed,
	uint64_t time_ns)
{
	bool sync = p->want_sync;
	int err;

	if (!sync && !p->cfg.every_frame && !pixman_region32_not_empty(changed))
		return 0;
	p->want_sync = false;
	planner_out_begin(&p->out, &p->mirror, time_ns, sync);
	err = planner_send_changes(p, im, changed, sync);
	planner_out_show(&p->out, &p->mirror);
	return err ? err : (int64_t)p->out.number;
}

int64_t
rd_planner_frame(struct rd_planner *p, const struct rd_image *im, const pixman_region32_t *damage,
	uint64_t time_ns)
{
	uint64_t cpu = rd_clock_cpu_ns();
	pixman_region32_t changed;
	int64_t number;
	int err = resize(p, im);

	if (err)
		return err;
	pixman_region32_init(&changed);
	find_changes(p, im, damage, &changed);
	number = send_frame(p, im, &changed, time_ns);
	pixman_region32_fini(&changed);
	p->out.stats.cpu_ns += rd_clock_cpu_ns() - cpu;
	return number;
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

/* Lossy pixels whose turn it is, at most about `pixels` of them. */
static void
choose_rest(struct rd_planner *p, uint64_t time_ns, int64_t pixels, bool all,
	pixman_region32_t *now)
{
	const struct rd_mirror *m = &p->mirror;
	pixman_region32_t rested;

	if (all) {
		take(&m->lossy, pixels, now);
		return;
	}
	pixman_region32_init(&rested);
	if (time_ns >= RD_REST_NS)
		rd_tiles_rested(&m->tiles, &m->lossy, time_ns - RD_REST_NS, &rested);
	take(&rested, pixels, now);
	pixman_region32_fini(&rested);
}

int64_t
rd_planner_refine(struct rd_planner *p, uint64_t time_ns, int64_t budget, bool all)
{
	uint64_t cpu = rd_clock_cpu_ns();
	pixman_region32_t now;
	int64_t number = 0;
	int err = 0;

	if (rd_mirror_is_exact(&p->mirror))
		return 0;
	pixman_region32_init(&now);
	choose_rest(p, time_ns, budget / 3, all, &now);
	if (pixman_region32_not_empty(&now)) {
		planner_out_begin(&p->out, &p->mirror, time_ns, false);
		err = planner_send_exact(p, &p->mirror.im, &now);
		planner_out_show(&p->out, &p->mirror);
		number = p->out.number;
	}
	pixman_region32_fini(&now);
	p->out.stats.cpu_ns += rd_clock_cpu_ns() - cpu;
	return err ? err : number;
}

uint64_t
rd_planner_due(const struct rd_planner *p)
{
	uint64_t oldest = rd_tiles_oldest(&p->mirror.tiles, &p->mirror.lossy);

	return oldest == UINT64_MAX ? UINT64_MAX : oldest + RD_REST_NS;
}
