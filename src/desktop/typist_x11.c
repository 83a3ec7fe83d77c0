#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xcb/xcb.h>
#include <xcb/xtest.h>

#include "base/clock.h"
#include "desktop/typist_x11.h"

/*
 * A program that looks a key up asks the server for the keymap, or for what
 * changed since it last did. If Xlib is told of another change before the
 * answer is there, it forgets it; and it asks for the keymap first of all
 * before it asks to be told of changes (libX11 1.8, _XkbCheckPendingRefresh,
 * _XkbLoadDpy). So nothing is bound for this long after a key was pressed; and
 * what waits is bound together, before the first of it is pressed. The wait after
 * a binding (spare.h) is thus one for all of it.
 */
#define SETTLE_NS (50 * RD_NS_PER_MS)
#define LOOK_AHEAD 64		/* steps */
static void
fake_key(struct rd_typist *t, uint8_t keycode, bool down)
{
	rd_keeper_note(t->keeper, RD_KEEPER_KEY, keycode, down);
	xcb_test_fake_input(t->x->conn, down ? XCB_KEY_PRESS : XCB_KEY_RELEASE, keycode,
		XCB_CURRENT_TIME, XCB_NONE, 0, 0, 0);
}

/* All our keys that hold one of these modifiers. */
static void
fake_modifiers(struct rd_typist *t, uint32_t mods, bool down)
{
	const struct rd_keymap *map = rd_keymap_x11_map(t->keys);

	for (unsigned k = 0; mods && k < 256; k++) {
		if (t->down[k] > 0 && (rd_keymap_mods(map, (uint8_t)k) & mods))
			fake_key(t, (uint8_t)k, down);
	}
}

static void
around_begin(struct rd_typist *t, const struct rd_keyplan *plan)
{
	rd_keymap_x11_lock(t->keys, plan, t->keeper);
	fake_modifiers(t, plan->lift, false);
	for (int i = 0; i < plan->add_count; i++)
		fake_key(t, plan->add[i], true);
	t->around.keycode = plan->keycode;
	t->around.lifted = plan->lift;
	t->around.added_count = plan->add_count;
	memcpy(t->around.added, plan->add, sizeof(plan->add));
}

void
rd_typist_restore(struct rd_typist *t)
{
	for (int i = 0; i < t->around.added_count; i++)
		fake_key(t, t->around.added[i], false);
	fake_modifiers(t, t->around.lifted, true);
	rd_keymap_x11_unlock(t->keys, t->keeper);
	memset(&t->around, 0, sizeof(t->around));
}

/* The modifiers that our own keys hold. */
static uint32_t
our_modifiers(const struct rd_typist *t)
{
	const struct rd_keymap *map = rd_keymap_x11_map(t->keys);
	uint32_t mods = 0;

	for (unsigned k = 0; k < 256; k++) {
		if (t->down[k] > 0)
			mods |= rd_keymap_mods(map, (uint8_t)k);
	}
	return mods;
}

/* The keymap changed: which keys are spare now, and what of ours is left in them. */
static void
follow_keymap(struct rd_typist *t)
{
	struct rd_keymap *map = rd_keymap_x11_map(t->keys);
	bool is_spare[256] = {false};
	uint32_t keysym[256] = {0};

	if (t->keys_count == rd_keymap_x11_count(t->keys))
		return;
	t->keys_count = rd_keymap_x11_count(t->keys);
	for (int i = 0; i < t->spares.count; i++) {
		if (t->spares.key[i].bound)
			rd_keymap_reserve(map, t->spares.key[i].keycode, t->spares.key[i].keysym);
	}
	for (unsigned k = 0; k < 256; k++)
		is_spare[k] = rd_keymap_spare(map, (uint8_t)k, &keysym[k]);
	rd_spares_set(&t->spares, is_spare, keysym, rd_clock_ns());
}

static bool
settled(const struct rd_typist *t, uint64_t now)
{
	return t->pressed_ns == 0 || now >= t->pressed_ns + SETTLE_NS;
}

/* Binds a spare key to the keysym unless one is. NULL: not now, or never. */
static struct rd_spare *
bind_spare(struct rd_typist *t, uint32_t keysym)
{
	uint64_t now = rd_clock_ns();
	struct rd_spare *spare;

	spare = rd_spares_find(&t->spares, keysym, t->down, now, &t->ready_ns);
	if (!spare || spare->keysym == keysym)
		return spare;
	if (!settled(t, now)) {
		t->ready_ns = t->pressed_ns + SETTLE_NS;
		return NULL;
	}
	rd_keeper_note(t->keeper, RD_KEEPER_BOUND, spare->keycode, true);
	rd_keymap_x11_bind(t->keys, spare->keycode, keysym);
	rd_spares_give(spare, keysym, now);
	t->untold = true;
	return spare;
}

/*
 * A server that is slow must not do the binding and the press in one go: the time
 * that programs have to read it begins when it has told them. And what somebody
 * else changes in that time is told with another number than our binding, as
 * rd_keymap_x11_sync wants it.
 */
static void
await_binding(struct rd_typist *t)
{
	xcb_connection_t *conn = t->x->conn;

	if (!t->untold)
		return;
	free(xcb_get_input_focus_reply(conn, xcb_get_input_focus(conn), NULL));
	rd_keymap_x11_drain(t->keys);
	rd_spares_told(&t->spares, rd_clock_ns());
	t->untold = false;
}

/* Binds what the steps that wait will need, as far as keys are free. */
static void
bind_ahead(struct rd_typist *t, const struct rd_steps *steps, const struct rd_keystate *st)
{
	const struct rd_keymap *map = rd_keymap_x11_map(t->keys);
	const struct rd_step *step;
	struct rd_keyplan plan;

	for (size_t i = 0; i < LOOK_AHEAD && (step = rd_steps_peek(steps, i)); i++) {
		if (step->kind != RD_INPUT_KEY || !step->down)
			continue;
		if (rd_keymap_find(map, step->code, step->keysym, st, &plan) == -ENOENT &&
				!bind_spare(t, rd_keysym_canonical(step->keysym)))
			return;
	}
}

/* A plan for a character that no key gives: one is made. */
static int
plan_spare(struct rd_typist *t, uint32_t keysym, const struct rd_keystate *st,
	struct rd_keyplan *plan)
{
	struct rd_spare *spare = bind_spare(t, keysym);

	await_binding(t);
	if (!spare)
		return t->ready_ns == UINT64_MAX ? -ENODATA : -EAGAIN;
	t->ready_ns = rd_spares_read_ns(spare);
	if (rd_clock_ns() < t->ready_ns)
		return -EAGAIN;
	rd_keymap_plan_spare(spare->keycode, keysym, st, plan);
	return 0;
}

static int
plan_first(struct rd_typist *t, const struct rd_steps *steps, struct rd_keyplan *plan)
{
	const struct rd_step *first = rd_steps_peek(steps, 0);
	struct rd_keystate st;
	int err = rd_keymap_x11_sync(t->keys, &st);

	if (err)
		return err;
	follow_keymap(t);
	st.ours = our_modifiers(t);
	if (rd_steps_peek(steps, 1) && settled(t, rd_clock_ns()))
		bind_ahead(t, steps, &st);
	await_binding(t);
	err = rd_keymap_find(rd_keymap_x11_map(t->keys), first->code, first->keysym, &st, plan);
	if (err == -ENOENT)
		return plan_spare(t, rd_keysym_canonical(first->keysym), &st, plan);
	/* The key itself is wanted, which means nothing here, and not what we made of it. */
	if (!err && first->keysym == 0 && rd_spares_has(&t->spares, plan->keycode))
		return -ENODATA;
	return err;
}

static void
hold(struct rd_typist *t, uint8_t keycode)
{
	uint64_t now = rd_clock_ns();
	/* Another code holds it: a character is to arrive again, a modifier is there. */
	bool again = t->down[keycode]++ > 0;

	if (again && rd_keymap_mods(rd_keymap_x11_map(t->keys), keycode) != 0)
		return;
	if (again)
		fake_key(t, keycode, false);
	fake_key(t, keycode, true);
	rd_spares_use(&t->spares, keycode, now);
	t->pressed_ns = now;
}

static void
let_go(struct rd_typist *t, uint8_t keycode)
{
	if (t->around.keycode != keycode)
		rd_typist_restore(t);
	if (--t->down[keycode] == 0)
		fake_key(t, keycode, false);
	rd_spares_use(&t->spares, keycode, rd_clock_ns());
	rd_typist_restore(t);
}

int
rd_typist_down(struct rd_typist *t, const struct rd_steps *steps)
{
	uint16_t code = rd_steps_peek(steps, 0)->code;
	struct rd_keyplan plan;
	int err;

	rd_typist_restore(t);
	err = plan_first(t, steps, &plan);
	if (err)
		return err;
	around_begin(t, &plan);
	hold(t, plan.keycode);
	if (code != 0)
		t->keycode[code] = plan.keycode;
	else
		let_go(t, plan.keycode);
	return 0;
}

void
rd_typist_up(struct rd_typist *t, uint16_t code)
{
	uint8_t keycode = t->keycode[code];

	if (keycode != 0)
		let_go(t, keycode);
	t->keycode[code] = 0;
}

void
rd_typist_up_all(struct rd_typist *t)
{
	rd_typist_restore(t);
	for (unsigned k = 0; k < 256; k++) {
		if (t->down[k] > 0)
			fake_key(t, (uint8_t)k, false);
	}
	memset(t->down, 0, sizeof(t->down));
	memset(t->keycode, 0, sizeof(t->keycode));
}

int
rd_typist_set_locks(struct rd_typist *t, const struct rd_locks *want)
{
	rd_typist_restore(t);
	return rd_keymap_x11_set_locks(t->keys, want);
}

struct rd_locks
rd_typist_locks(const struct rd_typist *t)
{
	return rd_keymap_x11_locks(t->keys);
}

int
rd_typist_open(struct rd_typist *t, struct rd_x11 *x, struct rd_keeper *keeper, char **why)
{
	int err = rd_keymap_x11_open(&t->keys, x, why);

	if (err)
		return err;
	t->x = x;
	t->keeper = keeper;
	follow_keymap(t);
	return 0;
}

void
rd_typist_close(struct rd_typist *t)
{
	rd_keymap_x11_close(t->keys);
	*t = (struct rd_typist){0};
}

void
rd_typist_drain(struct rd_typist *t)
{
	rd_keymap_x11_drain(t->keys);
}

static void
sleep_until(uint64_t due_ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(due_ns / RD_NS_PER_S),
		.tv_nsec = (long)(due_ns % RD_NS_PER_S),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

void
rd_typist_tidy(struct rd_typist *t)
{
	xcb_connection_t *conn = t->x->conn;
	struct rd_keystate st;

	xcb_flush(conn);
	sleep_until(rd_spares_done_ns(&t->spares));
	if (rd_keymap_x11_sync(t->keys, &st) != 0)
		return;
	follow_keymap(t);
	for (int i = 0; i < t->spares.count; i++) {
		if (t->spares.key[i].bound)
			rd_keymap_x11_bind(t->keys, t->spares.key[i].keycode, 0);
	}
	/* Whoever hangs up at once is not always heard to the end. */
	free(xcb_get_input_focus_reply(conn, xcb_get_input_focus(conn), NULL));
}
