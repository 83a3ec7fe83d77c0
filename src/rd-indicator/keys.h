#ifndef RD_INDICATOR_KEYS_H
#define RD_INDICATOR_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "desktop/x11.h"
#include "media/keyname.h"
#include "rd-indicator/panel.h"

/*
 * Keys that work wherever the pointer and the keyboard's focus are, and whoever
 * moves them: the server gives them to us and to nobody else.
 */
struct key {
	const char *text;	/* as the option has it; "": none */
	struct rd_chord chord;
	enum panel_button does;
	uint16_t mods;
	uint8_t code;		/* of this keyboard; 0: it has no such key */
	bool taken;		/* another program has it, and that was said */
	uint64_t pressed_ns;	/* one that is held down repeats */
};

struct keys {
	struct key key[2];
	bool held;		/* the server gives them to us now */
};

void keys_grab(struct keys *k, const struct rd_x11 *x);
void keys_ungrab(struct keys *k, const struct rd_x11 *x);
/* The keyboard has another map. */
void keys_mapped(struct keys *k, const struct rd_x11 *x);
enum panel_button keys_press(struct keys *k, const xcb_key_press_event_t *e, uint64_t now_ns);

#endif
