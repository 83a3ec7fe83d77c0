#include "media/input.h"

/*
 * The arithmetic part of X11's keysyms (Appendix A of the X protocol): Latin-1
 * is itself, everything else is UNICODE + code point, and a few function keys
 * stand for control characters. The older tables (Greek, Cyrillic, dead keys)
 * are libxkbcommon's business, where there is a keyboard.
 */
#define UNICODE UINT32_C(0x01000000)

#define KEYSYM_BACKSPACE 0xff08
#define KEYSYM_TAB 0xff09
#define KEYSYM_RETURN 0xff0d
#define KEYSYM_ESCAPE 0xff1b
#define KEYSYM_KP_SPACE 0xff80
#define KEYSYM_KP_TAB 0xff89
#define KEYSYM_KP_ENTER 0xff8d
#define KEYSYM_KP_MULTIPLY 0xffaa /* to KP_9, 0xffb9, in the order of ASCII */
#define KEYSYM_KP_9 0xffb9
#define KEYSYM_KP_EQUAL 0xffbd
#define KEYSYM_DELETE 0xffff

#define KEYSYM_SHIFT_L 0xffe1 /* to Hyper_R */
#define KEYSYM_HYPER_R 0xffee
#define KEYSYM_ISO_LOCK 0xfe01 /* to ISO_Level5_Lock */
#define KEYSYM_ISO_LEVEL5_LOCK 0xfe13
#define KEYSYM_MODE_SWITCH 0xff7e
#define KEYSYM_NUM_LOCK 0xff7f

static bool
is_latin1(uint32_t cp)
{
	return (cp >= 0x20 && cp <= 0x7e) || (cp >= 0xa0 && cp <= 0xff);
}

/* A code point above Latin-1 that can stand for a character. */
static bool
is_character(uint32_t cp)
{
	return cp > 0xff && cp <= 0x10ffff && !(cp >= 0xd800 && cp <= 0xdfff);
}

uint32_t
rd_keysym_of_unicode(uint32_t cp)
{
	if (is_latin1(cp))
		return cp;
	if (is_character(cp))
		return UNICODE + cp;
	switch (cp) {
	case '\b':
		return KEYSYM_BACKSPACE;
	case '\t':
		return KEYSYM_TAB;
	case '\n':
	case '\r':
		return KEYSYM_RETURN;
	case 0x1b:
		return KEYSYM_ESCAPE;
	case 0x7f:
		return KEYSYM_DELETE;
	}
	return 0;
}

uint32_t
rd_keysym_to_unicode(uint32_t keysym)
{
	if (is_latin1(keysym))
		return keysym;
	if (keysym >= UNICODE && (is_latin1(keysym - UNICODE) || is_character(keysym - UNICODE)))
		return keysym - UNICODE;
	if (keysym >= KEYSYM_KP_MULTIPLY && keysym <= KEYSYM_KP_9)
		return keysym - KEYSYM_KP_MULTIPLY + '*';
	switch (keysym) {
	case KEYSYM_BACKSPACE:
		return '\b';
	case KEYSYM_TAB:
	case KEYSYM_KP_TAB:
		return '\t';
	case KEYSYM_RETURN:
	case KEYSYM_KP_ENTER:
		return '\r';
	case KEYSYM_ESCAPE:
		return 0x1b;
	case KEYSYM_KP_SPACE:
		return ' ';
	case KEYSYM_KP_EQUAL:
		return '=';
	case KEYSYM_DELETE:
		return 0x7f;
	}
	return 0;
}

bool
rd_keysym_is_modifier(uint32_t keysym)
{
	return (keysym >= KEYSYM_SHIFT_L && keysym <= KEYSYM_HYPER_R) ||
		(keysym >= KEYSYM_ISO_LOCK && keysym <= KEYSYM_ISO_LEVEL5_LOCK) ||
		keysym == KEYSYM_MODE_SWITCH || keysym == KEYSYM_NUM_LOCK;
}
