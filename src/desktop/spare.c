#include <stddef.h>

#include "desktop/spare.h"

static struct rd_spare *
by_keycode(struct rd_spares *s, uint8_t keycode)
{
	for (int i = 0; i < s->count; i++) {
		if (s->key[i].keycode == keycode)
			return &s->key[i];
	}
	return NULL;
}

/* High keycodes first: other programs that do the same begin at the low end. */
void
rd_spares_set(struct rd_spares *s, const bool is_spare[static 256],
	const uint32_t keysym[static 256], uint64_t now_ns)
{
	struct rd_spares old = *s;

	s->count = 0;
	for (int k = 255; k > 0; k--) {
		const struct rd_spare *was = by_keycode(&old, (uint8_t)k);
		bool same = was && was->keysym == keysym[k];

		if (!is_spare[k])
			continue;
		s->key[s->count++] = (struct rd_spare){
			.keycode = (uint8_t)k,
			.keysym = keysym[k],
			.used_ns = was ? was->used_ns : 0,
			.given_ns = same ? was->given_ns : old.count > 0 ? now_ns : 0,
			.bound = was && was->bound && keysym[k] != 0,
		};
	}
}

/* Whether a is the better one to change: never used, then longest ago. */
static bool
rather(const struct rd_spare *a, const struct rd_spare *b)
{
	if ((a->keysym == 0) != (b->keysym == 0))
		return a->keysym == 0;
	return a->used_ns < b->used_ns;
}

struct rd_spare *
rd_spares_find(struct rd_spares *s, uint32_t keysym, const uint16_t down[static 256],
	uint64_t now_ns, uint64_t *ready_ns)
{
	struct rd_spare *best = NULL;

	*ready_ns = UINT64_MAX;
	for (int i = 0; i < s->count; i++) {
		struct rd_spare *key = &s->key[i];

		if (key->keysym == keysym)
			return key;
		if (!down[key->keycode] && (!best || rather(key, best)))
			best = key;
	}
	if (!best)
		return NULL;
	if (best->used_ns != 0 && best->used_ns + RD_SPARE_KEEP_NS > now_ns) {
		*ready_ns = best->used_ns + RD_SPARE_KEEP_NS;
		return NULL;
	}
	return best;
}

void
rd_spares_give(struct rd_spare *key, uint32_t keysym, uint64_t now_ns)
{
	key->keysym = keysym;
	key->bound = true;
	key->used_ns = now_ns;
	key->given_ns = UINT64_MAX;
}

void
rd_spares_told(struct rd_spares *s, uint64_t now_ns)
{
	for (int i = 0; i < s->count; i++) {
		if (s->key[i].given_ns == UINT64_MAX)
			s->key[i].given_ns = s->key[i].used_ns = now_ns;
	}
}

uint64_t
rd_spares_read_ns(const struct rd_spare *key)
{
	return key->given_ns == 0 ? 0 : key->given_ns + RD_SPARE_READ_NS;
}

void
rd_spares_use(struct rd_spares *s, uint8_t keycode, uint64_t now_ns)
{
	struct rd_spare *key = by_keycode(s, keycode);

	if (key)
		key->used_ns = now_ns;
}

bool
rd_spares_has(const struct rd_spares *s, uint8_t keycode)
{
	for (int i = 0; i < s->count; i++) {
		if (s->key[i].keycode == keycode)
			return s->key[i].keysym != 0;
	}
	return false;
}

uint64_t
rd_spares_done_ns(const struct rd_spares *s)
{
	uint64_t done = 0;

	for (int i = 0; i < s->count; i++) {
		if (s->key[i].bound && s->key[i].used_ns + RD_SPARE_KEEP_NS > done)
			done = s->key[i].used_ns + RD_SPARE_KEEP_NS;
	}
	return done;
}
