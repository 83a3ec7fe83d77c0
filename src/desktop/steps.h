#ifndef RD_DESKTOP_STEPS_H
#define RD_DESKTOP_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/input.h"

/*
 * Input that waits for its turn, in order, without texts: each character is a
 * step of its own, a KEY without a code that goes down.
 */
struct rd_step {
	enum rd_input_kind kind;
	uint8_t peer;		/* whose */
	bool down;
	uint16_t code;
	uint32_t keysym;
	int32_t x, y;
	uint64_t token;
	struct rd_locks locks;
};

/* How many may wait. */
#define RD_STEPS_MAX ((size_t)64 << 10)

/* Zeroed memory is an empty queue. */
struct rd_steps {
	struct rd_step *step;
	size_t first, end, cap;
};

/* Appends what `in` asks for. -ENOBUFS when that is too much: nothing is added. */
int rd_steps_add(struct rd_steps *s, uint8_t peer, const struct rd_input *in);
/* The step i places behind the first (0). NULL: none. Valid until the queue is changed. */
const struct rd_step *rd_steps_peek(const struct rd_steps *s, size_t i);
void rd_steps_drop_first(struct rd_steps *s);
/* What that peer wanted is not done, but that what is down may come up. */
void rd_steps_forget(struct rd_steps *s, uint8_t peer);
void rd_steps_clear(struct rd_steps *s);
void rd_steps_finish(struct rd_steps *s);

#endif
