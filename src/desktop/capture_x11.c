/*
 * An X11 desktop as a source: opening, closing, and what is asked of the server
 * for that. What it says then is read in capture_x11_events.c; pixels are
 * fetched, when the tool asks for them, in capture_x11_grab.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xcb/damage.h>
#include <xcb/randr.h>
#include <xcb/shm.h>
#include <xcb/xfixes.h>
#include <xcb/xinput.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/capture_x11.h"
#include "desktop/x11_windows.h"

#define ROOT_MASK XCB_EVENT_MASK_STRUCTURE_NOTIFY
/* A window that was covered or unmapped with its parent shows up again. */
#define DRAWABLE_MASK (ROOT_MASK | XCB_EVENT_MASK_VISIBILITY_CHANGE)

static void
on_ready(void *ctx, unsigned events)
{
	(void)events;
	x11_turn(ctx);
}

static void
on_later(void *ctx)
{
	x11_turn(ctx);
}

/* A timer may be a little early: then it is set again. */
static void
on_fade(void *ctx)
{
	struct x11 *c = ctx;
	c->hidden_stale = true;
	x11_turn(c);
}

static void
x11_refresh(struct rd_capture *base)
{
	struct x11 *c = (struct x11 *)base;
	if (c->over)
		return;
	c->all = true;
	c->announced = false;
	c->refused = false;
	c->told_inside = false;
	c->asked = true;
	c->cursor.shape_stale = c->cursor.shape_event != 0;
	rd_timer_set(&c->later, 0);
}

/* Asks for everything that later steps need to know, without waiting. */
static void
prefetch(struct x11 *c)
{
	xcb_extension_t *needed[] = {&xcb_damage_id, &xcb_shm_id, &xcb_randr_id, &xcb_xfixes_id, &xcb_input_id};
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		xcb_prefetch_extension_data(c->x.conn, needed[i]);
}

/* Visual and depth of what is captured. */
static int
open_fetch(struct x11 *c, char **why)
{
	xcb_connection_t *conn = c->x.conn;
	xcb_get_window_attributes_cookie_t a = xcb_get_window_attributes(conn, c->place.drawable);
	xcb_get_geometry_cookie_t g = xcb_get_geometry(conn, c->place.drawable);
	xcb_get_window_attributes_reply_t *attributes = xcb_get_window_attributes_reply(conn, a, NULL);
	xcb_get_geometry_reply_t *geometry = xcb_get_geometry_reply(conn, g, NULL);
	int err;
	if (!attributes || !geometry || attributes->_class == XCB_WINDOW_CLASS_INPUT_ONLY) {
		*why = xasprintf("window 0x%x has no pixels", c->place.drawable);
		err = -ENOENT;
	} else {
		err = rd_x11_fetch_open(&c->fetch, &c->x, attributes->visual, geometry->depth, why);
	}
	free(attributes);
	free(geometry);
	return err;
}

static int
open_damage(struct x11 *c, char **why)
{
	const xcb_query_extension_reply_t *ext = rd_x11_extension(&c->x, &xcb_damage_id);
	if (!ext) {
		*why = xasprintf("display %s cannot say what changed: its X server lacks the extension DAMAGE",
			c->x.display);
		return -ENOTSUP;
	}
	xcb_connection_t *conn = c->x.conn;
	free(xcb_damage_query_version_reply(conn, xcb_damage_query_version(conn, 1, 1), NULL));
	c->damage_event = (uint8_t)(ext->first_event + XCB_DAMAGE_NOTIFY);
	c->damage = xcb_generate_id(conn);
	xcb_damage_create(conn, c->damage, c->place.drawable, XCB_DAMAGE_REPORT_LEVEL_DELTA_RECTANGLES);
	return 0;
}

/* Asks to be told when the screen, the monitor or the window changes. */
static void
select_geometry(struct x11 *c)
{
	static const uint32_t root = ROOT_MASK, drawable = DRAWABLE_MASK;
	xcb_connection_t *conn = c->x.conn;
	xcb_change_window_attributes(conn, c->x.root, XCB_CW_EVENT_MASK, &root);
	if (c->place.drawable != c->x.root)
		xcb_change_window_attributes(conn, c->place.drawable, XCB_CW_EVENT_MASK, &drawable);
	const xcb_query_extension_reply_t *randr = rd_x11_extension(&c->x, &xcb_randr_id);
	if (randr) {
		c->randr_event = randr->first_event;
		xcb_randr_select_input(conn, c->x.root, XCB_RANDR_NOTIFY_MASK_SCREEN_CHANGE
			| XCB_RANDR_NOTIFY_MASK_CRTC_CHANGE | XCB_RANDR_NOTIFY_MASK_OUTPUT_CHANGE);
	}
}

static void
open_cursor(struct x11 *c)
{
	rd_x11_cursor_open(&c->cursor, &c->x, c->paint || c->ev.shape, c->paint || c->ev.pointer);
	if (!c->paint)
		return;
	/* Already in the first picture. */
	rd_x11_cursor_shape(&c->cursor);
	rd_x11_cursor_answer(&c->cursor, rd_x11_cursor_ask(&c->cursor));
	c->painted = rd_x11_cursor_rect(&c->cursor);
}

/*
 * Under Wayland the X server has its own clients' windows and nothing else.
 * Since 23.1 it says so by an extension, before by the names of its monitors.
 */
static bool
is_xwayland(const struct rd_x11 *x)
{
	static const char name[] = "XWAYLAND";
	xcb_query_extension_reply_t *r = xcb_query_extension_reply(x->conn,
		xcb_query_extension(x->conn, sizeof(name) - 1, name), NULL);
	bool is = r && r->present;
	free(r);
	struct rd_x11_monitor *list;
	int n = rd_x11_monitors(&list, x);
	for (int i = 0; i < n; i++)
		is |= strncmp(list[i].name, name, sizeof(name) - 1) == 0;
	rd_x11_monitors_free(list, n);
	return is;
}

/* Everything between the connection and the first event. */
static int
open_all(struct x11 *c, const struct rd_capture_config *cfg, char **why)
{
	prefetch(c);
	c->place = (struct rd_x11_place){
		.drawable = cfg->window ? cfg->window : c->x.root,
		.monitor = c->monitor,
		.region = cfg->region,
	};
	int err = cfg->window_title ?
		rd_x11_window_named(&c->place.drawable, &c->x, cfg->window_title, why) : 0;
	if (err)
		return err;
	/* What changes from here on is told; so nothing is missed. */
	select_geometry(c);
	err = rd_x11_place_open(&c->place, &c->x, why);
	if (!err)
		err = x11_open_hidden(c, cfg->hide, ROOT_MASK, DRAWABLE_MASK, why);
	if (!err) {
		x11_monitors_open(c);
		err = open_fetch(c, why);
	}
	if (!err)
		err = open_damage(c, why);
	if (err)
		return err;
	open_cursor(c);
	if (!cfg->window && !cfg->window_title && is_xwayland(&c->x))
		rd_warn("display %s is Xwayland, whose screen is black: only windows of X programs "
			"can be captured (--window)", c->x.display);
	rd_info("display %s: %dx%d+%d+%d, pixels by %s", c->x.display, c->place.desktop.w,
		c->place.desktop.h, c->place.desktop.x, c->place.desktop.y, rd_x11_fetch_name(c->fetch));
	return 0;
}

static void
x11_close(struct rd_capture *base)
{
	struct x11 *c = (struct x11 *)base;
	rd_fd_close(&c->watch);
	rd_timer_close(&c->later);
	rd_timer_close(&c->fade);
	rd_x11_hidden_close(c->hidden);
	rd_x11_cursor_close(&c->cursor);
	rd_x11_fetch_close(c->fetch);
	rd_x11_close(&c->x);
	pixman_region32_fini(&c->dirty);
	pixman_region32_fini(&c->hide);
	pixman_region32_fini(&c->covered);
	pixman_region32_fini(&c->looked_at);
	free(c->monitor);
	free(c);
}

static int
x11_open(struct rd_capture **out, struct rd_loop *loop, const struct rd_capture_config *cfg,
	const struct rd_capture_events *ev, void *ctx, char **why)
{
	struct rd_x11 x;
	int err = rd_x11_open(&x, cfg->display, why);
	if (err)
		return err;
	struct x11 *c = xcalloc(1, sizeof(*c));
	*c = (struct x11){
		.base.ops = &rd_capture_x11,
		.x = x, .ev = *ev, .ctx = ctx, .pool = cfg->pool,
		.monitor = cfg->monitor ? xstrdup(cfg->monitor) : NULL,
		.paint = cfg->paint_cursor,
		.all = true,
	};
	if (cfg->fps_num)
		c->interval_ns = RD_NS_PER_S * (cfg->fps_den ? cfg->fps_den : 1) / cfg->fps_num;
	pixman_region32_init(&c->dirty);
	pixman_region32_init(&c->hide);
	pixman_region32_init(&c->covered);
	pixman_region32_init(&c->looked_at);
	rd_timer_open(&c->later, loop, on_later, c);
	rd_timer_open(&c->fade, loop, on_fade, c);
	err = open_all(c, cfg, why);
	if (!err)
		err = rd_fd_open(&c->watch, loop, xcb_get_file_descriptor(c->x.conn), on_ready, c);
	if (err) {
		x11_close(&c->base);
		return err;
	}
	rd_fd_want(&c->watch, RD_READ);
	rd_timer_set(&c->later, 0);
	*out = &c->base;
	return 0;
}

const struct rd_capture_ops rd_capture_x11 = {
	.name = "x11",
	.help = "an X11 desktop, one of its monitors or windows",
	.live = true,
	.open = x11_open,
	.grab = x11_grab,
	.refresh = x11_refresh,
	.watch = x11_watch,
	.close = x11_close,
};
