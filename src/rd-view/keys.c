#include <linux/input-event-codes.h>
#include <stddef.h>

#include "base/utf8.h"
#include "media/input.h"
#include "rd-view/keys.h"

/*
 * Keysyms are those of X11/keysymdef.h, written as numbers so that a viewer
 * without X needs none of it.
 */
#define XK_KP_DIGIT 0xffb0
#define XK_KP_SEPARATOR 0xffac

/* `keysym` 0: the key's character decides. `numlock`: its keysym with Num Lock. */
struct key {
	uint16_t code;
	uint16_t keysym;
	uint16_t numlock;
};

static const struct key table[SDL_NUM_SCANCODES] = {
	[SDL_SCANCODE_A] = {KEY_A}, [SDL_SCANCODE_B] = {KEY_B}, [SDL_SCANCODE_C] = {KEY_C},
	[SDL_SCANCODE_D] = {KEY_D}, [SDL_SCANCODE_E] = {KEY_E}, [SDL_SCANCODE_F] = {KEY_F},
	[SDL_SCANCODE_G] = {KEY_G}, [SDL_SCANCODE_H] = {KEY_H}, [SDL_SCANCODE_I] = {KEY_I},
	[SDL_SCANCODE_J] = {KEY_J}, [SDL_SCANCODE_K] = {KEY_K}, [SDL_SCANCODE_L] = {KEY_L},
	[SDL_SCANCODE_M] = {KEY_M}, [SDL_SCANCODE_N] = {KEY_N}, [SDL_SCANCODE_O] = {KEY_O},
	[SDL_SCANCODE_P] = {KEY_P}, [SDL_SCANCODE_Q] = {KEY_Q}, [SDL_SCANCODE_R] = {KEY_R},
	[SDL_SCANCODE_S] = {KEY_S}, [SDL_SCANCODE_T] = {KEY_T}, [SDL_SCANCODE_U] = {KEY_U},
	[SDL_SCANCODE_V] = {KEY_V}, [SDL_SCANCODE_W] = {KEY_W}, [SDL_SCANCODE_X] = {KEY_X},
	[SDL_SCANCODE_Y] = {KEY_Y}, [SDL_SCANCODE_Z] = {KEY_Z},
	[SDL_SCANCODE_1] = {KEY_1}, [SDL_SCANCODE_2] = {KEY_2}, [SDL_SCANCODE_3] = {KEY_3},
	[SDL_SCANCODE_4] = {KEY_4}, [SDL_SCANCODE_5] = {KEY_5}, [SDL_SCANCODE_6] = {KEY_6},
	[SDL_SCANCODE_7] = {KEY_7}, [SDL_SCANCODE_8] = {KEY_8}, [SDL_SCANCODE_9] = {KEY_9},
	[SDL_SCANCODE_0] = {KEY_0},
	[SDL_SCANCODE_SPACE] = {KEY_SPACE}, [SDL_SCANCODE_MINUS] = {KEY_MINUS},
	[SDL_SCANCODE_EQUALS] = {KEY_EQUAL}, [SDL_SCANCODE_LEFTBRACKET] = {KEY_LEFTBRACE},
	[SDL_SCANCODE_RIGHTBRACKET] = {KEY_RIGHTBRACE}, [SDL_SCANCODE_BACKSLASH] = {KEY_BACKSLASH},
	[SDL_SCANCODE_NONUSHASH] = {KEY_BACKSLASH}, [SDL_SCANCODE_NONUSBACKSLASH] = {KEY_102ND},
	[SDL_SCANCODE_SEMICOLON] = {KEY_SEMICOLON}, [SDL_SCANCODE_APOSTROPHE] = {KEY_APOSTROPHE},
	[SDL_SCANCODE_GRAVE] = {KEY_GRAVE}, [SDL_SCANCODE_COMMA] = {KEY_COMMA},
	[SDL_SCANCODE_PERIOD] = {KEY_DOT}, [SDL_SCANCODE_SLASH] = {KEY_SLASH},
	[SDL_SCANCODE_INTERNATIONAL1] = {KEY_RO}, [SDL_SCANCODE_INTERNATIONAL3] = {KEY_YEN},

	[SDL_SCANCODE_RETURN] = {KEY_ENTER, 0xff0d}, [SDL_SCANCODE_ESCAPE] = {KEY_ESC, 0xff1b},
	[SDL_SCANCODE_BACKSPACE] = {KEY_BACKSPACE, 0xff08}, [SDL_SCANCODE_TAB] = {KEY_TAB, 0xff09},
	[SDL_SCANCODE_INSERT] = {KEY_INSERT, 0xff63}, [SDL_SCANCODE_DELETE] = {KEY_DELETE, 0xffff},
	[SDL_SCANCODE_HOME] = {KEY_HOME, 0xff50}, [SDL_SCANCODE_END] = {KEY_END, 0xff57},
	[SDL_SCANCODE_PAGEUP] = {KEY_PAGEUP, 0xff55},
	[SDL_SCANCODE_PAGEDOWN] = {KEY_PAGEDOWN, 0xff56},
	[SDL_SCANCODE_LEFT] = {KEY_LEFT, 0xff51}, [SDL_SCANCODE_UP] = {KEY_UP, 0xff52},
	[SDL_SCANCODE_RIGHT] = {KEY_RIGHT, 0xff53}, [SDL_SCANCODE_DOWN] = {KEY_DOWN, 0xff54},
	[SDL_SCANCODE_PRINTSCREEN] = {KEY_SYSRQ, 0xff61},
	[SDL_SCANCODE_SCROLLLOCK] = {KEY_SCROLLLOCK, 0xff14},
	[SDL_SCANCODE_PAUSE] = {KEY_PAUSE, 0xff13},
	[SDL_SCANCODE_APPLICATION] = {KEY_COMPOSE, 0xff67}, [SDL_SCANCODE_MENU] = {KEY_MENU, 0xff67},
	[SDL_SCANCODE_HELP] = {KEY_HELP, 0xff6a}, [SDL_SCANCODE_UNDO] = {KEY_UNDO, 0xff65},

	[SDL_SCANCODE_F1] = {KEY_F1, 0xffbe}, [SDL_SCANCODE_F2] = {KEY_F2, 0xffbf},
	[SDL_SCANCODE_F3] = {KEY_F3, 0xffc0}, [SDL_SCANCODE_F4] = {KEY_F4, 0xffc1},
	[SDL_SCANCODE_F5] = {KEY_F5, 0xffc2}, [SDL_SCANCODE_F6] = {KEY_F6, 0xffc3},
	[SDL_SCANCODE_F7] = {KEY_F7, 0xffc4}, [SDL_SCANCODE_F8] = {KEY_F8, 0xffc5},
	[SDL_SCANCODE_F9] = {KEY_F9, 0xffc6}, [SDL_SCANCODE_F10] = {KEY_F10, 0xffc7},
	[SDL_SCANCODE_F11] = {KEY_F11, 0xffc8}, [SDL_SCANCODE_F12] = {KEY_F12, 0xffc9},
	[SDL_SCANCODE_F13] = {KEY_F13, 0xffca}, [SDL_SCANCODE_F14] = {KEY_F14, 0xffcb},
	[SDL_SCANCODE_F15] = {KEY_F15, 0xffcc}, [SDL_SCANCODE_F16] = {KEY_F16, 0xffcd},
	[SDL_SCANCODE_F17] = {KEY_F17, 0xffce}, [SDL_SCANCODE_F18] = {KEY_F18, 0xffcf},
	[SDL_SCANCODE_F19] = {KEY_F19, 0xffd0}, [SDL_SCANCODE_F20] = {KEY_F20, 0xffd1},
	[SDL_SCANCODE_F21] = {KEY_F21, 0xffd2}, [SDL_SCANCODE_F22] = {KEY_F22, 0xffd3},
	[SDL_SCANCODE_F23] = {KEY_F23, 0xffd4}, [SDL_SCANCODE_F24] = {KEY_F24, 0xffd5},

	[SDL_SCANCODE_LSHIFT] = {KEY_LEFTSHIFT, 0xffe1},
	[SDL_SCANCODE_RSHIFT] = {KEY_RIGHTSHIFT, 0xffe2},
	[SDL_SCANCODE_LCTRL] = {KEY_LEFTCTRL, 0xffe3}, [SDL_SCANCODE_RCTRL] = {KEY_RIGHTCTRL, 0xffe4},
	[SDL_SCANCODE_CAPSLOCK] = {KEY_CAPSLOCK, 0xffe5},
	[SDL_SCANCODE_LALT] = {KEY_LEFTALT, 0xffe9}, [SDL_SCANCODE_RALT] = {KEY_RIGHTALT, 0xffea},
	[SDL_SCANCODE_LGUI] = {KEY_LEFTMETA, 0xffeb}, [SDL_SCANCODE_RGUI] = {KEY_RIGHTMETA, 0xffec},
	[SDL_SCANCODE_MODE] = {KEY_RIGHTALT, 0xfe03},
	[SDL_SCANCODE_NUMLOCKCLEAR] = {KEY_NUMLOCK, 0xff7f},

	[SDL_SCANCODE_KP_0] = {KEY_KP0, 0xff9e, XK_KP_DIGIT},
	[SDL_SCANCODE_KP_1] = {KEY_KP1, 0xff9c, XK_KP_DIGIT + 1},
	[SDL_SCANCODE_KP_2] = {KEY_KP2, 0xff99, XK_KP_DIGIT + 2},
	[SDL_SCANCODE_KP_3] = {KEY_KP3, 0xff9b, XK_KP_DIGIT + 3},
	[SDL_SCANCODE_KP_4] = {KEY_KP4, 0xff96, XK_KP_DIGIT + 4},
	[SDL_SCANCODE_KP_5] = {KEY_KP5, 0xff9d, XK_KP_DIGIT + 5},
	[SDL_SCANCODE_KP_6] = {KEY_KP6, 0xff98, XK_KP_DIGIT + 6},
	[SDL_SCANCODE_KP_7] = {KEY_KP7, 0xff95, XK_KP_DIGIT + 7},
	[SDL_SCANCODE_KP_8] = {KEY_KP8, 0xff97, XK_KP_DIGIT + 8},
	[SDL_SCANCODE_KP_9] = {KEY_KP9, 0xff9a, XK_KP_DIGIT + 9},
	[SDL_SCANCODE_KP_PERIOD] = {KEY_KPDOT, 0xff9f, 0xffae},
	[SDL_SCANCODE_KP_COMMA] = {KEY_KPCOMMA, XK_KP_SEPARATOR},
	[SDL_SCANCODE_KP_ENTER] = {KEY_KPENTER, 0xff8d},
	[SDL_SCANCODE_KP_PLUS] = {KEY_KPPLUS, 0xffab},
	[SDL_SCANCODE_KP_MINUS] = {KEY_KPMINUS, 0xffad},
	[SDL_SCANCODE_KP_MULTIPLY] = {KEY_KPASTERISK, 0xffaa},
	[SDL_SCANCODE_KP_DIVIDE] = {KEY_KPSLASH, 0xffaf},
	[SDL_SCANCODE_KP_EQUALS] = {KEY_KPEQUAL, 0xffbd},

	/* Keys whose keysym is left to the host's own keyboard. */
	[SDL_SCANCODE_MUTE] = {KEY_MUTE}, [SDL_SCANCODE_VOLUMEUP] = {KEY_VOLUMEUP},
	[SDL_SCANCODE_VOLUMEDOWN] = {KEY_VOLUMEDOWN}, [SDL_SCANCODE_AUDIOMUTE] = {KEY_MUTE},
	[SDL_SCANCODE_AUDIONEXT] = {KEY_NEXTSONG}, [SDL_SCANCODE_AUDIOPREV] = {KEY_PREVIOUSSONG},
	[SDL_SCANCODE_AUDIOPLAY] = {KEY_PLAYPAUSE}, [SDL_SCANCODE_AUDIOSTOP] = {KEY_STOPCD},
	[SDL_SCANCODE_CUT] = {KEY_CUT}, [SDL_SCANCODE_COPY] = {KEY_COPY},
	[SDL_SCANCODE_PASTE] = {KEY_PASTE}, [SDL_SCANCODE_FIND] = {KEY_FIND},
	[SDL_SCANCODE_AGAIN] = {KEY_AGAIN}, [SDL_SCANCODE_STOP] = {KEY_STOP},
	[SDL_SCANCODE_INTERNATIONAL2] = {KEY_KATAKANAHIRAGANA},
	[SDL_SCANCODE_INTERNATIONAL4] = {KEY_HENKAN}, [SDL_SCANCODE_INTERNATIONAL5] = {KEY_MUHENKAN},
	[SDL_SCANCODE_LANG1] = {KEY_HANGEUL}, [SDL_SCANCODE_LANG2] = {KEY_HANJA},
};

static const struct key *
find(SDL_Scancode s)
{
	static const struct key none;
	return s >= 0 && s < SDL_NUM_SCANCODES ? &table[s] : &none;
}

uint16_t
keys_code(SDL_Scancode s)
{
	return find(s)->code;
}

/* Keys in the places where keyboards have characters, whatever the layout. */
static bool
types(const SDL_Keysym *key)
{
	SDL_Scancode s = key->scancode;
	const struct key *k = find(s);
	return (k->code && !k->keysym && k->code <= KEY_102ND) || s == SDL_SCANCODE_INTERNATIONAL1
		|| s == SDL_SCANCODE_INTERNATIONAL3;
}

/* The symbol on the key, as far as SDL knows: without Shift but for letters. */
static uint32_t
symbol(const SDL_Keysym *key)
{
	if (key->sym & SDLK_SCANCODE_MASK)
		return 0;
	uint32_t cp = (uint32_t)key->sym;
	bool upper = !(key->mod & KMOD_SHIFT) != !(key->mod & KMOD_CAPS);
	return rd_keysym_of_unicode(upper && cp >= 'a' && cp <= 'z' ? cp - 'a' + 'A' : cp);
}

/* What such a key is called on most keyboards; 0: it is none with a name. */
static uint32_t
usual_name(const SDL_Keysym *key)
{
	const struct key *k = find(key->scancode);
	bool digits = !(key->mod & KMOD_NUM) != !(key->mod & KMOD_SHIFT);
	return k->numlock && digits ? k->numlock : k->keysym;
}

static bool
is_dead(uint32_t keysym)
{
	return keysym >= 0xfe50 && keysym <= 0xfe93;
}

/* Return, F1, Shift, the keypad, media keys: by name, whatever they type. */
static bool
is_name(uint32_t keysym)
{
	return (keysym >= 0xfd00 && keysym <= 0xffff && !is_dead(keysym)) || keysym >= 0x10000000;
}

bool
keys_is_command(const SDL_Keysym *key)
{
	return key->mod & (KMOD_CTRL | KMOD_LALT | KMOD_GUI);
}

bool
keys_meaning(const SDL_Keysym *key, uint32_t name, const char *text, uint32_t *keysym)
{
	bool command = keys_is_command(key);
	*keysym = name ? name : usual_name(key);
	if (is_name(*keysym))
		return true;
	if (text && !command) {
		uint32_t cp = rd_utf8_single(text);
		*keysym = cp ? rd_keysym_of_unicode(cp) : 0;
		return *keysym != 0;
	}
	if (!types(key))
		return true;
	if (!command && !name && !(key->mod & KMOD_RALT))
		return false;
	if (!name)
		*keysym = symbol(key);
	return *keysym != 0 && (command || !is_dead(*keysym));
}
