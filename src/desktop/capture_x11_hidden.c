/*
 * An X11 desktop of which something is hidden: rd_x11_hidden says where it lies, here
 * is what that means for the picture.
 */
#include <errno.h>

#include "base/clock.h"
#include "base/mem.h"
#include "desktop/capture_x11.h"

/* Where finding what is hidden takes so long, no picture follows for so many times that. */
#define LOOK_LONG_NS (20 * RD_NS_PER_MS)
#define LOOK_REST 9

/* A rectangle of a configuration may be another screen's. */
static int
judge_rects(struct x11 *c, const struct rd_hide *hide, char **why)
{
	struct rd_rect screen = rd_x11_screen_rect(&c->x);
	for (int i = 0; i < hide->rects && hide->strict; i++) {
		struct rd_rect r = hide->rect[i];
		if (!rd_rect_empty(rd_rect_intersect(r, screen)))
			continue;
		*why = xasprintf("the rectangle to hide %dx%d+%d+%d lies outside of the screen, which is %dx%d",
			r.w, r.h, r.x, r.y, screen.w, screen.h);
		return -EINVAL;
	}
	return 0;
}

int
x11_open_hidden(struct x11 *c, const struct rd_hide *hide, uint32_t root_mask, uint32_t own_mask,
	char **why)
{
	xcb_window_t own = c->place.drawable == c->x.root ? XCB_NONE : c->place.drawable;
	if (!rd_hide_any(hide))
		return 0;
	int err = judge_rects(c, hide, why);
	if (!err)
		err = rd_x11_hidden_open(&c->hidden, &c->x, hide, root_mask, own, own_mask, why);
	if (err)
		return err;
	/* Rectangles lie still on the desktop; not so windows, and the picture of one. */
	c->holds = hide->windows > 0 || own;
	c->hidden_stale = true;
	return 0;
}

/* What only one of two regions has. */
static void
differ(pixman_region32_t *out, pixman_region32_t *a, pixman_region32_t *b)
{
	pixman_region32_t other;
	pixman_region32_init(&other);
	pixman_region32_subtract(out, a, b);
	pixman_region32_subtract(&other, b, a);
	pixman_region32_union(out, out, &other);
	pixman_region32_fini(&other);
}

void
x11_look_hidden(struct x11 *c)
{
	struct rd_rect area = c->place.area, seen = c->place.visible, desktop = c->place.desktop;
	uint64_t again_ns, now = rd_clock_ns();
	pixman_region32_t changed;
	c->hidden_stale = false;
	pixman_region32_copy(&c->hide, (pixman_region32_t *)rd_x11_hidden_region(c->hidden, &again_ns));
	pixman_region32_translate(&c->hide, -desktop.x, -desktop.y);
	pixman_region32_intersect_rect(&c->hide, &c->hide, seen.x - area.x, seen.y - area.y,
		(unsigned)seen.w, (unsigned)seen.h);
	pixman_region32_init(&changed);
	differ(&changed, &c->hide, &c->covered);
	pixman_region32_intersect_rect(&changed, &changed, seen.x - area.x, seen.y - area.y,
		(unsigned)seen.w, (unsigned)seen.h);
	pixman_region32_union(&c->dirty, &c->dirty, &changed);
	pixman_region32_fini(&changed);
	if (again_ns)
		rd_timer_set(&c->fade, again_ns > now ? again_ns - now : 0);
	else
		rd_timer_clear(&c->fade);
}

bool
x11_tell_hidden(struct x11 *c)
{
	uint64_t due = !c->hidden ? 0 : c->hidden_stale ? 1 : rd_x11_hidden_due_ns(c->hidden);
	uint64_t now = due ? rd_clock_ns() : 0;
	if (due > now)
		rd_timer_set(&c->fade, due - now);
	if (!due || due > now)
		return false;
	x11_look_hidden(c);
	return true;
}

/* While nobody else is served, where everything lies is where we find it. */
static int
find_exactly(struct x11 *c)
{
	int err = rd_x11_hidden_hold(c->hidden);
	if (err)
		return err;
	x11_read(c, xcb_poll_for_queued_event);
	if (c->place_stale || c->place.drawable != c->x.root)
		err = x11_look_again(c);
	/* The next turn says so. */
	c->place_stale |= err != 0;
	return err ? -EAGAIN : 0;
}

int
x11_hold(struct x11 *c)
{
	int err = c->hidden && c->holds ? find_exactly(c) : 0;
	/* Rectangles of the desktop lie where they lay, as long as the picture does. */
	if (err || !c->hidden || (!c->holds && !c->hidden_stale))
		return err;
	uint64_t begun = rd_clock_ns();
	x11_look_hidden(c);
	uint64_t now = rd_clock_ns();
	/* Others have the server, then, most of the time. */
	if (now - begun > LOOK_LONG_NS)
		c->due_ns = now + LOOK_REST * (now - begun);
	/* What was to be taken may be hidden by now. */
	return x11_has_damage(c) ? 0 : -EAGAIN;
}

void
x11_release(struct x11 *c)
{
	if (c->hidden)
		rd_x11_hidden_release(c->hidden);
}

void
x11_drop_hidden(const struct x11 *c, pixman_region32_t *damage)
{
	pixman_region32_subtract(damage, damage, (pixman_region32_t *)&c->covered);
}
