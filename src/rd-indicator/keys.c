#include <stdlib.h>

#include <xcb/xinput.h>

#include "base/clock.h"
#include "base/log.h"
#include "rd-indicator/keys.h"

/* A viewer's characters that this keyboard lacks change the map dozens of times in a row. */
#define LOOK_NS (RD_NS_PER_S / 10)
#define RAW (XCB_INPUT_XI_EVENT_MASK_RAW_KEY_PRESS | XCB_INPUT_XI_EVENT_MASK_RAW_KEY_RELEASE)
#define MODIFIERS 256			/* sets of the eight */

/* --- the map --- */

/* True: the chords lie elsewhere now. */
static bool
look(struct keys *k)
{
	xcb_connection_t *c = k->x->conn;
	const xcb_setup_t *setup = xcb_get_setup(c);
	uint8_t first = setup->min_keycode, count = (uint8_t)(setup->max_keycode - first + 1);
	xcb_get_keyboard_mapping_cookie_t syms = xcb_get_keyboard_mapping(c, first, count);
	xcb_get_modifier_mapping_cookie_t mods = xcb_get_modifier_mapping(c);
	xcb_get_keyboard_mapping_reply_t *s = xcb_get_keyboard_mapping_reply(c, syms, NULL);
	xcb_get_modifier_mapping_reply_t *m = xcb_get_modifier_mapping_reply(c, mods, NULL);
	bool other = s && m && s->keysyms_per_keycode > 0 && chords_mapped(&k->chords, &(struct chords_map){
		.syms = xcb_get_keyboard_mapping_keysyms(s), .first = first,
		.count = xcb_get_keyboard_mapping_keysyms_length(s) / s->keysyms_per_keycode,
		.each = s->keysyms_per_keycode,
		.mods = xcb_get_modifier_mapping_keycodes(m), .each_mod = m->keycodes_per_modifier,
	});
	free(s);
	free(m);
	return other;
}

/* --- grabs --- */

/* That chord with everything else that may be held with it. */
static uint16_t
with_others(const struct chord *it, uint32_t sets[static MODIFIERS])
{
	uint16_t n = 0;
	for (uint32_t mods = 0; mods < MODIFIERS; mods++)
		if ((mods & it->mask) == it->mask)
			sets[n++] = mods;
	return n;
}

/*
 * Raw events come by the grab while it holds: a client that has grabbed gets no others.
 * Where it fails, because somebody has it, that one is told of the key, too.
 */
static void
grab(const struct keys *k, const struct chord *it)
{
	const uint32_t events = XCB_INPUT_XI_EVENT_MASK_KEY_PRESS | RAW;
	uint32_t sets[MODIFIERS];
	if (!it->code)
		return;
	uint16_t n = with_others(it, sets);
	xcb_input_xi_passive_grab_device_reply_t *r = xcb_input_xi_passive_grab_device_reply(k->x->conn,
		xcb_input_xi_passive_grab_device(k->x->conn, XCB_CURRENT_TIME, k->x->root, XCB_CURSOR_NONE,
			it->code, XCB_INPUT_DEVICE_ALL_MASTER, n, 1, XCB_INPUT_GRAB_TYPE_KEYCODE,
			XCB_INPUT_GRAB_MODE_22_ASYNC, XCB_INPUT_GRAB_MODE_22_ASYNC,
			XCB_INPUT_GRAB_OWNER_NO_OWNER, &events, sets), NULL);
	if (!r || r->num_modifiers > 0)
		rd_info("%s is another program's on display %s, too, which may act on it as well", it->text,
			k->x->display);
	free(r);
}

static void
ungrab(const struct keys *k, const struct chord *it)
{
	uint32_t sets[MODIFIERS];
	if (!it->code)
		return;
	uint16_t n = with_others(it, sets);
	xcb_input_xi_passive_ungrab_device(k->x->conn, k->x->root, it->code, XCB_INPUT_DEVICE_ALL_MASTER, n,
		XCB_INPUT_GRAB_TYPE_KEYCODE, sets);
}

static void
listen_to(const struct keys *k, uint32_t events)
{
	struct {
		xcb_input_event_mask_t head;
		uint32_t mask;
	} want = {{.deviceid = XCB_INPUT_DEVICE_ALL_MASTER, .mask_len = 1}, events};
	xcb_input_xi_select_events(k->x->conn, k->x->root, 1, &want.head);
}

void
keys_grab(struct keys *k)
{
	if (k->held || !k->opcode)
		return;
	k->held = true;
	chords_forget(&k->chords);
	look(k);
	listen_to(k, RAW);
	for (int i = 0; i < CHORDS; i++)
		grab(k, &k->chords.chord[i]);
}

void
keys_ungrab(struct keys *k)
{
	if (!k->held)
		return;
	k->held = false;
	rd_timer_clear(&k->mapped);
	listen_to(k, 0);
	for (int i = 0; i < CHORDS; i++)
		ungrab(k, &k->chords.chord[i]);
}

void
keys_mapped(struct keys *k)
{
	if (k->held && !k->mapped.set)
		rd_timer_set(&k->mapped, LOOK_NS);
}

static void
on_mapped(void *ctx)
{
	struct keys *k = ctx;
	const struct chord was[CHORDS] = {k->chords.chord[0], k->chords.chord[1]};
	if (!k->held || !look(k))
		return;
	for (int i = 0; i < CHORDS; i++)
		ungrab(k, &was[i]);
	for (int i = 0; i < CHORDS; i++)
		grab(k, &k->chords.chord[i]);
}

/* --- events --- */

enum panel_button
keys_event(struct keys *k, const xcb_generic_event_t *e)
{
	const xcb_input_raw_key_press_event_t *raw = (const void *)e;
	const xcb_input_key_press_event_t *press = (const void *)e;
	if (!k->held || raw->extension != k->opcode)
		return PANEL_NONE;
	switch (raw->event_type) {
	case XCB_INPUT_RAW_KEY_PRESS:
		return chords_down(&k->chords, raw->sourceid, raw->detail, raw->time);
	case XCB_INPUT_RAW_KEY_RELEASE:
		chords_up(&k->chords, raw->sourceid, raw->detail);
		return PANEL_NONE;
	case XCB_INPUT_KEY_PRESS:
		return chords_effective(&k->chords, press->detail, press->mods.effective, press->time);
	default:
		return PANEL_NONE;
	}
}

void
keys_open(struct keys *k, struct rd_x11 *x, struct rd_loop *loop)
{
	const xcb_query_extension_reply_t *ext = rd_x11_extension(x, &xcb_input_id);
	/* From 2.1 on raw events come in spite of other clients' grabs. */
	xcb_input_xi_query_version_reply_t *v = ext ? xcb_input_xi_query_version_reply(x->conn,
		xcb_input_xi_query_version(x->conn, 2, 2), NULL) : NULL;
	k->x = x;
	if (v && (v->major_version > 2 || (v->major_version == 2 && v->minor_version >= 1)))
		k->opcode = ext->major_opcode;
	else
		rd_warn("display %s has no XInput 2.1: buttons, but no keys to pause and end", x->display);
	free(v);
	rd_timer_open(&k->mapped, loop, on_mapped, k);
}

void
keys_close(struct keys *k)
{
	rd_timer_close(&k->mapped);
}
