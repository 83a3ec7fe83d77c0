#ifndef RD_MEDIA_INPUT_H
#define RD_MEDIA_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a person does at a viewer. Keys carry both what was pressed (`code`,
 * Linux evdev: KEY_A is 30, X's keycode less 8) and what it meant there
 * (`keysym`, X11's numbering; Unicode outside Latin-1 is 0x01000000 + code
 * point). The host presses the same key where its own layout gives the same
 * keysym, and otherwise finds or makes a key that gives it: so any character
 * arrives whatever the layouts are.
 */
enum rd_input_kind {
	RD_INPUT_KEY = 1,	/* a key went down or up */
	RD_INPUT_TEXT,		/* characters without a key (input methods, paste) */
	RD_INPUT_POINTER,	/* the pointer is at x, y (picture pixels) */
	RD_INPUT_MOTION,	/* the pointer moved by x, y (relative) */
	RD_INPUT_BUTTON,	/* a button went down or up */
	RD_INPUT_WHEEL,		/* x, y in 1/120 of a notch; y > 0 is up (away), x > 0 right */
	RD_INPUT_HELD,		/* everything that is down right now; see below */
	RD_INPUT_TAKE,		/* nothing is done: `token` comes back when all before it is */
	RD_INPUT_LOCKS,		/* Caps Lock and such are to be as `locks`, as far as it knows */
};

/* Locks of a keyboard: which of them are known of it, and which of those are on. */
enum { RD_LOCK_CAPS = 1 << 0, RD_LOCK_NUM = 1 << 1, RD_LOCK_SCROLL = 1 << 2, RD_LOCK_COUNT = 3 };
struct rd_locks { uint8_t known, on; };

/* How many keys and buttons one HELD may name. */
#define RD_INPUT_HELD_MAX 64
/* Bytes of one TEXT. */
#define RD_INPUT_TEXT_MAX 1024
/* A viewer says HELD this often while anything is down … */
#define RD_INPUT_HELD_EVERY_NS (UINT64_C(500) * 1000 * 1000)
/* … and a host that hears nothing for this long lets everything go. */
#define RD_INPUT_RELEASE_NS (UINT64_C(2000) * 1000 * 1000)

/* Buttons as evdev names them, less 0x110: left 0, right 1, middle 2, side 3, extra 4. */
enum { RD_BUTTON_LEFT, RD_BUTTON_RIGHT, RD_BUTTON_MIDDLE, RD_BUTTON_SIDE, RD_BUTTON_EXTRA, RD_BUTTON_COUNT };

struct rd_input {
	enum rd_input_kind kind;
	bool down;		/* KEY, BUTTON */
	uint16_t code;		/* KEY: evdev code, 0 unknown; BUTTON: RD_BUTTON_* */
	uint32_t keysym;	/* KEY: 0 when the key means nothing (see code) */
	int32_t x, y;		/* POINTER, MOTION, WHEEL */
	const char *text;	/* TEXT: UTF-8, checked, borrowed, not ended by 0 */
	size_t text_len;
	/* HELD: evdev codes of keys, then buttons as bits */
	uint16_t held[RD_INPUT_HELD_MAX];
	uint8_t held_count;
	uint8_t buttons;
	uint64_t token;		/* TAKE: the asker's, chosen at random */
	struct rd_locks locks;	/* LOCKS; nothing known: how are they? */
};

/*
 * Somebody does something with it: it is not only letting go, nor a question or a state
 * that a viewer tells by itself (HELD, TAKE, LOCKS).
 */
bool rd_input_acts(const struct rd_input *in);

/* X11 keysym of a Unicode code point and back (0 when there is none). */
uint32_t rd_keysym_of_unicode(uint32_t cp);
uint32_t rd_keysym_to_unicode(uint32_t keysym);
/* Shift, Control, AltGr, a lock, … */
bool rd_keysym_is_modifier(uint32_t keysym);

#endif
