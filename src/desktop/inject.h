#ifndef RD_DESKTOP_INJECT_H
#define RD_DESKTOP_INJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "media/input.h"
#include "media/rect.h"

/*
 * Does to a desktop what a person did at a viewer. What is held is kept per
 * peer (the message's channel), so that a silent peer's keys are let go after
 * RD_INPUT_RELEASE_NS and nobody else's.
 */
struct rd_inject;
struct rd_held;

struct rd_inject_ops {
	const char *name;	/* "x11", "log" */
	int (*open)(struct rd_inject **out, struct rd_loop *loop, const char *display, char **why);
	/*
	 * Something to be done now: KEY and BUTTON only where they change what is
	 * down (an up has no keysym), POINTER in pixels of the desktop, never HELD.
	 * A KEY without a code comes as down only, and is pressed and let go. Of a
	 * TAKE rd_inject_taken is told when all before it is done; of LOCKS
	 * rd_inject_locked, how they are then.
	 */
	int (*input)(struct rd_inject *i, const struct rd_input *in);
	/* What waits of i->peer's is not done, other than letting go. NULL: nothing ever waits. */
	void (*forget)(struct rd_inject *i);
	void (*close)(struct rd_inject *i);
};
/* In order of preference; NULL-ended. */
extern const struct rd_inject_ops *const rd_inject_table[];
const struct rd_inject_ops *rd_inject_find(const char *name);

/*
 * Every injector's object begins with this. `open` of the ops leaves it
 * zeroed; rd_inject_open fills it.
 */
struct rd_inject {
	const struct rd_inject_ops *ops;
	struct rd_loop *loop;
	struct rd_rect area;
	bool blind;
	uint8_t peer;		/* whose input this is */
	struct rd_held *held;
	struct rd_timer silence;	/* set only while something is held */
	void (*taken)(void *ctx, uint64_t token); /* or NULL */
	void *taken_ctx;
	void (*locked)(void *ctx, const struct rd_locks *now); /* or NULL */
	void *locked_ctx;
};

/*
 * As rd_capture_open's errors, and -ENOTSUP where the display cannot be
 * controlled; "log" writes a line an event to stderr.
 */
int rd_inject_open(struct rd_inject **out, const struct rd_inject_ops *ops,
	struct rd_loop *loop, const char *display, char **why);
/*
 * The picture's place on the desktop: pointer positions are relative to it,
 * and kept within. Empty (as at the start): the whole desktop.
 */
void rd_inject_area(struct rd_inject *i, struct rd_rect area);
/*
 * What the picture shows is not there at the moment: whoever acts does not see what on,
 * and nothing is pressed, typed or pointed at; what is let go is, and locks are set.
 */
void rd_inject_blind(struct rd_inject *i, bool blind);
/* Whether that would be something done to the desktop now (rd_input_acts). */
bool rd_inject_acts(const struct rd_inject *i, const struct rd_input *in);
/*
 * Who is told that the TAKE of that token, and all input before it, has been
 * done: the display's server has it, and whoever reads its events gets them in
 * that order. From inside rd_inject_input, or later from the loop.
 */
void rd_inject_on_taken(struct rd_inject *i, void (*taken)(void *ctx, uint64_t token), void *ctx);
/*
 * Who is told of Caps Lock and such at the desktop: whenever they change, whoever did
 * that, and after each LOCKS.
 */
void rd_inject_on_locked(struct rd_inject *i, void (*locked)(void *ctx, const struct rd_locks *now),
	void *ctx);
/* For injectors. */
void rd_inject_taken(struct rd_inject *i, uint64_t token);
void rd_inject_locked(struct rd_inject *i, struct rd_locks now);
/*
 * 0, or a negative errno when the desktop is gone: once; after that nothing
 * is done any more. A peer that leaves, or is held off, lets go by a HELD that
 * names nothing: then what waits of its input is not done any more, either.
 */
int rd_inject_input(struct rd_inject *i, uint8_t peer, const struct rd_input *in);
/* Lets go of everything every peer holds, first. NULL is fine. */
void rd_inject_close(struct rd_inject *i);

#endif
