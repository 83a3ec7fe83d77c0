#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include <xkbcommon/xkbcommon-keysyms.h>

#include "desktop/keymap.h"

#define SHIFT 0x01u
#define LOCK 0x02u
#define CONTROL 0x04u
#define MOD1 0x08u	/* Alt */
#define MOD2 0x10u	/* Num Lock */
#define MOD5 0x80u	/* AltGr */

/* evdev codes, and the keycodes of modifiers */
#define KEY_2 3
#define KEY_3 4
#define KEY_7 8
#define KEY_Q 16
#define KEY_E 18
#define KEY_T 20
#define KEY_Y 21
#define KEY_A 30
#define KEY_Z 44
#define KEY_C 46
#define KEY_CAPSLOCK 58
#define KEY_KP4 75
#define KEY_SYSRQ 99
#define KEY_RIGHTALT 100
#define SHIFT_L 50

/* Keymaps are compiled from the same files that setxkbmap uses. */
struct layout {
	struct rd_keymap *km;
	struct rd_keystate st;
	struct rd_keyplan plan;
};

static struct layout
layout(const char *name)
{
	struct xkb_rule_names names = {.rules = "evdev", .model = "pc105", .layout = name};
	struct xkb_context *ctx = xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
	struct xkb_keymap *xkb = xkb_keymap_new_from_names(ctx, &names, 0);
	struct layout l = {0};

	assert_non_null(xkb);
	l.km = rd_keymap_new(xkb);
	xkb_keymap_unref(xkb);
	xkb_context_unref(ctx);
	return l;
}

static int
find(struct layout *l, uint16_t code, uint32_t keysym)
{
	return rd_keymap_find(l->km, code, keysym, &l->st, &l->plan);
}

/* Found at that evdev code, with `adds` modifiers pressed for it. */
static void
expect(struct layout *l, uint16_t code, uint32_t keysym, uint16_t at, int adds)
{
	assert_int_equal(find(l, code, keysym), 0);
	assert_int_equal(l->plan.keycode, at + 8);
	assert_int_equal(l->plan.add_count, adds);
	assert_int_equal(l->plan.lift, 0);
	assert_int_equal(l->plan.locked, l->st.locked);
	assert_int_equal(l->plan.group, l->st.group);
}

static void
presses_the_same_key_on_the_same_layout(void **state)
{
	(void)state;
	struct layout l = layout("us");

	expect(&l, KEY_A, 'a', KEY_A, 0);
	l.st.base = l.st.ours = SHIFT;
	expect(&l, KEY_A, 'A', KEY_A, 0);
	expect(&l, KEY_2, '@', KEY_2, 0);
	l.st.base = l.st.ours = 0;
	l.st.locked = LOCK;
	expect(&l, KEY_A, 'A', KEY_A, 0);
	rd_keymap_free(l.km);
}

static void
presses_every_key_that_means_nothing(void **state)
{
	(void)state;
	struct layout l = layout("de");

	for (uint16_t code = 1; code <= 247; code++)
		expect(&l, code, 0, code, 0);
	assert_int_equal(find(&l, 0, 0), -ENODATA);
	assert_int_equal(find(&l, 248, 0), -ENODATA);
	assert_int_equal(find(&l, UINT16_MAX, 0), -ENODATA);
	rd_keymap_free(l.km);
}

static void
finds_the_key_on_another_layout(void **state)
{
	(void)state;
	struct layout l = layout("us");

	/* from a French keyboard */
	expect(&l, KEY_Q, 'a', KEY_A, 0);
	/* from a German one */
	expect(&l, KEY_Y, 'z', KEY_Z, 0);
	l.st.base = l.st.ours = SHIFT;
	expect(&l, KEY_Y, 'Z', KEY_Z, 0);
	rd_keymap_free(l.km);
}

static void
adds_and_lifts_modifiers(void **state)
{
	(void)state;
	struct layout us = layout("us"), de = layout("de");

	expect(&us, 0, '@', KEY_2, 1);
	assert_int_equal(us.plan.add[0], SHIFT_L);
	/* Shift+7 is / in Germany, and / has its own key here. */
	us.st.base = us.st.ours = SHIFT;
	assert_int_equal(find(&us, KEY_7, '/'), 0);
	assert_int_equal(us.plan.lift, SHIFT);
	assert_int_equal(us.plan.add_count, 0);
	/* … but if somebody else holds Shift it cannot be lifted. */
	us.st.ours = 0;
	assert_int_equal(find(&us, KEY_7, '/'), -ENOENT);

	expect(&de, 0, XKB_KEY_EuroSign, KEY_E, 1);
	expect(&de, 0, 0x010020ac, KEY_E, 1);
	de.st.base = de.st.ours = SHIFT;
	assert_int_equal(find(&de, 0, '@'), 0);
	assert_int_equal(de.plan.keycode, KEY_Q + 8);
	assert_int_equal(de.plan.lift, SHIFT);
	assert_int_equal(de.plan.add_count, 1);
	assert_int_equal(rd_keymap_mods(de.km, de.plan.add[0]), MOD5);
	rd_keymap_free(us.km);
	rd_keymap_free(de.km);
}

static void
types_through_caps_lock(void **state)
{
	(void)state;
	struct layout us = layout("us"), fr = layout("fr");

	us.st.locked = fr.st.locked = LOCK;
	expect(&us, KEY_A, 'a', KEY_A, 1);
	expect(&us, KEY_A, 'A', KEY_A, 0);
	expect(&us, KEY_2, '2', KEY_2, 0);
	/* No modifier makes é of É here. */
	assert_int_equal(find(&fr, KEY_2, XKB_KEY_eacute), 0);
	assert_int_equal(fr.plan.keycode, KEY_2 + 8);
	assert_int_equal(fr.plan.locked, 0);
	rd_keymap_free(us.km);
	rd_keymap_free(fr.km);
}

static void
knows_the_keypad(void **state)
{
	(void)state;
	struct layout l = layout("us");

	expect(&l, KEY_KP4, XKB_KEY_KP_Left, KEY_KP4, 0);
	assert_int_equal(find(&l, KEY_KP4, XKB_KEY_KP_4), 0);
	assert_int_equal(l.plan.keycode, KEY_KP4 + 8);
	l.st.locked = MOD2;
	expect(&l, KEY_KP4, XKB_KEY_KP_4, KEY_KP4, 0);
	/* Shift would do too, and select text. */
	assert_int_equal(find(&l, KEY_KP4, XKB_KEY_KP_Left), 0);
	assert_int_equal(l.plan.keycode, KEY_KP4 + 8);
	assert_int_equal(l.plan.add_count, 0);
	assert_int_equal(l.plan.locked, 0);
	rd_keymap_free(l.km);
}

static void
goes_to_another_group_when_it_must(void **state)
{
	(void)state;
	struct layout l = layout("us,ru");

	expect(&l, KEY_A, 'a', KEY_A, 0);
	assert_int_equal(find(&l, 39, XKB_KEY_Cyrillic_zhe), 0);
	assert_int_equal(l.plan.keycode, 39 + 8);
	assert_int_equal(l.plan.group, 1);
	l.st.group = 1;
	assert_int_equal(find(&l, 0, 0x01000436), 0);
	assert_int_equal(l.plan.group, 1);
	assert_int_equal(find(&l, KEY_A, 'a'), 0);
	assert_int_equal(l.plan.group, 0);
	rd_keymap_free(l.km);
}

static void
says_when_no_key_gives_it(void **state)
{
	(void)state;
	struct layout l = layout("us");

	assert_int_equal(find(&l, KEY_2, XKB_KEY_eacute), -ENOENT);
	assert_int_equal(find(&l, 0, 0x01006f22), -ENOENT);
	assert_int_equal(find(&l, 0, 0x0101f600), -ENOENT);
	assert_int_equal(find(&l, 40, XKB_KEY_dead_acute), -ENOENT);
	assert_int_equal(find(&l, KEY_A, UINT32_MAX), 0);
	/* No character, for which a key would be made: the server would obey it. */
	for (uint32_t sym = XKB_KEY_AccessX_Enable; sym <= XKB_KEY_AudibleBell_Enable; sym++)
		assert_int_equal(find(&l, 0, sym), -ENODATA);
	rd_keymap_free(l.km);
}

static void
function_keys_are_themselves(void **state)
{
	(void)state;
	struct layout l = layout("us");

	expect(&l, 59, XKB_KEY_F1, 59, 0);
	expect(&l, 28, XKB_KEY_Return, 28, 0);
	expect(&l, KEY_SYSRQ, XKB_KEY_Sys_Req, KEY_SYSRQ, 0);
	l.st.base = l.st.ours = SHIFT;
	expect(&l, 15, XKB_KEY_Tab, 15, 0);
	expect(&l, 15, XKB_KEY_ISO_Left_Tab, 15, 0);
	/* Without a code, by meaning. */
	expect(&l, 0, XKB_KEY_Return, 28, 0);
	/* Unknown here: the key in its place. */
	expect(&l, 183, XKB_KEY_F35, 183, 0);
	assert_int_equal(find(&l, 0, XKB_KEY_F35), -ENODATA);
	rd_keymap_free(l.km);
}

static void
modifiers_go_by_meaning(void **state)
{
	(void)state;
	struct layout us = layout("us"), de = layout("de");

	expect(&us, 42, XKB_KEY_Shift_L, 42, 0);
	/* A viewer that has Control where Caps Lock is here. */
	expect(&us, KEY_CAPSLOCK, XKB_KEY_Control_L, 29, 0);
	expect(&us, KEY_CAPSLOCK, XKB_KEY_Caps_Lock, KEY_CAPSLOCK, 0);
	/* AltGr must not become Alt, nor Alt AltGr. */
	assert_int_equal(find(&us, KEY_RIGHTALT, XKB_KEY_ISO_Level3_Shift), 0);
	assert_int_equal(rd_keymap_mods(us.km, us.plan.keycode), MOD5);
	assert_int_equal(find(&de, KEY_RIGHTALT, XKB_KEY_Alt_R), 0);
	assert_int_equal(rd_keymap_mods(de.km, de.plan.keycode), MOD1);
	assert_int_equal(find(&us, KEY_RIGHTALT, XKB_KEY_ISO_Level5_Lock), -ENODATA);
	/* Compose is on some key that is a modifier here: it is not pressed for that. */
	assert_int_equal(find(&us, KEY_RIGHTALT, XKB_KEY_Multi_key), -ENODATA);
	assert_int_equal(find(&de, KEY_CAPSLOCK, XKB_KEY_Eisu_toggle), -ENODATA);
	assert_int_equal(find(&us, 183, XKB_KEY_Multi_key), 0);
	rd_keymap_free(us.km);
	rd_keymap_free(de.km);
}

static void
commands_go_by_the_key_of_the_letter(void **state)
{
	(void)state;
	struct layout us = layout("us"), fr = layout("fr"), ru = layout("ru"), both = layout("us,ru");

	us.st.base = us.st.ours = CONTROL;
	expect(&us, KEY_C, 'c', KEY_C, 0);
	expect(&us, KEY_C, 'C', KEY_C, 0); /* Caps Lock at the viewer */
	expect(&us, KEY_Q, 'a', KEY_A, 0); /* a French viewer */
	expect(&us, KEY_C, XKB_KEY_Cyrillic_es, KEY_C, 0); /* a Russian one */
	us.st.base = us.st.ours = CONTROL | SHIFT;
	expect(&us, KEY_T, 'T', KEY_T, 0);
	expect(&us, KEY_T, 't', KEY_T, 0);
	expect(&us, KEY_Q, 'A', KEY_A, 0);
	us.st.base = us.st.ours = CONTROL | MOD1;
	expect(&us, KEY_T, 't', KEY_T, 0);
	fr.st.base = fr.st.ours = MOD1;
	expect(&fr, KEY_A, 'a', KEY_Q, 0);
	/* Where there is no c at all, one has to be made … */
	ru.st.base = ru.st.ours = CONTROL;
	assert_int_equal(find(&ru, KEY_C, 'c'), -ENOENT);
	expect(&ru, KEY_C, XKB_KEY_Cyrillic_es, KEY_C, 0);
	/* … and where another layout has it, that is used. */
	both.st.base = both.st.ours = CONTROL;
	both.st.group = 1;
	assert_int_equal(find(&both, KEY_C, 'c'), 0);
	assert_int_equal(both.plan.keycode, KEY_C + 8);
	assert_int_equal(both.plan.group, 0);
	rd_keymap_free(us.km);
	rd_keymap_free(fr.km);
	rd_keymap_free(ru.km);
	rd_keymap_free(both.km);
}

static void
names_its_spare_keys(void **state)
{
	(void)state;
	static const char *const names[] = {"us", "de", "fr", "ru", "us,ru", "jp", "gr", "il"};

	for (int i = 0; i < 8; i++) {
		struct layout l = layout(names[i]);
		uint32_t keysym;
		int n = 0;

		for (unsigned k = 0; k < 256; k++)
			n += rd_keymap_spare(l.km, (uint8_t)k, &keysym);
		assert_true(n >= 10);
		/* No key that a keyboard has characters on. */
		for (uint8_t k = 10; k <= 61; k++)
			assert_false(rd_keymap_spare(l.km, k, &keysym));
		assert_false(rd_keymap_spare(l.km, 65, &keysym));
		rd_keymap_free(l.km);
	}
}

/* A keymap as the server has it once an injector has bound some keys. */
static const char bound_text[] =
	"xkb_keymap {\n"
	"xkb_keycodes \"c\" { minimum = 8; maximum = 255; <A> = 38; <M> = 93; <N> = 248;\n"
	"	<O> = 230; };\n"
	"xkb_types \"t\" {\n"
	"	type \"TWO_LEVEL\" { modifiers = Shift; map[Shift] = Level2;\n"
	"		level_name[Level1] = \"Base\"; level_name[Level2] = \"Shift\"; };\n"
	"};\n"
	"xkb_compatibility \"c\" { };\n"
	"xkb_symbols \"s\" { key <A> { [a, a] }; key <M> { [eacute, eacute] };\n"
	"	key <N> { [U6F22, U6F22] }; key <O> { [BackSpace, BackSpace] }; };\n"
	"};\n";

static void
knows_what_injectors_left(void **state)
{
	(void)state;
	struct xkb_context *ctx = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	struct xkb_keymap *xkb = xkb_keymap_new_from_string(ctx, bound_text,
		XKB_KEYMAP_FORMAT_TEXT_V1, 0);
	struct rd_keymap *km = rd_keymap_new(xkb);
	struct rd_keystate st = {0};
	struct rd_keyplan plan;
	uint32_t keysym = 0;

	assert_true(rd_keymap_spare(km, 248, &keysym));
	assert_int_equal(keysym, 0x01006f22);
	assert_int_equal(rd_keymap_find(km, 0, 0x01006f22, &st, &plan), -ENOENT);
	/* Where a layout may have characters only what we know to be ours is spare. */
	assert_false(rd_keymap_spare(km, 38, &keysym));
	assert_false(rd_keymap_spare(km, 93, &keysym));
	assert_false(rd_keymap_spare(km, 230, &keysym));
	assert_int_equal(rd_keymap_find(km, 0, XKB_KEY_eacute, &st, &plan), 0);
	assert_false(rd_keymap_reserve(km, 93, XKB_KEY_ntilde));
	assert_true(rd_keymap_reserve(km, 93, XKB_KEY_eacute));
	assert_int_equal(rd_keymap_find(km, 0, XKB_KEY_eacute, &st, &plan), -ENOENT);
	rd_keymap_free(km);
	xkb_keymap_unref(xkb);
	xkb_context_unref(ctx);
}

static void
plans_spare_keys(void **state)
{
	(void)state;
	struct rd_keystate st = {.base = SHIFT, .ours = SHIFT, .locked = LOCK | MOD2, .group = 1};
	struct rd_keyplan plan;

	rd_keymap_plan_spare(248, 0x01006f22, &st, &plan);
	assert_int_equal(plan.keycode, 248);
	assert_int_equal(plan.locked, LOCK | MOD2);
	assert_int_equal(plan.group, 1);
	assert_int_equal(plan.lift, 0);
	rd_keymap_plan_spare(248, XKB_KEY_eacute, &st, &plan);
	assert_int_equal(plan.locked, MOD2);
	rd_keymap_plan_spare(248, XKB_KEY_Eacute, &st, &plan);
	assert_int_equal(plan.locked, LOCK | MOD2);
}

static void
one_character_has_one_name(void **state)
{
	(void)state;

	assert_int_equal(rd_keysym_canonical(XKB_KEY_EuroSign), 0x010020ac);
	assert_int_equal(rd_keysym_canonical(0x010020ac), 0x010020ac);
	assert_int_equal(rd_keysym_canonical(0x010000e9), 0xe9);
	assert_int_equal(rd_keysym_canonical(XKB_KEY_Cyrillic_zhe), 0x01000436);
	assert_int_equal(rd_keysym_canonical(XKB_KEY_Return), XKB_KEY_Return);
	assert_int_equal(rd_keysym_canonical(XKB_KEY_KP_4), XKB_KEY_KP_4);
	assert_int_equal(rd_keysym_canonical(XKB_KEY_dead_acute), XKB_KEY_dead_acute);
	assert_int_equal(rd_keysym_canonical(0), 0);
}

/* Whatever a plan says, the layout then gives the keysym: every key, every level. */
static void
check_every_level(struct layout *l, const char *name)
{
	struct xkb_context *ctx = xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
	struct xkb_rule_names names = {.rules = "evdev", .model = "pc105", .layout = name};
	struct xkb_keymap *xkb = xkb_keymap_new_from_names(ctx, &names, 0);
	struct xkb_state *xs = xkb_state_new(xkb);

	for (uint16_t code = 2; code <= 53; code++) {
		uint32_t levels = xkb_keymap_num_levels_for_key(xkb, code + 8u, 0);

		for (uint32_t level = 0; level < levels; level++) {
			const xkb_keysym_t *syms;
			uint32_t mods = 0;

			if (xkb_keymap_key_get_syms_by_level(xkb, code + 8u, 0, level, &syms) != 1 ||
					xkb_keysym_to_utf32(syms[0]) < 0x20)
				continue;
			if (find(l, code, syms[0]) != 0)
				continue;
			for (int i = 0; i < l->plan.add_count; i++)
				mods |= rd_keymap_mods(l->km, l->plan.add[i]);
			mods |= l->st.base & ~l->plan.lift;
			xkb_state_update_mask(xs, mods, 0, l->plan.locked, 0, 0, l->plan.group);
			assert_int_equal(rd_keysym_canonical(
				xkb_state_key_get_one_sym(xs, l->plan.keycode)),
				rd_keysym_canonical(syms[0]));
		}
	}
	xkb_state_unref(xs);
	xkb_keymap_unref(xkb);
	xkb_context_unref(ctx);
}

static void
plans_give_what_was_asked_for(void **state)
{
	(void)state;
	static const char *const names[] = {"us", "de", "fr", "ru", "us,ru"};
	static const uint32_t held[] = {0, SHIFT, MOD5, SHIFT | MOD5};
	static const uint32_t locked[] = {0, LOCK, MOD2, LOCK | MOD2};

	for (int i = 0; i < 5; i++) {
		struct layout l = layout(names[i]);

		for (int j = 0; j < 16; j++) {
			l.st.base = l.st.ours = held[j % 4];
			l.st.locked = locked[j / 4];
			check_every_level(&l, names[i]);
		}
		rd_keymap_free(l.km);
	}
}

static void
names_the_locks_that_a_key_switches(void **state)
{
	(void)state;
	struct layout l = layout("us");

	assert_int_equal(rd_keymap_lock_mods(l.km, RD_LOCK_CAPS), LOCK);
	assert_int_equal(rd_keymap_lock_mods(l.km, RD_LOCK_NUM), MOD2);
	assert_int_equal(rd_keymap_lock_mods(l.km, 0xff), LOCK | MOD2);
	struct rd_locks now = rd_keymap_locks(l.km, MOD2 | SHIFT);
	assert_int_equal(now.known, RD_LOCK_CAPS | RD_LOCK_NUM);
	assert_int_equal(now.on, RD_LOCK_NUM);
	rd_keymap_free(l.km);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presses_the_same_key_on_the_same_layout),
		cmocka_unit_test(presses_every_key_that_means_nothing),
		cmocka_unit_test(finds_the_key_on_another_layout),
		cmocka_unit_test(adds_and_lifts_modifiers),
		cmocka_unit_test(types_through_caps_lock),
		cmocka_unit_test(knows_the_keypad),
		cmocka_unit_test(goes_to_another_group_when_it_must),
		cmocka_unit_test(says_when_no_key_gives_it),
		cmocka_unit_test(function_keys_are_themselves),
		cmocka_unit_test(modifiers_go_by_meaning),
		cmocka_unit_test(commands_go_by_the_key_of_the_letter),
		cmocka_unit_test(names_its_spare_keys),
		cmocka_unit_test(knows_what_injectors_left),
		cmocka_unit_test(plans_spare_keys),
		cmocka_unit_test(one_character_has_one_name),
		cmocka_unit_test(plans_give_what_was_asked_for),
		cmocka_unit_test(names_the_locks_that_a_key_switches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
