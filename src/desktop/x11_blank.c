#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <xcb/dpms.h>
#include <xcb/randr.h>
#include <xcb/xinput.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11.h"
#include "desktop/x11_blank.h"
#include "desktop/x11_hold.h"

/* Input comes in bursts, and a monitor takes longer than that to light up. */
#define AGAIN_NS (30 * RD_NS_PER_MS)

/* This property of a mark, 8 bits each. */
static const char mark_name[] = "_RD_BLANK";
struct mark {
	uint8_t enabled;	/* DPMS was, before the first of us */
	uint8_t token[8];	/* whose it is: X gives a window's number again once it is free */
};

struct rd_x11_blank {
	struct rd_x11 x;
	char *display;
	struct rd_fd watch;
	struct rd_timer again;
	struct mark mark;	/* of a window that dies with our connection */
};

/* ---- the marks ---- */

static xcb_get_property_cookie_t
ask_mark(const struct rd_x11 *x, xcb_window_t w, xcb_atom_t atom)
{
	return xcb_get_property(x->conn, 0, w, atom, XCB_ATOM_CARDINAL, 0, (sizeof(struct mark) + 3) / 4);
}

/* false: that window is none. */
static bool
hear_mark(const struct rd_x11 *x, xcb_get_property_cookie_t cookie, struct mark *m)
{
	xcb_get_property_reply_t *r = xcb_get_property_reply(x->conn, cookie, NULL);
	bool is = r && r->format == 8 && xcb_get_property_value_length(r) == sizeof(*m);
	if (is)
		memcpy(m, xcb_get_property_value(r), sizeof(*m));
	free(r);
	return is;
}

/* Of anybody else than `own`. All are asked about at once: everybody waits for us. */
static bool
find_mark(const struct rd_x11 *x, xcb_atom_t atom, const struct mark *own, struct mark *m)
{
	xcb_query_tree_reply_t *tree = xcb_query_tree_reply(x->conn, xcb_query_tree(x->conn, x->root), NULL);
	int n = tree ? xcb_query_tree_children_length(tree) : 0;
	xcb_get_property_cookie_t *cookie = xcalloc((size_t)n, sizeof(*cookie));
	bool found = false;
	for (int i = 0; i < n; i++)
		cookie[i] = ask_mark(x, xcb_query_tree_children(tree)[i], atom);
	for (int i = 0; i < n; i++) {
		struct mark other;
		bool is = hear_mark(x, cookie[i], &other)
			&& memcmp(other.token, own->token, sizeof(own->token)) != 0;
		if (is)
			*m = other;
		found |= is;
	}
	free(cookie);
	free(tree);
	return found;
}

static void
set_mark(struct rd_x11_blank *b, xcb_atom_t atom)
{
	xcb_connection_t *c = b->x.conn;
	xcb_window_t w = xcb_generate_id(c);
	xcb_create_window(c, 0, w, b->x.root, -1, -1, 1, 1, 0, XCB_WINDOW_CLASS_INPUT_ONLY,
		XCB_COPY_FROM_PARENT, 0, NULL);
	xcb_change_property(c, XCB_PROP_MODE_REPLACE, w, atom, XCB_ATOM_CARDINAL, 8,
		sizeof(b->mark), &b->mark);
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

/* Whether they are then, as far as the server knows. */
static bool
darken(const struct rd_x11 *x)
{
	bool enabled;
	if (is_dark(x, &enabled))
		return true;
	if (!enabled)
		xcb_dpms_enable(x->conn);
	xcb_dpms_force_level(x->conn, XCB_DPMS_DPMS_MODE_OFF);
	return is_dark(x, &enabled);
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

/* A mode that is set, and a monitor that comes, are lit. */
static void
watch_outputs(const struct rd_x11 *x)
{
	if (rd_x11_extension(x, &xcb_randr_id))
		xcb_randr_select_input(x->conn, x->root, XCB_RANDR_NOTIFY_MASK_SCREEN_CHANGE |
			XCB_RANDR_NOTIFY_MASK_CRTC_CHANGE | XCB_RANDR_NOTIFY_MASK_OUTPUT_CHANGE);
}

static void
drain(struct rd_x11_blank *b, xcb_generic_event_t *(*next)(xcb_connection_t *))
{
	for (xcb_generic_event_t *e; (e = next(b->x.conn)) != NULL; free(e))
		rd_x11_is_error(&b->x, e);
}

static void
on_event(void *ctx, unsigned events)
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
	err = getrandom(b->mark.token, sizeof(b->mark.token), 0) == sizeof(b->mark.token) ? 0 : -EIO;
	/* Two that begin at once see each other. */
	struct rd_x11_hold hold = {0};
	xcb_atom_t atom = rd_x11_atom(&x, mark_name);
	struct mark before;
	bool enabled;
	rd_x11_hold_begin(&hold, &x);
	is_dark(&x, &enabled);
	b->mark.enabled = find_mark(&x, atom, &b->mark, &before) ? before.enabled : enabled;
	set_mark(b, atom);
	rd_x11_hold_end(&hold, &x);
	rd_timer_open(&b->again, loop, on_again, b);
	if (!err)
		err = rd_fd_open(&b->watch, loop, xcb_get_file_descriptor(x.conn), on_event, b);
	if (err) {
		rd_x11_blank_free(b);
		return err;
	}
	*out = b;
	return 0;
}

bool
rd_x11_blank_begin(struct rd_x11_blank *b)
{
	watch_input(&b->x);
	watch_outputs(&b->x);
	bool dark = darken(&b->x);
	drain(b, xcb_poll_for_queued_event);
	rd_fd_want(&b->watch, RD_READ);
	return dark;
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
	struct mark other;
	if (!find_mark(&x, rd_x11_atom(&x, mark_name), &b->mark, &other)) {
		xcb_dpms_force_level(x.conn, XCB_DPMS_DPMS_MODE_ON);
		if (!b->mark.enabled)
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
