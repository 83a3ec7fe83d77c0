#ifndef RD_VIEW_TOUCH_H
#define RD_VIEW_TOUCH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Fingers on a touch screen become the pointer, since X11's XTEST knows no others:
 *
 *	a tap			the left button, once
 *	a finger that moves	the left button, held: it drags
 *	a finger that rests	the right button, until it is lifted
 *	two fingers that move	the wheel: what is under them goes along
 *	a tap of two fingers	the right button, once
 *
 * Nothing is pressed before it is known which. Pure: time and places are handed in,
 * in pixels of the window, and what is to be done comes back.
 */
#define TOUCH_SLOP_PX 12		/* a finger that keeps within this rests */
#define TOUCH_LONG_NS (UINT64_C(600) * 1000 * 1000)
#define TOUCH_NOTCH_PX 30		/* so far do two fingers move for a notch */

enum touch_state {
	TOUCH_NONE,
	TOUCH_ONE,	/* a finger is down, and may become anything */
	TOUCH_LEFT,	/* it drags */
	TOUCH_RIGHT,	/* it has rested */
	TOUCH_TWO,	/* two are down, and have not moved */
	TOUCH_SCROLL,	/* they have */
	TOUCH_OVER,	/* done; what is still down means nothing */
};

#define TOUCH_FINGERS 10
struct touch {
	enum touch_state state;
	struct touch_finger { int64_t id; double x, y; } finger[TOUCH_FINGERS];
	int count;
	double from_x, from_y;		/* where the first was put down; TWO: their middle */
	uint64_t due_ns;		/* ONE: it has rested then */
};

enum touch_kind { TOUCH_MOVE, TOUCH_PRESS, TOUCH_RELEASE, TOUCH_TURN };
/* MOVE: to x, y. PRESS, RELEASE: RD_BUTTON_*. TURN: by x, y notches. */
struct touch_act { enum touch_kind kind; int button; double x, y; };
#define TOUCH_ACTS 4

/* Each fills at most TOUCH_ACTS acts, in order, and returns how many. */
int touch_down(struct touch *t, int64_t id, double x, double y, uint64_t now_ns,
	struct touch_act out[static TOUCH_ACTS]);
int touch_motion(struct touch *t, int64_t id, double x, double y,
	struct touch_act out[static TOUCH_ACTS]);
int touch_up(struct touch *t, int64_t id, struct touch_act out[static TOUCH_ACTS]);
/* At touch_due, when that comes. */
int touch_rested(struct touch *t, uint64_t now_ns, struct touch_act out[static TOUCH_ACTS]);
/* UINT64_MAX: nothing is waited for. */
uint64_t touch_due(const struct touch *t);
/* All buttons were let go by others: what is down means nothing any more. */
void touch_cancel(struct touch *t);

#endif
