#include <errno.h>
#include <stdlib.h>

#include <xkbcommon/xkbcommon.h>

#include "base/bytes.h"
#include "desktop/keymap.h"
#include "media/input.h"

/*
 * Key presses as a hostile viewer would send them, one after another, on a host of one
 * of these layouts: a byte that chooses it, then a row of {u16 code, u32 keysym, u8 held
 * modifiers, u8 ours of these, u8 locked, u8 group}. Whatever comes, what is to be
 * pressed is a key that the keyboard has.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"us", "de", "fr", "ru", "jp", "dvorak", "us,ru"};
#define LAYOUTS (sizeof(names) / sizeof(names[0]))
#define GROUPS_MAX 2

static const struct rd_keymap *
layout(unsigned which)
{
	static struct rd_keymap *known[LAYOUTS];
	struct xkb_rule_names rules = {.rules = "evdev", .model = "pc105", .layout = names[which]};

	if (!known[which]) {
		struct xkb_context *ctx = xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
		struct xkb_keymap *xkb = xkb_keymap_new_from_names(ctx, &rules, 0);

		if (!xkb)
			abort();
		known[which] = rd_keymap_new(xkb);
		xkb_keymap_unref(xkb);
		xkb_context_unref(ctx);
	}
	return known[which];
}

static void
check(const struct rd_keymap *km, const struct rd_keyplan *plan, const struct rd_keystate *st)
{
	if (plan->keycode < 8 || plan->add_count > RD_LEVEL_COUNT)
		abort();
	for (int i = 0; i < plan->add_count; i++)
		if (plan->add[i] < 8 || !rd_keymap_mods(km, plan->add[i]))
			abort();
	/* Only what we hold ourselves is let go, and no layout is taken that there is not. */
	if ((plan->lift & ~st->ours) || plan->group >= GROUPS_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_reader r;
	unsigned which;

	rd_reader_init(&r, data, size);
	which = rd_reader_u8(&r) % LAYOUTS;
	const struct rd_keymap *km = layout(which);
	while (rd_reader_left(&r) >= 10) {
		uint16_t code = rd_reader_u16(&r);
		uint32_t keysym = rd_reader_u32(&r);
		struct rd_keystate st = {.base = rd_reader_u8(&r)};
		struct rd_keyplan plan;

		st.ours = st.base & rd_reader_u8(&r);
		st.locked = rd_reader_u8(&r);
		st.group = rd_reader_u8(&r) % (which == LAYOUTS - 1 ? GROUPS_MAX : 1);
		int err = rd_keymap_find(km, code, keysym, &st, &plan);

		if (err == 0)
			check(km, &plan, &st);
		else if (err != -ENOENT && err != -ENODATA)
			abort();
		/* A key itself is pressed, or there is none. */
		if (keysym == 0 && (err == 0) != (code >= 1 && code <= 247))
			abort();
		/* Only a character is worth a key that is made for it. */
		if (err == -ENOENT && keysym == 0)
			abort();
	}
	return 0;
}
