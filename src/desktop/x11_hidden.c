#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_hidden.h"
#include "desktop/x11_hold.h"
#include "desktop/x11_tops.h"

/* What was left is hidden for one to two of these. */
#define FADE_NS (500 * RD_NS_PER_MS)
/* A window that is dragged leaves a trail, of so many rectangles at most. */
#define TRAIL_MAX 24
/* Programs that change their titles in a loop keep us no busier than that. */
#define LOOK_NS (50 * RD_NS_PER_MS)
/* So long everybody may have to wait until all windows are looked at; then all is hidden. */
#define HELD_MAX_NS (250 * RD_NS_PER_MS)

/* What was left, lately and before that. */
enum { LATELY, BEFORE, TRAILS };

struct rd_x11_hidden {
	const struct rd_x11 *x;
	const struct rd_hide *hide;
	xcb_window_t own;
	uint32_t own_mask;
	struct rd_x11_tops tops;
	bool unread;		/* the tree is not what it was, or not all of it was read */
	bool changed;		/* the region may not be what it was */
	bool unknown;		/* not all windows could be looked at: all is hidden */
	uint64_t look_ns;	/* not read before, but where the server is held */
	struct rd_x11_hold hold;
	bool told_composited, told_many;
	xcb_atom_t manager;	/* the selection of a compositing manager */
	pixman_region32_t region;
	pixman_region32_t trail[TRAILS];
	uint64_t turn_ns;	/* then the trails change places; 0: there are none */
};

/* ---- what was left ---- */

static bool
is_empty(const pixman_region32_t *r)
{
	return !pixman_region32_not_empty((pixman_region32_t *)r);
}

static void
leave_trail(struct rd_x11_hidden *h, struct rd_rect r)
{
	pixman_region32_t *trail = &h->trail[LATELY];
	h->changed = true;
	rd_region_add(trail, r);
	rd_region_simplify(trail, TRAIL_MAX);
	if (!h->turn_ns)
		h->turn_ns = rd_clock_ns() + FADE_NS;
}

static void
let_fade(struct rd_x11_hidden *h)
{
	uint64_t now = h->turn_ns ? rd_clock_ns() : 0;
	while (h->turn_ns && now >= h->turn_ns) {
		pixman_region32_copy(&h->trail[BEFORE], &h->trail[LATELY]);
		pixman_region32_clear(&h->trail[LATELY]);
		h->turn_ns = is_empty(&h->trail[BEFORE]) ? 0 : h->turn_ns + FADE_NS;
		h->changed = true;
	}
}

/* ---- what the server says ---- */

static void
on_configure(struct rd_x11_hidden *h, const xcb_configure_notify_event_t *e)
{
	struct rd_x11_top *top = rd_x11_tops_find(&h->tops, e->window);
	struct rd_rect now = {e->x, e->y, e->width + 2 * e->border_width, e->height + 2 * e->border_width};
	if (!top) {
		h->unread = true;
		return;
	}
	if (top->hidden && top->mapped && !rd_rect_same(now, top->rect))
		leave_trail(h, top->rect);
	top->rect = now;
	h->unread |= top->popup != (bool)e->override_redirect;
}

static void
set_mapped(struct rd_x11_hidden *h, struct rd_x11_top *top, bool mapped)
{
	if (top->hidden && top->mapped && !mapped)
		leave_trail(h, top->rect);
	h->changed |= top->hidden;
	top->mapped = mapped;
}

static void
on_map(struct rd_x11_hidden *h, const xcb_map_notify_event_t *e)
{
	struct rd_x11_top *top = rd_x11_tops_find(&h->tops, e->window);
	bool same = top && top->popup == (bool)e->override_redirect;
	/* Programs make a window, and then a menu of it: whose it is is another question then. */
	if (top && !same)
		rd_x11_top_unlook(top);
	if (top)
		set_mapped(h, top, true);
	h->unread |= !same;
	/* Soon: until then it is taken for a hidden one. */
	if (h->unread)
		h->look_ns = 0;
}

static void
on_unmap(struct rd_x11_hidden *h, xcb_window_t window)
{
	struct rd_x11_top *top = rd_x11_tops_find(&h->tops, window);
	if (top)
		set_mapped(h, top, false);
	else
		h->unread = true;
}

/* One of the root's children is gone: it is not the root's any more, or not there. */
static void
on_gone(struct rd_x11_hidden *h, xcb_window_t window)
{
	on_unmap(h, window);
	h->unread = true;
}

/* About a child of the root. Who sends events of his own says what he likes. */
static void
take_top(struct rd_x11_hidden *h, const xcb_generic_event_t *event)
{
	switch (event->response_type) {
	case XCB_CONFIGURE_NOTIFY:
		on_configure(h, (const void *)event);
		break;
	case XCB_MAP_NOTIFY:
		on_map(h, (const void *)event);
		break;
	case XCB_UNMAP_NOTIFY:
		on_unmap(h, ((const xcb_unmap_notify_event_t *)event)->window);
		break;
	case XCB_DESTROY_NOTIFY:
		on_gone(h, ((const xcb_destroy_notify_event_t *)event)->window);
		break;
	case XCB_REPARENT_NOTIFY:
		on_gone(h, ((const xcb_reparent_notify_event_t *)event)->window);
		break;
	case XCB_CREATE_NOTIFY:
		/* If it is gone again before it is looked at, it may have been one of those. */
		rd_x11_tops_add(&h->tops, (const void *)event);
		h->unread = true;
		break;
	default:
		break;
	}
}

/* About what is below one: only what comes, and comes from elsewhere, may matter. */
static void
take_inner(struct rd_x11_hidden *h, const xcb_generic_event_t *event)
{
	h->unread |= event->response_type == XCB_CREATE_NOTIFY
		|| event->response_type == XCB_REPARENT_NOTIFY;
}

/* The parent that tells, and the child it is about: these events begin alike. */
static bool
is_structure(uint8_t type)
{
	return type >= XCB_CREATE_NOTIFY && type <= XCB_CIRCULATE_REQUEST
		&& type != XCB_MAP_REQUEST && type != XCB_CONFIGURE_REQUEST;
}

bool
rd_x11_hidden_event(struct rd_x11_hidden *h, const xcb_generic_event_t *event)
{
	uint8_t type = event->response_type & 0x7f;
	const xcb_map_notify_event_t *e = (const void *)event;
	if (!h->hide->windows)
		return false;
	if (type == XCB_PROPERTY_NOTIFY) {
		h->unread |= rd_x11_tops_cares(&h->tops, ((const xcb_property_notify_event_t *)event)->atom);
		return true;
	}
	if (!is_structure(type))
		return false;
	if (type == event->response_type && e->event == h->x->root && e->window != h->x->root)
		take_top(h, event);
	else if (type == event->response_type && e->event != e->window)
		take_inner(h, event);
	return e->window != h->x->root && e->window != h->own && e->event != h->own;
}

static uint64_t
again(const struct rd_x11_hidden *h)
{
	uint64_t look_ns = h->unread ? h->look_ns + 1 : 0;
	bool first = look_ns && (!h->turn_ns || look_ns < h->turn_ns);
	return first ? look_ns : h->turn_ns;
}

uint64_t
rd_x11_hidden_due_ns(const struct rd_x11_hidden *h)
{
	return h->changed ? 1 : again(h);
}

/* ---- what follows from it ---- */

static bool
is_composited(const struct rd_x11_hidden *h)
{
	xcb_get_selection_owner_reply_t *r = xcb_get_selection_owner_reply(h->x->conn,
		xcb_get_selection_owner(h->x->conn, h->manager), NULL);
	bool is = r && r->owner;
	free(r);
	return is;
}

/* Each once. A compositing manager's pictures of windows are its own, and come and go as it likes. */
static void
tell(struct rd_x11_hidden *h)
{
	if (!h->told_composited && is_composited(h)) {
		rd_warn("a compositing manager runs on display %s: what it shows of a hidden window "
			"elsewhere (previews, animations) is not hidden", h->x->display);
		h->told_composited = true;
	}
	if (h->unknown && !h->told_many)
		rd_warn("display %s has more windows than can be looked at: all of it is hidden", h->x->display);
	h->told_many |= h->unknown;
}

/* Those that were hidden and shown where they are not any more leave a trail. */
static void
compare(struct rd_x11_hidden *h, const struct rd_x11_tops *before)
{
	for (int i = 0; i < before->count; i++) {
		const struct rd_x11_top *was = &before->list[i];
		if (!was->hidden || !was->mapped)
			continue;
		const struct rd_x11_top *is = rd_x11_tops_find(&h->tops, was->id);
		if (was->unlooked && is && !is->hidden)
			continue;
		bool same = is && is->hidden && is->mapped && rd_rect_same(is->rect, was->rect);
		if (!same)
			leave_trail(h, was->rect);
	}
}

static void
read_again(struct rd_x11_hidden *h)
{
	struct rd_x11_tops before = h->tops;
	uint64_t begun = rd_clock_ns(), until = h->hold.held ? begun + HELD_MAX_NS : 0;
	h->tops.list = NULL;
	h->tops.count = 0;
	h->changed = true;
	int err = rd_x11_tops_read(&h->tops, h->x, h->hide, h->own, h->own_mask, until);
	h->unknown = err == -E2BIG || err == -ETIME;
	h->unread = err == -ETIME;
	/* At most half of our time. */
	h->look_ns = 2 * rd_clock_ns() - begun + LOOK_NS;
	compare(h, &before);
	rd_x11_tops_finish(&before);
	rd_debug("display %s: %d windows looked at", h->x->display, h->tops.count);
	tell(h);
}

static void
add_up(struct rd_x11_hidden *h)
{
	pixman_region32_clear(&h->region);
	h->changed = false;
	for (int i = 0; i < h->hide->rects; i++)
		rd_region_add(&h->region, h->hide->rect[i]);
	for (int i = 0; i < h->tops.count; i++) {
		if (h->tops.list[i].hidden && h->tops.list[i].mapped)
			rd_region_add(&h->region, h->tops.list[i].rect);
	}
	for (int i = 0; i < TRAILS; i++)
		pixman_region32_union(&h->region, &h->region, &h->trail[i]);
	if (h->unknown)
		rd_region_add(&h->region, (struct rd_rect){INT16_MIN, INT16_MIN, 3 * INT16_MAX, 3 * INT16_MAX});
}

const pixman_region32_t *
rd_x11_hidden_region(struct rd_x11_hidden *h, uint64_t *again_ns)
{
	if (h->unread && (h->hold.held || rd_clock_ns() >= h->look_ns))
		read_again(h);
	let_fade(h);
	if (h->changed)
		add_up(h);
	*again_ns = again(h);
	return &h->region;
}

/* ---- holding the server ---- */

int
rd_x11_hidden_hold(struct rd_x11_hidden *h)
{
	return rd_x11_hold_begin(&h->hold, h->x) ? -EIO : 0;
}

void
rd_x11_hidden_release(struct rd_x11_hidden *h)
{
	rd_x11_hold_end(&h->hold, h->x);
}

/* ---- opening and closing ---- */

static bool
may(const struct rd_x11 *x, xcb_void_cookie_t cookie)
{
	xcb_generic_error_t *e = xcb_request_check(x->conn, cookie);
	bool ok = !e && !rd_x11_lost(x);
	free(e);
	return ok;
}

/* Which of the display's screens ours is: the selection is called after it. */
static int
screen_number(const struct rd_x11 *x)
{
	int n = 0;
	for (xcb_screen_iterator_t it = xcb_setup_roots_iterator(xcb_get_setup(x->conn));
			it.rem > 0 && it.data->root != x->root; xcb_screen_next(&it))
		n++;
	return n;
}

static int
watch_windows(struct rd_x11_hidden *h, uint32_t root_mask, char **why)
{
	uint32_t mask = root_mask | XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY;
	char name[32];
	snprintf(name, sizeof(name), "_NET_WM_CM_S%d", screen_number(h->x));
	h->manager = rd_x11_atom(h->x, name);
	bool ok = may(h->x, xcb_change_window_attributes_checked(h->x->conn, h->x->root, XCB_CW_EVENT_MASK, &mask))
		&& rd_x11_hold_begin(&h->hold, h->x) == 0;
	rd_x11_hold_end(&h->hold, h->x);
	h->unread = true;
	if (ok)
		return 0;
	*why = xasprintf("windows cannot be hidden: display %s does not let us watch and hold them",
		h->x->display);
	return -EPERM;
}

/* A mistake in a number shows nowhere else; of a title or class one may come later. */
static void
tell_missing(struct rd_x11_hidden *h)
{
	uint64_t again;
	rd_x11_hidden_region(h, &again);
	if (h->tops.missing)
		rd_warn("display %s has no window 0x%x that could be hidden; rd-capture --list shows those "
			"it has", h->x->display, h->tops.missing);
}

int
rd_x11_hidden_open(struct rd_x11_hidden **out, const struct rd_x11 *x, const struct rd_hide *hide,
	uint32_t root_mask, xcb_window_t own, uint32_t own_mask, char **why)
{
	struct rd_x11_hidden *h = xcalloc(1, sizeof(*h));
	*h = (struct rd_x11_hidden){.x = x, .hide = hide, .own = own, .own_mask = own_mask, .changed = true};
	pixman_region32_init(&h->region);
	for (int i = 0; i < TRAILS; i++)
		pixman_region32_init(&h->trail[i]);
	int err = hide->windows ? watch_windows(h, root_mask, why) : 0;
	if (err) {
		rd_x11_hidden_close(h);
		return err;
	}
	if (hide->windows)
		tell_missing(h);
	*out = h;
	return 0;
}

void
rd_x11_hidden_close(struct rd_x11_hidden *h)
{
	if (!h)
		return;
	rd_x11_tops_finish(&h->tops);
	pixman_region32_fini(&h->region);
	for (int i = 0; i < TRAILS; i++)
		pixman_region32_fini(&h->trail[i]);
	free(h);
}
