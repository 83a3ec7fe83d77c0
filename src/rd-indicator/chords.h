#ifndef RD_INDICATOR_CHORDS_H
#define RD_INDICATOR_CHORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "media/keyname.h"
#include "rd-indicator/panel.h"

/*
 * Two keys with modifiers, found in what the keyboards' physical keys do. Any other
 * key may be held at the same time, on this keyboard or by a viewer: nobody can make
 * them unheard. Pure.
 */
#define CHORDS 2
#define CHORDS_DEVICES 256

/* Keycodes, a bit each. */
struct keyset { uint8_t bit[256 / 8]; };

struct chord {
	const char *text;		/* as the option has it; "": none */
	struct rd_chord wanted;
	enum panel_button does;
	uint8_t code;			/* of this display's keyboard; 0: it has no such key */
	struct keyset mod[RD_CHORD_MODS]; /* what may be held for each modifier */
	uint8_t mask;			/* the server's name for all of them */
};

struct chords {
	struct chord chord[CHORDS];
	struct keyset down[CHORDS_DEVICES]; /* by keyboard: one may hold what another presses */
	uint32_t pressed;		/* the server's time of the last press … */
	bool fresh;			/* … which was no repetition, and did nothing */
};

/*
 * The keyboard's map: `each` keysyms for every code from `first` on, and eight times
 * `each_mod` codes, the keys of the modifiers. True: a code or a mask is another one.
 */
struct chords_map {
	const uint32_t *syms;
	int first, count, each;
	const uint8_t *mods;
	int each_mod;
};
bool chords_mapped(struct chords *c, const struct chords_map *map);

/* A key of that device goes down, at the server's time, or comes up. */
enum panel_button chords_down(struct chords *c, unsigned device, uint32_t code, uint32_t time);
void chords_up(struct chords *c, unsigned device, uint32_t code);
/*
 * The server says of a press that chords_down has been told which modifiers are in
 * effect: sticky ones are, and no key is down for them.
 */
enum panel_button chords_effective(struct chords *c, uint32_t code, uint32_t mods, uint32_t time);
/* Nothing is known to be down. */
void chords_forget(struct chords *c);

#endif
