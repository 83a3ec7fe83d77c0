#include <linux/input-event-codes.h>
#include <stddef.h>

#include "media/input.h"
#include "rd-view/terminal_keys.h"

/* Keysyms are those of X11/keysymdef.h. */
struct named {
	uint16_t key;	/* kitty's number */
	uint16_t code;
	uint16_t keysym;	/* 0: left to the host's own keyboard */
};

static const struct named named[] = {
	{TERMINAL_TAB, KEY_TAB, 0xff09}, {TERMINAL_ENTER, KEY_ENTER, 0xff0d},
	{TERMINAL_ESCAPE, KEY_ESC, 0xff1b}, {TERMINAL_BACKSPACE, KEY_BACKSPACE, 0xff08},
	{TERMINAL_INSERT, KEY_INSERT, 0xff63}, {TERMINAL_DELETE, KEY_DELETE, 0xffff},
	{TERMINAL_LEFT, KEY_LEFT, 0xff51}, {TERMINAL_RIGHT, KEY_RIGHT, 0xff53},
	{TERMINAL_UP, KEY_UP, 0xff52}, {TERMINAL_DOWN, KEY_DOWN, 0xff54},
	{TERMINAL_PAGE_UP, KEY_PAGEUP, 0xff55}, {TERMINAL_PAGE_DOWN, KEY_PAGEDOWN, 0xff56},
	{TERMINAL_HOME, KEY_HOME, 0xff50}, {TERMINAL_END, KEY_END, 0xff57},
	{TERMINAL_CAPS_LOCK_KEY, KEY_CAPSLOCK, 0xffe5}, {TERMINAL_SCROLL_LOCK, KEY_SCROLLLOCK, 0xff14},
	{TERMINAL_NUM_LOCK_KEY, KEY_NUMLOCK, 0xff7f}, {TERMINAL_PRINT, KEY_SYSRQ, 0xff61},
	{TERMINAL_PAUSE, KEY_PAUSE, 0xff13}, {TERMINAL_MENU, KEY_COMPOSE, 0xff67},
	/* the keypad: digits, point, divide to equal, separator, and what it is without Num Lock */
	{57399, KEY_KP0, 0xffb0}, {57400, KEY_KP1, 0xffb1}, {57401, KEY_KP2, 0xffb2},
	{57402, KEY_KP3, 0xffb3}, {57403, KEY_KP4, 0xffb4}, {57404, KEY_KP5, 0xffb5},
	{57405, KEY_KP6, 0xffb6}, {57406, KEY_KP7, 0xffb7}, {57407, KEY_KP8, 0xffb8},
	{57408, KEY_KP9, 0xffb9}, {57409, KEY_KPDOT, 0xffae}, {57410, KEY_KPSLASH, 0xffaf},
	{57411, KEY_KPASTERISK, 0xffaa}, {57412, KEY_KPMINUS, 0xffad}, {57413, KEY_KPPLUS, 0xffab},
	{57414, KEY_KPENTER, 0xff8d}, {57415, KEY_KPEQUAL, 0xffbd}, {57416, KEY_KPCOMMA, 0xffac},
	{57417, KEY_KP4, 0xff96}, {57418, KEY_KP6, 0xff98}, {57419, KEY_KP8, 0xff97},
	{57420, KEY_KP2, 0xff99}, {57421, KEY_KP9, 0xff9a}, {57422, KEY_KP3, 0xff9b},
	{57423, KEY_KP7, 0xff95}, {57424, KEY_KP1, 0xff9c}, {57425, KEY_KP0, 0xff9e},
	{57426, KEY_KPDOT, 0xff9f}, {57427, KEY_KP5, 0xff9d},
	/* media */
	{57428, KEY_PLAYPAUSE, 0}, {57430, KEY_PLAYPAUSE, 0}, {57432, KEY_STOPCD, 0},
	{57435, KEY_NEXTSONG, 0}, {57436, KEY_PREVIOUSSONG, 0}, {57438, KEY_VOLUMEDOWN, 0},
	{57439, KEY_VOLUMEUP, 0}, {57440, KEY_MUTE, 0},
	/* what is held */
	{57441, KEY_LEFTSHIFT, 0xffe1}, {57442, KEY_LEFTCTRL, 0xffe3}, {57443, KEY_LEFTALT, 0xffe9},
	{57444, KEY_LEFTMETA, 0xffeb}, {57447, KEY_RIGHTSHIFT, 0xffe2},
	{57448, KEY_RIGHTCTRL, 0xffe4}, {57449, KEY_RIGHTALT, 0xffea},
	{57450, KEY_RIGHTMETA, 0xffec}, {57453, KEY_RIGHTALT, 0xfe03},
};

/* F1 to F24; beyond, keyboards have none. */
static const uint16_t f_codes[] = {
	KEY_F1, KEY_F2, KEY_F3, KEY_F4, KEY_F5, KEY_F6, KEY_F7, KEY_F8, KEY_F9, KEY_F10, KEY_F11,
	KEY_F12, KEY_F13, KEY_F14, KEY_F15, KEY_F16, KEY_F17, KEY_F18, KEY_F19, KEY_F20, KEY_F21,
	KEY_F22, KEY_F23, KEY_F24,
};
#define F_COUNT (sizeof(f_codes) / sizeof(f_codes[0]))

/* A US keyboard's keys, by what they type without Shift. */
static const uint8_t us_codes[128] = {
	['a'] = KEY_A, ['b'] = KEY_B, ['c'] = KEY_C, ['d'] = KEY_D, ['e'] = KEY_E, ['f'] = KEY_F,
	['g'] = KEY_G, ['h'] = KEY_H, ['i'] = KEY_I, ['j'] = KEY_J, ['k'] = KEY_K, ['l'] = KEY_L,
	['m'] = KEY_M, ['n'] = KEY_N, ['o'] = KEY_O, ['p'] = KEY_P, ['q'] = KEY_Q, ['r'] = KEY_R,
	['s'] = KEY_S, ['t'] = KEY_T, ['u'] = KEY_U, ['v'] = KEY_V, ['w'] = KEY_W, ['x'] = KEY_X,
	['y'] = KEY_Y, ['z'] = KEY_Z, ['1'] = KEY_1, ['2'] = KEY_2, ['3'] = KEY_3, ['4'] = KEY_4,
	['5'] = KEY_5, ['6'] = KEY_6, ['7'] = KEY_7, ['8'] = KEY_8, ['9'] = KEY_9, ['0'] = KEY_0,
	[' '] = KEY_SPACE, ['-'] = KEY_MINUS, ['='] = KEY_EQUAL, ['['] = KEY_LEFTBRACE,
	[']'] = KEY_RIGHTBRACE, ['\\'] = KEY_BACKSLASH, [';'] = KEY_SEMICOLON,
	['\''] = KEY_APOSTROPHE, ['`'] = KEY_GRAVE, [','] = KEY_COMMA, ['.'] = KEY_DOT,
	['/'] = KEY_SLASH,
};

static const struct named *
find(uint32_t key)
{
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (named[i].key == key)
			return &named[i];
	return NULL;
}

uint16_t
terminal_keys_code(const struct terminal_event *e)
{
	const struct named *n = find(e->key);
	uint32_t place = e->base ? e->base : e->key;
	if (n)
		return n->code;
	if (e->key >= TERMINAL_F1 && e->key - TERMINAL_F1 < F_COUNT)
		return f_codes[e->key - TERMINAL_F1];
	return place < sizeof(us_codes) ? us_codes[place] : 0;
}

/* The code point of the key with the Shift that is held: Ctrl-Shift-C types nothing. */
static uint32_t
symbol(const struct terminal_event *e)
{
	bool shift = e->mods & TERMINAL_SHIFT;
	bool letter = e->key >= 'a' && e->key <= 'z';
	if (letter)
		return shift != !!(e->mods & TERMINAL_CAPS_LOCK) ? e->key - 'a' + 'A' : e->key;
	return shift && e->shifted ? e->shifted : e->key;
}

uint32_t
terminal_keys_meaning(const struct terminal_event *e)
{
	const struct named *n = find(e->key);
	if (n)
		return n->keysym;
	if (e->key >= TERMINAL_F1 && e->key - TERMINAL_F1 < F_COUNT)
		return 0xffbe + (e->key - TERMINAL_F1);
	/* Kitty's other numbers mean no key that we know. */
	if (e->key >= 0xe000 && e->key < 0xf900)
		return 0;
	bool command = e->mods & (TERMINAL_CTRL | TERMINAL_ALT | TERMINAL_SUPER);
	return rd_keysym_of_unicode(e->typed && !command ? e->typed : symbol(e));
}
