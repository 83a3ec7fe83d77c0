#ifndef RD_VIEW_TERMINAL_INPUT_H
#define RD_VIEW_TERMINAL_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a terminal sends, as events: keys, the mouse, what was pasted, and
 * answers to what it was asked (terminal_ask.h). Pure; the bytes are foreign:
 * whoever can write to a terminal can make it answer anything.
 *
 *	terminal_input.c	cuts bytes into characters, sequences and strings
 *	terminal_sequence.c	what a sequence means
 *
 * Keys are numbered as in the kitty keyboard protocol: a character's code
 * point as it is without Shift, or a number of its functional keys (Unicode's
 * private use area); what older forms send is translated to these.
 */
enum terminal_event_kind {
	TERMINAL_KEY,
	TERMINAL_MOUSE,
	TERMINAL_PASTE,		/* a piece of it */
	TERMINAL_FOCUS,		/* the terminal has, or lost, the keyboard */
	TERMINAL_ANSWER,
};

/* A terminal without kitty's protocol says only that a key was struck. */
enum terminal_action { TERMINAL_STRUCK, TERMINAL_PRESSED, TERMINAL_REPEATED, TERMINAL_RELEASED };

/* Modifiers, as bits in kitty's order. */
enum {
	TERMINAL_SHIFT = 1, TERMINAL_ALT = 2, TERMINAL_CTRL = 4, TERMINAL_SUPER = 8,
	TERMINAL_HYPER = 16, TERMINAL_META = 32, TERMINAL_CAPS_LOCK = 64, TERMINAL_NUM_LOCK = 128,
};

/* Some of kitty's numbers of functional keys. */
enum {
	TERMINAL_TAB = 9, TERMINAL_ENTER = 13, TERMINAL_ESCAPE = 27, TERMINAL_BACKSPACE = 127,
	TERMINAL_INSERT = 57348, TERMINAL_DELETE, TERMINAL_LEFT, TERMINAL_RIGHT, TERMINAL_UP,
	TERMINAL_DOWN, TERMINAL_PAGE_UP, TERMINAL_PAGE_DOWN, TERMINAL_HOME, TERMINAL_END,
	TERMINAL_CAPS_LOCK_KEY, TERMINAL_SCROLL_LOCK, TERMINAL_NUM_LOCK_KEY, TERMINAL_PRINT,
	TERMINAL_PAUSE, TERMINAL_MENU, TERMINAL_F1,
	TERMINAL_KP_0 = 57399, TERMINAL_KP_ENTER = 57414, TERMINAL_KP_BEGIN = 57427,
	TERMINAL_LEFT_SHIFT = 57441, TERMINAL_ISO_LEVEL5 = 57454,
};

enum terminal_answer {
	TERMINAL_IS_A,		/* DA1: n[] are its attributes */
	TERMINAL_OK,		/* DSR 5: all that was sent before has been looked at */
	TERMINAL_CURSOR,	/* CPR: n[0] row, n[1] column, from 1 */
	TERMINAL_CELL,		/* n[0] high, n[1] wide, pixels */
	TERMINAL_MODE,		/* DECRPM: mode n[0] is in state n[1]; 0: not known */
	TERMINAL_KEYBOARD,	/* kitty's keyboard protocol is there, with flags n[0] */
	TERMINAL_GRAPHICS,	/* kitty's graphics protocol is there */
	TERMINAL_SIXEL,		/* XTSMGRAPHICS: of item n[0], status n[1], values n[2], n[3] */
	TERMINAL_COLORS,	/* DECRQSS: it kept a colour of 24 bit */
	TERMINAL_NAME,		/* XTVERSION: text */
};

#define TERMINAL_NUMBERS 16

/* `text` is borrowed for the call. */
struct terminal_event {
	enum terminal_event_kind kind;
	/* KEY */
	uint32_t key;
	uint32_t shifted;	/* the same key with Shift; 0: not told */
	uint32_t base;		/* the key in that place of a US keyboard; 0: not told */
	uint32_t typed;		/* the character that it typed; 0: none or several */
	enum terminal_action action;
	unsigned mods;
	/* MOUSE: cells or pixels from 0; wheel in notches, up and right > 0 */
	int x, y;
	int button;		/* RD_BUTTON_*, or -1 */
	bool down;		/* … went down, or up */
	int wheel_x, wheel_y;
	/* FOCUS */
	bool focused;
	/* ANSWER */
	enum terminal_answer answer;
	unsigned n[TERMINAL_NUMBERS];
	int count;
	/* PASTE: valid UTF-8 without control characters but \t and \n; NAME: printable ASCII */
	const char *text;
	size_t text_len;
};

#define TERMINAL_SEQUENCE_MAX 1024

/* Zeroed memory has read nothing. */
struct terminal_input {
	uint8_t buf[TERMINAL_SEQUENCE_MAX];	/* the beginning of something */
	size_t len;
	bool asking;	/* CSI R is an answer, not F3; set by the caller */
	bool pasting;
	bool skipping;	/* a string too long to keep: until it ends */
	bool gave_cr;	/* in a paste: \n after it is the same end of line */
};

typedef void (*terminal_take)(void *ctx, const struct terminal_event *e);

void terminal_input_feed(struct terminal_input *in, const uint8_t *data, size_t len,
	terminal_take take, void *ctx);
/* What came may be a key or the beginning of more: ask again in a moment with settle. */
bool terminal_input_unsure(const struct terminal_input *in);
/* Nothing followed: it was a key. */
void terminal_input_settle(struct terminal_input *in, terminal_take take, void *ctx);

/*
 * terminal_sequence.c: CSI, SS3 (ESC O and a letter) or a string (DCS, APC,
 * OSC …), whole, without its terminator. True where it is an event.
 */
bool terminal_sequence_csi(const uint8_t *s, size_t len, bool asking, struct terminal_event *e);
bool terminal_sequence_ss3(uint8_t final, struct terminal_event *e);
bool terminal_sequence_string(const uint8_t *s, size_t len, struct terminal_event *e);
/* CSI 200 ~ and 201 ~: a paste begins (1), ends (-1); 0: another one. */
int terminal_sequence_paste(const uint8_t *s, size_t len);

#endif
