#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "media/keyname.h"

static void
knows_names(void **state)
{
	(void)state;
	static const struct { const char *name; uint32_t keysym; } cases[] = {
		{"Return", 0xff0d}, {"enter", 0xff0d}, {"Page_Up", 0xff55}, {"pageup", 0xff55},
		{"F1", 0xffbe}, {"f12", 0xffc9}, {"F35", 0xffe0}, {"F36", 0}, {"F0", 0}, {"a", 'a'},
		{"A", 'A'}, {"1", '1'}, {"\xc3\xa9", 0xe9}, {"\xe6\xbc\xa2", 0x1006f22},
		{"0xff0d", 0xff0d}, {"U+20AC", 0x10020ac}, {"0x", 0}, {"U+", 0}, {"", 0}, {"no", 0},
		{"\xff", 0}, {"\xc0\x80", 0}, {"Control_L", 0xffe3}, {"+", '+'}, {"0x20000000", 0},
		{"averyverylongnamethatnokeyhasinanylanguage", 0}, {"KP_5", 0xffb5},
		{"dead_acute", 0xfe51}, {"cyrillic_ya", 0x6d1}, {"AltGr", 0xfe03}, {"u+110000", 0},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(rd_keysym_named(cases[i].name), cases[i].keysym);
}

static void
reads_chords(void **state)
{
	(void)state;
	struct rd_chord c;
	char *bad;
	const char *nearest;
	assert_int_equal(rd_chord_parse(&c, "ctrl+Shift+t", &bad, &nearest), 0);
	assert_int_equal(c.mods, 2);
	assert_int_equal(c.mod[0].code, 29);
	assert_int_equal(c.mod[1].keysym, 0xffe1);
	assert_int_equal(c.keysym, 't');
	assert_int_equal(rd_chord_parse(&c, "ctrl++", &bad, &nearest), 0);
	assert_true(c.mods == 1 && c.keysym == '+');
	assert_int_equal(rd_chord_parse(&c, "+", &bad, &nearest), 0);
	assert_true(c.mods == 0 && c.keysym == '+');
	assert_int_equal(rd_chord_parse(&c, "super", &bad, &nearest), 0);
	assert_true(c.mods == 0 && c.keysym == 0xffeb);
	assert_int_equal(rd_chord_parse(&c, "alt+U+20AC", &bad, &nearest), 0);
	assert_true(c.mods == 1 && c.keysym == 0x10020ac);
	assert_int_equal(rd_chord_parse_mods(&c, "ctrl+alt", &bad, &nearest), 0);
	assert_true(c.mods == 2 && c.keysym == 0);
}

static void
says_what_is_no_key(void **state)
{
	(void)state;
	static const struct { const char *text, *bad, *nearest; bool mods; } cases[] = {
		{"ctrl+retrun", "retrun", "return", false}, {"", "", NULL, false},
		{"x+t", "x", NULL, false}, {"ctrl+t", "t", NULL, true},
		{"cttrl+t", "cttrl", "ctrl", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rd_chord c;
		char *bad = NULL;
		const char *nearest = NULL;
		int err = cases[i].mods ? rd_chord_parse_mods(&c, cases[i].text, &bad, &nearest)
			: rd_chord_parse(&c, cases[i].text, &bad, &nearest);
		assert_true(err < 0);
		assert_string_equal(bad, cases[i].bad);
		if (cases[i].nearest)
			assert_string_equal(nearest, cases[i].nearest);
		free(bad);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_names),
		cmocka_unit_test(reads_chords),
		cmocka_unit_test(says_what_is_no_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
