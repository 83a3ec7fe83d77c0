#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "desktop/x11_randr.h"

/* Modes that we made begin so: who comes later may take them away. */
static const char ours[] = "rd-";

static void
sync_with(const struct rd_x11 *x)
{
	free(xcb_get_input_focus_reply(x->conn, xcb_get_input_focus(x->conn), NULL));
}

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

/* The one monitor that shows something; how many do. */
static int
find_output(struct rd_x11_screen *s)
{
	const xcb_randr_output_t *list = xcb_randr_get_screen_resources_current_outputs(s->all);
	int n = xcb_randr_get_screen_resources_current_outputs_length(s->all), found = 0;
	for (int i = 0; i < n; i++) {
		xcb_randr_get_output_info_reply_t *out = xcb_randr_get_output_info_reply(s->x->conn,
			xcb_randr_get_output_info(s->x->conn, list[i], s->all->config_timestamp), NULL);
		bool on = out && out->crtc && out->connection != XCB_RANDR_CONNECTION_DISCONNECTED;
		found += on;
		if (on && found == 1) {
			s->out = out;
			s->now.output = list[i];
			s->now.crtc = out->crtc;
		} else {
			free(out);
		}
	}
	return found;
}

static int
look_closer(struct rd_x11_screen *s)
{
	xcb_connection_t *conn = s->x->conn;
	xcb_get_geometry_cookie_t g = xcb_get_geometry(conn, s->x->root);
	xcb_randr_get_crtc_info_cookie_t c = xcb_randr_get_crtc_info(conn, s->now.crtc,
		s->all->config_timestamp);
	xcb_randr_get_screen_size_range_cookie_t r = xcb_randr_get_screen_size_range(conn, s->x->root);
	xcb_get_geometry_reply_t *geometry = xcb_get_geometry_reply(conn, g, NULL);
	xcb_randr_get_crtc_info_reply_t *crtc = xcb_randr_get_crtc_info_reply(conn, c, NULL);
	xcb_randr_get_screen_size_range_reply_t *range =
		xcb_randr_get_screen_size_range_reply(conn, r, NULL);
	bool known = geometry && crtc && range && geometry->width && geometry->height;
	if (known) {
		s->now.width = geometry->width;
		s->now.height = geometry->height;
		/* What the screen was when we connected gives the size of a pixel. */
		s->now.mm_width = s->x->screen->width_in_millimeters;
		s->now.mm_height = s->x->screen->height_in_millimeters;
		s->now.mode = crtc->mode;
		s->now.rotation = crtc->rotation;
		s->min_width = range->min_width;
		s->min_height = range->min_height;
		s->max_width = range->max_width;
		s->max_height = range->max_height;
	}
	free(geometry);
	free(crtc);
	free(range);
	return known ? 0 : -ENOTSUP;
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
	int monitors = s->all ? find_output(s) : 0;
	int err = monitors == 1 ? look_closer(s) : -ENOTSUP;
	if (err) {
		*why = monitors > 1 ? xstrdup("it has more than one monitor") :
			xstrdup("its X server knows of no other size");
		return err;
	}
	s->free = !has_edid(x, s->now.output);
	if (s->free || s->out->num_modes > 1)
		return 0;
	*why = xstrdup("its monitor has no other size");
	return -ENOTSUP;
}

void
rd_x11_screen_finish(struct rd_x11_screen *s)
{
	free(s->all);
	free(s->out);
	*s = (struct rd_x11_screen){0};
}

static bool
on_its_side(const struct rd_x11_screen *s)
{
	return s->now.rotation & (XCB_RANDR_ROTATION_ROTATE_90 | XCB_RANDR_ROTATION_ROTATE_270);
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
			(w == best_w && h == best_h && list[i].id == s->now.mode);
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

/* Nobody counts the lines of a screen that no monitor shows; 60 Hz as anything else. */
xcb_randr_mode_t
rd_x11_screen_make(const struct rd_x11_screen *s, int width, int height)
{
	char name[32];
	int len = snprintf(name, sizeof(name), "%s%dx%d", ours, width, height);
	xcb_randr_mode_info_t m = {
		.width = (uint16_t)width, .height = (uint16_t)height,
		.dot_clock = (uint32_t)width * (uint32_t)height * 60,
		.hsync_start = (uint16_t)width, .hsync_end = (uint16_t)width,
		.htotal = (uint16_t)width,
		.vsync_start = (uint16_t)height, .vsync_end = (uint16_t)height,
		.vtotal = (uint16_t)height,
		.name_len = (uint16_t)len,
	};
	xcb_connection_t *conn = s->x->conn;
	xcb_randr_create_mode_reply_t *made = xcb_randr_create_mode_reply(conn,
		xcb_randr_create_mode(conn, s->x->root, m, (uint32_t)len, name), NULL);
	xcb_randr_mode_t mode = made ? made->mode : 0;
	free(made);
	if (!mode)
		return 0;
	xcb_generic_error_t *e = xcb_request_check(conn,
		xcb_randr_add_output_mode_checked(conn, s->now.output, mode));
	if (e)
		xcb_randr_destroy_mode(conn, mode);
	free(e);
	return e ? 0 : mode;
}

void
rd_x11_screen_tidy(const struct rd_x11_screen *s, xcb_randr_mode_t used, xcb_randr_mode_t kept)
{
	const xcb_randr_mode_info_t *list = xcb_randr_get_screen_resources_current_modes(s->all);
	int n = xcb_randr_get_screen_resources_current_modes_length(s->all);
	const uint8_t *name = xcb_randr_get_screen_resources_current_names(s->all);
	for (int i = 0; i < n; name += list[i++].name_len) {
		size_t len = sizeof(ours) - 1;
		if (list[i].id == used || list[i].id == kept || list[i].name_len < len ||
				memcmp(name, ours, len) != 0)
			continue;
		/* Of another output's these fail, and nobody minds. */
		xcb_randr_delete_output_mode(s->x->conn, s->now.output, list[i].id);
		xcb_randr_destroy_mode(s->x->conn, list[i].id);
	}
	sync_with(s->x);
}

static bool
set_crtc(const struct rd_x11_screen *s, const struct rd_x11_shape *to, xcb_randr_mode_t mode)
{
	xcb_connection_t *conn = s->x->conn;
	xcb_randr_set_crtc_config_reply_t *r = xcb_randr_set_crtc_config_reply(conn,
		xcb_randr_set_crtc_config(conn, to->crtc, XCB_CURRENT_TIME, s->all->config_timestamp,
			0, 0, mode, to->rotation, mode ? 1 : 0, &to->output), NULL);
	bool done = r && r->status == XCB_RANDR_SET_CONFIG_SUCCESS;
	free(r);
	return done;
}

static bool
set_size(const struct rd_x11_screen *s, const struct rd_x11_shape *to)
{
	xcb_generic_error_t *e = xcb_request_check(s->x->conn, xcb_randr_set_screen_size_checked(
		s->x->conn, s->x->root, to->width, to->height, to->mm_width, to->mm_height));
	free(e);
	return !e;
}

/* A monitor does not reach beyond the screen, at no time: it is dark while that shrinks. */
int
rd_x11_screen_set(const struct rd_x11_screen *s, const struct rd_x11_shape *want)
{
	bool smaller = want->width < s->now.width || want->height < s->now.height;
	xcb_grab_server(s->x->conn);
	bool done = (!smaller || set_crtc(s, &s->now, 0)) && set_size(s, want) &&
		set_crtc(s, want, want->mode);
	if (!done) {
		set_crtc(s, &s->now, 0);
		set_size(s, &s->now);
		set_crtc(s, &s->now, s->now.mode);
	}
	xcb_ungrab_server(s->x->conn);
	sync_with(s->x);
	return done ? 0 : -ENOTSUP;
}
