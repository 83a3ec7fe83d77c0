/*
 * What an X server itself says is on its screen: "WxH HASH" of the root or of
 * a window (its number is the argument), or of a part of it (W H X Y), by a
 * plain GetImage, to compare with what rd shows.
 */
#include <stdio.h>
#include <stdlib.h>

#include <xcb/xcb.h>

#include "media/image.h"

int
main(int argc, char **argv)
{
	xcb_connection_t *c = xcb_connect(NULL, NULL);
	if (xcb_connection_has_error(c))
		return 6;
	xcb_window_t w = xcb_setup_roots_iterator(xcb_get_setup(c)).data->root;
	if (argc == 2)
		w = (xcb_window_t)strtoul(argv[1], NULL, 0);
	xcb_get_geometry_reply_t *g = xcb_get_geometry_reply(c, xcb_get_geometry(c, w), NULL);
	if (!g)
		return 1;
	struct rd_rect r = {0, 0, g->width, g->height};
	if (argc == 5)
		r = (struct rd_rect){atoi(argv[3]), atoi(argv[4]), atoi(argv[1]), atoi(argv[2])};
	xcb_get_image_reply_t *im = xcb_get_image_reply(c, xcb_get_image(c, XCB_IMAGE_FORMAT_Z_PIXMAP, w,
		(int16_t)r.x, (int16_t)r.y, (uint16_t)r.w, (uint16_t)r.h, UINT32_MAX), NULL);
	if (!im || xcb_get_image_data_length(im) != r.w * r.h * 4)
		return 1;
	struct rd_image image = {xcb_get_image_data(im), (size_t)r.w * 4, r.w, r.h};
	uint8_t hash[16];
	rd_image_hash(&image, hash);
	printf("%dx%d ", r.w, r.h);
	for (int i = 0; i < 16; i++)
		printf("%02x", hash[i]);
	putchar('\n');
	free(im);
	free(g);
	xcb_disconnect(c);
	return 0;
}
