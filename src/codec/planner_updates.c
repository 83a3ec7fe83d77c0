#include <stdlib.h>

#include "base/mem.h"
#include "codec/copies.h"
#include "codec/planner_priv.h"
#include "codec/strips.h"

/* Movements looked for in one frame: two windows that scroll at once. */
#define MOTIONS 2
/* Rectangles of one frame's exact updates. */
#define EXACT_BOXES 384
/* Film smaller than this is sent exact, pixels. */
#define FILM_MIN (96 * 64)

/* Sends what moved as copies; what is left is in `changed`. */
static void
send_copies(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *changed)
{
	struct rd_copies copies;

	for (int i = 0; i < MOTIONS; i++) {
		if (!rd_copies_find(&copies, p->motion, im, &p->mirror.im, changed, i == 0))
			return;
		for (int k = 0; k < copies.n; k++)
			rd_mirror_move(&p->mirror, &copies.v[k], p->out.time_ns);
		planner_out_copies(&p->out, copies.v, copies.n);
		rd_copies_left(&copies, im, &p->mirror.im, changed);
	}
}

/* The part of the picture to go as video; empty if none is. */
static struct rd_rect
film_part(struct rd_planner *p, const struct rd_image *im, const pixman_region32_t *changed)
{
	struct rd_rect whole = {0, 0, im->width, im->height}, moving;

	if (!(p->cfg.kinds & RD_KIND_VIDEO) || p->cfg.codec == RD_CODEC_NONE)
		return (struct rd_rect){0};
	if (!(p->cfg.kinds & RD_KIND_EXACT))
		return whole;
	moving = rd_tiles_film(&p->mirror.tiles, im, changed, p->out.time_ns);
	if (rd_rect_area(moving) < FILM_MIN)
		return (struct rd_rect){0};
	return rd_film_frame(p->film, moving, whole, p->out.time_ns);
}

/* Sends film as video and takes it out of `changed`; what the codec cannot stays. */
static void
send_film(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *changed, bool sync)
{
	struct rd_rect r = film_part(p, im, changed);
	pixman_region32_t sent;

	if (rd_rect_empty(r) || !pixman_region32_not_empty(changed))
		return;
	if (rd_film_put(p->film, im, r, p->out.time_ns, sync, planner_out_video, &p->out))
		return;
	p->out.stats.video.pixels += rd_rect_area(r);
	rd_mirror_filmed(&p->mirror, r, p->out.time_ns);
	pixman_region32_init_rect(&sent, r.x, r.y, r.w, r.h);
	pixman_region32_subtract(changed, changed, &sent);
	pixman_region32_fini(&sent);
}

static int
put_area(struct rd_planner *p, const struct rd_image *im, const struct rd_strips_area *a)
{
	struct rd_rect *rects;
	int n, err;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)&a->region, &n);

	rects = xcalloc(n, sizeof(*rects));
	for (int i = 0; i < n; i++)
		rects[i] = rd_rect_of_box(&boxes[i]);
	err = rd_exact_enc_put(p->exact, im, a->height, rects, n, planner_out_exact, &p->out);
	free(rects);
	return err;
}

int
planner_send_exact(struct rd_planner *p, const struct rd_image *im, pixman_region32_t *region)
{
	struct rd_strips strips;
	int err = 0;

	if (!pixman_region32_not_empty(region))
		return 0;
	rd_region_simplify(region, EXACT_BOXES);
	rd_strips_cut(&strips, &p->grids, im, region);
	for (int i = 0; i < strips.n && !err; i++)
		err = put_area(p, im, &strips.v[i]);
	rd_strips_finish(&strips);
	p->out.stats.exact.pixels += rd_region_area(region);
	rd_mirror_exact(&p->mirror, region);
	return err;
}

int
planner_send_changes(struct rd_planner *p, const struct rd_image *im,
	pixman_region32_t *changed, bool sync)
{
	pixman_region32_t rest;
	int err;

	rd_film_changed(p->film, changed);
	if (sync) {
		rd_exact_enc_reset(p->exact);
		rd_mirror_exact(&p->mirror, changed);
	} else if (p->cfg.kinds & RD_KIND_COPY) {
		send_copies(p, im, changed);
	}
	rd_tiles_touch(&p->mirror.tiles, changed, p->out.time_ns, !sync);

	pixman_region32_init(&rest);
	pixman_region32_copy(&rest, changed);
	send_film(p, im, &rest, sync);
	err = planner_send_exact(p, im, &rest);
	pixman_region32_fini(&rest);
	rd_mirror_paint(&p->mirror, im, changed);
	return err;
}
