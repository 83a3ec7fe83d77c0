#ifndef RD_DESKTOP_HELD_H
#define RD_DESKTOP_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "media/input.h"

/*
 * Which keys and buttons each peer holds, and since when it has been silent.
 * Pure: time is handed in. Two peers may hold one key; it goes up with the
 * last of them.
 */
#define RD_HELD_PEERS 256

struct rd_held;
struct rd_held *rd_held_new(void);
void rd_held_free(struct rd_held *h);

/* What is to be done to the desktop: key or button `code` goes down or up. */
struct rd_held_change { bool button; uint16_t code; bool down; };

/*
 * Takes what a peer did; anything at all shows that it is there. KEY and
 * BUTTON are noted; HELD lets go of whatever it does not name and presses
 * nothing. Fills at most `max` changes and returns how many: repeats of what
 * is down and ups of what is not are none, nor are keys without a code (0)
 * or beyond evdev's. When `max` come back, call again: what did not fit is
 * still held.
 */
int rd_held_input(struct rd_held *h, uint8_t peer, const struct rd_input *in, uint64_t now_ns,
	struct rd_held_change *out, int max);
/* Ups for peers that have said nothing for RD_INPUT_RELEASE_NS. */
int rd_held_expire(struct rd_held *h, uint64_t now_ns, struct rd_held_change *out, int max);
/* When expire has something to do; UINT64_MAX: nothing is held. */
uint64_t rd_held_due(const struct rd_held *h);
/* Ups for everything. */
int rd_held_release_all(struct rd_held *h, struct rd_held_change *out, int max);

#endif
