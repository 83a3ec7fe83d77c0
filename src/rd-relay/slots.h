#ifndef RD_RELAY_SLOTS_H
#define RD_RELAY_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "net/key.h"
#include "net/relay_msg.h"

/*
 * The numbers in front of codes. A slot is a program's that serves with a key,
 * whichever session that has; once it is over, the number says why for ten more minutes. Slots
 * are no secret (the words are), only short: the smallest of a few drawn.
 * Guarded by core.lock.
 */
#define SLOT_LAST 99999

enum slot_state { SLOT_FREE, SLOT_LIVE, SLOT_WAS_USED, SLOT_WAS_BURNT, SLOT_WAS_WITHDRAWN,
	SLOT_HAS_EXPIRED, SLOT_HOST_LEFT };

struct slot {
	struct rd_key host;
	uint64_t until_ns;	/* of its state; for ever not counted */
	uint32_t program;	/* of that key's, see peers.h */
	uint32_t session;	/* peer.index of the host when it asked for it last */
	uint16_t request;	/* of that program: the same again is for the same slot */
	uint8_t state;		/* enum slot_state */
};

struct slots {
	struct slot *slot;	/* by number; 0 is none */
	unsigned live, taken;	/* taken: live or remembered */
	uint32_t cursor;
};

static inline bool
slot_of(const struct slot *s, const struct rd_key *host, uint32_t program)
{
	return s->program == program && rd_key_equal(&s->host, host);
}

void slots_init(struct slots *s);
void slots_finish(struct slots *s);
/* A new live one; 0: all numbers are taken. */
uint32_t slots_new(struct slots *s, const struct rd_key *host, uint32_t program, uint32_t session,
	uint16_t request, uint64_t now_ns);
/* Its state now. Out of range: SLOT_FREE. *slot is set unless it is free. */
enum slot_state slots_look(struct slots *s, uint32_t number, struct slot **slot,
	uint64_t now_ns);
/* A live one is over; what it was is remembered. False: it was not live. */
bool slots_over(struct slots *s, uint32_t number, enum slot_state why, uint64_t now_ns);
/* The next live one whose time has passed, among `*steps` numbers from where we were; 0: none. */
uint32_t slots_sweep(struct slots *s, unsigned *steps, uint64_t now_ns);

#endif
