#ifndef RD_SOUND_REGULAR_H
#define RD_SOUND_REGULAR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Times of pieces that come one after the other, out of guesses that tremble: a
 * server says when a sample sounded to some milliseconds. The times run on by 10 ms
 * and follow the guesses slowly, so that clocks that differ are followed too; where
 * they are far off they begin anew. Pure; zeroed memory is a new row.
 */
struct regular {
	bool running;
	uint64_t next_ns;
};

/* The time of the next piece. *jumped: it does not follow on the one before. */
uint64_t regular_time(struct regular *r, uint64_t guess_ns, bool *jumped);

#endif
