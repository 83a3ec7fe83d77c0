#include <stdlib.h>
#include <string.h>

#include <xcb/xfixes.h>
#include <xcb/xinput.h>

#include "base/clock.h"
#include "base/mem.h"
#include "desktop/x11_cursor.h"

static void
select_shape(struct rd_x11_cursor *c)
{
	const xcb_query_extension_reply_t *ext = rd_x11_extension(c->x, &xcb_xfixes_id);
	if (!ext)
		return;
	/* A client must ask for the version before it may use the rest. */
	xcb_xfixes_query_version_reply_t *v = xcb_xfixes_query_version_reply(c->x->conn,
		xcb_xfixes_query_version(c->x->conn, 4, 0), NULL);
	if (v) {
		xcb_xfixes_select_cursor_input(c->x->conn, c->x->root,
			XCB_XFIXES_CURSOR_NOTIFY_MASK_DISPLAY_CURSOR);
		c->shape_event = (uint8_t)(ext->first_event + XCB_XFIXES_CURSOR_NOTIFY);
		c->shape_stale = true;
	}
	free(v);
}

static void
select_motion(struct rd_x11_cursor *c)
{
	const xcb_query_extension_reply_t *ext = rd_x11_extension(c->x, &xcb_input_id);
	/* From 2.1 on raw events come in spite of other clients' grabs. */
	xcb_input_xi_query_version_reply_t *v = ext ? xcb_input_xi_query_version_reply(c->x->conn,
		xcb_input_xi_query_version(c->x->conn, 2, 2), NULL) : NULL;
	if (v && v->major_version >= 2) {
		struct {
			xcb_input_event_mask_t head;
			uint32_t mask;
		} want = {
			.head = {.deviceid = XCB_INPUT_DEVICE_ALL_MASTER, .mask_len = 1},
			.mask = XCB_INPUT_XI_EVENT_MASK_RAW_MOTION,
		};
		xcb_input_xi_select_events(c->x->conn, c->x->root, 1, &want.head);
		c->input_opcode = ext->major_opcode;
	}
	free(v);
}

void
rd_x11_cursor_open(struct rd_x11_cursor *c, const struct rd_x11 *x, bool shape, bool place)
{
	*c = (struct rd_x11_cursor){.x = x, .place_stale = place};
	if (shape)
		select_shape(c);
	if (place)
		select_motion(c);
}

void
rd_x11_cursor_close(struct rd_x11_cursor *c)
{
	free(c->pixels);
	*c = (struct rd_x11_cursor){0};
}

bool
rd_x11_cursor_event(struct rd_x11_cursor *c, const xcb_generic_event_t *event)
{
	uint8_t type = event->response_type & 0x7f;
	if (c->shape_event && type == c->shape_event) {
		c->shape_stale = true;
		return true;
	}
	const xcb_ge_generic_event_t *ge = (const xcb_ge_generic_event_t *)event;
	if (c->input_opcode && type == XCB_GE_GENERIC && ge->extension == c->input_opcode) {
		c->place_stale = true;
		return true;
	}
	return false;
}

/* The first of `want` pixels of `size`, so that `hot` is among them. */
static int
crop_from(int size, int want, int hot)
{
	int from = hot - want / 2;
	if (from > size - want)
		from = size - want;
	return from < 0 ? 0 : from;
}

static bool
is_blank(const uint32_t *argb, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (argb[i] >> 24)
			return false;
	}
	return true;
}

/* Keeps what fits of a shape; one without a visible pixel is no shape. */
static void
take_shape(struct rd_x11_cursor *c, const uint32_t *argb, int w, int h, int hot_x, int hot_y)
{
	int width = w < RD_CURSOR_MAX ? w : RD_CURSOR_MAX;
	int height = h < RD_CURSOR_MAX ? h : RD_CURSOR_MAX;
	int x = crop_from(w, width, hot_x), y = crop_from(h, height, hot_y);

	free(c->pixels);
	c->pixels = NULL;
	c->shape = (struct rd_cursor){0};
	if (w <= 0 || h <= 0 || is_blank(argb, (size_t)w * (size_t)h))
		return;
	c->pixels = xmalloc((size_t)width * (size_t)height * 4);
	for (int row = 0; row < height; row++)
		memcpy(c->pixels + (size_t)row * (size_t)width * 4,
			argb + (size_t)(y + row) * (size_t)w + x, (size_t)width * 4);
	hot_x -= x;
	hot_y -= y;
	c->shape = (struct rd_cursor){
		.width = width, .height = height,
		.hot_x = hot_x < width ? hot_x : width - 1,
		.hot_y = hot_y < height ? hot_y : height - 1,
		.pixels = c->pixels,
	};
}

static xcb_xfixes_get_cursor_image_reply_t *
ask_shape(const struct rd_x11 *x, bool *denied)
{
	xcb_generic_error_t *error = NULL;
	xcb_xfixes_get_cursor_image_reply_t *r = xcb_xfixes_get_cursor_image_reply(x->conn,
		xcb_xfixes_get_cursor_image(x->conn), &error);
	*denied = error && error->error_code == XCB_ACCESS;
	free(error);
	return r;
}

/*
 * Of a cursor whose maker has gone (xsetroot goes at once) Xorg's server 21.1 says
 * nothing while nobody has the maker's number as a client. Numbers are given out from
 * the lowest that is free, so one of the next connections has it; unless more numbers
 * below it are free than we would take. How many that is, and how long it then is
 * not tried again, whatever shapes come, is a choice: each is a connection. One that
 * is denied meanwhile is seen at the next change of shape.
 */
#define NUMBERS 16
#define TRY_AGAIN_NS (10 * RD_NS_PER_S)

static xcb_xfixes_get_cursor_image_reply_t *
ask_shape_of_gone(const struct rd_x11 *x)
{
	struct rd_x11 taken[NUMBERS];
	xcb_xfixes_get_cursor_image_reply_t *r = NULL;
	bool denied = true;
	char *why = NULL;
	int n = 0;
	while (denied && n < NUMBERS && rd_x11_open(&taken[n], x->display, &why) == 0) {
		n++;
		r = ask_shape(x, &denied);
	}
	free(why);
	while (n > 0)
		rd_x11_close(&taken[--n]);
	return r;
}

void
rd_x11_cursor_shape(struct rd_x11_cursor *c)
{
	bool denied;
	c->shape_stale = false;
	if (!c->shape_event)
		return;
	xcb_xfixes_get_cursor_image_reply_t *r = ask_shape(c->x, &denied);
	if (!r && denied && rd_clock_ns() >= c->try_ns) {
		r = ask_shape_of_gone(c->x);
		c->try_ns = r ? 0 : rd_clock_ns() + TRY_AGAIN_NS;
	}
	/* The pixels are what follows the reply's 32 bytes, in words. */
	if (r && r->length >= (uint32_t)r->width * r->height)
		take_shape(c, xcb_xfixes_get_cursor_image_cursor_image(r), r->width, r->height,
			r->xhot, r->yhot);
	free(r);
}

xcb_query_pointer_cookie_t
rd_x11_cursor_ask(struct rd_x11_cursor *c)
{
	c->place_stale = false;
	return xcb_query_pointer(c->x->conn, c->x->root);
}

bool
rd_x11_cursor_answer(struct rd_x11_cursor *c, xcb_query_pointer_cookie_t cookie)
{
	xcb_query_pointer_reply_t *r = xcb_query_pointer_reply(c->x->conn, cookie, NULL);
	if (!r)
		return false;
	bool moved = r->root_x != c->px || r->root_y != c->py || (r->same_screen != 0) != c->here;
	c->px = r->root_x;
	c->py = r->root_y;
	c->here = r->same_screen != 0;
	free(r);
	return moved;
}

struct rd_rect
rd_x11_cursor_rect(const struct rd_x11_cursor *c)
{
	if (!c->here)
		return (struct rd_rect){0};
	return (struct rd_rect){c->px - c->shape.hot_x, c->py - c->shape.hot_y,
		c->shape.width, c->shape.height};
}
