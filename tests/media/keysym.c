#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/input.h"

static void
latin1_is_itself(void **state)
{
	(void)state;
	assert_int_equal(rd_keysym_of_unicode('a'), 'a');
	assert_int_equal(rd_keysym_of_unicode(' '), ' ');
	assert_int_equal(rd_keysym_of_unicode('~'), '~');
	assert_int_equal(rd_keysym_of_unicode(0xa0), 0xa0);
	assert_int_equal(rd_keysym_of_unicode(0xe9), 0xe9);	/* é */
	assert_int_equal(rd_keysym_of_unicode(0xff), 0xff);
	assert_int_equal(rd_keysym_to_unicode(0xe9), 0xe9);
}

static void
others_are_above_unicode(void **state)
{
	(void)state;
	assert_int_equal(rd_keysym_of_unicode(0x20ac), 0x010020ac);	/* € */
	assert_int_equal(rd_keysym_of_unicode(0x6f22), 0x01006f22);	/* 漢 */
	assert_int_equal(rd_keysym_of_unicode(0x1f600), 0x0101f600);
	assert_int_equal(rd_keysym_of_unicode(0x10ffff), 0x0110ffff);
	assert_int_equal(rd_keysym_to_unicode(0x010020ac), 0x20ac);
	/* some write Latin-1 this way, too */
	assert_int_equal(rd_keysym_to_unicode(0x010000e9), 0xe9);
}

static void
some_are_no_character(void **state)
{
	(void)state;
	static const uint32_t cps[] = {0, 1, 0x1f, 0x80, 0x9f, 0xd800, 0xdfff, 0x110000, UINT32_MAX};
	for (size_t i = 0; i < sizeof(cps) / sizeof(cps[0]); i++)
		assert_int_equal(rd_keysym_of_unicode(cps[i]), 0);
	static const uint32_t keysyms[] = {0, 0x1f, 0x80, 0x01000000, 0x0100001f, 0x01000080,
		0x0100d800, 0x01110000, 0xffe1 /* Shift_L */, 0xffbe /* F1 */, 0xfe51 /* dead_acute */,
		0xff63 /* Insert */, UINT32_MAX};
	for (size_t i = 0; i < sizeof(keysyms) / sizeof(keysyms[0]); i++)
		assert_int_equal(rd_keysym_to_unicode(keysyms[i]), 0);
}

static void
control_characters_are_keys(void **state)
{
	(void)state;
	assert_int_equal(rd_keysym_of_unicode('\n'), 0xff0d);
	assert_int_equal(rd_keysym_of_unicode('\r'), 0xff0d);
	assert_int_equal(rd_keysym_of_unicode('\t'), 0xff09);
	assert_int_equal(rd_keysym_of_unicode('\b'), 0xff08);
	assert_int_equal(rd_keysym_of_unicode(0x1b), 0xff1b);
	assert_int_equal(rd_keysym_of_unicode(0x7f), 0xffff);
	assert_int_equal(rd_keysym_to_unicode(0xff8d), '\r');	/* KP_Enter */
	assert_int_equal(rd_keysym_to_unicode(0xff89), '\t');	/* KP_Tab */
}

static void
the_keypad_writes(void **state)
{
	(void)state;
	static const char keys[] = "*+,-./0123456789";
	for (uint32_t i = 0; keys[i]; i++)
		assert_int_equal(rd_keysym_to_unicode(0xffaa + i), keys[i]);
	assert_int_equal(rd_keysym_to_unicode(0xff80), ' ');
	assert_int_equal(rd_keysym_to_unicode(0xffbd), '=');
}

static void
comes_back(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		const uint32_t keysym = rd_keysym_of_unicode(cp);
		if (keysym && cp != '\n')
			assert_int_equal(rd_keysym_to_unicode(keysym), cp);
	}
}

static void
modifiers_are_told(void **state)
{
	(void)state;
	static const uint32_t are[] = {0xffe1 /* Shift_L */, 0xffe5 /* Caps_Lock */, 0xffee /* Hyper_R */,
		0xfe01 /* ISO_Lock */, 0xfe03 /* AltGr */, 0xfe13 /* ISO_Level5_Lock */,
		0xff7e /* Mode_switch */, 0xff7f /* Num_Lock */};
	static const uint32_t are_not[] = {0, 'a', 0xff0d /* Return */, 0xff20 /* Multi_key */,
		0xff7d, 0xff80, 0xffe0, 0xffef, 0xfe00, 0xfe14, 0xfe50 /* a dead key */, 0xffff};
	for (size_t i = 0; i < sizeof(are) / sizeof(are[0]); i++)
		assert_true(rd_keysym_is_modifier(are[i]));
	for (size_t i = 0; i < sizeof(are_not) / sizeof(are_not[0]); i++)
		assert_false(rd_keysym_is_modifier(are_not[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latin1_is_itself),
		cmocka_unit_test(others_are_above_unicode),
		cmocka_unit_test(some_are_no_character),
		cmocka_unit_test(control_characters_are_keys),
		cmocka_unit_test(the_keypad_writes),
		cmocka_unit_test(comes_back),
		cmocka_unit_test(modifiers_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
