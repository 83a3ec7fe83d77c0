#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "desktop/capture_source.h"
#include "media/image.h"
#include "media/testcard.h"

#define DEFAULT_FPS 30

struct test {
	struct rd_capture base;
	int width, height;
	unsigned fps_num, fps_den;
	uint64_t frames;	/* 0: endless */
	uint64_t next;		/* the frame that the next grab draws */
	bool all;		/* … with everything in it */
	struct rd_blob_pool *pool;
	struct rd_timer turn;	/* tells the tool, from the loop */
	struct rd_capture_events ev;
	void *ctx;
};

static bool
over(const struct test *t)
{
	return t->frames > 0 && t->next == t->frames;
}

static void
on_turn(void *ctx)
{
	struct test *t = ctx;
	if (over(t))
		t->ev.ended(t->ctx, 0, NULL);
	else
		t->ev.damaged(t->ctx);
}

static int
check_size(const struct rd_capture_config *cfg, char **why)
{
	if (cfg->width >= RD_TESTCARD_MIN && cfg->height >= RD_TESTCARD_MIN &&
		rd_image_size_ok(cfg->width, cfg->height))
		return 0;
	*why = xasprintf("a test picture of %dx%d cannot be drawn: "
		"it has at least %dx%d and at most %d pixels, %dx%d each way",
		cfg->width, cfg->height, RD_TESTCARD_MIN, RD_TESTCARD_MIN,
		RD_IMAGE_MAX_PIXELS, RD_IMAGE_MAX_WIDTH, RD_IMAGE_MAX_HEIGHT);
	return -EINVAL;
}

static int
test_open(struct rd_capture **out, struct rd_loop *loop, const struct rd_capture_config *cfg,
	const struct rd_capture_events *ev, void *ctx, char **why)
{
	const int err = check_size(cfg, why);
	if (err)
		return err;
	struct test *t = xcalloc(1, sizeof(*t));
	*t = (struct test){
		.base.ops = &rd_capture_test,
		.width = cfg->width,
		.height = cfg->height,
		.fps_num = cfg->fps_num ? cfg->fps_num : DEFAULT_FPS,
		.fps_den = cfg->fps_num && cfg->fps_den ? cfg->fps_den : 1,
		.frames = cfg->frames,
		.all = true,
		.pool = cfg->pool,
		.ev = *ev,
		.ctx = ctx,
	};
	rd_timer_open(&t->turn, loop, on_turn, t);
	rd_timer_set(&t->turn, 0);
	*out = &t->base;
	return 0;
}

static void
draw(const struct test *t, struct rd_grab *g)
{
	for (int i = 0; i < g->count; i++) {
		const struct rd_rect r = g->part[i].rect;
		struct rd_image part = {g->blob->data + g->part[i].offset, (size_t)r.w * 4, r.w, r.h};
		rd_testcard_draw(&part, r.x, r.y, t->width, t->height, (uint32_t)t->next);
	}
}

static int
test_grab(struct rd_capture *c, struct rd_grab *g)
{
	struct test *t = (struct test *)c;
	if (over(t))
		return -ENODATA;
	/* number 0 changes everything: of frame 0, and when 32 bits come round */
	pixman_region32_t damage;
	pixman_region32_init(&damage);
	rd_testcard_damage(&damage, t->width, t->height, t->all ? 0 : (uint32_t)t->next);
	const int err = rd_grab_init(g, t->pool, t->width, t->height, &damage);
	pixman_region32_fini(&damage);
	if (err)
		return err;
	g->time_ns = rd_frame_time_ns(t->next, t->fps_num, t->fps_den);
	g->all = t->all;
	draw(t, g);
	t->all = false;
	t->next++;
	rd_timer_set(&t->turn, 0);
	return 0;
}

static void
test_refresh(struct rd_capture *c)
{
	((struct test *)c)->all = true;
}

static void
test_close(struct rd_capture *c)
{
	struct test *t = (struct test *)c;
	rd_timer_close(&t->turn);
	free(t);
}

const struct rd_capture_ops rd_capture_test = {
	.name = "test",
	.help = "a test picture that moves: bars, a box, the frame's number",
	.open = test_open,
	.grab = test_grab,
	.refresh = test_refresh,
	.close = test_close,
};
