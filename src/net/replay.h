#ifndef RD_NET_REPLAY_H
#define RD_NET_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Which packet numbers have come, as a sliding window (RFC 6479): a number
 * that came before, or is older than the window, is refused. Check first,
 * mark once the packet has proven genuine.
 */
#define RD_REPLAY_BITS 8192
struct rd_replay {
	uint64_t next;		/* one above the greatest number marked */
	uint64_t bits[RD_REPLAY_BITS / 64 + 1];
};

bool rd_replay_fresh(const struct rd_replay *r, uint64_t number);
void rd_replay_mark(struct rd_replay *r, uint64_t number);

#endif
