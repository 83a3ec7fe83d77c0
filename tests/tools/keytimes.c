/*
 * A window as large as the screen that takes the focus and prints what the server did
 * and when, by its own clock, a line each, until its display is gone:
 *
 *	ready
 *	map 255 1 at 123456	the meanings of 1 key from 255 on are others
 *	press 255 at 123506
 *
 * Times are in milliseconds and wrap at 2^32.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <xcb/xcb.h>
#include <xcb/xkb.h>

static xcb_window_t
open_window(xcb_connection_t *conn)
{
	const xcb_screen_t *screen = xcb_setup_roots_iterator(xcb_get_setup(conn)).data;
	const uint32_t values[] = {true, XCB_EVENT_MASK_KEY_PRESS | XCB_EVENT_MASK_EXPOSURE};
	xcb_window_t window = xcb_generate_id(conn);

	xcb_create_window(conn, XCB_COPY_FROM_PARENT, window, screen->root, 0, 0,
		screen->width_in_pixels, screen->height_in_pixels, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
		XCB_COPY_FROM_PARENT, XCB_CW_OVERRIDE_REDIRECT | XCB_CW_EVENT_MASK, values);
	xcb_map_window(conn, window);
	return window;
}

/* The first code of its events; 0: it has none. */
static uint8_t
follow_keymap(xcb_connection_t *conn)
{
	const xcb_query_extension_reply_t *ext = xcb_get_extension_data(conn, &xcb_xkb_id);
	xcb_xkb_use_extension_reply_t *r;

	if (!ext || !ext->present)
		return 0;
	r = xcb_xkb_use_extension_reply(conn, xcb_xkb_use_extension(conn, 1, 0), NULL);
	free(r);
	xcb_xkb_select_events_aux(conn, XCB_XKB_ID_USE_CORE_KBD, XCB_XKB_EVENT_TYPE_MAP_NOTIFY, 0, 0,
		XCB_XKB_MAP_PART_KEY_SYMS, XCB_XKB_MAP_PART_KEY_SYMS, NULL);
	return r ? ext->first_event : 0;
}

static void
take_focus(xcb_connection_t *conn, xcb_window_t window)
{
	xcb_set_input_focus(conn, XCB_INPUT_FOCUS_POINTER_ROOT, window, XCB_CURRENT_TIME);
	free(xcb_get_input_focus_reply(conn, xcb_get_input_focus(conn), NULL));
	puts("ready");
}

static void
print_map(const xcb_xkb_map_notify_event_t *e)
{
	if (e->xkbType == XCB_XKB_MAP_NOTIFY && (e->changed & XCB_XKB_MAP_PART_KEY_SYMS))
		printf("map %u %u at %u\n", e->firstKeySym, e->nKeySyms, e->time);
}

int
main(void)
{
	xcb_connection_t *conn = xcb_connect(NULL, NULL);
	uint8_t xkb = xcb_connection_has_error(conn) ? 0 : follow_keymap(conn);
	xcb_generic_event_t *event;

	if (xkb == 0) {
		fprintf(stderr, "keytimes: no display with XKB\n");
		return 1;
	}
	xcb_window_t window = open_window(conn);
	xcb_flush(conn);
	while ((event = xcb_wait_for_event(conn))) {
		const xcb_key_press_event_t *key = (const void *)event;

		if ((event->response_type & 0x7f) == XCB_EXPOSE)
			take_focus(conn, window);
		else if ((event->response_type & 0x7f) == XCB_KEY_PRESS)
			printf("press %u at %u\n", key->detail, key->time);
		else if ((event->response_type & 0x7f) == xkb)
			print_map((const void *)event);
		free(event);
		fflush(stdout);
	}
	xcb_disconnect(conn);
	return 0;
}
