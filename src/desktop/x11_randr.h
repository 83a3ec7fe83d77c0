#ifndef RD_DESKTOP_X11_RANDR_H
#define RD_DESKTOP_X11_RANDR_H

#include <stdbool.h>
#include <stdint.h>

#include <xcb/randr.h>

#include "desktop/x11.h"
#include "media/rect.h"

/*
 * What x11_resize.c asks of RandR. A head is what shows a part of the screen: a CRTC
 * and its outputs.
 */
#define RD_X11_HEADS_MAX 16
#define RD_X11_CLONES_MAX 4	/* outputs of one head */

struct rd_x11_head {
	xcb_randr_crtc_t crtc;
	xcb_randr_output_t output[RD_X11_CLONES_MAX];
	uint32_t outputs;
	xcb_randr_mode_t mode;
	uint16_t rotation;
	struct rd_rect rect;	/* in the screen */
};

struct rd_x11_layout {
	uint16_t width, height;	/* of the screen */
	uint32_t mm_width, mm_height;
	int count;
	struct rd_x11_head head[RD_X11_HEADS_MAX]; /* of what is not used, zeros */
};

struct rd_x11_screen {
	const struct rd_x11 *x;
	xcb_randr_get_screen_resources_current_reply_t *all;
	struct rd_x11_layout now;
	uint16_t min_width, min_height, max_width, max_height;

	/* after rd_x11_screen_aim */
	int aim;	/* at which head */
	xcb_randr_get_output_info_reply_t *out; /* its first output */
	bool free;	/* any size will do */
};

/* As it is now. -ENOTSUP with *why; finish it in any case. */
int rd_x11_screen_look(struct rd_x11_screen *s, const struct rd_x11 *x, char **why);
void rd_x11_screen_finish(struct rd_x11_screen *s);
/* At the head of that monitor, or at the only one: what follows is about it. As above. */
int rd_x11_screen_aim(struct rd_x11_screen *s, const char *monitor, char **why);
/* The largest of its own sizes that fits into that; 0: none does. */
xcb_randr_mode_t rd_x11_screen_mode(const struct rd_x11_screen *s, int *width, int *height);
/* A mode of precisely that size, made for it; 0: the server does not take it. */
xcb_randr_mode_t rd_x11_screen_make(const struct rd_x11_screen *s, int width, int height);
/* Takes away the modes that were made before, but those that one of the two has. */
void rd_x11_screen_tidy(const struct rd_x11_screen *s, const struct rd_x11_layout *a,
	const struct rd_x11_layout *b);
/* With the same heads as now, and the server grabbed. 0 or -ENOTSUP; then it is as it was. */
int rd_x11_screen_set(const struct rd_x11_screen *s, const struct rd_x11_layout *want);
bool rd_x11_head_same(const struct rd_x11_head *a, const struct rd_x11_head *b);
/* Each head gets size and mode of the same in `sizes`; they go out of each other's way. */
void rd_x11_layout_arrange(struct rd_x11_layout *l, const struct rd_x11_layout *sizes);

#endif
