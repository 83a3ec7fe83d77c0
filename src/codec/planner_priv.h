#ifndef RD_CODEC_PLANNER_PRIV_H
#define RD_CODEC_PLANNER_PRIV_H

#include "codec/exact.h"
#include "codec/film.h"
#include "codec/grid.h"
#include "codec/mirror.h"
#include "codec/motion.h"
#include "codec/planner.h"

/*
 * Inside a planner, for planner*.c only, each calling those below it:
 *
 *	planner.c		when there is a frame, and of what
 *	planner_updates.c	as which updates a change goes: copies, video, exact
 *	planner_out.c		the frame's messages, counted
 */

/* The messages of one frame after another, and their sums. */
struct planner_out {
	struct rd_planner_ops ops;
	void *ctx;
	uint32_t number;	/* of the last frame */
	uint64_t time_ns;	/* of the frame being made */
	struct rd_planner_stats stats;
	struct rd_buf body;	/* what is packed, for planner_out_emit */
};

struct rd_planner {
	struct rd_planner_config cfg;
	struct planner_out out;
	struct rd_mirror mirror;
	struct rd_grids grids;
	struct rd_motion *motion;
	struct rd_exact_enc *exact;
	struct rd_film *film;
	bool want_sync;		/* the next frame starts from nothing */
};

/* BEGIN and SHOW of a frame; at a sync point it is based on none. */
void planner_out_begin(struct planner_out *o, const struct rd_mirror *m, uint64_t time_ns,
	bool sync);
void planner_out_show(struct planner_out *o, const struct rd_mirror *m);
void planner_out_copies(struct planner_out *o, const struct rd_copy *c, int n);
/* For rd_exact_enc_put and rd_film_put, whose ctx is the out; pixels are counted by who calls them. */
void planner_out_exact(void *out, struct rd_buf *body);
void planner_out_video(void *out, struct rd_buf *body);

/*
 * The updates between BEGIN and SHOW that give the viewer `changed` of the
 * picture (of which copies leave less). 0 or a negative errno.
 */
int planner_send_changes(struct rd_planner *p, const struct rd_image *im,
	pixman_region32_t *changed, bool sync);
/* As it is. The region stays as the caller gave it but for being made simpler. */
int planner_send_exact(struct rd_planner *p, const struct rd_image *im,
	pixman_region32_t *region);

#endif
