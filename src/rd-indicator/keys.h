#ifndef RD_INDICATOR_KEYS_H
#define RD_INDICATOR_KEYS_H

#include "base/loop.h"
#include "desktop/x11.h"
#include "rd-indicator/chords.h"

/*
 * Keys that work wherever the pointer and the keyboard's focus are, whoever moves
 * them, and whatever else is held. XInput's raw events tell of every key, also while
 * another program has taken the keyboard; passive grabs keep ours from other programs.
 */
struct keys {
	struct rd_x11 *x;
	struct chords chords;
	uint8_t opcode;			/* XInput's events; 0: the server has none such */
	bool held;			/* we listen, and have grabbed */
	struct rd_timer mapped;		/* the map has changed: looks at it once for many changes */
};

/* The chords are there before. Says where there can be none. */
void keys_open(struct keys *k, struct rd_x11 *x, struct rd_loop *loop);
void keys_grab(struct keys *k);
void keys_ungrab(struct keys *k);
/* The keyboard has another map. */
void keys_mapped(struct keys *k);
/* What an event asks for. */
enum panel_button keys_event(struct keys *k, const xcb_generic_event_t *e);
void keys_close(struct keys *k);

#endif
