#include "net/replay.h"

/*
 * RFC 6479: a ring of words with one word more than the window has. The window
 * moves by clearing whole words, never by shifting bits.
 */
#define WORDS (RD_REPLAY_BITS / 64 + 1)

static uint64_t *
word_of(struct rd_replay *r, uint64_t number)
{
	return &r->bits[(number >> 6) % WORDS];
}

static bool
too_old(const struct rd_replay *r, uint64_t number)
{
	return number < r->next && r->next - number > RD_REPLAY_BITS;
}

bool
rd_replay_fresh(const struct rd_replay *r, uint64_t number)
{
	if (number >= r->next)
		return number != UINT64_MAX; /* `next` could not be above it */
	if (too_old(r, number))
		return false;
	return !(r->bits[(number >> 6) % WORDS] >> (number & 63) & 1);
}

void
rd_replay_mark(struct rd_replay *r, uint64_t number)
{
	if (too_old(r, number) || number == UINT64_MAX)
		return;
	if (number >= r->next) {
		uint64_t had = r->next ? (r->next - 1) >> 6 : 0;
		uint64_t steps = (number >> 6) - had;

		if (steps > WORDS)
			steps = WORDS;
		for (uint64_t i = 0; i < steps; i++)
			r->bits[((number >> 6) - i) % WORDS] = 0;
		r->next = number + 1;
	}
	*word_of(r, number) |= UINT64_C(1) << (number & 63);
}
