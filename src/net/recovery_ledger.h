#ifndef RD_NET_RECOVERY_LEDGER_H
#define RD_NET_RECOVERY_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/recovery.h"

/*
 * What recovery*.c keeps of packets. The ledger is a ring of those that elicit
 * an acknowledgement, in the order of their numbers. A place in it is a
 * position, head ≤ position < tail; positions stay what they are while the ring
 * grows. The one at head is always out: what is done with leaves from there.
 *
 * A packet that is done with but stands behind one that is not leads on to the
 * next that may be out; the chain is shortened whenever it is walked. So an ACK
 * that names again what was acknowledged before costs next to nothing.
 */
struct rd_ledger_slot {
	struct rd_sent p;
	uint64_t in_flight;	/* bytes, when it was sent, itself included */
	uint64_t next;		/* of one done with: a later position */
};

struct rd_ledger {
	struct rd_ledger_slot *slots;
	size_t cap;		/* 0 or a power of two */
	uint64_t head, tail;
};

void rd_ledger_finish(struct rd_ledger *l);
/* Copies *p, whose number is above all before. */
void rd_ledger_push(struct rd_ledger *l, const struct rd_sent *p, uint64_t in_flight);
struct rd_ledger_slot *rd_ledger_at(const struct rd_ledger *l, uint64_t pos);
/* The first position with this number or a greater one; tail: none. */
uint64_t rd_ledger_find(const struct rd_ledger *l, uint64_t number);
/* The first position from pos on whose packet is out; tail: none. */
uint64_t rd_ledger_out(struct rd_ledger *l, uint64_t pos);
/* This one is done with. Its slot may be read until the next push. */
void rd_ledger_done(struct rd_ledger *l, uint64_t pos);

/*
 * Packets declared lost, so that a late acknowledgement is understood: the
 * newest RD_LOST_MAX, for as long as the path may still hold them.
 */
#define RD_LOST_MAX 512
struct rd_lost {
	struct rd_lost_slot {
		struct rd_sent p;
		uint64_t forget_ns;
		bool found;		/* acknowledged after all */
	} *slots;
	size_t cap;
	uint64_t head, tail;
};

void rd_lost_finish(struct rd_lost *l);
/* Numbers come in ascending order. */
void rd_lost_push(struct rd_lost *l, const struct rd_sent *p, uint64_t forget_ns);
void rd_lost_forget(struct rd_lost *l, uint64_t now_ns);
/*
 * The next one with first ≤ number ≤ last not found before, now found; NULL when
 * there is none. *pos is 0 at first; ranges are asked for in ascending order.
 */
struct rd_sent *rd_lost_find(struct rd_lost *l, uint64_t first, uint64_t last, uint64_t *pos);

/*
 * The newest packets that elicit nothing (they carry only an ACK): nobody
 * waits for them, but one of them may be the largest of an ACK, whose round
 * trip is then its.
 */
#define RD_QUIET_MAX 64
struct rd_quiet {
	struct rd_quiet_slot {
		uint64_t number, sent_ns, in_flight;
		bool waiting;		/* not acknowledged yet */
	} slots[RD_QUIET_MAX];
	unsigned next;
};

void rd_quiet_push(struct rd_quiet *q, uint64_t number, uint64_t sent_ns, uint64_t in_flight);
/* The one with this number, if it is acknowledged for the first time; else NULL. */
const struct rd_quiet_slot *rd_quiet_acked(struct rd_quiet *q, uint64_t number);

/*
 * Numbers left out, newest RD_SKIPPED_MAX: who acknowledges one of them has not
 * seen what it acknowledges (RFC 9000 section 21.4).
 */
#define RD_SKIPPED_MAX 16
struct rd_skipped {
	struct { uint64_t first, last; } range[RD_SKIPPED_MAX];
	unsigned count;		/* so far; modulo: the next one's place */
};

void rd_skipped_push(struct rd_skipped *s, uint64_t first, uint64_t last);
bool rd_skipped_within(const struct rd_skipped *s, uint64_t first, uint64_t last);

#endif
