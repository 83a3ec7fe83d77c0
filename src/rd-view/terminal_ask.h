#ifndef RD_VIEW_TERMINAL_ASK_H
#define RD_VIEW_TERMINAL_ASK_H

#include <stdbool.h>

#include "rd-view/terminal_input.h"
#include "rd-view/terminal_paint.h"

/*
 * What a terminal can do, from its own answers. Pure. Its name in $TERM says
 * what somebody believes, often of another terminal on the way; so it decides
 * about colours only, and only where there was no answer.
 */
struct terminal_can {
	bool answers;		/* the last question was answered: all were looked at */
	bool graphics;		/* kitty's */
	bool sixel;
	bool keyboard;		/* kitty's: presses and releases */
	bool pixel_mouse;
	bool synchronized;	/* mode 2026: what comes in between is shown at once */
	bool utf8;
	bool rgb;		/* keeps colours of 24 bit */
	bool multiplexer;	/* another program draws on the real terminal */
	int cell_w, cell_h;	/* pixels; 0: not told */
	int registers;		/* of sixel; 0: not told */
	int sixel_w;		/* widest image; 0: not told */
};

/*
 * Every question, the one that all terminals answer last (DA1): what has no
 * answer by then has none. Some write at the cursor; clear the line after it.
 */
extern const char terminal_questions[];
/* Only how large a cell is. */
extern const char terminal_question_cell[];

/* Takes an answer; the others are left alone. */
void terminal_can_take(struct terminal_can *c, const struct terminal_event *e);

/* What is asked for, or the best there is. */
enum terminal_graphics terminal_choose_graphics(const struct terminal_can *c,
	enum terminal_graphics wanted);
/* The variables' values, or NULL. */
struct terminal_env {
	const char *term, *colorterm, *no_color;
};
enum terminal_colors terminal_choose_colors(const struct terminal_can *c,
	enum terminal_colors wanted, const struct terminal_env *env);

#endif
