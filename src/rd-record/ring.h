#ifndef RD_RECORD_RING_H
#define RD_RECORD_RING_H

#include <stddef.h>
#include <stdint.h>

#include "rd-record/piece.h"
#include "rd-record/writer.h"

/*
 * The last pieces of a recording, for --last: as many as it takes to show so
 * much time, from a key picture on, and never more than RING_BYTES_MAX bytes of
 * them. Zeroed memory with keep_ns set is an empty one.
 */
#define RING_BYTES_MAX ((size_t)256 << 20)

struct ring_piece;

struct ring {
	uint64_t keep_ns;
	struct ring_piece *first, *last;
	size_t bytes;
};

void ring_finish(struct ring *r);
/* Keeps a copy of it, and forgets what is too old then. */
void ring_put(struct ring *r, const struct piece *p);
/* Writes what is kept as one file, which lasts until end_ns. 0, or a negative errno. */
int ring_save(const struct ring *r, struct writer *w, uint64_t end_ns);

#endif
