#ifndef RD_NET_RECEIVED_H
#define RD_NET_RECEIVED_H

#include <stdbool.h>
#include <stdint.h>

#include "net/frame.h"

/*
 * What has come and when it must be acknowledged (RFC 9000 section 13.2): at
 * once when a packet is out of order, after the second packet that asks for
 * it, else within RD_RECEIVED_DELAY_NS. Pure. Keeps the newest ranges only, and
 * of these such as the peer may not know of yet (section 13.2.4): what an ACK
 * has told, and the peer has acknowledged that ACK, is not told again.
 */
#define RD_RECEIVED_DELAY_NS (UINT64_C(5) * 1000000)
#define RD_RECEIVED_EVERY 2
#define RD_RECEIVED_MANY 8	/* ranges that make it worth asking whether an ACK has come */

struct rd_received {
	uint64_t largest, largest_ns;
	unsigned count;
	struct {
		uint64_t first, last;
		uint64_t told;	/* the first ACK that names all of it */
	} range[RD_FRAME_ACK_RANGES + 1]; /* descending */
	uint64_t acks;		/* sent so far */
	unsigned pending;	/* eliciting packets since the last ACK */
	bool now;		/* acknowledge at once */
	uint64_t due_ns;	/* UINT64_MAX: nothing to acknowledge */
};

void rd_received_init(struct rd_received *r);
/* A genuine packet that rd_replay_fresh let through. */
void rd_received_packet(struct rd_received *r, uint64_t number, bool eliciting, uint64_t now_ns);
/* An ACK is due now (or its deadline has passed). */
bool rd_received_due(const struct rd_received *r, uint64_t now_ns);
uint64_t rd_received_deadline(const struct rd_received *r);
/*
 * Fills an ACK frame's contents; false when nothing has come yet.
 * `epoch_ns` is the session's beginning, from which received_us counts.
 */
bool rd_received_ack(const struct rd_received *r, uint64_t epoch_ns, uint64_t now_ns,
	struct rd_ack *out);
/* That ACK has been sent. Returns its number, for rd_received_known. */
uint64_t rd_received_sent(struct rd_received *r);
/* The peer has got the ACK of that number: what it told need not be told again. */
void rd_received_known(struct rd_received *r, uint64_t ack);

#endif
