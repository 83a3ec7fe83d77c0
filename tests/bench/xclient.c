#include <stdlib.h>

#include <xcb/xtest.h>

#include "bench/bench.h"
#include "bench/xclient.h"

void
xclient_open(struct xclient *x, const char *display)
{
	*x = (struct xclient){.c = xcb_connect(display, NULL)};
	if (xcb_connection_has_error(x->c))
		bench_die("no X server at %s", display);
	x->root = xcb_setup_roots_iterator(xcb_get_setup(x->c)).data->root;
	x->gc = xcb_generate_id(x->c);
	xcb_create_gc(x->c, x->gc, x->root, XCB_GC_GRAPHICS_EXPOSURES, (uint32_t[]){0});
}

void
xclient_close(struct xclient *x)
{
	xcb_disconnect(x->c);
}

static void
await(struct xclient *x, uint8_t type)
{
	xcb_generic_event_t *e;

	while ((e = xcb_wait_for_event(x->c))) {
		uint8_t got = e->response_type & 0x7f;
		free(e);
		if (got == type)
			return;
	}
	bench_die("the X server is gone");
}

void
xclient_window(struct xclient *x, int left, int top, int width, int height)
{
	/* The values in the order of their bits. */
	uint32_t values[] = {0x203040, 1, XCB_EVENT_MASK_EXPOSURE | XCB_EVENT_MASK_KEY_PRESS};
	x->window = xcb_generate_id(x->c);
	xcb_create_window(x->c, XCB_COPY_FROM_PARENT, x->window, x->root, (int16_t)left,
		(int16_t)top, (uint16_t)width, (uint16_t)height, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
		XCB_COPY_FROM_PARENT,
		XCB_CW_BACK_PIXEL | XCB_CW_OVERRIDE_REDIRECT | XCB_CW_EVENT_MASK, values);
	xcb_map_window(x->c, x->window);
	xcb_flush(x->c);
	await(x, XCB_EXPOSE);
}

void
xclient_fill(struct xclient *x, int left, int top, int width, int height, uint32_t colour)
{
	xcb_rectangle_t r = {(int16_t)left, (int16_t)top, (uint16_t)width, (uint16_t)height};
	xcb_change_gc(x->c, x->gc, XCB_GC_FOREGROUND, &colour);
	xcb_poly_fill_rectangle(x->c, x->window, x->gc, 1, &r);
	xcb_flush(x->c);
}

/* Size in pixels of a window that can be seen, else 0. */
static long
area(struct xclient *x, xcb_window_t w)
{
	xcb_get_window_attributes_cookie_t ask = xcb_get_window_attributes(x->c, w);
	xcb_get_geometry_cookie_t ask_size = xcb_get_geometry(x->c, w);
	xcb_get_window_attributes_reply_t *a = xcb_get_window_attributes_reply(x->c, ask, NULL);
	xcb_get_geometry_reply_t *g = xcb_get_geometry_reply(x->c, ask_size, NULL);
	long size = a && g && a->map_state == XCB_MAP_STATE_VIEWABLE ? (long)g->width * g->height : 0;
	free(a);
	free(g);
	return size;
}

static xcb_window_t
largest(struct xclient *x)
{
	xcb_window_t best = 0;
	long best_size = 0;
	xcb_query_tree_reply_t *tree =
		xcb_query_tree_reply(x->c, xcb_query_tree(x->c, x->root), NULL);
	if (!tree)
		bench_die("the X server is gone");
	const xcb_window_t *children = xcb_query_tree_children(tree);
	for (int i = 0; i < xcb_query_tree_children_length(tree); i++) {
		long size = area(x, children[i]);
		if (size >= best_size) {
			best = children[i];
			best_size = size;
		}
	}
	free(tree);
	return best;
}

void
xclient_focus(struct xclient *x)
{
	xcb_window_t w = x->window ? x->window : largest(x);
	if (!w)
		bench_die("no window to type into");
	free(xcb_request_check(x->c, xcb_set_input_focus_checked(x->c,
		XCB_INPUT_FOCUS_POINTER_ROOT, w, XCB_CURRENT_TIME)));
}

void
xclient_key(struct xclient *x, uint8_t keycode)
{
	xcb_test_fake_input(x->c, XCB_KEY_PRESS, keycode, XCB_CURRENT_TIME, x->root, 0, 0, 0);
	xcb_test_fake_input(x->c, XCB_KEY_RELEASE, keycode, XCB_CURRENT_TIME, x->root, 0, 0, 0);
	xcb_flush(x->c);
}

uint8_t
xclient_keycode(struct xclient *x, uint32_t keysym)
{
	const xcb_setup_t *setup = xcb_get_setup(x->c);
	uint8_t min = setup->min_keycode, max = setup->max_keycode;
	xcb_get_keyboard_mapping_reply_t *map = xcb_get_keyboard_mapping_reply(x->c,
		xcb_get_keyboard_mapping(x->c, min, (uint8_t)(max - min + 1)), NULL);
	if (!map)
		bench_die("the X server has no keyboard");
	const xcb_keysym_t *syms = xcb_get_keyboard_mapping_keysyms(map);
	int code = min;
	while (code <= max && syms[(code - min) * map->keysyms_per_keycode] != keysym)
		code++;
	free(map);
	if (code > max)
		bench_die("the X server's keyboard has no key for %#x", keysym);
	return (uint8_t)code;
}

int
xclient_pressed(struct xclient *x)
{
	int pressed = 0;
	xcb_generic_event_t *e;

	while ((e = xcb_poll_for_event(x->c))) {
		pressed += (e->response_type & 0x7f) == XCB_KEY_PRESS;
		free(e);
	}
	if (xcb_connection_has_error(x->c))
		bench_die("the X server is gone");
	return pressed;
}
