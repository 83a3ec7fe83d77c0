#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xcb/xcb.h>
#include <xcb/xinput.h>
#include <xcb/xkb.h>
#include <xkbcommon/xkbcommon-x11.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/keymap_x11.h"

#define EVENTS (XCB_XKB_EVENT_TYPE_NEW_KEYBOARD_NOTIFY | XCB_XKB_EVENT_TYPE_MAP_NOTIFY)
#define PARTS (XCB_XKB_MAP_PART_KEY_TYPES | XCB_XKB_MAP_PART_KEY_SYMS | \
	XCB_XKB_MAP_PART_MODIFIER_MAP | XCB_XKB_MAP_PART_EXPLICIT_COMPONENTS | \
	XCB_XKB_MAP_PART_KEY_ACTIONS | XCB_XKB_MAP_PART_VIRTUAL_MODS | \
	XCB_XKB_MAP_PART_VIRTUAL_MOD_MAP)
#define ALL_MODS 0xff

struct rd_keymap_x11 {
	struct rd_x11 *x;
	struct xkb_context *ctx;
	struct rd_keymap *map;
	unsigned count;
	bool stale;
	uint8_t event_base;
	uint16_t core;		/* the keyboard programs see */
	uint16_t typist;	/* the one XTEST types on */
	uint8_t groups;
	/* as of the last sync */
	uint8_t locked, group, locked_group;
	bool changed;		/* by rd_keymap_x11_lock, since */
	uint8_t now_locked;	/* as far as events tell, but for … */
	uint32_t lock, unlock;	/* … what we did from this request until before that one */
	/* numbers of the requests that changed the keymap last, one after another */
	uint32_t first_bind, last_bind;
};

/* The keyboard that XTEST's key events come from; the core one if unknown. */
static uint16_t
find_typist(struct rd_x11 *x, uint16_t core)
{
	uint16_t found = core;

	if (!rd_x11_extension(x, &xcb_input_id))
		return core;
	free(xcb_input_xi_query_version_reply(x->conn,
		xcb_input_xi_query_version(x->conn, 2, 0), NULL));
	xcb_input_xi_query_device_reply_t *r = xcb_input_xi_query_device_reply(x->conn,
		xcb_input_xi_query_device(x->conn, XCB_INPUT_DEVICE_ALL), NULL);
	if (!r)
		return core;

	xcb_input_xi_device_info_iterator_t it = xcb_input_xi_query_device_infos_iterator(r);
	for (; it.rem; xcb_input_xi_device_info_next(&it)) {
		const char *name = xcb_input_xi_device_info_name(it.data);

		if (it.data->type == XCB_INPUT_DEVICE_TYPE_SLAVE_KEYBOARD &&
				it.data->attachment == core &&
				memmem(name, it.data->name_len, "XTEST", strlen("XTEST")))
			found = it.data->deviceid;
	}
	free(r);
	return found;
}

static void
select_events(struct rd_keymap_x11 *k)
{
	const xcb_xkb_select_events_details_t details = {
		.affectNewKeyboard = XCB_XKB_NKN_DETAIL_KEYCODES,
		.newKeyboardDetails = XCB_XKB_NKN_DETAIL_KEYCODES,
	};

	xcb_xkb_select_events_aux(k->x->conn, k->typist, EVENTS, 0, 0, PARTS, PARTS, &details);
	const xcb_xkb_select_events_details_t locks = {
		.affectState = XCB_XKB_STATE_PART_MODIFIER_LOCK,
		.stateDetails = XCB_XKB_STATE_PART_MODIFIER_LOCK,
	};
	/* Of the keyboard that programs see, whichever device it was that did it. */
	xcb_xkb_select_events_aux(k->x->conn, k->core, XCB_XKB_EVENT_TYPE_STATE_NOTIFY, 0, 0, 0, 0,
		&locks);
}

/* Keeps the keymap there is where a new one cannot be had. */
static int
load(struct rd_keymap_x11 *k)
{
	struct xkb_keymap *xkb = xkb_x11_keymap_new_from_device(k->ctx, k->x->conn, k->typist,
		XKB_KEYMAP_COMPILE_NO_FLAGS);

	if (!xkb)
		return rd_x11_lost(k->x) ? -EPIPE : -ENOTSUP;
	rd_keymap_free(k->map);
	k->map = rd_keymap_new(xkb);
	k->groups = (uint8_t)xkb_keymap_num_layouts(xkb);
	k->count++;
	k->stale = false;
	xkb_keymap_unref(xkb);
	return 0;
}

int
rd_keymap_x11_open(struct rd_keymap_x11 **out, struct rd_x11 *x, char **why)
{
	struct rd_keymap_x11 *k = xcalloc(1, sizeof(*k));
	int err = -ENOTSUP;

	k->x = x;
	if (!xkb_x11_setup_xkb_extension(x->conn, XKB_X11_MIN_MAJOR_XKB_VERSION,
			XKB_X11_MIN_MINOR_XKB_VERSION, XKB_X11_SETUP_XKB_EXTENSION_NO_FLAGS,
			NULL, NULL, &k->event_base, NULL))
		goto out;
	int32_t core = xkb_x11_get_core_keyboard_device_id(x->conn);
	k->ctx = xkb_context_new(XKB_CONTEXT_NO_DEFAULT_INCLUDES | XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
	if (core < 0 || !k->ctx)
		goto out;
	k->core = (uint16_t)core;
	k->typist = find_typist(x, k->core);
	select_events(k);
	err = load(k);
	if (!err)
		err = rd_keymap_x11_sync(k, &(struct rd_keystate){0});
	k->now_locked = k->locked;
out:
	if (err) {
		*why = xasprintf("display %s has no keyboard that can be read (XKB)", x->display);
		rd_keymap_x11_close(k);
		return rd_x11_lost(x) ? -EPIPE : err;
	}
	*out = k;
	return 0;
}

void
rd_keymap_x11_close(struct rd_keymap_x11 *k)
{
	if (!k)
		return;
	rd_keymap_free(k->map);
	xkb_context_unref(k->ctx);
	free(k);
}

/* Somebody's Caps Lock, or what we change for one key ourselves. */
static void
take_state(struct rd_keymap_x11 *k, const xcb_generic_event_t *event)
{
	bool ours = event->full_sequence - k->lock < k->unlock - k->lock;

	if (!k->changed && !ours)
		k->now_locked = ((const xcb_xkb_state_notify_event_t *)(const void *)event)->lockedMods;
}

/*
 * What we bind ourselves is known already. An event carries the number of our
 * last request the server had seen, and another one always follows a binding at
 * once, so somebody else's change has another number.
 */
static void
take(struct rd_keymap_x11 *k, const xcb_generic_event_t *event)
{
	if (rd_x11_is_error(k->x, event))
		return;
	if ((event->response_type & 0x7f) != k->event_base)
		return;
	/* The second byte of all events of XKB says which it is. */
	if (event->pad0 == XCB_XKB_STATE_NOTIFY) {
		take_state(k, event);
		return;
	}
	if (event->full_sequence - k->first_bind > k->last_bind - k->first_bind)
		k->stale = true;
}

void
rd_keymap_x11_drain(struct rd_keymap_x11 *k)
{
	xcb_generic_event_t *event;

	while ((event = xcb_poll_for_event(k->x->conn))) {
		take(k, event);
		free(event);
	}
}

int
rd_keymap_x11_sync(struct rd_keymap_x11 *k, struct rd_keystate *st)
{
	xcb_connection_t *conn = k->x->conn;
	xcb_xkb_get_state_reply_t *r;

	r = xcb_xkb_get_state_reply(conn, xcb_xkb_get_state(conn, k->core), NULL);
	if (!r)
		return -EPIPE;
	*st = (struct rd_keystate){
		.base = r->baseMods,
		.latched = r->latchedMods,
		.locked = r->lockedMods,
		.group = r->group,
	};
	k->locked = r->lockedMods;
	k->group = r->group;
	k->locked_group = r->lockedGroup;
	free(r);

	rd_keymap_x11_drain(k);
	if (!k->stale)
		return 0;
	int err = load(k);
	if (err == -ENOTSUP) {
		rd_warn("the keymap of display %s cannot be read; the old one is used", k->x->display);
		k->stale = false;
		return 0;
	}
	return err;
}

int
rd_keymap_x11_set_locks(struct rd_keymap_x11 *k, const struct rd_locks *want)
{
	uint32_t mods = rd_keymap_lock_mods(k->map, want->known);
	uint32_t on = rd_keymap_lock_mods(k->map, want->on);
	struct rd_keystate st;
	int err = rd_keymap_x11_sync(k, &st);

	if (err)
		return err;
	if ((st.locked & mods) != on) {
		xcb_xkb_latch_lock_state(k->x->conn, k->core, (uint8_t)mods, (uint8_t)on, false, 0, 0,
			0, 0);
		err = rd_keymap_x11_sync(k, &st);
	}
	k->now_locked = k->locked;
	return err;
}

struct rd_locks
rd_keymap_x11_locks(const struct rd_keymap_x11 *k)
{
	return rd_keymap_locks(k->map, k->now_locked);
}

struct rd_keymap *
rd_keymap_x11_map(const struct rd_keymap_x11 *k)
{
	return k->map;
}

unsigned
rd_keymap_x11_count(const struct rd_keymap_x11 *k)
{
	return k->count;
}

void
rd_keymap_x11_lock(struct rd_keymap_x11 *k, const struct rd_keyplan *plan, struct rd_keeper *keeper)
{
	bool other_group = plan->group != k->group;
	unsigned group = k->locked_group + k->groups + plan->group - k->group;

	if (!other_group && plan->locked == k->locked)
		return;
	rd_keeper_lock(keeper, k->locked, k->locked_group);
	uint32_t request = xcb_xkb_latch_lock_state(k->x->conn, k->core, ALL_MODS,
		(uint8_t)plan->locked, other_group, (uint8_t)(group % k->groups), 0, 0, 0).sequence;
	if (!k->changed)
		k->lock = request;
	k->changed = true;
}

void
rd_keymap_x11_unlock(struct rd_keymap_x11 *k, struct rd_keeper *keeper)
{
	if (!k->changed)
		return;
	k->unlock = xcb_xkb_latch_lock_state(k->x->conn, k->core, ALL_MODS, k->locked, true,
		k->locked_group, 0, 0, 0).sequence;
	k->changed = false;
	rd_keeper_unlock(keeper);
}

/*
 * Two equal columns: one alone would be completed to a pair of a small and a
 * capital letter by the rules of the core protocol.
 */
void
rd_keymap_x11_bind(struct rd_keymap_x11 *k, uint8_t keycode, uint32_t keysym)
{
	const xcb_keysym_t column[2] = {keysym, keysym};
	uint32_t bind = xcb_change_keyboard_mapping(k->x->conn, 1, keycode, 2, column).sequence;

	if (bind != k->last_bind + 1)
		k->first_bind = bind;
	k->last_bind = bind;
}
