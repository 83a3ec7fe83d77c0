#ifndef RD_TYPE_OPTIONS_H
#define RD_TYPE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "look/ask.h"
#include "media/keyname.h"

/* One thing to be typed, in the order of the command line. */
struct piece {
	enum { PIECE_TEXT, PIECE_KEY, PIECE_STDIN } kind;
	const char *text;	/* UTF-8, checked; borrowed */
	struct rd_chord chord;
};

struct options {
	struct rd_ask ask;
	struct piece *piece;	/* ours */
	int pieces;
	uint64_t delay_ns;	/* between characters; 0: as fast as they are taken */
	uint64_t timeout_ns;
	bool confine;
};

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);
void options_finish(struct options *o);

/* How many bytes of `text` make one TEXT: whole characters, at most `max`; 0: no UTF-8. */
size_t text_piece(const char *text, size_t len, size_t max);

#endif
