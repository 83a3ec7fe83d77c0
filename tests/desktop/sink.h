#ifndef RD_TESTS_SINK_H
#define RD_TESTS_SINK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desktop/capture.h"
#include "media/image.h"

/*
 * A tool that does nothing but take every frame a source has: it keeps the
 * picture, and calls `frame` after each. Included after cmocka.
 */
struct sink {
	struct rd_loop *loop;
	struct rd_blob_pool *pool;
	struct rd_capture *source;
	struct rd_capture_config cfg;
	struct rd_image picture;
	int frames, damaged;
	bool ended;
	int error;		/* what `ended` was given */
	char *why;
	bool inside;		/* in a call of the source: it must not call back */
	void (*frame)(struct sink *s, const struct rd_grab *g);
	void *data;
};

static void
sink_check_parts(const struct rd_grab *g)
{
	size_t end = 0;
	pixman_region32_t region;
	pixman_region32_init(&region);
	int64_t area = 0;
	for (int i = 0; i < g->count; i++) {
		const struct rd_rect r = g->part[i].rect;
		assert_true(rd_rect_inside(r, g->width, g->height));
		assert_int_equal(g->part[i].offset % RD_GRAB_GAP, 0);
		assert_true(g->part[i].offset >= end + RD_GRAB_GAP);
		end = g->part[i].offset + (size_t)rd_rect_area(r) * 4;
		assert_true(end <= g->blob->size);
		rd_region_add(&region, r);
		area += rd_rect_area(r);
	}
	assert_int_equal(rd_region_area(&region), area); /* none twice */
	assert_true(!g->all || area == (int64_t)g->width * g->height);
	pixman_region32_fini(&region);
}

static void
sink_apply(struct sink *s, const struct rd_grab *g)
{
	if (g->width != s->picture.width || g->height != s->picture.height) {
		assert_true(g->all);
		rd_image_finish(&s->picture);
		assert_int_equal(rd_image_init(&s->picture, g->width, g->height), 0);
	}
	for (int i = 0; i < g->count; i++)
		rd_image_put(&s->picture, g->part[i].rect, g->blob->data + g->part[i].offset);
}

/* One grab. Returns what the source does. */
static int
sink_grab(struct sink *s)
{
	struct rd_grab g;
	s->inside = true;
	const int err = rd_capture_grab(s->source, &g);
	s->inside = false;
	if (err)
		return err;
	sink_check_parts(&g);
	sink_apply(s, &g);
	if (s->frame)
		s->frame(s, &g);
	s->frames++;
	rd_grab_finish(&g);
	return 0;
}

static void
sink_on_damaged(void *ctx)
{
	struct sink *s = ctx;
	assert_false(s->inside);
	assert_false(s->ended);
	s->damaged++;
	assert_int_equal(sink_grab(s), 0);
}

static void
sink_on_ended(void *ctx, int error, const char *why)
{
	struct sink *s = ctx;
	assert_false(s->inside);
	assert_false(s->ended);
	s->ended = true;
	s->error = error;
	s->why = why ? strdup(why) : NULL;
	assert_int_equal(sink_grab(s), -ENODATA);
	rd_loop_stop(s->loop, 0);
}

static const struct rd_capture_events sink_events = {
	.damaged = sink_on_damaged,
	.ended = sink_on_ended,
};

/* Opens a source; its error, with the words in s->why. */
static int
sink_open(struct sink *s, const char *source, const struct rd_capture_events *ev)
{
	s->loop = rd_loop_new();
	s->pool = rd_blob_pool_new(2);
	s->cfg.pool = s->pool;
	return rd_capture_open(&s->source, rd_capture_find(source), s->loop, &s->cfg, ev, s, &s->why);
}

static void
sink_close(struct sink *s)
{
	rd_capture_close(s->source);
	rd_blob_pool_free(s->pool);
	rd_loop_free(s->loop);
	rd_image_finish(&s->picture);
	free(s->why);
}

#endif
