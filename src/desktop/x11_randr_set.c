/*
 * RandR: modes, and setting a whole layout.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desktop/x11_randr.h"

/* Modes that we made begin so: who comes later may take them away. */
static const char ours[] = "rd-";

static void
sync_with(const struct rd_x11 *x)
{
	free(xcb_get_input_focus_reply(x->conn, xcb_get_input_focus(x->conn), NULL));
}

static bool
on_its_side(const struct rd_x11_screen *s)
{
	return s->now.head[s->aim].rotation &
		(XCB_RANDR_ROTATION_ROTATE_90 | XCB_RANDR_ROTATION_ROTATE_270);
}

static bool
is_of_output(const struct rd_x11_screen *s, xcb_randr_mode_t mode)
{
	const xcb_randr_mode_t *list = xcb_randr_get_output_info_modes(s->out);
	for (int i = 0; i < s->out->num_modes; i++)
		if (list[i] == mode)
			return true;
	return false;
}

xcb_randr_mode_t
rd_x11_screen_mode(const struct rd_x11_screen *s, int *width, int *height)
{
	const xcb_randr_mode_info_t *list = xcb_randr_get_screen_resources_current_modes(s->all);
	int n = xcb_randr_get_screen_resources_current_modes_length(s->all);
	xcb_randr_mode_t best = 0;
	int best_w = 0, best_h = 0;
	for (int i = 0; i < n; i++) {
		int w = on_its_side(s) ? list[i].height : list[i].width;
		int h = on_its_side(s) ? list[i].width : list[i].height;
		bool better = (int64_t)w * h > (int64_t)best_w * best_h ||
			(w == best_w && h == best_h && list[i].id == s->now.head[s->aim].mode);
		if (w > *width || h > *height || !better || !is_of_output(s, list[i].id))
			continue;
		best = list[i].id;
		best_w = w;
		best_h = h;
	}
	*width = best ? best_w : *width;
	*height = best ? best_h : *height;
	return best;
}

/* Of the same size and name, on another monitor or from before: a second one there cannot be. */
static xcb_randr_mode_t
made_before(const struct rd_x11_screen *s, const char *name, const xcb_randr_mode_info_t *m)
{
	const xcb_randr_mode_info_t *list = xcb_randr_get_screen_resources_current_modes(s->all);
	int n = xcb_randr_get_screen_resources_current_modes_length(s->all);
	const uint8_t *names = xcb_randr_get_screen_resources_current_names(s->all);
	for (int i = 0; i < n; names += list[i++].name_len)
		if (list[i].name_len == m->name_len && memcmp(names, name, m->name_len) == 0 &&
				list[i].width == m->width && list[i].height == m->height)
			return list[i].id;
	return 0;
}

static xcb_randr_mode_t
make(const struct rd_x11_screen *s, const char *name, xcb_randr_mode_info_t m)
{
	xcb_randr_create_mode_reply_t *made = xcb_randr_create_mode_reply(s->x->conn,
		xcb_randr_create_mode(s->x->conn, s->x->root, m, m.name_len, name), NULL);
	xcb_randr_mode_t mode = made ? made->mode : 0;
	free(made);
	return mode;
}

/* Nobody counts the lines of a screen that no monitor shows; 60 Hz as anything else. */
xcb_randr_mode_t
rd_x11_screen_make(const struct rd_x11_screen *s, int width, int height)
{
	char name[32];
	int w = on_its_side(s) ? height : width, h = on_its_side(s) ? width : height;
	int len = snprintf(name, sizeof(name), "%s%dx%d", ours, w, h);
	const xcb_randr_mode_info_t m = {
		.width = (uint16_t)w, .height = (uint16_t)h,
		.dot_clock = (uint32_t)w * (uint32_t)h * 60,
		.hsync_start = (uint16_t)w, .hsync_end = (uint16_t)w,
		.htotal = (uint16_t)w,
		.vsync_start = (uint16_t)h, .vsync_end = (uint16_t)h,
		.vtotal = (uint16_t)h,
		.name_len = (uint16_t)len,
	};
	xcb_connection_t *conn = s->x->conn;
	xcb_randr_mode_t before = made_before(s, name, &m), mode = before ? before : make(s, name, m);
	if (!mode)
		return 0;
	xcb_generic_error_t *e = xcb_request_check(conn, xcb_randr_add_output_mode_checked(conn,
		s->now.head[s->aim].output[0], mode));
	if (e && !before)
		xcb_randr_destroy_mode(conn, mode);
	free(e);
	return e ? 0 : mode;
}

static bool
is_in(const struct rd_x11_layout *l, xcb_randr_mode_t mode)
{
	for (int i = 0; i < l->count; i++)
		if (l->head[i].mode == mode)
			return true;
	return false;
}

/* Whichever of them has it. Of one in use both fail, and nobody minds. */
static void
remove_mode(xcb_connection_t *conn, const xcb_randr_get_screen_resources_current_reply_t *all,
	xcb_randr_mode_t mode)
{
	const xcb_randr_output_t *list = xcb_randr_get_screen_resources_current_outputs(all);
	int n = xcb_randr_get_screen_resources_current_outputs_length(all);
	for (int i = 0; i < n; i++)
		xcb_randr_delete_output_mode(conn, list[i], mode);
	xcb_randr_destroy_mode(conn, mode);
}

/* Also one that was made just now: what there is is asked for anew. */
void
rd_x11_screen_tidy(const struct rd_x11_screen *s, const struct rd_x11_layout *a,
	const struct rd_x11_layout *b)
{
	xcb_connection_t *conn = s->x->conn;
	xcb_randr_get_screen_resources_current_reply_t *all = xcb_randr_get_screen_resources_current_reply(
		conn, xcb_randr_get_screen_resources_current(conn, s->x->root), NULL);
	if (!all)
		return;
	const xcb_randr_mode_info_t *list = xcb_randr_get_screen_resources_current_modes(all);
	int n = xcb_randr_get_screen_resources_current_modes_length(all);
	const uint8_t *name = xcb_randr_get_screen_resources_current_names(all);
	for (int i = 0; i < n; name += list[i++].name_len) {
		size_t len = sizeof(ours) - 1;
		if (list[i].name_len >= len && memcmp(name, ours, len) == 0 &&
				!is_in(a, list[i].id) && !is_in(b, list[i].id))
			remove_mode(conn, all, list[i].id);
	}
	free(all);
	sync_with(s->x);
}

/* Without `on` it shows nothing. */
static bool
set_head(const struct rd_x11_screen *s, const struct rd_x11_head *h, bool on)
{
	xcb_connection_t *conn = s->x->conn;
	xcb_randr_set_crtc_config_reply_t *r = xcb_randr_set_crtc_config_reply(conn,
		xcb_randr_set_crtc_config(conn, h->crtc, XCB_CURRENT_TIME, s->all->config_timestamp,
			on ? (int16_t)h->rect.x : 0, on ? (int16_t)h->rect.y : 0, on ? h->mode : 0,
			h->rotation, on ? h->outputs : 0, h->output), NULL);
	bool done = r && r->status == XCB_RANDR_SET_CONFIG_SUCCESS;
	free(r);
	return done;
}

static bool
set_size(const struct rd_x11_screen *s, const struct rd_x11_layout *to)
{
	xcb_generic_error_t *e = xcb_request_check(s->x->conn, xcb_randr_set_screen_size_checked(
		s->x->conn, s->x->root, to->width, to->height, to->mm_width, to->mm_height));
	free(e);
	return !e;
}

/*
 * A monitor does not reach beyond the screen, at no time: one that would is dark while
 * the screen shrinks.
 */
static bool
set_all(const struct rd_x11_screen *s, const struct rd_x11_layout *from, const struct rd_x11_layout *to)
{
	bool dark[RD_X11_HEADS_MAX] = {0}, done = true;
	for (int i = 0; i < from->count && done; i++) {
		dark[i] = !rd_rect_inside(from->head[i].rect, to->width, to->height);
		if (dark[i])
			done = set_head(s, &from->head[i], false);
	}
	if (done && (from->width != to->width || from->height != to->height))
		done = set_size(s, to);
	for (int i = 0; i < to->count && done; i++)
		if (dark[i] || !rd_x11_head_same(&from->head[i], &to->head[i]))
			done = set_head(s, &to->head[i], true);
	return done;
}

/* Whatever of it has been done is taken back: all of it is said again. */
static void
take_back(const struct rd_x11_screen *s)
{
	for (int i = 0; i < s->now.count; i++)
		set_head(s, &s->now.head[i], false);
	set_size(s, &s->now);
	for (int i = 0; i < s->now.count; i++)
		set_head(s, &s->now.head[i], true);
}

int
rd_x11_screen_set(const struct rd_x11_screen *s, const struct rd_x11_layout *want)
{
	bool done = set_all(s, &s->now, want);
	if (!done)
		take_back(s);
	sync_with(s->x);
	return done ? 0 : -ENOTSUP;
}
