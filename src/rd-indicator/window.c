#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "desktop/x11_format.h"
#include "desktop/x11_place.h"
#include "rd-indicator/window.h"

/* Two programs that both want to be above all others take turns, so often. */
#define RAISE_NS RD_NS_PER_S
#define DPI_DEFAULT 96
#define STRIP_BYTES ((size_t)128 << 10)	/* of one request, which any server takes */

/* --- how large, and where --- */

/* What desktops tell all programs, "Xft.dpi:\t192"; a screen's own millimetres are often wrong. */
static int
dots_an_inch(const struct rd_x11 *x)
{
	xcb_get_property_reply_t *r = xcb_get_property_reply(x->conn, xcb_get_property(x->conn, 0, x->root,
		XCB_ATOM_RESOURCE_MANAGER, XCB_ATOM_STRING, 0, 16384), NULL);
	int dpi = 0;
	char *text = r ? strndup(xcb_get_property_value(r), (size_t)xcb_get_property_value_length(r)) : NULL;
	const char *at = text ? strstr(text, "Xft.dpi:") : NULL;
	if (at)
		dpi = atoi(at + strlen("Xft.dpi:"));
	free(text);
	free(r);
	return dpi >= 48 && dpi <= 960 ? dpi : DPI_DEFAULT;
}

static struct rd_rect
monitor(const struct window *w)
{
	struct rd_x11_monitor *list;
	struct rd_rect r = w->screen;
	int n = rd_x11_monitors(&list, w->x);
	for (int i = 0; i < n; i++)
		if (list[i].primary || (i == 0 && n == 1))
			r = list[i].rect;
	rd_x11_monitors_free(list, n);
	return r;
}

static int
clamp(int at, int size, int from, int all)
{
	int most = from + all - size;
	return at < from || most < from ? from : at > most ? most : at;
}

/* At the top of that monitor, in the middle; or where a person put it, as far as that is on the screen. */
static void
place(struct window *w, struct rd_rect monitor)
{
	int width = w->panel.im.width, height = w->panel.im.height;
	struct rd_rect all = w->moved ? w->screen : monitor;
	if (!w->moved) {
		w->left = all.x + (all.w - width) / 2;
		w->top = all.y;
	}
	w->left = clamp(w->left, width, all.x, all.w);
	w->top = clamp(w->top, height, all.y, all.h);
	const uint32_t values[] = {(uint32_t)w->left, (uint32_t)w->top, (uint32_t)width, (uint32_t)height};
	xcb_configure_window(w->x->conn, w->id, XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y |
		XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT, values);
}

/* --- what is seen --- */

static void
paint(struct window *w)
{
	const struct rd_image *im = &w->panel.im;
	size_t row = (size_t)im->width * 4;
	int rows = (int)(STRIP_BYTES / row), n;
	uint8_t *packed = rows > 0 ? malloc(row * (size_t)rows) : NULL;
	for (int y = 0; packed && y < im->height; y += n) {
		n = im->height - y < rows ? im->height - y : rows;
		rd_image_get(im, (struct rd_rect){0, y, im->width, n}, packed);
		xcb_put_image(w->x->conn, XCB_IMAGE_FORMAT_Z_PIXMAP, w->id, w->gc, (uint16_t)im->width,
			(uint16_t)n, 0, (int16_t)y, 0, w->x->screen->root_depth, (uint32_t)(row * (size_t)n),
			packed);
	}
	free(packed);
}

static void
draw(struct window *w)
{
	char hint[128];
	const struct chord *keys = w->keys.chords.chord;
	const char *pause = keys[0].code ? keys[0].text : NULL, *end = keys[1].code ? keys[1].text : NULL;
	const char *pauses = w->people->paused ? " goes on" : " pauses";
	snprintf(hint, sizeof(hint), "%.40s%s%s%.40s%s", pause ? pause : "", pause ? pauses : "",
		pause && end ? ", " : "", end ? end : "", end ? " ends" : "");
	const struct rd_rect on = monitor(w);
	const struct panel_look look = {
		.people = w->people, .scale = w->scale, .most = on.w, .under = w->under,
		.hint = hint, .hinted = w->inside && hint[0],
	};
	if (panel_draw(&w->panel, &look) != 0)
		return;
	place(w, on);
	paint(w);
}

void
window_update(struct window *w)
{
	bool show = w->people->count > 0;
	if (show)
		keys_grab(&w->keys);
	else
		keys_ungrab(&w->keys);
	if (show)
		draw(w);
	if (show && !w->shown) {
		static const uint32_t above[] = {XCB_STACK_MODE_ABOVE};
		xcb_configure_window(w->x->conn, w->id, XCB_CONFIG_WINDOW_STACK_MODE, above);
		xcb_map_window(w->x->conn, w->id);
	} else if (!show && w->shown) {
		xcb_unmap_window(w->x->conn, w->id);
		w->inside = false;
		w->under = w->down = PANEL_NONE;
	}
	w->shown = show;
	xcb_flush(w->x->conn);
}

/* --- above all others --- */

static void
raise_it(void *ctx)
{
	struct window *w = ctx;
	static const uint32_t above[] = {XCB_STACK_MODE_ABOVE};
	w->raised_ns = rd_clock_ns();
	xcb_configure_window(w->x->conn, w->id, XCB_CONFIG_WINDOW_STACK_MODE, above);
	xcb_flush(w->x->conn);
}

static void
on_visibility(struct window *w, const xcb_visibility_notify_event_t *e)
{
	uint64_t next = w->raised_ns + RAISE_NS, now = rd_clock_ns();
	if (e->state == XCB_VISIBILITY_UNOBSCURED || !w->shown)
		rd_timer_clear(&w->raise);
	else if (!w->raise.set)
		rd_timer_set(&w->raise, now < next ? next - now : 0);
}

/* --- pointer --- */

static void
on_press(struct window *w, const xcb_button_press_event_t *e)
{
	if (e->detail != 1)
		return;
	w->down = panel_at(&w->panel, e->event_x, e->event_y);
	w->dragged = w->down == PANEL_NONE;
	w->grip_x = e->event_x;
	w->grip_y = e->event_y;
}

static void
on_release(struct window *w, const xcb_button_release_event_t *e)
{
	enum panel_button down = w->down;
	if (e->detail != 1)
		return;
	w->down = PANEL_NONE;
	w->dragged = false;
	if (down != PANEL_NONE && down == panel_at(&w->panel, e->event_x, e->event_y))
		w->pressed(w->ctx, down);
}

static void
on_motion(struct window *w, const xcb_motion_notify_event_t *e)
{
	enum panel_button under = panel_at(&w->panel, e->event_x, e->event_y);
	if (w->dragged) {
		w->moved = true;
		w->left = e->root_x - w->grip_x;
		w->top = e->root_y - w->grip_y;
		/* Where a person puts it the monitor does not count. */
		place(w, w->screen);
		return;
	}
	if (under == w->under)
		return;
	w->under = under;
	draw(w);
}

/*
 * The pointer came or went: which of them is asked for. The event may be one from before
 * the hint's line came or went; two that each follow such an event take turns without end.
 */
static void
on_crossing(struct window *w)
{
	xcb_query_pointer_reply_t *r =
		xcb_query_pointer_reply(w->x->conn, xcb_query_pointer(w->x->conn, w->x->root), NULL);
	bool in = r && r->child == w->id;
	if (in != w->inside && !w->dragged) {
		w->inside = in;
		w->under = in ? panel_at(&w->panel, r->root_x - w->left, r->root_y - w->top) : PANEL_NONE;
		draw(w);
	}
	free(r);
}

/* --- events --- */

/* The screen has another size. */
static void
on_configure(struct window *w, const xcb_configure_notify_event_t *e)
{
	if (e->window != w->x->root)
		return;
	w->screen = (struct rd_rect){0, 0, e->width, e->height};
	if (w->shown)
		place(w, monitor(w));
}

static void
on_event(struct window *w, const xcb_generic_event_t *e)
{
	enum panel_button b;
	if (rd_x11_is_error(w->x, e))
		return;
	switch (e->response_type & 0x7f) {
	case XCB_EXPOSE:
		paint(w);
		break;
	case XCB_VISIBILITY_NOTIFY:
		on_visibility(w, (const void *)e);
		break;
	case XCB_BUTTON_PRESS:
		on_press(w, (const void *)e);
		break;
	case XCB_BUTTON_RELEASE:
		on_release(w, (const void *)e);
		break;
	case XCB_MOTION_NOTIFY:
		on_motion(w, (const void *)e);
		break;
	case XCB_ENTER_NOTIFY:
	case XCB_LEAVE_NOTIFY:
		on_crossing(w);
		break;
	case XCB_GE_GENERIC:
		b = keys_event(&w->keys, e);
		if (b != PANEL_NONE)
			w->pressed(w->ctx, b);
		break;
	case XCB_MAPPING_NOTIFY:
		keys_mapped(&w->keys);
		break;
	case XCB_CONFIGURE_NOTIFY:
		on_configure(w, (const void *)e);
		break;
	default:
		break;
	}
}

static bool
take_events(struct window *w, xcb_generic_event_t *(*next)(xcb_connection_t *))
{
	xcb_generic_event_t *e;
	bool any = false;
	while ((e = next(w->x->conn))) {
		any = true;
		on_event(w, e);
		free(e);
	}
	if (rd_x11_lost(w->x))
		w->lost(w->ctx);
	return any;
}

static void
on_ready(void *ctx, unsigned events)
{
	(void)events;
	take_events(ctx, xcb_poll_for_event);
}

static bool
prepare(void *ctx)
{
	struct window *w = ctx;
	if (!w->id || rd_x11_lost(w->x) || rd_loop_stopped(w->loop))
		return false;
	/* Writing reads, too, and what has come then lies in the queue. */
	xcb_flush(w->x->conn);
	return take_events(w, xcb_poll_for_queued_event);
}

/* --- opening --- */

/* For compositors and whoever lists windows: no manager asks, it is not managed. */
static void
describe(struct window *w)
{
	static const char name[] = "rd-indicator", class[] = "rd-indicator\0rd-indicator";
	xcb_connection_t *c = w->x->conn;
	xcb_atom_t type = rd_x11_atom(w->x, "_NET_WM_WINDOW_TYPE_NOTIFICATION");
	xcb_change_property(c, XCB_PROP_MODE_REPLACE, w->id, rd_x11_atom(w->x, "_NET_WM_WINDOW_TYPE"),
		XCB_ATOM_ATOM, 32, 1, &type);
	xcb_change_property(c, XCB_PROP_MODE_REPLACE, w->id, XCB_ATOM_WM_NAME, XCB_ATOM_STRING, 8,
		sizeof(name) - 1, name);
	xcb_change_property(c, XCB_PROP_MODE_REPLACE, w->id, XCB_ATOM_WM_CLASS, XCB_ATOM_STRING, 8,
		sizeof(class), class);
}

static void
create(struct window *w)
{
	xcb_connection_t *c = w->x->conn;
	const uint32_t values[] = {1, XCB_EVENT_MASK_EXPOSURE | XCB_EVENT_MASK_VISIBILITY_CHANGE |
		XCB_EVENT_MASK_BUTTON_PRESS | XCB_EVENT_MASK_BUTTON_RELEASE | XCB_EVENT_MASK_POINTER_MOTION |
		XCB_EVENT_MASK_ENTER_WINDOW | XCB_EVENT_MASK_LEAVE_WINDOW};
	const uint32_t of_root[] = {XCB_EVENT_MASK_STRUCTURE_NOTIFY};
	w->id = xcb_generate_id(c);
	xcb_create_window(c, XCB_COPY_FROM_PARENT, w->id, w->x->root, 0, 0, 1, 1, 0,
		XCB_WINDOW_CLASS_INPUT_OUTPUT, XCB_COPY_FROM_PARENT,
		XCB_CW_OVERRIDE_REDIRECT | XCB_CW_EVENT_MASK, values);
	w->gc = xcb_generate_id(c);
	xcb_create_gc(c, w->gc, w->id, 0, NULL);
	xcb_change_window_attributes(c, w->x->root, XCB_CW_EVENT_MASK, of_root);
	w->screen = rd_x11_screen_rect(w->x);
	describe(w);
}

int
window_open(struct window *w, char **why)
{
	struct rd_x11_format f;
	const xcb_screen_t *s = w->x->screen;
	int err = rd_x11_format_find(&f, w->x, s->root_visual, s->root_depth, why);
	if (err)
		return err;
	if (!f.direct) {
		*why = xasprintf("display %s has pixels of another kind than 24 bits of colour", w->x->display);
		return -ENOTSUP;
	}
	/* Our font's twofold size is that of other programs at 96. */
	w->scale = (2 * dots_an_inch(w->x) + DPI_DEFAULT / 2) / DPI_DEFAULT;
	create(w);
	keys_open(&w->keys, w->x, w->loop);
	rd_timer_open(&w->raise, w->loop, raise_it, w);
	rd_fd_open(&w->watch, w->loop, xcb_get_file_descriptor(w->x->conn), on_ready, w);
	rd_fd_want(&w->watch, RD_READ);
	rd_loop_prepare(w->loop, prepare, w);
	return 0;
}

void
window_close(struct window *w)
{
	rd_fd_close(&w->watch);
	rd_timer_close(&w->raise);
	keys_close(&w->keys);
	panel_finish(&w->panel);
	w->id = 0;
}
