#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "desktop/arrange.h"
#include "desktop/x11_monitors.h"
#include "desktop/x11_randr.h"

/* A monitor that is there says by its EDID what it can. */
static bool
has_edid(const struct rd_x11 *x, xcb_randr_output_t output)
{
	static const char name[] = "EDID";
	xcb_intern_atom_reply_t *atom = xcb_intern_atom_reply(x->conn,
		xcb_intern_atom(x->conn, 1, sizeof(name) - 1, name), NULL);
	xcb_randr_get_output_property_reply_t *p = !atom || !atom->atom ? NULL :
		xcb_randr_get_output_property_reply(x->conn, xcb_randr_get_output_property(x->conn,
			output, atom->atom, XCB_ATOM_NONE, 0, 32, 0, 0), NULL);
	bool has = p && p->num_items > 0;
	free(p);
	free(atom);
	return has;
}

/* A CRTC that shows something; of more outputs than we know to set it is not ours to move. */
static bool
take_head(struct rd_x11_head *h, xcb_randr_crtc_t crtc, xcb_randr_get_crtc_info_reply_t *info)
{
	if (!info || !info->mode || info->num_outputs == 0)
		return true;
	if (info->num_outputs > RD_X11_CLONES_MAX)
		return false;
	h->crtc = crtc;
	h->outputs = info->num_outputs;
	memcpy(h->output, xcb_randr_get_crtc_info_outputs(info), h->outputs * sizeof(h->output[0]));
	h->mode = info->mode;
	h->rotation = info->rotation;
	h->rect = (struct rd_rect){info->x, info->y, info->width, info->height};
	return true;
}

/* False: there is more than we know to keep in order. */
static bool
find_heads(struct rd_x11_screen *s)
{
	const xcb_randr_crtc_t *list = xcb_randr_get_screen_resources_current_crtcs(s->all);
	int n = xcb_randr_get_screen_resources_current_crtcs_length(s->all);
	bool known = true;
	for (int i = 0; i < n && known; i++) {
		struct rd_x11_head head = {0};
		xcb_randr_get_crtc_info_reply_t *info = xcb_randr_get_crtc_info_reply(s->x->conn,
			xcb_randr_get_crtc_info(s->x->conn, list[i], s->all->config_timestamp), NULL);
		known = take_head(&head, list[i], info) && (!head.crtc || s->now.count < RD_X11_HEADS_MAX);
		if (known && head.crtc)
			s->now.head[s->now.count++] = head;
		free(info);
	}
	return known;
}

static bool
look_around(struct rd_x11_screen *s)
{
	xcb_connection_t *conn = s->x->conn;
	xcb_get_geometry_cookie_t g = xcb_get_geometry(conn, s->x->root);
	xcb_randr_get_screen_size_range_cookie_t r = xcb_randr_get_screen_size_range(conn, s->x->root);
	xcb_get_geometry_reply_t *geometry = xcb_get_geometry_reply(conn, g, NULL);
	xcb_randr_get_screen_size_range_reply_t *range =
		xcb_randr_get_screen_size_range_reply(conn, r, NULL);
	bool known = geometry && range && geometry->width && geometry->height;
	if (known) {
		s->now.width = geometry->width;
		s->now.height = geometry->height;
		/* What the screen was when we connected gives the size of a pixel. */
		s->now.mm_width = s->x->screen->width_in_millimeters;
		s->now.mm_height = s->x->screen->height_in_millimeters;
		s->min_width = range->min_width;
		s->min_height = range->min_height;
		s->max_width = range->max_width;
		s->max_height = range->max_height;
	}
	free(geometry);
	free(range);
	return known;
}

int
rd_x11_screen_look(struct rd_x11_screen *s, const struct rd_x11 *x, char **why)
{
	*s = (struct rd_x11_screen){.x = x};
	if (rd_x11_extension(x, &xcb_randr_id)) {
		xcb_connection_t *conn = x->conn;
		free(xcb_randr_query_version_reply(conn, xcb_randr_query_version(conn, 1, 3), NULL));
		s->all = xcb_randr_get_screen_resources_current_reply(conn,
			xcb_randr_get_screen_resources_current(conn, x->root), NULL);
	}
	bool few = s->all && find_heads(s);
	if (few && s->now.count > 0 && look_around(s))
		return 0;
	*why = xstrdup(s->all && !few ? "it has more monitors than can be kept in order" :
		"its X server knows of no other size");
	return -ENOTSUP;
}

void
rd_x11_screen_finish(struct rd_x11_screen *s)
{
	free(s->all);
	free(s->out);
	*s = (struct rd_x11_screen){0};
}

/* Which head has that output? */
static int
head_of(const struct rd_x11_screen *s, xcb_randr_output_t output)
{
	for (int i = 0; i < s->now.count; i++)
		for (uint32_t k = 0; k < s->now.head[i].outputs; k++)
			if (s->now.head[i].output[k] == output)
				return i;
	return -1;
}

static int
find_named(struct rd_x11_screen *s, const char *name, char **why)
{
	struct rd_x11_monitor *list;
	int n = rd_x11_monitors(&list, s->x), i = rd_x11_monitor_find(list, n, name);
	s->aim = i >= 0 && list[i].output ? head_of(s, list[i].output) : -1;
	if (i < 0)
		*why = xasprintf("it has no monitor %s", name);
	else if (s->aim < 0)
		*why = xasprintf("monitor %s is a part of the screen, with no output of its own", name);
	rd_x11_monitors_free(list, n);
	return *why ? -ENOTSUP : 0;
}

/* What two show is not two sizes. */
static bool
is_covered(const struct rd_x11_layout *l, int which)
{
	for (int i = 0; i < l->count; i++)
		if (i != which && !rd_rect_empty(rd_rect_intersect(l->head[i].rect, l->head[which].rect)))
			return true;
	return l->head[which].outputs > 1;
}

int
rd_x11_screen_aim(struct rd_x11_screen *s, const char *monitor, char **why)
{
	*why = NULL;
	s->aim = 0;
	if (monitor && find_named(s, monitor, why) != 0)
		return -ENOTSUP;
	if (!monitor && s->now.count > 1)
		*why = xstrdup("it has more than one monitor, and none is named");
	else if (is_covered(&s->now, s->aim))
		*why = xstrdup("two monitors show the same");
	if (*why)
		return -ENOTSUP;
	xcb_randr_output_t output = s->now.head[s->aim].output[0];
	free(s->out);
	s->out = xcb_randr_get_output_info_reply(s->x->conn,
		xcb_randr_get_output_info(s->x->conn, output, s->all->config_timestamp), NULL);
	s->free = !has_edid(s->x, output);
	if (s->out && (s->free || s->out->num_modes > 1))
		return 0;
	*why = xstrdup(s->out ? "its monitor has no other size" : "its monitor is gone");
	return -ENOTSUP;
}

bool
rd_x11_head_same(const struct rd_x11_head *a, const struct rd_x11_head *b)
{
	return a->crtc == b->crtc && a->outputs == b->outputs && a->mode == b->mode &&
		a->rotation == b->rotation && rd_rect_same(a->rect, b->rect) &&
		memcmp(a->output, b->output, a->outputs * sizeof(a->output[0])) == 0;
}

void
rd_x11_layout_arrange(struct rd_x11_layout *l, const struct rd_x11_layout *sizes)
{
	struct rd_rect rects[RD_X11_HEADS_MAX], wanted[RD_X11_HEADS_MAX];
	int was_w = l->width, was_h = l->height;
	for (int i = 0; i < l->count; i++) {
		rects[i] = l->head[i].rect;
		wanted[i] = sizes->head[i].rect;
	}
	rd_arrange(rects, l->count, wanted);
	for (int i = 0; i < l->count; i++) {
		l->head[i].rect = rects[i];
		l->head[i].mode = sizes->head[i].mode;
	}
	struct rd_rect all = rd_arrange_bound(rects, l->count);
	/* What does not fit into 16 bits is refused by who asked. */
	l->width = (uint16_t)(all.w > UINT16_MAX ? UINT16_MAX : all.w);
	l->height = (uint16_t)(all.h > UINT16_MAX ? UINT16_MAX : all.h);
	/* In dots as large as before. */
	if (was_w && was_h) {
		l->mm_width = (uint32_t)((uint64_t)l->mm_width * l->width / (unsigned)was_w);
		l->mm_height = (uint32_t)((uint64_t)l->mm_height * l->height / (unsigned)was_h);
	}
}
