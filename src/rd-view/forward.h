#ifndef RD_VIEW_FORWARD_H
#define RD_VIEW_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "media/input.h"
#include "rd-view/view.h"

/*
 * What the person does, on its way to the peer: remembers what is down, lets
 * go of all of it when asked, says HELD while something is, and sends only
 * the newest place of the pointer. Off until `on`.
 */
struct forward {
	const struct view_host *host;
	void *ctx;
	bool on;
	struct { uint16_t code; uint32_t keysym; } keys[RD_INPUT_HELD_MAX];
	int key_count;
	uint8_t buttons;
	bool moved;		/* the pointer is at x, y, and nobody knows yet */
	int32_t x, y;
	int32_t dx, dy;		/* moved relatively, and nobody knows yet */
	struct rd_timer held;
};

void forward_open(struct forward *f, struct rd_loop *loop, const struct view_host *host, void *ctx);
void forward_close(struct forward *f);
/* Repeats of what is down, and ups of what is not, are left out. */
void forward_key(struct forward *f, uint16_t code, uint32_t keysym, bool down);
void forward_text(struct forward *f, const char *text);
void forward_button(struct forward *f, int button, bool down);
void forward_wheel(struct forward *f, int32_t x, int32_t y);
/* Caps Lock and such, as they are here. */
void forward_locks(struct forward *f, struct rd_locks here);
void forward_pointer(struct forward *f, int32_t x, int32_t y);
void forward_motion(struct forward *f, int32_t dx, int32_t dy);
/* Sends where the pointer is now. Before every other event, and once a turn. */
void forward_flush(struct forward *f);
void forward_release_all(struct forward *f);

#endif
