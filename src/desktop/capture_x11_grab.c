/*
 * Pixels of an X11 desktop. A grab is one batch: forget the damage, the pixels
 * of what was damaged, where the pointer is, where the window is; then wait
 * once, for all of it. What is drawn while we wait is damage of the next grab,
 * but for the strokes of one small change (see join_strokes).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "desktop/capture_x11.h"
#include "media/image.h"

/* How often a picture is asked for that changes its shape while we ask. */
#define TRIES 4
/* A picture of fewer pixels is fetched again for what was drawn meanwhile. */
#define STROKE_PIXELS (32 << 10)

static void
paint_pointer(struct x11 *c, struct rd_grab *g)
{
	const struct rd_cursor *shape = &c->cursor.shape;
	int x = c->painted.x - c->place.desktop.x, y = c->painted.y - c->place.desktop.y;
	if (rd_rect_empty(c->painted))
		return;
	for (int i = 0; i < g->count; i++) {
		struct rd_rect r = g->part[i].rect;
		struct rd_image im = {g->blob->data + g->part[i].offset, (size_t)r.w * 4, r.w, r.h};
		rd_image_blend(&im, x - r.x, y - r.y, shape->pixels, shape->width, shape->height);
	}
}

/* The batch. As rd_x11_fetch_get; also learns where pointer and window are. */
static int
fetch(struct x11 *c, struct rd_grab *g, int count)
{
	xcb_connection_t *conn = c->x.conn;
	const struct rd_x11_place *p = &c->place;
	bool is_window = p->drawable != c->x.root, wants_pointer = c->paint || c->ev.pointer;
	xcb_translate_coordinates_cookie_t origin = {0};
	xcb_query_pointer_cookie_t pointer = {0};

	xcb_damage_subtract(conn, c->damage, XCB_NONE, XCB_NONE);
	if (is_window)
		origin = xcb_translate_coordinates(conn, p->drawable, c->x.root,
			(int16_t)p->area.x, (int16_t)p->area.y);
	if (wants_pointer)
		pointer = rd_x11_cursor_ask(&c->cursor);
	g->time_ns = rd_clock_ns();
	int err = count ? rd_x11_fetch_get(c->fetch, p->drawable, p->area.x, p->area.y, g, count) : 0;
	if (is_window) {
		xcb_translate_coordinates_reply_t *r = xcb_translate_coordinates_reply(conn, origin, NULL);
		if (!r || r->dst_x != p->desktop.x || r->dst_y != p->desktop.y)
			c->place_stale = true;
		free(r);
	}
	if (wants_pointer)
		rd_x11_cursor_answer(&c->cursor, pointer);
	return err;
}

/* As grab_once, while the server is held where something is hidden. */
static int
take(struct x11 *c, struct rd_grab *g, pixman_region32_t *owed)
{
	int count = x11_plan(c, g, owed);
	if (count < 0)
		return count;
	int err = fetch(c, g, count);
	if (err) {
		/* `dirty` and `all` still say what is owed. */
		rd_grab_finish(g);
		return err == -EAGAIN ? -ESTALE : err;
	}
	/* Events are read later, so `dirty` has nothing newer in it. */
	pixman_region32_copy(&c->dirty, owed);
	pixman_region32_copy(&c->covered, &c->hide);
	c->all = false;
	if (c->paint)
		paint_pointer(c, g);
	return 0;
}

/* One attempt. -ESTALE: the picture is not where or what it was. */
static int
grab_once(struct x11 *c, struct rd_grab *g)
{
	pixman_region32_t owed;
	pixman_region32_init(&owed);
	/* Nobody is to stand still for a picture that there is no room for. */
	int err = rd_blob_pool_busy(c->pool) ? -EAGAIN : x11_hold(c);
	if (!err)
		err = take(c, g, &owed);
	x11_release(c);
	pixman_region32_fini(&owed);
	return err;
}

/*
 * Programs draw one thing in strokes: a terminal the letter, then, 0.05 to
 * 0.15 ms later, the cursor. When more was damaged while we waited for the
 * pixels of something small, both are one picture: what was grabbed is owed
 * again, together with it. True then.
 */
static bool
join_strokes(struct x11 *c, struct rd_grab *g)
{
	int64_t pixels = 0;
	for (int i = 0; i < g->count; i++)
		pixels += rd_rect_area(g->part[i].rect);
	x11_read(c, xcb_poll_for_queued_event);
	if (pixels > STROKE_PIXELS || x11_wait_ns(c) || c->place_stale || c->all || g->all || !x11_has_damage(c))
		return false;
	for (int i = 0; i < g->count; i++)
		rd_region_add(&c->dirty, g->part[i].rect);
	rd_grab_finish(g);
	return true;
}

static int
grab_now(struct x11 *c, struct rd_grab *g)
{
	bool joined = false;
	for (int i = 0; i < TRIES; i++) {
		if (c->place_stale && x11_look_again(c) < 0) {
			c->place_stale = true; /* the next turn says so */
			return -EAGAIN;
		}
		if (!x11_has_damage(c))
			return -EAGAIN;
		int err = grab_once(c, g);
		if (!err && !joined && join_strokes(c, g)) {
			joined = true;
			continue;
		}
		if (err != -ESTALE)
			return err;
		c->place_stale = true;
	}
	c->refused = true;
	return -EAGAIN;
}

/* The cap's next due time: steady while pictures follow each other. */
static void
pace(struct x11 *c)
{
	if (!c->interval_ns)
		return;
	uint64_t now = rd_clock_ns();
	c->due_ns += c->interval_ns;
	if (c->due_ns <= now)
		c->due_ns = now + c->interval_ns;
}

int
x11_grab(struct rd_capture *base, struct rd_grab *g)
{
	struct x11 *c = (struct x11 *)base;
	if (c->over)
		return -ENODATA;
	x11_read(c, xcb_poll_for_event);
	int err = x11_wait_ns(c) || rd_x11_lost(&c->x) ? -EAGAIN : grab_now(c, g);
	/* Without memory the tool comes back by itself; it is not told again. */
	bool starved = err == -EAGAIN && x11_has_damage(c) && !c->refused && !x11_wait_ns(c) && !c->place_stale;
	c->announced = starved;
	if (!err)
		pace(c);
	/*
	 * What came while we waited lies in xcb's queue and wakes nobody; nor
	 * does a server that died.
	 */
	x11_read(c, xcb_poll_for_queued_event);
	if (!c->turning)
		rd_timer_set(&c->later, 0);
	return err == -EIO ? -EAGAIN : err;
}
