#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xcb/dpms.h>
#include <xcb/xinput.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11.h"
#include "desktop/x11_blank.h"
#include "desktop/x11_hold.h"

/* Input comes in bursts, and a monitor takes longer than that to light up. */
#define AGAIN_NS (30 * RD_NS_PER_MS)

struct rd_x11_blank {
	struct rd_x11 x;
	char *display;
	struct rd_fd watch;
	struct rd_timer again;
	xcb_window_t mark;	/* dies with our connection */
	bool enabled;		/* DPMS was, before the first of us */
};

/* ---- the marks ---- */

static xcb_atom_t
mark_atom(const struct rd_x11 *x)
{
	static const char name[] = "_RD_BLANK";
	xcb_intern_atom_reply_t *r = xcb_intern_atom_reply(x->conn,
		xcb_intern_atom(x->conn, 0, sizeof(name) - 1, name), NULL);
	xcb_atom_t atom = r ? r->atom : XCB_ATOM_NONE;
	free(r);
	return atom;
}

/* What a mark says of the time before; -1: this window is none. */
static int
read_mark(const struct rd_x11 *x, xcb_window_t w, xcb_atom_t atom)
{
	int enabled = -1;
	xcb_get_property_reply_t *r = xcb_get_property_reply(x->conn,
		xcb_get_property(x->conn, 0, w, atom, XCB_ATOM_CARDINAL, 0, 1), NULL);
	if (r && r->format == 8 && xcb_get_property_value_length(r) >= 1)
		enabled = *(uint8_t *)xcb_get_property_value(r) != 0;
	free(r);
	return enabled;
}

/* Of anybody else: as read_mark. */
static int
find_mark(const struct rd_x11 *x, xcb_window_t own)
{
	xcb_atom_t atom = mark_atom(x);
	xcb_query_tree_reply_t *tree = xcb_query_tree_reply(x->conn, xcb_query_tree(x->conn, x->root), NULL);
	int n = tree ? xcb_query_tree_children_length(tree) : 0, found = -1;
	for (int i = 0; i < n && found < 0; i++) {
		xcb_window_t w = xcb_query_tree_children(tree)[i];
		if (w != own)
			found = read_mark(x, w, atom);
	}
	free(tree);
	return found;
}

static void
set_mark(struct rd_x11_blank *b)
{
	xcb_connection_t *c = b->x.conn;
	uint8_t enabled = b->enabled;
	b->mark = xcb_generate_id(c);
	xcb_create_window(c, 0, b->mark, b->x.root, -1, -1, 1, 1, 0, XCB_WINDOW_CLASS_INPUT_ONLY,
		XCB_COPY_FROM_PARENT, 0, NULL);
	xcb_change_property(c, XCB_PROP_MODE_REPLACE, b->mark, mark_atom(&b->x), XCB_ATOM_CARDINAL, 8, 1,
		&enabled);
}

/* ---- the monitors ---- */

/* Whether they are dark; *enabled: DPMS is. */
static bool
is_dark(const struct rd_x11 *x, bool *enabled)
{
	xcb_dpms_info_reply_t *r = xcb_dpms_info_reply(x->conn, xcb_dpms_info(x->conn), NULL);
	bool dark = r && r->power_level == XCB_DPMS_DPMS_MODE_OFF;
	*enabled = r && r->state;
	free(r);
	return dark;
}

static void
darken(const struct rd_x11 *x)
{
	bool enabled;
	if (is_dark(x, &enabled))
		return;
	if (!enabled)
		xcb_dpms_enable(x->conn);
	xcb_dpms_force_level(x->conn, XCB_DPMS_DPMS_MODE_OFF);
	xcb_flush(x->conn);
}

/* Raw events come whoever has grabbed the device, and of what XTEST does, too. */
static void
watch_input(const struct rd_x11 *x)
{
	struct {
		xcb_input_event_mask_t head;
		uint32_t mask;
	} want = {
		.head = {.deviceid = XCB_INPUT_DEVICE_ALL_MASTER, .mask_len = 1},
		.mask = XCB_INPUT_XI_EVENT_MASK_RAW_KEY_PRESS | XCB_INPUT_XI_EVENT_MASK_RAW_KEY_RELEASE
			| XCB_INPUT_XI_EVENT_MASK_RAW_BUTTON_PRESS | XCB_INPUT_XI_EVENT_MASK_RAW_MOTION
			| XCB_INPUT_XI_EVENT_MASK_RAW_TOUCH_BEGIN,
	};
	if (!rd_x11_extension(x, &xcb_input_id))
		return;
	free(xcb_input_xi_query_version_reply(x->conn, xcb_input_xi_query_version(x->conn, 2, 2), NULL));
	xcb_input_xi_select_events(x->conn, x->root, 1, &want.head);
}

static void
drain(struct rd_x11_blank *b, xcb_generic_event_t *(*next)(xcb_connection_t *))
{
	for (xcb_generic_event_t *e; (e = next(b->x.conn)) != NULL; free(e))
		rd_x11_is_error(&b->x, e);
}

static void
on_input(void *ctx, unsigned events)
{
	struct rd_x11_blank *b = ctx;
	(void)events;
	drain(b, xcb_poll_for_event);
	if (rd_x11_lost(&b->x))
		rd_fd_want(&b->watch, 0);
	else if (!b->again.set)
		rd_timer_set(&b->again, AGAIN_NS);
}

static void
on_again(void *ctx)
{
	struct rd_x11_blank *b = ctx;
	darken(&b->x);
	drain(b, xcb_poll_for_queued_event);
}

/* ---- opening and closing ---- */

static bool
can_darken(const struct rd_x11 *x)
{
	if (!rd_x11_extension(x, &xcb_dpms_id))
		return false;
	xcb_dpms_capable_reply_t *r = xcb_dpms_capable_reply(x->conn, xcb_dpms_capable(x->conn), NULL);
	bool can = r && r->capable;
	free(r);
	return can;
}

int
rd_x11_blank_open(struct rd_x11_blank **out, struct rd_loop *loop, const char *display, char **why)
{
	struct rd_x11 x;
	int err = rd_x11_open(&x, display, why);
	if (err)
		return err;
	if (!can_darken(&x)) {
		*why = xasprintf("the X server of display %s has no monitor that it could turn off (DPMS)",
			x.display);
		rd_x11_close(&x);
		return -ENOTSUP;
	}
	struct rd_x11_blank *b = xcalloc(1, sizeof(*b));
	b->x = x;
	b->display = xstrdup(x.display);
	/* Two that begin at once see each other. */
	struct rd_x11_hold hold = {0};
	rd_x11_hold_begin(&hold, &x);
	int before = find_mark(&x, XCB_NONE);
	is_dark(&x, &b->enabled);
	if (before >= 0)
		b->enabled = before;
	set_mark(b);
	rd_x11_hold_end(&hold, &x);
	rd_timer_open(&b->again, loop, on_again, b);
	err = rd_fd_open(&b->watch, loop, xcb_get_file_descriptor(x.conn), on_input, b);
	if (err) {
		rd_x11_blank_free(b);
		return err;
	}
	*out = b;
	return 0;
}

void
rd_x11_blank_begin(struct rd_x11_blank *b)
{
	watch_input(&b->x);
	darken(&b->x);
	drain(b, xcb_poll_for_queued_event);
	rd_fd_want(&b->watch, RD_READ);
}

void
rd_x11_blank_restore(const struct rd_x11_blank *b)
{
	struct rd_x11 x;
	char *why = NULL;
	if (rd_x11_open(&x, b->display, &why) != 0) {
		rd_warn("nobody turns the monitors of display %s on again: %s", b->display, why);
		free(why);
		return;
	}
	if (find_mark(&x, b->mark) < 0) {
		xcb_dpms_force_level(x.conn, XCB_DPMS_DPMS_MODE_ON);
		if (!b->enabled)
			xcb_dpms_disable(x.conn);
		free(xcb_get_input_focus_reply(x.conn, xcb_get_input_focus(x.conn), NULL));
	}
	rd_x11_close(&x);
}

void
rd_x11_blank_let_go(struct rd_x11_blank *b)
{
	rd_fd_close(&b->watch);
	rd_timer_close(&b->again);
	rd_x11_close(&b->x);
}

void
rd_x11_blank_free(struct rd_x11_blank *b)
{
	if (!b)
		return;
	rd_x11_blank_let_go(b);
	free(b->display);
	free(b);
}
