#ifndef RD_DESKTOP_KEYMAP_H
#define RD_DESKTOP_KEYMAP_H

#include <stdbool.h>
#include <stdint.h>

#include <xkbcommon/xkbcommon.h>

#include "media/input.h"

/*
 * Which key of a keyboard layout gives a keysym, and what has to be done to
 * the modifiers first. Pure: the state is handed in, nothing is pressed here.
 */
struct rd_keymap;

/* Modifiers are masks of X's eight: Shift, Lock, Control, Mod1 to Mod5. */
struct rd_keystate {
	uint32_t base;		/* held by keys */
	uint32_t latched, locked;
	uint32_t group;		/* the layout in effect */
	uint32_t ours;		/* of base: held by keys we pressed, so we may lift them */
};

/* The modifiers that choose among the characters of a key. */
enum { RD_LEVEL_SHIFT, RD_LEVEL_THREE, RD_LEVEL_FIVE, RD_LEVEL_COUNT };

struct rd_keyplan {
	uint8_t keycode;
	/* Keys of modifiers to press for the moment. */
	uint8_t add[RD_LEVEL_COUNT];
	uint8_t add_count;
	/* Modifiers to lift for the moment: let go of our keys that hold them. */
	uint32_t lift;
	/* As in the state, unless these have to change for the moment. */
	uint32_t locked;
	uint32_t group;
};

/* Takes its own reference. */
struct rd_keymap *rd_keymap_new(struct xkb_keymap *xkb);
void rd_keymap_free(struct rd_keymap *km);

/*
 * How to press what was pressed at a viewer as evdev `code` (0: unknown) and
 * meant `keysym` (0: nothing) there:
 *
 *	the same key where it gives the same keysym now, or has no character;
 *	else any key that gives it, by the fewest changes of modifiers;
 *	with Control, Alt or Super held, letters go by the key alone.
 *
 * 0 with *plan filled; -ENOENT: no key gives it, make one; -ENODATA: there is
 * nothing to press (a modifier this keymap does not have, an unknown key).
 */
int rd_keymap_find(const struct rd_keymap *km, uint16_t code, uint32_t keysym,
	const struct rd_keystate *st, struct rd_keyplan *plan);

/* The modifiers that a key holds down. */
uint32_t rd_keymap_mods(const struct rd_keymap *km, uint8_t keycode);
/* The part of `mods` that chooses among the characters of a key. */
uint32_t rd_keymap_level_mods(const struct rd_keymap *km, uint32_t mods);
/*
 * The modifiers of these locks (RD_LOCK_*). Of one that no key switches there are
 * none: what is locked then nobody at that keyboard could unlock.
 */
uint32_t rd_keymap_lock_mods(const struct rd_keymap *km, unsigned locks);
/* Which of the locks this keyboard has, and which are on while these modifiers are locked. */
struct rd_locks rd_keymap_locks(const struct rd_keymap *km, uint32_t locked);
/*
 * Whether the key is free to be given a meaning: it has none (*keysym 0), or
 * only one that an injector gave it. rd_keymap_find never returns such a key.
 */
bool rd_keymap_spare(const struct rd_keymap *km, uint8_t keycode, uint32_t *keysym);
/* Declares a key spare that we gave this keysym; false if it gives another by now. */
bool rd_keymap_reserve(struct rd_keymap *km, uint8_t keycode, uint32_t keysym);
/* How to press a spare key that gives `keysym`, whatever the modifiers. */
void rd_keymap_plan_spare(uint8_t keycode, uint32_t keysym, const struct rd_keystate *st,
	struct rd_keyplan *plan);
/* The same keysym for all names of a character; others stay what they are. */
uint32_t rd_keysym_canonical(uint32_t keysym);

#endif
