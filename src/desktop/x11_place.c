#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "desktop/x11_place.h"
#include "media/image.h"

struct rd_rect
rd_x11_screen_rect(const struct rd_x11 *x)
{
	xcb_get_geometry_reply_t *g =
		xcb_get_geometry_reply(x->conn, xcb_get_geometry(x->conn, x->root), NULL);
	struct rd_rect r = {0};
	if (g)
		r = (struct rd_rect){0, 0, g->width, g->height};
	free(g);
	return r;
}

/* The monitor of that name, or of that place in the list; empty: none. */
static struct rd_rect
monitor_rect(const struct rd_x11 *x, const char *which)
{
	struct rd_x11_monitor *list;
	int n = rd_x11_monitors(&list, x), i = rd_x11_monitor_find(list, n, which);
	struct rd_rect r = i < 0 ? (struct rd_rect){0} : list[i].rect;
	rd_x11_monitors_free(list, n);
	return r;
}

/* The region asked for within r. */
static struct rd_rect
narrow(const struct rd_x11_place *p, struct rd_rect r)
{
	if (rd_rect_empty(p->region))
		return r;
	struct rd_rect wish = p->region;
	wish.x += r.x;
	wish.y += r.y;
	return rd_rect_intersect(r, wish);
}

static int
find_on_root(struct rd_x11_place *p, const struct rd_x11 *x)
{
	struct rd_rect screen = rd_x11_screen_rect(x);
	if (rd_x11_lost(x))
		return -EIO;
	struct rd_rect r = screen;
	if (p->monitor)
		r = rd_rect_intersect(screen, monitor_rect(x, p->monitor));
	p->there = !rd_rect_empty(r);
	p->area = p->visible = p->desktop = narrow(p, r);
	return rd_x11_lost(x) ? -EIO : 0;
}

/* What the server says of a window, asked for in one go. */
struct window {
	xcb_get_geometry_reply_t *geometry;
	xcb_get_window_attributes_reply_t *attributes;
	xcb_translate_coordinates_reply_t *origin;
	xcb_get_geometry_reply_t *root;
};

static void
window_get(struct window *w, const struct rd_x11 *x, xcb_window_t id)
{
	xcb_connection_t *c = x->conn;
	xcb_get_geometry_cookie_t geometry = xcb_get_geometry(c, id);
	xcb_get_window_attributes_cookie_t attributes = xcb_get_window_attributes(c, id);
	xcb_translate_coordinates_cookie_t origin = xcb_translate_coordinates(c, id, x->root, 0, 0);
	xcb_get_geometry_cookie_t root = xcb_get_geometry(c, x->root);
	/* Every reply is fetched, or xcb keeps it for ever. */
	w->geometry = xcb_get_geometry_reply(c, geometry, NULL);
	w->attributes = xcb_get_window_attributes_reply(c, attributes, NULL);
	w->origin = xcb_translate_coordinates_reply(c, origin, NULL);
	w->root = xcb_get_geometry_reply(c, root, NULL);
}

static void
window_put(struct window *w)
{
	free(w->geometry);
	free(w->attributes);
	free(w->origin);
	free(w->root);
}

static int
find_window(struct rd_x11_place *p, const struct rd_x11 *x)
{
	struct window w;
	int err = 0;
	window_get(&w, x, p->drawable);
	p->there = false;
	p->area = p->visible = p->desktop = (struct rd_rect){0};
	if (rd_x11_lost(x)) {
		err = -EIO;
	} else if (!w.geometry || !w.attributes || !w.origin || !w.root) {
		err = -ENOENT;
	} else if (w.attributes->map_state == XCB_MAP_STATE_VIEWABLE) {
		p->there = true;
		int ox = w.origin->dst_x, oy = w.origin->dst_y;
		p->area = narrow(p, (struct rd_rect){0, 0, w.geometry->width, w.geometry->height});
		p->desktop = p->area;
		p->desktop.x += ox;
		p->desktop.y += oy;
		/* The server has no pixels beyond its screen (GetImage: BadMatch). */
		p->visible = rd_rect_intersect(p->area,
			(struct rd_rect){-ox, -oy, w.root->width, w.root->height});
	}
	window_put(&w);
	return err;
}

int
rd_x11_place_find(struct rd_x11_place *p, const struct rd_x11 *x)
{
	return p->drawable == x->root ? find_on_root(p, x) : find_window(p, x);
}

/* The names of all monitors, for whoever named another. */
static char *
why_no_monitor(const struct rd_x11 *x, const char *which)
{
	struct rd_x11_monitor *list;
	int n = rd_x11_monitors(&list, x);
	char *names = xstrdup(n ? "" : "none");
	for (int i = 0; i < n; i++) {
		char *longer = xasprintf("%s%s%s", names, i ? ", " : "", list[i].name);
		free(names);
		names = longer;
	}
	rd_x11_monitors_free(list, n);
	char *why = xasprintf("display %s has no monitor \"%s\"; it has: %s", x->display, which, names);
	free(names);
	return why;
}

int
rd_x11_place_open(struct rd_x11_place *p, const struct rd_x11 *x, char **why)
{
	int err = rd_x11_place_find(p, x);
	if (err == -ENOENT) {
		*why = xasprintf("display %s has no window 0x%x; rd-capture --list shows those it has",
			x->display, p->drawable);
		return -ENOENT;
	}
	if (err) {
		*why = xasprintf("the X server of display %s has gone", x->display);
		return -ENXIO;
	}
	if (!p->there && p->monitor) {
		*why = why_no_monitor(x, p->monitor);
		return -ENOENT;
	}
	if (!p->there)
		return 0; /* a window that may be mapped later */
	if (rd_rect_empty(p->area)) {
		struct rd_rect screen = rd_x11_screen_rect(x);
		*why = xasprintf("the region %dx%d+%d+%d lies outside of what is captured (the screen is %dx%d)",
			p->region.w, p->region.h, p->region.x, p->region.y, screen.w, screen.h);
		return -EINVAL;
	}
	if (!rd_image_size_ok(p->area.w, p->area.h)) {
		*why = xasprintf("a picture of %dx%d is too large: at most %d pixels; name a --monitor or --region",
			p->area.w, p->area.h, RD_IMAGE_MAX_PIXELS);
		return -EINVAL;
	}
	return 0;
}
