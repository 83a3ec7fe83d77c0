#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <xkbcommon/xkbcommon-keysyms.h>

#include "rd-indicator/chords.h"

#define SHIFT 10
#define CONTROL 11
#define CONTROL_R 12
#define ALT 13
#define SUPER 14
#define P 15
#define E 16

static const uint32_t syms[] = {
	XKB_KEY_Shift_L, 0, XKB_KEY_Control_L, 0, XKB_KEY_Control_R, 0, XKB_KEY_Alt_L, XKB_KEY_Meta_L,
	XKB_KEY_Super_L, 0, XKB_KEY_p, XKB_KEY_P, XKB_KEY_e, XKB_KEY_E,
};
static const uint8_t mods[16] = {SHIFT, 0, 0, 0, CONTROL, CONTROL_R, ALT, 0, 0, 0, 0, 0, SUPER, 0, 0, 0};

static struct chords
chords(const char *pause, const char *end)
{
	struct chords c = {.chord = {{.text = pause, .does = PANEL_PAUSE}, {.text = end, .does = PANEL_END}}};
	const struct chords_map map = {syms, SHIFT, 7, 2, mods, 2};
	const char *nearest;
	char *bad;
	assert_int_equal(rd_chord_parse(&c.chord[0].wanted, pause, &bad, &nearest), 0);
	assert_int_equal(rd_chord_parse(&c.chord[1].wanted, end, &bad, &nearest), 0);
	assert_true(chords_mapped(&c, &map));
	assert_false(chords_mapped(&c, &map));
	return c;
}

static void
test_others_held(void **state)
{
	struct chords c = chords("ctrl+alt+p", "ctrl+alt+e");
	(void)state;
	assert_int_equal(c.chord[0].mask, 0x0c);
	/* A viewer holds Super, and the very key; the person here has the other Control. */
	chords_down(&c, 4, SUPER, 1);
	assert_int_equal(chords_down(&c, 4, P, 2), PANEL_NONE);
	chords_down(&c, 9, CONTROL_R, 3);
	assert_int_equal(chords_down(&c, 9, P, 4), PANEL_NONE);
	chords_up(&c, 9, P);
	chords_down(&c, 9, ALT, 5);
	assert_int_equal(chords_down(&c, 9, P, 6), PANEL_PAUSE);
	/* Held, it repeats. */
	assert_int_equal(chords_down(&c, 9, P, 7), PANEL_NONE);
	chords_up(&c, 9, P);
	assert_int_equal(chords_down(&c, 9, P, 8), PANEL_PAUSE);
	assert_int_equal(chords_down(&c, 9, E, 9), PANEL_END);
	chords_up(&c, 9, ALT);
	chords_up(&c, 9, E);
	assert_int_equal(chords_down(&c, 9, E, 10), PANEL_NONE);
}

/* The server knows of modifiers that no key is down for. */
static void
test_sticky(void **state)
{
	struct chords c = chords("ctrl+alt+p", "ctrl+alt+e");
	(void)state;
	assert_int_equal(chords_down(&c, 9, P, 20), PANEL_NONE);
	assert_int_equal(chords_effective(&c, P, 0x04, 20), PANEL_NONE);
	chords_up(&c, 9, P);
	assert_int_equal(chords_down(&c, 9, P, 21), PANEL_NONE);
	assert_int_equal(chords_effective(&c, P, 0x1e, 21), PANEL_PAUSE);
	/* One press counts once, whoever tells of it. */
	assert_int_equal(chords_effective(&c, P, 0x1e, 21), PANEL_NONE);
	assert_int_equal(chords_down(&c, 9, P, 22), PANEL_NONE);
	assert_int_equal(chords_effective(&c, P, 0x1e, 22), PANEL_NONE);
	chords_down(&c, 9, CONTROL, 23);
	chords_down(&c, 9, ALT, 23);
	assert_int_equal(chords_down(&c, 9, E, 24), PANEL_END);
	assert_int_equal(chords_effective(&c, E, 0x0c, 24), PANEL_NONE);
}

/* Of two that are meant, it is the one that says more. */
static void
test_one_in_the_other(void **state)
{
	struct chords c = chords("super+p", "super+shift+p");
	(void)state;
	chords_down(&c, 9, SUPER, 1);
	assert_int_equal(chords_down(&c, 9, P, 2), PANEL_PAUSE);
	chords_up(&c, 9, P);
	chords_down(&c, 9, SHIFT, 3);
	assert_int_equal(chords_down(&c, 9, P, 4), PANEL_END);
	chords_forget(&c);
	assert_int_equal(chords_down(&c, 9, P, 5), PANEL_NONE);
}

/* A keyboard without one of the modifiers has no such chord, and never fewer of them. */
static void
test_lacks(void **state)
{
	struct chords c = chords("altgr+p", "ctrl+e");
	(void)state;
	assert_int_equal(c.chord[0].code, 0);
	assert_int_equal(c.chord[1].code, E);
	assert_int_equal(chords_down(&c, 9, P, 1), PANEL_NONE);
	/* Numbers of devices and keys are the server's: none is beyond what we have. */
	assert_int_equal(chords_down(&c, 65535, 0xffffffff, 2), PANEL_NONE);
	chords_up(&c, 65535, 0xffffffff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_others_held),
		cmocka_unit_test(test_sticky),
		cmocka_unit_test(test_one_in_the_other),
		cmocka_unit_test(test_lacks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
