#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xcb/xcb.h>
#include <xcb/xtest.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/inject.h"
#include "desktop/keeper.h"
#include "desktop/notches.h"
#include "desktop/steps.h"
#include "desktop/typist_x11.h"
#include "desktop/x11.h"

/*
 * Input by the XTEST extension. Everything passes through a queue of steps,
 * which is empty again at the end of each call, except when the typist has to
 * wait until programs have read what was typed (typist_x11.h).
 */
#define FINISH_NS (5 * RD_NS_PER_S)	/* what waits at the end is typed this long */

struct inject_x11 {
	struct rd_inject base;
	struct rd_x11 x;
	struct rd_fd watch;
	struct rd_keeper keeper;
	struct rd_typist typist;
	struct rd_steps steps;
	struct rd_timer wait;	/* for the first step, while the typist is not ready */
	unsigned buttons;	/* that are down, as bits */
	struct rd_notches wheel;
	struct rd_locks told;	/* who sees it knows that they are so */
	bool typed;		/* something was, since the last TAKE */
	bool unheard;		/* it was said that nobody hears it */
	bool lost;		/* the server is gone, and it was said */
};

static void
fake(struct inject_x11 *ix, uint8_t type, uint8_t detail, xcb_window_t root, int x, int y)
{
	xcb_test_fake_input(ix->x.conn, type, detail, XCB_CURRENT_TIME, root,
		(int16_t)x, (int16_t)y, 0);
}

static void
do_button(struct inject_x11 *ix, uint8_t button, bool down)
{
	rd_typist_restore(&ix->typist);
	rd_keeper_note(&ix->keeper, RD_KEEPER_BUTTON, button, down);
	fake(ix, down ? XCB_BUTTON_PRESS : XCB_BUTTON_RELEASE, button, XCB_NONE, 0, 0);
}

static void
do_notches(struct inject_x11 *ix, int n, uint8_t button_positive, uint8_t button_negative)
{
	uint8_t button = n > 0 ? button_positive : button_negative;

	for (n = abs(n); n > 0; n--) {
		do_button(ix, button, true);
		do_button(ix, button, false);
	}
}

static int
clamp16(int32_t v)
{
	return v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v;
}

/* X's numbers, in the order of RD_BUTTON_*; 4 to 7 are the wheel. */
static const uint8_t x_button[RD_BUTTON_COUNT] = {1, 3, 2, 8, 9};

/* Whether keys go to nobody: no window has the focus, nor is one under the pointer that may. */
static bool
is_unheard(const struct inject_x11 *ix, const xcb_get_input_focus_reply_t *r)
{
	if (r->focus != XCB_INPUT_FOCUS_POINTER_ROOT && r->focus != ix->x.root)
		return r->focus == XCB_INPUT_FOCUS_NONE;
	xcb_query_pointer_reply_t *p = xcb_query_pointer_reply(ix->x.conn,
		xcb_query_pointer(ix->x.conn, ix->x.root), NULL);
	bool nobody = p && p->child == XCB_WINDOW_NONE;
	free(p);
	return nobody;
}

/* A shortcut of a window manager needs no focus: so this is no error, and is said once. */
static void
warn_unheard(struct inject_x11 *ix, const xcb_get_input_focus_reply_t *focus)
{
	bool typed = ix->typed;
	ix->typed = false;
	if (!typed || ix->unheard || !focus || !is_unheard(ix, focus))
		return;
	ix->unheard = true;
	rd_warn("no window has the keyboard's focus on display %s: what is typed there is lost, "
		"but for shortcuts; rd-click on one first, or start a window manager", ix->x.display);
}

/*
 * The server answers after it has done all before; then every event of it is on
 * its way to the programs that read them.
 */
static int
do_take(struct inject_x11 *ix, uint64_t token)
{
	rd_typist_restore(&ix->typist);
	xcb_get_input_focus_reply_t *focus = xcb_get_input_focus_reply(ix->x.conn,
		xcb_get_input_focus(ix->x.conn), NULL);
	rd_typist_drain(&ix->typist);
	warn_unheard(ix, focus);
	free(focus);
	if (!rd_x11_lost(&ix->x))
		rd_inject_taken(&ix->base, token);
	return 0;
}

/* Who asks is answered also where nothing changed. */
static int
do_locks(struct inject_x11 *ix, const struct rd_locks *want)
{
	int err = rd_typist_set_locks(&ix->typist, want);
	if (err)
		return err;
	ix->told = rd_typist_locks(&ix->typist);
	rd_inject_locked(&ix->base, ix->told);
	return 0;
}

/* Whatever changed them: a person at the desktop, a program, a key of a viewer's. */
static void
tell_locks(struct inject_x11 *ix)
{
	struct rd_locks now = rd_typist_locks(&ix->typist);
	if (now.known == ix->told.known && now.on == ix->told.on)
		return;
	ix->told = now;
	rd_inject_locked(&ix->base, now);
}

static int
do_step(struct inject_x11 *ix, const struct rd_step *step)
{
	int x, y;

	switch (step->kind) {
	case RD_INPUT_KEY:
		/* Those with a code may be modifiers of a click, which follow the pointer. */
		ix->typed |= step->code == 0;
		if (step->down)
			return rd_typist_down(&ix->typist, &ix->steps);
		rd_typist_up(&ix->typist, step->code);
		break;
	case RD_INPUT_BUTTON:
		do_button(ix, x_button[step->code], step->down);
		if (step->down)
			ix->buttons |= 1u << step->code;
		else
			ix->buttons &= ~(1u << step->code);
		break;
	case RD_INPUT_POINTER:
		fake(ix, XCB_MOTION_NOTIFY, false, ix->x.root, clamp16(step->x), clamp16(step->y));
		break;
	case RD_INPUT_MOTION:
		fake(ix, XCB_MOTION_NOTIFY, true, XCB_NONE, clamp16(step->x), clamp16(step->y));
		break;
	case RD_INPUT_WHEEL:
		rd_notches_turn(&ix->wheel, step->x, step->y, rd_clock_ns(), &x, &y);
		do_notches(ix, y, 4, 5);
		do_notches(ix, x, 7, 6);
		break;
	case RD_INPUT_TAKE:
		return do_take(ix, step->token);
	case RD_INPUT_LOCKS:
		return do_locks(ix, &step->locks);
	default:
		break;
	}
	return 0;
}

/* The server is gone: said once, and nothing is tried any more. */
static int
check_lost(struct inject_x11 *ix)
{
	if (ix->lost || !rd_x11_lost(&ix->x))
		return 0;
	ix->lost = true;
	rd_fd_close(&ix->watch);
	rd_timer_clear(&ix->wait);
	rd_steps_clear(&ix->steps);
	return -EPIPE;
}

/*
 * The keeper forgets what was let go once the server has done it: of a client
 * that is killed, a server drops what it has not read yet.
 */
static void
settle(struct inject_x11 *ix)
{
	if (ix->keeper.behind) {
		free(xcb_get_input_focus_reply(ix->x.conn, xcb_get_input_focus(ix->x.conn), NULL));
		/* Events that came before the reply wait in memory, where no descriptor tells. */
		rd_typist_drain(&ix->typist);
	}
	rd_keeper_settle(&ix->keeper);
}

static int
run(struct inject_x11 *ix)
{
	const struct rd_step *step;

	rd_timer_clear(&ix->wait);
	while ((step = rd_steps_peek(&ix->steps, 0))) {
		int err = do_step(ix, step);

		if (err == -EPIPE)
			break;
		if (err == -EAGAIN) {
			uint64_t now = rd_clock_ns(), ready = ix->typist.ready_ns;

			rd_timer_set(&ix->wait, ready > now ? ready - now : 0);
			break;
		}
		if (err == -ENODATA)
			rd_debug("key %u (keysym 0x%x) is not on the keyboard of display %s",
				step->code, step->keysym, ix->x.display);
		rd_steps_drop_first(&ix->steps);
	}
	xcb_flush(ix->x.conn);
	settle(ix);
	tell_locks(ix);
	return check_lost(ix);
}

/* A loss noticed here is told with the next input. */
static void
on_wait(void *ctx)
{
	struct inject_x11 *ix = ctx;

	if (run(ix) != 0)
		ix->lost = false;
}

static void
on_readable(void *ctx, unsigned events)
{
	struct inject_x11 *ix = ctx;

	(void)events;
	rd_typist_drain(&ix->typist);
	tell_locks(ix);
	if (rd_x11_lost(&ix->x))
		rd_fd_close(&ix->watch);
}

static void
let_go_all(struct inject_x11 *ix)
{
	rd_typist_up_all(&ix->typist);
	for (int i = 0; i < RD_BUTTON_COUNT; i++) {
		if (ix->buttons & 1u << i)
			do_button(ix, x_button[i], false);
	}
	ix->buttons = 0;
}

static int
x11_input(struct rd_inject *i, const struct rd_input *in)
{
	struct inject_x11 *ix = (struct inject_x11 *)i;

	if (ix->lost)
		return 0;
	if (rd_steps_add(&ix->steps, i->peer, in) < 0) {
		rd_warn("more is typed on display %s than it can take; what waits is lost",
			ix->x.display);
		rd_steps_clear(&ix->steps);
		let_go_all(ix);
	}
	return run(ix);
}

static void
x11_forget(struct rd_inject *i)
{
	struct inject_x11 *ix = (struct inject_x11 *)i;
	rd_steps_forget(&ix->steps, i->peer);
}

static int
x11_open(struct rd_inject **out, struct rd_loop *loop, const char *display, char **why)
{
	struct inject_x11 *ix = xcalloc(1, sizeof(*ix));
	int err = rd_x11_open(&ix->x, display, why);

	if (err)
		goto out;
	if (!rd_x11_extension(&ix->x, &xcb_test_id)) {
		err = -ENOTSUP;
		*why = xasprintf("display %s cannot be controlled: it lacks the XTEST extension",
			ix->x.display);
		goto out;
	}
	err = rd_keeper_open(&ix->keeper, ix->x.display);
	if (err)
		rd_warn("nobody will let go of held keys should we be killed: %s", strerror(-err));
	err = rd_typist_open(&ix->typist, &ix->x, &ix->keeper, why);
	if (err)
		goto out;
	/* Programs that grab the server do not stop us. */
	xcb_test_grab_control(ix->x.conn, true);
	xcb_flush(ix->x.conn);
	rd_timer_open(&ix->wait, loop, on_wait, ix);
	err = rd_fd_open(&ix->watch, loop, xcb_get_file_descriptor(ix->x.conn), on_readable, ix);
	if (err) {
		*why = xasprintf("display %s: %s", ix->x.display, strerror(-err));
		goto out;
	}
	rd_fd_want(&ix->watch, RD_READ);
	ix->told = rd_typist_locks(&ix->typist);
	*out = &ix->base;
	return 0;
out:
	rd_timer_close(&ix->wait);
	rd_typist_close(&ix->typist);
	rd_keeper_close(&ix->keeper);
	rd_x11_close(&ix->x);
	free(ix);
	return err;
}

/* What waits is typed, and then nothing is left of us on the desktop. */
static void
finish(struct inject_x11 *ix)
{
	uint64_t limit = rd_clock_ns() + FINISH_NS;
	const struct timespec pause = {.tv_nsec = 10 * RD_NS_PER_MS};

	while (run(ix) == 0 && rd_steps_peek(&ix->steps, 0) && rd_clock_ns() < limit)
		nanosleep(&pause, NULL);
	if (ix->lost)
		return;
	let_go_all(ix);
	rd_typist_tidy(&ix->typist);
}

static void
x11_close(struct rd_inject *i)
{
	struct inject_x11 *ix = (struct inject_x11 *)i;

	if (!ix->lost)
		finish(ix);
	rd_timer_close(&ix->wait);
	rd_fd_close(&ix->watch);
	rd_typist_close(&ix->typist);
	rd_keeper_close(&ix->keeper);
	rd_x11_close(&ix->x);
	rd_steps_finish(&ix->steps);
	free(ix);
}

const struct rd_inject_ops rd_inject_x11 = {
	.name = "x11",
	.open = x11_open,
	.input = x11_input,
	.forget = x11_forget,
	.close = x11_close,
};
