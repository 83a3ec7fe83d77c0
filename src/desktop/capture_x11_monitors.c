/*
 * An X11 desktop: which monitors the picture shows, whether one that was asked for is
 * there, and at which somebody looks. The server is asked when it says that the screen
 * has changed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/capture_x11.h"

/* Those of which something is in the picture, as it sees them. */
static void
find(struct rd_monitors *out, const struct x11 *c)
{
	struct rd_rect picture = c->place.desktop;
	struct rd_x11_monitor *list;
	int n = rd_x11_monitors(&list, &c->x);
	out->count = 0;
	for (int i = 0; i < n && out->count < RD_MONITORS_MAX; i++) {
		struct rd_monitor *m = &out->v[out->count];
		struct rd_rect r = list[i].rect;
		if (rd_rect_empty(rd_rect_intersect(r, picture)))
			continue;
		m->rect = (struct rd_rect){r.x - picture.x, r.y - picture.y, r.w, r.h};
		m->mm_width = list[i].mm_width;
		m->mm_height = list[i].mm_height;
		m->primary = list[i].primary;
		snprintf(m->name, sizeof(m->name), "%s", list[i].name);
		out->count++;
	}
	rd_x11_monitors_free(list, n);
}

void
x11_monitors_open(struct x11 *c)
{
	bool is_window = c->place.drawable != c->x.root;
	c->base.has_monitors = !is_window && rd_x11_has_monitors(&c->x);
	c->monitors_stale = c->base.has_monitors;
	c->was_there = true;
	/* Asked for by its place in the list, it stays the one it is now. */
	char *name = c->monitor ? rd_x11_monitor_name(&c->x, c->monitor) : NULL;
	if (!name)
		return;
	free(c->monitor);
	c->place.monitor = c->monitor = name;
}

/* Our own terminal hears it once; who asks for a picture and gets none, again. */
static void
tell_whether(struct x11 *c, bool news)
{
	char *text = xasprintf(c->was_there ? "monitor %s is there again" :
		"monitor %s is gone; its last picture stays until it is back", c->monitor);
	if (news)
		rd_log_put(c->was_there ? RD_LOG_INFO : RD_LOG_WARN, "display %s: %s", c->x.display, text);
	if (c->ev.notice)
		c->ev.notice(c->ctx, text);
	free(text);
}

bool
x11_tell_there(struct x11 *c)
{
	bool news = c->was_there != c->place.there, asked = c->asked && !c->place.there;
	c->asked = false;
	if (!news && !asked)
		return false;
	c->was_there = c->place.there;
	if (news && c->ev.there)
		c->ev.there(c->ctx, c->was_there);
	if (c->monitor)
		tell_whether(c, news);
	return true;
}

/* ---- what is looked at ---- */

static void
find_looked_at(struct x11 *c)
{
	pixman_region32_clear(&c->looked_at);
	for (int i = 0; i < c->monitors.count; i++)
		if (rd_monitor_names_find(&c->watched, c->monitors.v[i].name) >= 0)
			rd_region_add(&c->looked_at, c->monitors.v[i].rect);
}

void
x11_watch(struct rd_capture *base, const struct rd_monitor_names *only)
{
	struct x11 *c = (struct x11 *)base;
	if (!base->has_monitors || c->over)
		return;
	c->watched = *only;
	find_looked_at(c);
	c->announced = false;
	rd_timer_set(&c->later, 0);
}

void
x11_owed(const struct x11 *c, pixman_region32_t *out)
{
	if (c->watched.count)
		pixman_region32_intersect(out, &c->dirty, &c->looked_at);
	else
		pixman_region32_copy(out, &c->dirty);
}

bool
x11_owes(const struct x11 *c)
{
	pixman_region32_t *dirty = (pixman_region32_t *)&c->dirty;
	int n;
	if (!c->watched.count)
		return pixman_region32_not_empty(dirty);
	/* Asked several times a turn: nothing is made for it. */
	pixman_box32_t *box = pixman_region32_rectangles((pixman_region32_t *)&c->looked_at, &n);
	for (int i = 0; i < n; i++)
		if (pixman_region32_contains_rectangle(dirty, &box[i]) != PIXMAN_REGION_OUT)
			return true;
	return false;
}

bool
x11_tell_monitors(struct x11 *c)
{
	struct rd_monitors now;
	/* What is not there is shown as it was. */
	if (!c->monitors_stale || !c->base.has_monitors || !c->ev.monitors || !c->place.there)
		return false;
	c->monitors_stale = false;
	find(&now, c);
	if (c->monitors_told && rd_monitors_same(&now, &c->monitors))
		return false;
	c->monitors = now;
	c->monitors_told = true;
	find_looked_at(c);
	c->ev.monitors(c->ctx, &c->monitors);
	return true;
}
