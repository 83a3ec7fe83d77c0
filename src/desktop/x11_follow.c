#include <stdlib.h>

#include <xcb/randr.h>

#include "base/mem.h"
#include "desktop/x11_follow.h"
#include "desktop/x11_place.h"
#include "desktop/x11_windows.h"

struct rd_x11_follow {
	struct rd_x11 x;
	struct rd_x11_place place;
	char *monitor;
	struct rd_fd watch;
	void (*moved)(void *ctx, struct rd_rect area);
	void *ctx;
};

/* Nothing else is asked for, so that every event says to look again. */
static void
select_events(const struct rd_x11_follow *f)
{
	xcb_connection_t *conn = f->x.conn;
	uint32_t mask = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
	xcb_change_window_attributes(conn, f->x.root, XCB_CW_EVENT_MASK, &mask);
	mask |= XCB_EVENT_MASK_VISIBILITY_CHANGE;
	if (f->place.drawable != f->x.root)
		xcb_change_window_attributes(conn, f->place.drawable, XCB_CW_EVENT_MASK, &mask);
	if (rd_x11_extension(&f->x, &xcb_randr_id))
		xcb_randr_select_input(conn, f->x.root, XCB_RANDR_NOTIFY_MASK_SCREEN_CHANGE
			| XCB_RANDR_NOTIFY_MASK_CRTC_CHANGE | XCB_RANDR_NOTIFY_MASK_OUTPUT_CHANGE);
}

static bool
look_again(struct rd_x11_follow *f)
{
	struct rd_rect was = f->place.desktop;
	/* A window that was closed lies nowhere any more. */
	if (rd_x11_place_find(&f->place, &f->x) != 0)
		f->place.desktop = (struct rd_rect){0};
	return !rd_rect_same(was, f->place.desktop);
}

static bool
drain(struct rd_x11_follow *f, xcb_generic_event_t *(*next)(xcb_connection_t *))
{
	bool any = false;
	for (xcb_generic_event_t *e; (e = next(f->x.conn)) != NULL; free(e))
		any |= !rd_x11_is_error(&f->x, e);
	return any;
}

static void
on_ready(void *ctx, unsigned events)
{
	struct rd_x11_follow *f = ctx;
	bool any = drain(f, xcb_poll_for_event), moved = false;
	(void)events;
	/* What comes while we ask lies in xcb's queue and wakes nobody. */
	while (any) {
		moved |= look_again(f);
		any = drain(f, xcb_poll_for_queued_event);
	}
	if (rd_x11_lost(&f->x))
		rd_fd_close(&f->watch);
	else if (moved)
		f->moved(f->ctx, f->place.desktop);
}

static int
find(struct rd_x11_follow *f, const struct rd_capture_config *cfg, char **why)
{
	int err = cfg->window_title ?
		rd_x11_window_named(&f->place.drawable, &f->x, cfg->window_title, why) : 0;
	if (err)
		return err;
	select_events(f);
	err = rd_x11_place_open(&f->place, &f->x, why);
	/* Asked for by its place in the list, it stays the one it is now. */
	if (!err && cfg->monitor)
		f->place.monitor = f->monitor = rd_x11_monitor_name(&f->x, cfg->monitor);
	return err;
}

int
rd_x11_follow_open(struct rd_x11_follow **out, struct rd_loop *loop,
	const struct rd_capture_config *cfg, void (*moved)(void *ctx, struct rd_rect area), void *ctx,
	struct rd_rect *area, char **why)
{
	struct rd_x11_follow *f = xcalloc(1, sizeof(*f));
	int err = rd_x11_open(&f->x, cfg->display, why);
	f->moved = moved;
	f->ctx = ctx;
	f->place = (struct rd_x11_place){
		.drawable = cfg->window ? cfg->window : f->x.root,
		.monitor = cfg->monitor,
		.region = cfg->region,
	};
	if (!err)
		err = find(f, cfg, why);
	if (!err)
		err = rd_fd_open(&f->watch, loop, xcb_get_file_descriptor(f->x.conn), on_ready, f);
	if (err) {
		rd_x11_follow_close(f);
		return err;
	}
	rd_fd_want(&f->watch, RD_READ);
	xcb_flush(f->x.conn);
	*area = f->place.desktop;
	*out = f;
	return 0;
}

void
rd_x11_follow_close(struct rd_x11_follow *f)
{
	if (!f)
		return;
	rd_fd_close(&f->watch);
	rd_x11_close(&f->x);
	free(f->monitor);
	free(f);
}
