#ifndef RD_DESKTOP_TYPIST_X11_H
#define RD_DESKTOP_TYPIST_X11_H

#include <stdbool.h>
#include <stdint.h>

#include "desktop/keeper.h"
#include "desktop/keymap_x11.h"
#include "desktop/spare.h"
#include "desktop/steps.h"
#include "desktop/x11.h"

/*
 * Presses keys by XTEST, as rd_keymap_find plans it, and binds spare keys to
 * what no key gives. What has to be done to the modifiers for one key is
 * undone before the next one, not at once: the server repeats a key that stays
 * down by the modifiers of the moment. Requests are left to be flushed.
 */
#define RD_TYPIST_CODES 768	/* KEY_CNT of linux/input-event-codes.h */

struct rd_typist {
	struct rd_x11 *x;
	struct rd_keeper *keeper;	/* is told of all that is pressed or bound */
	struct rd_keymap_x11 *keys;
	unsigned keys_count;	/* of rd_keymap_x11_count, when spares was filled */
	struct rd_spares spares;
	bool untold;		/* a key was bound, and the server may not have done it */
	uint64_t pressed_ns;	/* when a key was pressed last */
	uint64_t ready_ns;	/* after -EAGAIN: when to try again */
	uint8_t keycode[RD_TYPIST_CODES]; /* that a code that is down pressed; 0: none */
	uint16_t down[256];	/* how many codes hold a keycode */
	/* what was done around the key pressed last */
	struct {
		uint8_t keycode;
		uint8_t added[RD_LEVEL_COUNT];
		uint8_t added_count;
		uint32_t lifted;	/* modifiers */
	} around;
};

/* Borrows x and the keeper. As rd_keymap_x11_open's errors. */
int rd_typist_open(struct rd_typist *t, struct rd_x11 *x, struct rd_keeper *keeper, char **why);
/* Zeroed memory is closed. */
void rd_typist_close(struct rd_typist *t);

/* What the server sent. */
void rd_typist_drain(struct rd_typist *t);
/*
 * Presses the key of the first step, and lets it go at once if it has no code.
 * The steps that wait behind it are looked at, to bind together what they need.
 * 0; -EAGAIN: not before t->ready_ns; -ENODATA: nothing can be pressed for it;
 * -EPIPE: the server is gone.
 */
int rd_typist_down(struct rd_typist *t, const struct rd_steps *steps);
/* Lets go of exactly what the code pressed. */
void rd_typist_up(struct rd_typist *t, uint16_t code);
/* Caps Lock and such: as rd_keymap_x11_set_locks, when nothing is changed for a key. */
int rd_typist_set_locks(struct rd_typist *t, const struct rd_locks *want);
struct rd_locks rd_typist_locks(const struct rd_typist *t);
/* The modifiers are to be as they are held, for a click. */
void rd_typist_restore(struct rd_typist *t);
void rd_typist_up_all(struct rd_typist *t);
/* Gives programs the time to read what was typed, and undoes all bindings. */
void rd_typist_tidy(struct rd_typist *t);

#endif
