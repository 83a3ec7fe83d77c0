#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <SDL.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rd-view/monitors.h"
#include "rd-view/options.h"
#include "rd-view/stats.h"
#include "rd-view/view.h"
#include "rd-view/window.h"
#include "wire/msg_picture.h"

/*
 * What SDL tells of devices that no X server without a screen has: fingers, and
 * wheels finer than a notch. Events go through the window that people see, which
 * SDL's dummy driver shows nowhere, and come out as input.
 */
#define WIDTH 400
#define HEIGHT 300

struct desk {
	struct rd_loop *loop;
	struct rd_screen *screen;
	struct options options;
	struct monitors monitors;
	struct stats stats;
	struct view *view;
	struct rd_timer over;
	struct rd_timer later;
	void (*then)(struct desk *d);	/* once nothing is queued, before the run ends so */
	int until;		/* the run ends once so many are noted; 0: when nothing is queued */
	int n;
	bool locks;		/* are noted, too */
	char text[1024];
};

static void
take(void *ctx, const struct rd_input *in)
{
	struct desk *d = ctx;
	char word[64] = "";
	if (in->kind == RD_INPUT_POINTER)
		snprintf(word, sizeof(word), "@%d,%d ", in->x, in->y);
	else if (in->kind == RD_INPUT_BUTTON)
		snprintf(word, sizeof(word), "%cb%u ", in->down ? '+' : '-', in->code);
	else if (in->kind == RD_INPUT_WHEEL)
		snprintf(word, sizeof(word), "w%d,%d ", in->x, in->y);
	else if (in->kind == RD_INPUT_KEY)
		snprintf(word, sizeof(word), "%ck%u ", in->down ? '+' : '-', in->code);
	else if (in->kind == RD_INPUT_LOCKS && d->locks)
		snprintf(word, sizeof(word), "l%u/%u ", in->locks.known, in->locks.on);
	strncat(d->text, word, sizeof(d->text) - strlen(d->text) - 1);
	if (word[0] && ++d->n == d->until)
		rd_loop_stop(d->loop, 0);
}

static void
nothing(void *ctx)
{
	(void)ctx;
}

static void
watches(void *ctx, const struct rd_monitor_names *names)
{
	(void)ctx;
	(void)names;
}

static bool
no(void *ctx)
{
	(void)ctx;
	return false;
}

static bool
no_layout(void *ctx, const char *monitor)
{
	(void)ctx;
	(void)monitor;
	return false;
}

static struct rd_image
picture(void *ctx)
{
	struct desk *d = ctx;
	return *rd_screen_image(d->screen);
}

static bool
yes(void *ctx)
{
	(void)ctx;
	return true;
}

static const struct view_host host = {
	.input = take, .refresh = nothing, .picture = picture, .can_layout = no_layout, .watches = watches,
	.can_locks = yes, .pause = no, .quit = nothing,
};

static void
on_over(void *ctx)
{
	struct desk *d = ctx;
	rd_loop_stop(d->loop, 0);
}

static void
on_later(void *ctx)
{
	struct desk *d = ctx;
	d->then(d);
	rd_timer_set(&d->over, 0);
}

/* Until that many were noted; once in a test, since a loop that has ended is over. */
static void
run(struct desk *d, int until)
{
	d->until = until;
	rd_timer_set(&d->over, until || d->then ? 60 * RD_NS_PER_S : 0);
	if (d->then)
		rd_timer_set(&d->later, 0);
	rd_loop_run(d->loop);
}

static void
say(struct desk *d, uint16_t type, struct rd_buf *b, struct rd_screen_frame *f)
{
	const char *why = "";
	struct rd_msg m = {.type = type, .len = b->len, .data = b->data};
	assert_int_equal(rd_screen_message(d->screen, &m, f, &why), type == RD_MSG_SHOW);
	rd_buf_finish(b);
}

static void
show_picture(struct desk *d)
{
	struct rd_screen_frame f;
	struct rd_buf b = {0};
	const struct rd_begin begin = {.number = 1, .width = WIDTH, .height = HEIGHT,
		.flags = RD_BEGIN_SYNC};
	uint8_t head[RD_RAW_HEADER_SIZE];
	rd_begin_pack(&b, &begin);
	say(d, RD_MSG_BEGIN, &b, &f);
	b = (struct rd_buf){0};
	rd_raw_pack_header(head, (struct rd_rect){0, 0, WIDTH, HEIGHT});
	rd_buf_bytes(&b, head, sizeof(head));
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		rd_buf_u32(&b, 0x336699);
	say(d, RD_MSG_RAW, &b, &f);
	b = (struct rd_buf){0};
	rd_show_pack(&b, RD_SHOW_EXACT);
	say(d, RD_MSG_SHOW, &b, &f);
	assert_int_equal(d->view->ops->frame(d->view, rd_screen_image(d->screen),
		rd_screen_damage(d->screen), &f), 0);
}

static int
open_empty_desk(void **state)
{
	struct desk *d = xcalloc(1, sizeof(*d));
	setenv("SDL_VIDEODRIVER", "dummy", 1);
	d->loop = rd_loop_new();
	d->options.to = "window";
	monitors_want(&d->monitors, "all");
	assert_int_equal(rd_screen_open(&d->screen), 0);
	rd_timer_open(&d->over, d->loop, on_over, d);
	rd_timer_open(&d->later, d->loop, on_later, d);
	const struct view_config cfg = {.options = &d->options, .name = "test", .monitors = &d->monitors,
		.stats = &d->stats, .host = &host, .ctx = d};
	assert_int_equal(view_window.open(&d->view, d->loop, &cfg), 0);
	view_window.started(d->view, true);
	*state = d;
	return 0;
}

static int
open_desk(void **state)
{
	open_empty_desk(state);
	show_picture(*state);
	return 0;
}

static int
close_desk(void **state)
{
	struct desk *d = *state;
	view_window.close(d->view);
	rd_timer_close(&d->over);
	rd_timer_close(&d->later);
	rd_screen_close(d->screen);
	rd_loop_free(d->loop);
	free(d);
	return 0;
}

static void
gave(struct desk *d, const char *want)
{
	assert_string_equal(d->text, want);
	d->text[0] = '\0';
}

/* Whose title begins so. */
static Uint32
window_of(const char *name)
{
	for (Uint32 id = 1; id < 100; id++) {
		SDL_Window *w = SDL_GetWindowFromID(id);
		if (w && strncmp(SDL_GetWindowTitle(w), name, strlen(name)) == 0)
			return id;
	}
	fail_msg("there is no window %s", name);
	return 0;
}

static Uint32
window_id(void)
{
	return window_of("");
}

/* At a place of what fills that window. */
static void
finger_in(Uint32 window, Uint32 type, SDL_FingerID id, int x, int y)
{
	int w, h;
	SDL_GetWindowSize(SDL_GetWindowFromID(window), &w, &h);
	SDL_Event e = {.tfinger = {.type = type, .touchId = 1, .fingerId = id, .windowID = window,
		.x = ((float)x + 0.5f) / (float)w, .y = ((float)y + 0.5f) / (float)h, .pressure = 1}};
	assert_int_equal(SDL_PushEvent(&e), 1);
}

static void
finger(Uint32 type, SDL_FingerID id, int x, int y)
{
	finger_in(window_id(), type, id, x, y);
}

static void
wheel(float x, float y, Uint32 direction)
{
	SDL_Event e = {.wheel = {.type = SDL_MOUSEWHEEL, .windowID = window_id(), .x = (int)x, .y = (int)y,
		.preciseX = x, .preciseY = y, .direction = direction}};
	assert_int_equal(SDL_PushEvent(&e), 1);
}

static void
a_tap_is_a_click(void **state)
{
	struct desk *d = *state;
	finger(SDL_FINGERDOWN, 5, 40, 30);
	finger(SDL_FINGERUP, 5, 41, 31);
	run(d, 0);
	gave(d, "@40,30 +b0 -b0 ");
}

static void
a_finger_drags(void **state)
{
	struct desk *d = *state;
	finger(SDL_FINGERDOWN, 5, 40, 30);
	finger(SDL_FINGERMOTION, 5, 100, 200);
	finger(SDL_FINGERUP, 5, 120, 210);
	run(d, 0);
	gave(d, "@40,30 +b0 @100,200 -b0 ");
}

static void
a_finger_that_rests_is_the_right_button(void **state)
{
	struct desk *d = *state;
	finger(SDL_FINGERDOWN, 5, 40, 30);
	/* The first when the finger comes down. */
	run(d, 3);
	gave(d, "@40,30 @40,30 +b1 ");
}

static void
two_fingers_scroll(void **state)
{
	struct desk *d = *state;
	finger(SDL_FINGERDOWN, 5, 100, 100);
	finger(SDL_FINGERDOWN, 6, 140, 100);
	finger(SDL_FINGERMOTION, 5, 100, 130);
	finger(SDL_FINGERMOTION, 6, 140, 130);
	finger(SDL_FINGERUP, 5, 100, 130);
	finger(SDL_FINGERUP, 6, 140, 130);
	run(d, 0);
	/* 30 pixels of the window are a notch. */
	gave(d, "@100,100 w0,60 w0,60 ");
}

static void
a_wheel_is_added_up(void **state)
{
	struct desk *d = *state;
	wheel(0, 1, SDL_MOUSEWHEEL_NORMAL);
	wheel(-1, 0, SDL_MOUSEWHEEL_NORMAL);
	/* Of a touchpad: a quarter of the unit each time, which alone is none. */
	for (int i = 0; i < 8; i++)
		wheel(0, -1.0f / 480, SDL_MOUSEWHEEL_NORMAL);
	/* Natural here is natural there. */
	wheel(0, 0.5f, SDL_MOUSEWHEEL_FLIPPED);
	run(d, 0);
	gave(d, "w0,120 w-120,0 w0,-1 w0,-1 w0,60 ");
}

static void
key(Uint32 type, SDL_Scancode scancode, SDL_Keycode sym)
{
	SDL_Event e = {.key = {.type = type, .windowID = window_id(),
		.state = type == SDL_KEYDOWN ? SDL_PRESSED : SDL_RELEASED,
		.keysym = {.scancode = scancode, .sym = sym, .mod = (Uint16)SDL_GetModState()}}};
	assert_int_equal(SDL_PushEvent(&e), 1);
}

/* In a window each: the left half of the picture, and the right one. */
static void
show_monitors(struct desk *d, int count)
{
	static const struct rd_monitor v[] = {
		{.rect = {0, 0, WIDTH / 2, HEIGHT}, .primary = true, .name = "left"},
		{.rect = {WIDTH / 2, 0, WIDTH / 2, HEIGHT}, .name = "right"},
	};
	d->monitors.told = true;
	d->monitors.there.count = count;
	memcpy(d->monitors.there.v, v, sizeof(v));
	view_window.monitors(d->view);
}

static void
show_each(struct desk *d)
{
	monitors_want(&d->monitors, "each");
	show_monitors(d, 2);
}

static void
right_one_goes(struct desk *d)
{
	show_monitors(d, 1);
}

static void
button(Uint32 window, Uint32 type, int x, int y)
{
	SDL_Event e = {.button = {.type = type, .windowID = window, .button = SDL_BUTTON_LEFT,
		.state = type == SDL_MOUSEBUTTONDOWN ? SDL_PRESSED : SDL_RELEASED, .x = x, .y = y}};
	assert_int_equal(SDL_PushEvent(&e), 1);
}

static void
a_button_is_let_go_with_its_window(void **state)
{
	struct desk *d = *state;
	show_each(d);
	button(window_of("right"), SDL_MOUSEBUTTONDOWN, 10, 20);
	d->then = right_one_goes;
	run(d, 0);
	gave(d, "@210,20 +b0 -b0 ");
}

static void
keys_are_let_go_with_their_window(void **state)
{
	struct desk *d = *state;
	show_each(d);
	SDL_Event e = {.window = {.type = SDL_WINDOWEVENT, .windowID = window_of("right"),
		.event = SDL_WINDOWEVENT_FOCUS_GAINED}};
	assert_int_equal(SDL_PushEvent(&e), 1);
	key(SDL_KEYDOWN, SDL_SCANCODE_RETURN, SDLK_RETURN);
	d->then = right_one_goes;
	run(d, 0);
	gave(d, "+k28 -k28 ");
}

static void
right_one_goes_and_left_is_tapped(struct desk *d)
{
	const Uint32 gone = window_of("right");
	show_monitors(d, 1);
	/* SDL knows its size no more. */
	SDL_Event up = {.tfinger = {.type = SDL_FINGERUP, .touchId = 1, .fingerId = 5, .windowID = gone}};
	assert_int_equal(SDL_PushEvent(&up), 1);
	finger_in(window_of("left"), SDL_FINGERDOWN, 6, 50, 60);
	finger_in(window_of("left"), SDL_FINGERUP, 6, 50, 60);
}

static void
fingers_go_with_their_window(void **state)
{
	struct desk *d = *state;
	show_each(d);
	finger_in(window_of("right"), SDL_FINGERDOWN, 5, 10, 20);
	finger_in(window_of("right"), SDL_FINGERMOTION, 5, 60, 80);
	d->then = right_one_goes_and_left_is_tapped;
	run(d, 0);
	gave(d, "@210,20 +b0 @260,80 -b0 @50,60 +b0 -b0 ");
}

/* Where the first one is, is where it is: the other may be in another window. */
static void
fingers_of_two_windows_are_one(void **state)
{
	struct desk *d = *state;
	show_each(d);
	finger_in(window_of("right"), SDL_FINGERDOWN, 5, 10, 20);
	finger_in(window_of("left"), SDL_FINGERDOWN, 6, 100, 100);
	finger_in(window_of("right"), SDL_FINGERMOTION, 5, 60, 80);
	finger_in(window_of("left"), SDL_FINGERUP, 6, 100, 100);
	finger_in(window_of("right"), SDL_FINGERUP, 5, 60, 80);
	run(d, 0);
	gave(d, "@210,20 +b0 @260,80 -b0 ");
}

static void
what_is_over_grabs_nothing(void **state)
{
	struct desk *d = *state;
	d->options.grab = true;
	view_window.hold(d->view, &(struct view_end){.reason = "over"});
	assert_false(SDL_GetWindowKeyboardGrab(SDL_GetWindowFromID(window_id())));
}

/* As with a window system that says no more than SDL does. */
static void
locks_follow_what_sdl_knows(void **state)
{
	struct desk *d = *state;
	d->locks = true;
	view_window.locked(d->view, &(struct rd_locks){RD_LOCK_CAPS | RD_LOCK_NUM, 0});
	SDL_SetModState(KMOD_CAPS);
	key(SDL_KEYDOWN, SDL_SCANCODE_RETURN, SDLK_RETURN);
	key(SDL_KEYUP, SDL_SCANCODE_RETURN, SDLK_RETURN);
	run(d, 0);
	SDL_SetModState(KMOD_NONE);
	assert_non_null(strstr(d->text, "l3/1 "));
}

/* Alt-Tab into the window would be Alt alone over there; with Control one may click. */
static void
modifiers_of_another_window_are_not_tapped(void **state)
{
	struct desk *d = *state;
	SDL_Event focus = {.window = {.type = SDL_WINDOWEVENT, .windowID = window_id(),
		.event = SDL_WINDOWEVENT_FOCUS_GAINED}};
	assert_int_equal(SDL_PushEvent(&focus), 1);
	key(SDL_KEYDOWN, SDL_SCANCODE_LALT, SDLK_LALT);
	key(SDL_KEYDOWN, SDL_SCANCODE_LCTRL, SDLK_LCTRL);
	key(SDL_KEYUP, SDL_SCANCODE_LALT, SDLK_LALT);
	key(SDL_KEYUP, SDL_SCANCODE_LCTRL, SDLK_LCTRL);
	run(d, 0);
	gave(d, "+k29 -k29 ");
}

/* What was folded for the little window that nobody saw. */
static void
an_early_notice_is_folded_for_its_window(void **state)
{
	struct desk *d = *state;
	const struct window *w = (const struct window *)d->view;
	view_window.notice(d->view, "the host's own monitors are not blank, whatever was asked for");
	const int before = w->panes[0]->present.sprites[SPRITE_NOTICE].im.height;
	show_picture(d);
	const struct present *p = &w->panes[0]->present;
	const struct rd_image *box = &p->sprites[SPRITE_NOTICE].im;
	assert_int_equal(p->width, WIDTH);
	assert_true(box->width > WIDTH / 2 && box->width <= WIDTH);
	assert_true(box->height < before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_tap_is_a_click, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_finger_drags, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_finger_that_rests_is_the_right_button, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(two_fingers_scroll, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_wheel_is_added_up, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(a_button_is_let_go_with_its_window, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(keys_are_let_go_with_their_window, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(fingers_go_with_their_window, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(fingers_of_two_windows_are_one, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(what_is_over_grabs_nothing, open_empty_desk, close_desk),
		cmocka_unit_test_setup_teardown(an_early_notice_is_folded_for_its_window, open_empty_desk, close_desk),
		cmocka_unit_test_setup_teardown(locks_follow_what_sdl_knows, open_desk, close_desk),
		cmocka_unit_test_setup_teardown(modifiers_of_another_window_are_not_tapped, open_desk, close_desk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
