#include <stdlib.h>

#include <xkbcommon/xkbcommon-keysyms.h>

#include "base/mem.h"
#include "desktop/keymap_priv.h"

#define PC_KEYBOARD_END 135	/* the last keycode of a PC keyboard, Menu */

uint32_t
rd_keysym_canonical(uint32_t keysym)
{
	bool function = keysym >= 0xff00 && keysym <= 0xffff;
	uint32_t cp = function ? 0 : xkb_keysym_to_utf32(keysym);

	if (cp == 0)
		return keysym;
	return cp < 0x100 ? cp : 0x01000000 + cp;
}

bool
keysym_is_character(uint32_t keysym)
{
	if (keysym >= XKB_KEY_KP_Space && keysym <= XKB_KEY_KP_Equal)
		return true;
	/* Among the dead keys lie what X calls AccessX: a server that has such a key obeys it. */
	if (keysym >= XKB_KEY_AccessX_Enable && keysym <= XKB_KEY_AudibleBell_Enable)
		return false;
	if (keysym >= XKB_KEY_dead_grave && keysym <= XKB_KEY_dead_greek)
		return true;
	if (keysym >= 0xfd00 && keysym <= 0xffff)
		return false;
	return xkb_keysym_to_utf32(keysym) != 0;
}

uint32_t
keymap_sym(const struct rd_keymap *km, xkb_keycode_t key, uint32_t group, uint32_t level)
{
	const xkb_keysym_t *syms;
	int n = xkb_keymap_key_get_syms_by_level(km->xkb, key, group, level, &syms);

	return n == 1 ? rd_keysym_canonical(syms[0]) : 0;
}

/* Which modifiers are down while this key, and nothing else, is. */
static uint32_t
mods_held_by(struct xkb_keymap *xkb, xkb_keycode_t key)
{
	struct xkb_state *state = xkb_state_new(xkb);
	uint32_t mods;

	xkb_state_update_key(state, key, XKB_KEY_DOWN);
	mods = xkb_state_serialize_mods(state, XKB_STATE_MODS_DEPRESSED);
	xkb_state_unref(state);
	return mods & 0xff;
}

static bool
is_empty(const struct rd_keymap *km, xkb_keycode_t key)
{
	uint32_t groups = xkb_keymap_num_layouts_for_key(km->xkb, key);
	const xkb_keysym_t *syms;

	for (uint32_t group = 0; group < groups; group++) {
		uint32_t levels = xkb_keymap_num_levels_for_key(km->xkb, key, group);

		for (uint32_t level = 0; level < levels; level++) {
			if (xkb_keymap_key_get_syms_by_level(km->xkb, key, group, level, &syms) > 0)
				return false;
		}
	}
	return true;
}

/* The key gives this keysym and no other: one group, two levels, both the same. */
static bool
is_bound_to(const struct rd_keymap *km, xkb_keycode_t key, uint32_t keysym)
{
	return xkb_keymap_num_layouts_for_key(km->xkb, key) == 1 &&
		xkb_keymap_num_levels_for_key(km->xkb, key, 0) == 2 &&
		keymap_sym(km, key, 0, 0) == keysym && keymap_sym(km, key, 0, 1) == keysym;
}

/*
 * Without a meaning; or with one that an injector left behind when it was
 * killed. That shows only where no layout has characters of its own.
 */
static bool
is_spare(const struct rd_keymap *km, xkb_keycode_t key)
{
	uint32_t keysym = keymap_sym(km, key, 0, 0);

	return is_empty(km, key) ||
		(key > PC_KEYBOARD_END && keysym_is_character(keysym) && is_bound_to(km, key, keysym));
}

static void
note_modifier(struct rd_keymap *km, uint8_t key)
{
	static const uint32_t level_sym[RD_LEVEL_COUNT] = {
		[RD_LEVEL_SHIFT] = XKB_KEY_Shift_L,
		[RD_LEVEL_THREE] = XKB_KEY_ISO_Level3_Shift,
		[RD_LEVEL_FIVE] = XKB_KEY_ISO_Level5_Shift,
	};
	uint32_t keysym = keymap_sym(km, key, 0, 0);

	for (int i = 0; i < RD_LEVEL_COUNT; i++) {
		if (keysym == level_sym[i] && !km->level[i].mods) {
			km->level[i].keycode = key;
			km->level[i].mods = km->mods[key];
		}
	}
	switch (keysym) {
	case XKB_KEY_Caps_Lock:
		km->lock[0] |= km->mods[key];
		break;
	case XKB_KEY_Num_Lock:
		km->num_lock = km->mods[key];
		km->lock[1] = km->mods[key];
		break;
	case XKB_KEY_Scroll_Lock:
		km->lock[2] |= km->mods[key];
		break;
	case XKB_KEY_Control_L:
	case XKB_KEY_Control_R:
	case XKB_KEY_Meta_L:
	case XKB_KEY_Meta_R:
	case XKB_KEY_Alt_L:
	case XKB_KEY_Alt_R:
	case XKB_KEY_Super_L:
	case XKB_KEY_Super_R:
	case XKB_KEY_Hyper_L:
	case XKB_KEY_Hyper_R:
		km->command |= km->mods[key];
	}
}

struct rd_keymap *
rd_keymap_new(struct xkb_keymap *xkb)
{
	struct rd_keymap *km = xcalloc(1, sizeof(*km));
	xkb_keycode_t last = xkb_keymap_max_keycode(xkb);

	km->xkb = xkb_keymap_ref(xkb);
	km->trial = xkb_state_new(xkb);
	km->first = (uint8_t)xkb_keymap_min_keycode(xkb);
	km->last = (uint8_t)(last < KEYCODES ? last : KEYCODES - 1);
	for (unsigned key = km->first; key <= km->last; key++) {
		km->mods[key] = mods_held_by(xkb, key);
		km->spare[key] = is_spare(km, key);
		note_modifier(km, (uint8_t)key);
	}
	km->command &= ~rd_keymap_level_mods(km, 0xff);
	return km;
}

void
rd_keymap_free(struct rd_keymap *km)
{
	if (!km)
		return;
	xkb_state_unref(km->trial);
	xkb_keymap_unref(km->xkb);
	free(km);
}

uint32_t
rd_keymap_mods(const struct rd_keymap *km, uint8_t keycode)
{
	return km->mods[keycode];
}

uint32_t
rd_keymap_level_mods(const struct rd_keymap *km, uint32_t mods)
{
	uint32_t all = 0;

	for (int i = 0; i < RD_LEVEL_COUNT; i++)
		all |= km->level[i].mods;
	return mods & all;
}

uint32_t
rd_keymap_lock_mods(const struct rd_keymap *km, unsigned locks)
{
	uint32_t mods = 0;

	for (int i = 0; i < RD_LOCK_COUNT; i++) {
		if (locks & 1u << i)
			mods |= km->lock[i];
	}
	return mods;
}

struct rd_locks
rd_keymap_locks(const struct rd_keymap *km, uint32_t locked)
{
	struct rd_locks locks = {0};

	for (int i = 0; i < RD_LOCK_COUNT; i++) {
		if (km->lock[i])
			locks.known |= (uint8_t)(1u << i);
		if (km->lock[i] & locked)
			locks.on |= (uint8_t)(1u << i);
	}
	return locks;
}

bool
rd_keymap_spare(const struct rd_keymap *km, uint8_t keycode, uint32_t *keysym)
{
	if (keycode < km->first || keycode > km->last || !km->spare[keycode])
		return false;
	*keysym = keymap_sym(km, keycode, 0, 0);
	return true;
}

bool
rd_keymap_reserve(struct rd_keymap *km, uint8_t keycode, uint32_t keysym)
{
	keysym = rd_keysym_canonical(keysym);
	if (keycode >= km->first && keycode <= km->last && is_bound_to(km, keycode, keysym))
		km->spare[keycode] = true;
	return km->spare[keycode];
}
