#include <stdlib.h>

#include <xkbcommon/xkbcommon-keysyms.h>

#include "base/clock.h"
#include "base/log.h"
#include "rd-indicator/keys.h"

/* What comes sooner after another is the same, repeated by the server. */
#define REPEAT_NS RD_NS_PER_S
#define KEYS (sizeof(((struct keys *)0)->key) / sizeof(struct key))

/* Those that may be locked, and do not count: Caps Lock, Num Lock. */
static const uint16_t ignored[] = {
	0, XCB_MOD_MASK_LOCK, XCB_MOD_MASK_2, XCB_MOD_MASK_LOCK | XCB_MOD_MASK_2,
};
#define IGNORED (XCB_MOD_MASK_LOCK | XCB_MOD_MASK_2)
#define COUNTED (XCB_MOD_MASK_SHIFT | XCB_MOD_MASK_CONTROL | XCB_MOD_MASK_1 | XCB_MOD_MASK_4)

static uint16_t
mask_of(uint32_t keysym)
{
	switch (keysym) {
	case XKB_KEY_Shift_L:
	case XKB_KEY_Shift_R:
		return XCB_MOD_MASK_SHIFT;
	case XKB_KEY_Control_L:
	case XKB_KEY_Control_R:
		return XCB_MOD_MASK_CONTROL;
	case XKB_KEY_Alt_L:
	case XKB_KEY_Alt_R:
	case XKB_KEY_Meta_L:
	case XKB_KEY_Meta_R:
		return XCB_MOD_MASK_1;
	case XKB_KEY_Super_L:
	case XKB_KEY_Super_R:
		return XCB_MOD_MASK_4;
	default:
		return 0;
	}
}

/* The first key with that keysym in any of its layouts; 0: none. */
static uint8_t
code_of(const struct rd_x11 *x, uint32_t keysym)
{
	const xcb_setup_t *setup = xcb_get_setup(x->conn);
	uint8_t first = setup->min_keycode, count = (uint8_t)(setup->max_keycode - first + 1);
	xcb_get_keyboard_mapping_reply_t *r = xcb_get_keyboard_mapping_reply(x->conn,
		xcb_get_keyboard_mapping(x->conn, first, count), NULL);
	uint8_t code = 0;
	int each = r ? r->keysyms_per_keycode : 0, n = r ? xcb_get_keyboard_mapping_keysyms_length(r) : 0;
	const xcb_keysym_t *syms = r ? xcb_get_keyboard_mapping_keysyms(r) : NULL;
	for (int i = 0; i < n && !code; i++)
		if (syms[i] == keysym)
			code = (uint8_t)(first + i / each);
	free(r);
	return code;
}

static void
grab(struct key *k, const struct rd_x11 *x)
{
	bool taken = false;
	k->mods = 0;
	for (int i = 0; i < k->chord.mods; i++)
		k->mods |= mask_of(k->chord.mod[i].keysym);
	k->code = k->text[0] ? code_of(x, k->chord.keysym) : 0;
	if (!k->code)
		return;
	for (unsigned i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
		xcb_generic_error_t *e = xcb_request_check(x->conn, xcb_grab_key_checked(x->conn, 0, x->root,
			k->mods | ignored[i], k->code, XCB_GRAB_MODE_ASYNC, XCB_GRAB_MODE_ASYNC));
		taken |= e != NULL;
		free(e);
	}
	if (taken && !k->taken)
		rd_warn("%s is taken by another program on display %s; --pause-key, --end-key name others",
			k->text, x->display);
	k->taken = taken;
}

void
keys_grab(struct keys *k, const struct rd_x11 *x)
{
	if (k->held)
		return;
	k->held = true;
	for (unsigned i = 0; i < KEYS; i++)
		grab(&k->key[i], x);
}

void
keys_ungrab(struct keys *k, const struct rd_x11 *x)
{
	if (!k->held)
		return;
	k->held = false;
	xcb_ungrab_key(x->conn, XCB_GRAB_ANY, x->root, XCB_MOD_MASK_ANY);
}

void
keys_mapped(struct keys *k, const struct rd_x11 *x)
{
	if (!k->held)
		return;
	keys_ungrab(k, x);
	keys_grab(k, x);
}

enum panel_button
keys_press(struct keys *k, const xcb_key_press_event_t *e, uint64_t now_ns)
{
	for (unsigned i = 0; i < KEYS; i++) {
		struct key *it = &k->key[i];
		if (!it->code || e->detail != it->code || (e->state & COUNTED) != it->mods)
			continue;
		bool repeated = it->pressed_ns && now_ns - it->pressed_ns < REPEAT_NS;
		it->pressed_ns = now_ns;
		return repeated ? PANEL_NONE : it->does;
	}
	return PANEL_NONE;
}
