#include <errno.h>

#include <xkbcommon/xkbcommon-keysyms.h>

#include "desktop/keymap_priv.h"

#define MAIN_BLOCK_END 97	/* the last keycode among letters, digits and signs */

static bool
is_letter(uint32_t keysym)
{
	return xkb_keysym_to_lower(keysym) != xkb_keysym_to_upper(keysym);
}

static bool
group_has(const struct rd_keymap *km, xkb_keycode_t key, uint32_t group, uint32_t keysym)
{
	uint32_t n = xkb_keymap_num_levels_for_key(km->xkb, key, group);

	for (uint32_t level = 0; level < n; level++) {
		if (keymap_sym(km, key, group, level) == keysym)
			return true;
	}
	return false;
}

static bool
key_has(const struct rd_keymap *km, xkb_keycode_t key, uint32_t keysym)
{
	uint32_t n = xkb_keymap_num_layouts_for_key(km->xkb, key);

	for (uint32_t group = 0; group < n; group++) {
		if (group_has(km, key, group, keysym))
			return true;
	}
	return false;
}

/* What the key would give. */
static uint32_t
sym_with(const struct rd_keymap *km, xkb_keycode_t key, const struct rd_keystate *st)
{
	xkb_state_update_mask(km->trial, st->base, st->latched, st->locked, 0, 0, st->group);
	return rd_keysym_canonical(xkb_state_key_get_one_sym(km->trial, key));
}

static uint32_t
group_of(const struct rd_keymap *km, xkb_keycode_t key, const struct rd_keystate *st)
{
	xkb_state_update_mask(km->trial, st->base, st->latched, st->locked, 0, 0, st->group);
	return xkb_state_key_get_layout(km->trial, key);
}

static int
plain(struct rd_keyplan *plan, uint8_t keycode, const struct rd_keystate *st)
{
	*plan = (struct rd_keyplan){
		.keycode = keycode,
		.locked = st->locked,
		.group = st->group,
	};
	return 0;
}

/* Every level is the same, but Caps Lock still makes a capital of it. */
void
rd_keymap_plan_spare(uint8_t keycode, uint32_t keysym, const struct rd_keystate *st,
	struct rd_keyplan *plan)
{
	plain(plan, keycode, st);
	if (xkb_keysym_to_upper(keysym) != keysym)
		plan->locked &= ~MOD_LOCK;
}

static bool
has_at_base(const struct rd_keymap *km, xkb_keycode_t key, uint32_t keysym)
{
	uint32_t n = xkb_keymap_num_layouts_for_key(km->xkb, key);

	for (uint32_t group = 0; group < n; group++) {
		if (keymap_sym(km, key, group, 0) == keysym)
			return true;
	}
	return false;
}

static int
find_at_base(const struct rd_keymap *km, uint32_t keysym, const struct rd_keystate *st,
	struct rd_keyplan *plan)
{
	for (unsigned key = km->first; key <= km->last; key++) {
		if (!km->spare[key] && has_at_base(km, key, keysym))
			return plain(plan, (uint8_t)key, st);
	}
	return -ENOENT;
}

/* Left for right and back; the keysym itself where there is no such pair. */
static uint32_t
other_hand(uint32_t keysym)
{
	if (keysym < XKB_KEY_Shift_L || keysym > XKB_KEY_Hyper_R ||
			keysym == XKB_KEY_Caps_Lock || keysym == XKB_KEY_Shift_Lock)
		return keysym;
	return ((keysym - 1) ^ 1) + 1;
}

/*
 * Modifiers, Return, F1, …: the key itself counts, not its level. What a key
 * is called depends on modifiers (Print and Sys_Req), and that is ignored. The
 * wrong modifier would spoil what follows, so none is better.
 */
static int
find_function(const struct rd_keymap *km, uint8_t same, uint32_t keysym,
	const struct rd_keystate *st, struct rd_keyplan *plan)
{
	if (same && group_has(km, same, group_of(km, same, st), keysym))
		return plain(plan, same, st);
	if (find_at_base(km, keysym, st, plan) == 0)
		return 0;
	if (rd_keysym_is_modifier(keysym))
		return find_at_base(km, other_hand(keysym), st, plan) == 0 ? 0 : -ENODATA;
	/* The key in its place, unless that is a modifier: Compose where AltGr is. */
	return same && !km->mods[same] ? plain(plan, same, st) : -ENODATA;
}

/* A way to a character, and what it costs; the cheapest is taken. */
struct way {
	uint8_t keycode;
	unsigned flips;		/* bit i: the modifier of level i is pressed or lifted */
	uint32_t locked;
	uint32_t group;
	unsigned cost;
};

/*
 * Changing the layout or a lock is seen by the whole desktop; modifiers are
 * not. Keys beyond the main block belong to special keyboards: programs that
 * look at keycodes are happier with Shift.
 */
static unsigned
cost_of(const struct way *way, uint8_t same, const struct rd_keystate *st)
{
	return (way->group != st->group ? 64 : 0) + (way->locked != st->locked ? 32 : 0) +
		4 * (unsigned)__builtin_popcount(way->flips) +
		(way->keycode == same ? 0 : way->keycode <= MAIN_BLOCK_END ? 1 : 6);
}

/* The state on that way; false where a modifier is not ours to change. */
static bool
state_on(const struct rd_keymap *km, const struct way *way, const struct rd_keystate *st,
	struct rd_keystate *on)
{
	*on = *st;
	on->group = way->group;
	on->locked = way->locked;
	for (int i = 0; i < RD_LEVEL_COUNT; i++) {
		uint32_t mods = km->level[i].mods;

		if (!(way->flips & 1u << i))
			continue;
		if (!mods || ((st->base & mods) && (st->ours & mods) != mods))
			return false;
		on->base ^= mods;
	}
	return true;
}

/* Arrows and such on the keypad: with Shift they would select text. */
static bool
changes_by_shift(uint32_t keysym)
{
	return keysym >= XKB_KEY_KP_F1 && keysym <= XKB_KEY_KP_Delete;
}

static void
try_key(const struct rd_keymap *km, struct way way, uint8_t same, uint32_t keysym,
	const struct rd_keystate *st, struct way *best)
{
	unsigned all = changes_by_shift(keysym) ? 1 : 1u << RD_LEVEL_COUNT;
	struct rd_keystate on;

	for (way.flips = 0; way.flips < all; way.flips++) {
		way.cost = cost_of(&way, same, st);
		if (way.cost < best->cost && state_on(km, &way, st, &on) &&
				sym_with(km, way.keycode, &on) == keysym)
			*best = way;
	}
}

static void
plan_way(const struct rd_keymap *km, const struct way *way, const struct rd_keystate *st,
	struct rd_keyplan *plan)
{
	plain(plan, way->keycode, st);
	plan->group = way->group;
	plan->locked = way->locked;
	for (int i = 0; i < RD_LEVEL_COUNT; i++) {
		if (!(way->flips & 1u << i))
			continue;
		if (st->base & km->level[i].mods)
			plan->lift |= km->level[i].mods;
		else
			plan->add[plan->add_count++] = km->level[i].keycode;
	}
}

/* The layouts and locks of the whole desktop are changed as well. */
static void
try_key_far(const struct rd_keymap *km, struct way way, uint8_t same, uint32_t keysym,
	const struct rd_keystate *st, struct way *best)
{
	const uint32_t locked[] = {st->locked, 0, st->locked | km->num_lock};
	uint32_t groups = xkb_keymap_num_layouts(km->xkb);

	for (way.group = 0; way.group < groups; way.group++) {
		for (unsigned i = 0; i < sizeof(locked) / sizeof(locked[0]); i++) {
			way.locked = locked[i];
			try_key(km, way, same, keysym, st, best);
		}
	}
}

static int
find_character(const struct rd_keymap *km, uint8_t same, uint32_t keysym,
	const struct rd_keystate *st, bool far, struct rd_keyplan *plan)
{
	struct way best = {.cost = UINT32_MAX};

	for (unsigned key = km->first; key <= km->last; key++) {
		if (km->spare[key] || !key_has(km, key, keysym))
			continue;
		struct way way = {
			.keycode = (uint8_t)key,
			.locked = st->locked,
			.group = st->group,
		};

		try_key(km, way, same, keysym, st, &best);
		if (far)
			try_key_far(km, way, same, keysym, st, &best);
	}
	if (best.cost == UINT32_MAX)
		return -ENOENT;
	plan_way(km, &best, st, plan);
	return 0;
}

static bool
has_letter(const struct rd_keymap *km, uint8_t key, uint32_t keysym,
	const struct rd_keystate *st)
{
	uint32_t group = group_of(km, key, st);

	return group_has(km, key, group, rd_keysym_canonical(xkb_keysym_to_lower(keysym))) ||
		group_has(km, key, group, rd_keysym_canonical(xkb_keysym_to_upper(keysym)));
}

/* The key of a letter in the layout in effect, whatever the level. */
static int
find_letter(const struct rd_keymap *km, uint8_t same, uint32_t keysym,
	const struct rd_keystate *st, struct rd_keyplan *plan)
{
	if (!is_letter(keysym))
		return -ENOENT;
	if (same && has_letter(km, same, keysym, st))
		return plain(plan, same, st);
	for (unsigned key = km->first; key <= km->last; key++) {
		if (!km->spare[key] && has_letter(km, (uint8_t)key, keysym, st))
			return plain(plan, (uint8_t)key, st);
	}
	return -ENOENT;
}

/*
 * Control-C means the key of the letter c, whatever Caps Lock or Shift make of
 * it; and where the viewer's layout has no Latin letters, the key in its place.
 */
static int
find_command(const struct rd_keymap *km, uint8_t same, uint32_t keysym,
	const struct rd_keystate *st, struct rd_keyplan *plan)
{
	bool ascii = keysym < 0x80;

	if (find_letter(km, same, keysym, st, plan) == 0)
		return 0;
	if (find_character(km, same, keysym, st, ascii, plan) == 0)
		return 0;
	return same && !ascii ? plain(plan, same, st) : -ENOENT;
}

int
rd_keymap_find(const struct rd_keymap *km, uint16_t code, uint32_t keysym,
	const struct rd_keystate *st, struct rd_keyplan *plan)
{
	unsigned keycode = (unsigned)code + (code ? EVDEV_OFFSET : 0);
	uint8_t same = keycode >= km->first && keycode <= km->last ? (uint8_t)keycode : 0;

	keysym = rd_keysym_canonical(keysym);
	if (keysym == 0)
		return same ? plain(plan, same, st) : -ENODATA;
	if (same && !km->spare[same] && sym_with(km, same, st) == keysym)
		return plain(plan, same, st);
	if (!keysym_is_character(keysym))
		return find_function(km, same, keysym, st, plan);
	if (st->base & km->command)
		return find_command(km, same, keysym, st, plan);
	return find_character(km, same, keysym, st, true, plan);
}
