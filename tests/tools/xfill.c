/*
 * A rectangle of the screen gets a colour, and keeps it while nobody paints there:
 * xfill W H X Y RRGGBB. It is there when this ends.
 */
#include <stdio.h>
#include <stdlib.h>

#include <xcb/xcb.h>

int
main(int argc, char **argv)
{
	xcb_connection_t *c = xcb_connect(NULL, NULL);
	if (xcb_connection_has_error(c))
		return 6;
	if (argc != 6)
		return 2;
	xcb_window_t root = xcb_setup_roots_iterator(xcb_get_setup(c)).data->root;
	xcb_rectangle_t r = {
		.x = (int16_t)atoi(argv[3]), .y = (int16_t)atoi(argv[4]),
		.width = (uint16_t)atoi(argv[1]), .height = (uint16_t)atoi(argv[2]),
	};
	uint32_t values[] = {(uint32_t)strtoul(argv[5], NULL, 16), XCB_SUBWINDOW_MODE_INCLUDE_INFERIORS};
	xcb_gcontext_t gc = xcb_generate_id(c);
	xcb_create_gc(c, gc, root, XCB_GC_FOREGROUND | XCB_GC_SUBWINDOW_MODE, values);
	xcb_poly_fill_rectangle(c, root, gc, 1, &r);
	free(xcb_get_input_focus_reply(c, xcb_get_input_focus(c), NULL));
	xcb_disconnect(c);
	return 0;
}
