#include <string.h>

#include <xkbcommon/xkbcommon-keysyms.h>

#include "rd-indicator/chords.h"

/* --- sets --- */

static void
put(struct keyset *s, uint32_t code, bool in)
{
	uint8_t bit = (uint8_t)(1 << code % 8);
	if (code < 256)
		s->bit[code / 8] = in ? s->bit[code / 8] | bit : s->bit[code / 8] & (uint8_t)~bit;
}

static bool
has(const struct keyset *s, uint32_t code)
{
	return code < 256 && s->bit[code / 8] >> code % 8 & 1;
}

static bool
meet(const struct keyset *a, const struct keyset *b)
{
	for (unsigned i = 0; i < sizeof(a->bit); i++)
		if (a->bit[i] & b->bit[i])
			return true;
	return false;
}

/* --- the map --- */

/* The one on the other side; modifiers come in pairs, but for a few. */
static uint32_t
twin(uint32_t keysym)
{
	bool pair = (keysym >= XKB_KEY_Shift_L && keysym <= XKB_KEY_Control_R) ||
		(keysym >= XKB_KEY_Meta_L && keysym <= XKB_KEY_Hyper_R);
	return pair ? ((keysym - XKB_KEY_Shift_L) ^ 1) + XKB_KEY_Shift_L : keysym;
}

/* All keys with that keysym, or its twin, in any of their layouts. */
static struct keyset
keys_of(const struct chords_map *map, uint32_t keysym)
{
	struct keyset s = {0};
	for (int i = 0; i < map->count * map->each; i++)
		if (map->syms[i] == keysym || map->syms[i] == twin(keysym))
			put(&s, (uint32_t)(map->first + i / map->each), true);
	return s;
}

static uint8_t
first_of(const struct keyset *s)
{
	for (uint32_t code = 0; code < 256; code++)
		if (has(s, code))
			return (uint8_t)code;
	return 0;
}

static uint8_t
mask_of(const struct chords_map *map, const struct keyset *s)
{
	uint8_t mask = 0;
	for (int i = 0; i < 8 * map->each_mod; i++)
		if (map->mods[i] && has(s, map->mods[i]))
			mask |= (uint8_t)(1 << i / map->each_mod);
	return mask;
}

static void
find(struct chord *c, const struct chords_map *map)
{
	struct keyset key = keys_of(map, c->wanted.keysym);
	c->code = c->text[0] ? first_of(&key) : 0;
	c->mask = 0;
	for (int i = 0; i < c->wanted.mods; i++) {
		c->mod[i] = keys_of(map, c->wanted.mod[i].keysym);
		uint8_t mask = mask_of(map, &c->mod[i]);
		/* Without a key for each modifier it would be another chord. */
		if (!mask)
			c->code = 0;
		c->mask |= mask;
	}
}

bool
chords_mapped(struct chords *c, const struct chords_map *map)
{
	bool other = false;
	for (int i = 0; i < CHORDS; i++) {
		struct chord *it = &c->chord[i];
		uint8_t code = it->code, mask = it->mask;
		find(it, map);
		other |= code != it->code || mask != it->mask;
	}
	return other;
}

/* --- keys --- */

static bool
any_down(const struct chords *c, const struct keyset *s)
{
	for (unsigned d = 0; d < CHORDS_DEVICES; d++)
		if (meet(&c->down[d], s))
			return true;
	return false;
}

static bool
held(const struct chords *c, const struct chord *it)
{
	for (int i = 0; i < it->wanted.mods; i++)
		if (!any_down(c, &it->mod[i]))
			return false;
	return true;
}

/* Where both are meant, it is the one that says more. */
static enum panel_button
better(const struct chord *it, const struct chord **best)
{
	if (!*best || it->wanted.mods > (*best)->wanted.mods)
		*best = it;
	return (*best)->does;
}

enum panel_button
chords_down(struct chords *c, unsigned device, uint32_t code, uint32_t time)
{
	enum panel_button does = PANEL_NONE;
	const struct chord *best = NULL;
	struct keyset *down = &c->down[device % CHORDS_DEVICES];
	bool repeated = has(down, code);
	put(down, code, true);
	for (int i = 0; i < CHORDS && !repeated; i++)
		if (c->chord[i].code && c->chord[i].code == code && held(c, &c->chord[i]))
			does = better(&c->chord[i], &best);
	c->pressed = time;
	c->fresh = !repeated && does == PANEL_NONE;
	return does;
}

void
chords_up(struct chords *c, unsigned device, uint32_t code)
{
	put(&c->down[device % CHORDS_DEVICES], code, false);
}

enum panel_button
chords_effective(struct chords *c, uint32_t code, uint32_t mods, uint32_t time)
{
	enum panel_button does = PANEL_NONE;
	const struct chord *best = NULL;
	if (!c->fresh || c->pressed != time)
		return PANEL_NONE;
	for (int i = 0; i < CHORDS; i++) {
		const struct chord *it = &c->chord[i];
		if (it->code && it->code == code && (mods & it->mask) == it->mask)
			does = better(it, &best);
	}
	c->fresh = false;
	return does;
}

void
chords_forget(struct chords *c)
{
	memset(c->down, 0, sizeof(c->down));
	c->fresh = false;
}
