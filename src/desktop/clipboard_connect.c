#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/mem.h"
#include "desktop/clipboard_priv.h"
#include "desktop/x11_hold.h"

static void
intern(struct rd_clipboard *cb)
{
	static const char *const names[ATOM_FIRST_SLOT] = {
		[ATOM_CLIPBOARD] = "CLIPBOARD", [ATOM_TARGETS] = "TARGETS",
		[ATOM_TIMESTAMP] = "TIMESTAMP", [ATOM_INCR] = "INCR",
		[ATOM_MARK] = "_RD_CLIPBOARD", [ATOM_DISPLAY] = "_RD_DISPLAY",
	};
	xcb_intern_atom_cookie_t cookie[ATOMS + RD_TARGETS];
	for (int i = 0; i < ATOMS + RD_TARGETS; i++) {
		char own[32];
		snprintf(own, sizeof(own), "_RD_CLIPBOARD_%d", i - ATOM_FIRST_SLOT);
		const char *name = i < ATOM_FIRST_SLOT ? names[i] : i < ATOMS ? own
			: rd_targets[i - ATOMS].name;
		cookie[i] = xcb_intern_atom(cb->x.conn, false, (uint16_t)strlen(name), name);
	}
	for (int i = 0; i < ATOMS + RD_TARGETS; i++) {
		xcb_intern_atom_reply_t *r = xcb_intern_atom_reply(cb->x.conn, cookie[i], NULL);
		*(i < ATOMS ? &cb->atom[i] : &cb->target[i - ATOMS]) = r ? r->atom : XCB_NONE;
		free(r);
	}
	cb->selection[RD_CLIP_CLIPBOARD] = cb->atom[ATOM_CLIPBOARD];
	cb->selection[RD_CLIP_PRIMARY] = XCB_ATOM_PRIMARY;
}

static bool
read_display_id(struct rd_clipboard *cb)
{
	xcb_get_property_reply_t *r = xcb_get_property_reply(cb->x.conn, xcb_get_property(cb->x.conn,
		false, cb->x.root, cb->atom[ATOM_DISPLAY], XCB_ATOM_CARDINAL, 0, 2), NULL);
	bool there = r && r->format == 32 && xcb_get_property_value_length(r) == 8;
	if (there)
		memcpy(&cb->display_id, xcb_get_property_value(r), 8);
	free(r);
	return there;
}

/* A number by which all of ours know this display: the first one to look makes it. */
static void
name_display(struct rd_clipboard *cb)
{
	if (read_display_id(cb))
		return;
	struct rd_x11_hold hold = {0};
	rd_x11_hold_begin(&hold, &cb->x);
	if (!read_display_id(cb)) {
		if (getrandom(&cb->display_id, sizeof(cb->display_id), 0) != sizeof(cb->display_id))
			cb->display_id = rd_clock_ns();
		xcb_change_property(cb->x.conn, XCB_PROP_MODE_REPLACE, cb->x.root,
			cb->atom[ATOM_DISPLAY], XCB_ATOM_CARDINAL, 32, 2, &cb->display_id);
	}
	rd_x11_hold_end(&hold, &cb->x);
}

xcb_window_t
clipboard_window(struct rd_clipboard *cb)
{
	const uint32_t mask = XCB_EVENT_MASK_PROPERTY_CHANGE;
	xcb_window_t window = xcb_generate_id(cb->x.conn);
	xcb_create_window(cb->x.conn, 0, window, cb->x.root, 0, 0, 1, 1, 0,
		XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK, &mask);
	return window;
}

static void
open_windows(struct rd_clipboard *cb)
{
	for (int i = 0; i < RD_CLIP_SELECTIONS; i++)
		cb->sel[i].window = clipboard_window(cb);
}

static bool
has_xfixes(struct rd_clipboard *cb)
{
	const xcb_query_extension_reply_t *ext = rd_x11_extension(&cb->x, &xcb_xfixes_id);
	xcb_xfixes_query_version_reply_t *v = ext ? xcb_xfixes_query_version_reply(cb->x.conn,
		xcb_xfixes_query_version(cb->x.conn, 4, 0), NULL) : NULL;
	if (v)
		cb->xfixes_event = (uint8_t)(ext->first_event + XCB_XFIXES_SELECTION_NOTIFY);
	free(v);
	return cb->xfixes_event != 0;
}

int
clipboard_connect(struct rd_clipboard *cb, const char *display, char **why)
{
	int err = rd_x11_open(&cb->x, display, why);
	if (err)
		return err;
	if (!has_xfixes(cb)) {
		*why = xasprintf("display %s has no XFixes extension: its clipboard cannot be watched",
			cb->x.display);
		return -ENOTSUP;
	}
	intern(cb);
	name_display(cb);
	open_windows(cb);
	read_open(cb);
	return 0;
}
