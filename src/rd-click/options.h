#ifndef RD_CLICK_OPTIONS_H
#define RD_CLICK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "look/ask.h"
#include "media/keyname.h"

struct place {
	int32_t x, y;
};

struct options {
	struct rd_ask ask;
	bool placed;		/* … at `at`; else where the pointer is */
	struct place at;
	int button;		/* RD_BUTTON_* */
	int64_t count;		/* clicks; 0: the pointer only moves */
	bool drags;		/* … to `drag` */
	struct place drag;
	double wheel, wheel_x;	/* notches, up and right */
	struct rd_chord with;	/* modifiers, held meanwhile */
	uint64_t delay_ns;
	uint64_t timeout_ns;
	bool confine;
};

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);

#endif
