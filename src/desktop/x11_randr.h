#ifndef RD_DESKTOP_X11_RANDR_H
#define RD_DESKTOP_X11_RANDR_H

#include <stdbool.h>
#include <stdint.h>

#include <xcb/randr.h>

#include "desktop/x11.h"

/*
 * What x11_resize.c asks of RandR, for a screen with one monitor.
 */
struct rd_x11_shape {
	uint16_t width, height;		/* of the screen */
	uint32_t mm_width, mm_height;
	xcb_randr_crtc_t crtc;
	xcb_randr_output_t output;
	xcb_randr_mode_t mode;
	uint16_t rotation;
};

struct rd_x11_screen {
	const struct rd_x11 *x;
	xcb_randr_get_screen_resources_current_reply_t *all;
	xcb_randr_get_output_info_reply_t *out;	/* of its monitor */
	struct rd_x11_shape now;
	uint16_t min_width, min_height, max_width, max_height;
	bool free;	/* any size will do */
};

/* As it is now. -ENOTSUP with *why; finish it in any case. */
int rd_x11_screen_look(struct rd_x11_screen *s, const struct rd_x11 *x, char **why);
void rd_x11_screen_finish(struct rd_x11_screen *s);
/* The largest of its monitor's sizes that fits into that; 0: none does. */
xcb_randr_mode_t rd_x11_screen_mode(const struct rd_x11_screen *s, int *width, int *height);
/* A mode of precisely that size, made for it; 0: the server does not take it. */
xcb_randr_mode_t rd_x11_screen_make(const struct rd_x11_screen *s, int width, int height);
/* Takes away what was made before, but the mode in use and one to come back to. */
void rd_x11_screen_tidy(const struct rd_x11_screen *s, xcb_randr_mode_t used, xcb_randr_mode_t kept);
/* 0 or -ENOTSUP; then it is as it was. */
int rd_x11_screen_set(const struct rd_x11_screen *s, const struct rd_x11_shape *want);

#endif
