#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "desktop/capture.h"
#include "desktop/capture_source.h"

const struct rd_capture_ops *const rd_capture_table[] = {
	&rd_capture_x11,
	&rd_capture_test,
	&rd_capture_y4m,
	NULL,
};

const struct rd_capture_ops *
rd_capture_find(const char *name)
{
	for (const struct rd_capture_ops *const *ops = rd_capture_table; *ops; ops++) {
		if (strcmp((*ops)->name, name) == 0)
			return *ops;
	}
	return NULL;
}

int
rd_capture_open(struct rd_capture **out, const struct rd_capture_ops *ops, struct rd_loop *loop,
	const struct rd_capture_config *cfg, const struct rd_capture_events *ev, void *ctx,
	char **why)
{
	*out = NULL;
	*why = NULL;
	return ops->open(out, loop, cfg, ev, ctx, why);
}

int
rd_capture_grab(struct rd_capture *c, struct rd_grab *g)
{
	*g = (struct rd_grab){0};
	return c->ops->grab(c, g);
}

void
rd_capture_refresh(struct rd_capture *c)
{
	c->ops->refresh(c);
}

void
rd_capture_watch(struct rd_capture *c, const struct rd_monitor_names *only)
{
	if (c->ops->watch)
		c->ops->watch(c, only);
}

void
rd_capture_close(struct rd_capture *c)
{
	if (c)
		c->ops->close(c);
}

int
rd_grab_room(struct rd_grab *g, struct rd_blob_pool *pool, int width, int height)
{
	const size_t size = (size_t)width * (size_t)height * 4 + RD_GRAB_PARTS_MAX * 2 * RD_GRAB_GAP;
	*g = (struct rd_grab){.width = width, .height = height};
	g->blob = rd_blob_pool_get(pool, size);
	if (g->blob)
		return 0;
	*g = (struct rd_grab){0};
	return -errno;
}

void
rd_grab_place(struct rd_grab *g)
{
	size_t end = 0;
	assert(g->count <= RD_GRAB_PARTS_MAX);
	for (int i = 0; i < g->count; i++) {
		end = (end + RD_GRAB_GAP - 1) / RD_GRAB_GAP * RD_GRAB_GAP + RD_GRAB_GAP;
		g->part[i].offset = (uint32_t)end;
		end += (size_t)rd_rect_area(g->part[i].rect) * 4;
	}
	assert(end <= g->blob->size);
}

int
rd_grab_init(struct rd_grab *g, struct rd_blob_pool *pool, int width, int height,
	const pixman_region32_t *region)
{
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(region, &n);
	*g = (struct rd_grab){.width = width, .height = height};
	const int err = n ? rd_grab_room(g, pool, width, height) : 0;
	if (err || !n)
		return err;
	g->part = xcalloc((size_t)n, sizeof(*g->part));
	g->count = n;
	for (int i = 0; i < n; i++)
		g->part[i].rect = rd_rect_of_box(&box[i]);
	rd_grab_place(g);
	return 0;
}

void
rd_grab_finish(struct rd_grab *g)
{
	rd_blob_unref(g->blob);
	free(g->part);
	*g = (struct rd_grab){0};
}
