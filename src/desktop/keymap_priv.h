#ifndef RD_DESKTOP_KEYMAP_PRIV_H
#define RD_DESKTOP_KEYMAP_PRIV_H

#include "desktop/keymap.h"

/*
 * What keymap.c learns of a keymap, and keymap_find.c searches. Keysyms are
 * canonical here, all of them.
 */
#define KEYCODES 256		/* of the core protocol; XTEST knows no others */
#define EVDEV_OFFSET 8		/* X keycode of evdev code 0 */
#define MOD_LOCK (1u << 1)	/* Caps Lock */

struct rd_keymap {
	struct xkb_keymap *xkb;
	struct xkb_state *trial;	/* scratch: a state to ask what would be */
	uint8_t first, last;		/* keycodes */
	uint32_t mods[KEYCODES];	/* what each key holds down */
	bool spare[KEYCODES];
	struct { uint8_t keycode; uint32_t mods; } level[RD_LEVEL_COUNT];
	uint32_t command;		/* Control, Alt, Super, … */
	uint32_t num_lock;
	uint32_t lock[RD_LOCK_COUNT];	/* in the order of RD_LOCK_*; 0: no key switches it */
};

/* The keysym at a level; 0 where there is none or several. */
uint32_t keymap_sym(const struct rd_keymap *km, xkb_keycode_t key, uint32_t group, uint32_t level);
/* Whether the level of a key matters: it is text, a dead key or on the keypad. */
bool keysym_is_character(uint32_t keysym);

#endif
