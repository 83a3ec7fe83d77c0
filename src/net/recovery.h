#ifndef RD_NET_RECOVERY_H
#define RD_NET_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/cc.h"
#include "net/frame.h"

/*
 * What was sent and not yet acknowledged, and when it counts as lost: RFC 9002
 * (packet threshold 3, time threshold 9/8, probe timeouts), with the floor of
 * a probe timeout at 30 ms. Pure. Over a stream (TCP) nothing is ever lost:
 * there is no loss detection and a probe timeout only pings.
 *
 * Numbers are never reused and grow by one or more from packet to packet.
 */
#define RD_RECOVERY_PACKET_THRESHOLD 3
#define RD_RECOVERY_GRANULARITY_NS (UINT64_C(1) * 1000000)
#define RD_RECOVERY_PTO_FLOOR_NS (UINT64_C(30) * 1000000)
/* Each probe timeout in a row is twice the last, but no longer than this (RFC 9002
 * names no limit): a path that comes back is found at once. */
#define RD_RECOVERY_PTO_MAX_NS (UINT64_C(2) * 1000000000)
#define RD_RECOVERY_INITIAL_RTT_NS (UINT64_C(100) * 1000000)
#define RD_RECOVERY_MAX_ACK_DELAY_NS (UINT64_C(20) * 1000000)
#define RD_RECOVERY_MAX_OUTSTANDING 16384	/* packets; then nothing new is sent */

/* What of the session a packet carried, for when it is acknowledged or lost. */
struct rd_sent_frame {
	uint8_t type;		/* enum rd_frame_type */
	uint8_t traffic;
	bool fin;
	uint32_t len;		/* bytes, or count of events */
	uint64_t id, offset;	/* as in struct rd_frame; of MAX_*: offset is the credit */
};

#define RD_SENT_FRAMES 8	/* of one packet; a packet is closed when it has so many */
struct rd_sent {
	uint64_t number;
	uint64_t sent_ns;
	uint32_t bytes;		/* of the datagram */
	bool eliciting;		/* must be acknowledged, counts as in flight */
	bool probe;		/* of the path's size: its loss is no congestion */
	uint8_t count;
	uint8_t state;		/* recovery_ledger.c's */
	struct rd_sent_frame frames[RD_SENT_FRAMES];
};

/*
 * Called from within rd_recovery_ack and rd_recovery_tick; must not call
 * rd_recovery_sent. A packet that was declared lost may be acknowledged after
 * all: then `acked` follows `lost`, and what has not been sent again need not be.
 */
struct rd_recovery_ops {
	void (*acked)(void *ctx, const struct rd_sent *p);
	void (*lost)(void *ctx, const struct rd_sent *p);
};

struct rd_rtt {
	uint64_t latest_ns, min_ns, smoothed_ns, var_ns;	/* smoothed 0: no sample yet */
};

struct rd_recovery;

struct rd_recovery *rd_recovery_new(const struct rd_recovery_ops *ops, void *ctx, struct rd_cc *cc);
void rd_recovery_free(struct rd_recovery *r);
/* No loss is ever declared from now on. */
void rd_recovery_lossless(struct rd_recovery *r, bool lossless);
/*
 * Another path: the round trip is unknown again; what is out stays out, but is
 * no longer in flight here, and neither its acknowledgement nor its loss tells
 * anything of this path (RFC 9000 section 9.4). Also calls cc's new_path.
 */
void rd_recovery_new_path(struct rd_recovery *r);
/* What is known of this path's round trip from elsewhere, before there is a sample. */
void rd_recovery_expect(struct rd_recovery *r, uint64_t rtt_ns);
/*
 * The path is dead: all that is out counts as lost, and that is no sign of
 * congestion. Calls lost.
 */
void rd_recovery_give_up(struct rd_recovery *r, uint64_t now_ns);

/* False when RD_RECOVERY_MAX_OUTSTANDING is reached. */
bool rd_recovery_room(const struct rd_recovery *r);
/*
 * Copies *p. Every packet that has a number must be told of, also one that asks
 * for no acknowledgement: a number left out was never sent, and acknowledging
 * it is a fault.
 */
void rd_recovery_sent(struct rd_recovery *r, const struct rd_sent *p);
/*
 * An ACK frame has come. Calls acked for what is new and lost for what now
 * counts as lost, and tells cc. 0, or -EPROTO: it acknowledges what was never
 * sent.
 */
int rd_recovery_ack(struct rd_recovery *r, const struct rd_ack *ack, uint64_t now_ns);
/* When rd_recovery_tick is due; UINT64_MAX: never. */
uint64_t rd_recovery_deadline(const struct rd_recovery *r);
/*
 * Time passed. Declares losses, or, at a probe timeout, returns how many probes
 * (0 to 2 packets that elicit an acknowledgement) are to be sent whatever the
 * window says. It gets on by being called, whether or not they are sent.
 */
unsigned rd_recovery_tick(struct rd_recovery *r, uint64_t now_ns);
/*
 * The oldest eliciting packet still out with this number or a greater one: a
 * probe that has nothing new to carry says again what it said (RFC 9002 section
 * 6.2.4). It stays out. NULL: there is none, or nothing is ever lost here.
 */
const struct rd_sent *rd_recovery_out_from(struct rd_recovery *r, uint64_t number);

const struct rd_rtt *rd_recovery_rtt(const struct rd_recovery *r);
/* A probe timeout as of now, without back-off. */
uint64_t rd_recovery_pto_ns(const struct rd_recovery *r);
uint64_t rd_recovery_in_flight(const struct rd_recovery *r);	/* bytes */
/* The oldest eliciting packet still out was sent then; 0: none is. */
uint64_t rd_recovery_oldest_ns(const struct rd_recovery *r);
/*
 * Eliciting packets: sent; acknowledged in time; lost, and of those acknowledged
 * later: spurious. What is out is sent - acked - lost.
 */
/* Packets so far; spurious: of the lost, those that were acknowledged after all. */
struct rd_recovery_count { uint64_t sent, acked, lost, spurious; };
struct rd_recovery_count rd_recovery_count(const struct rd_recovery *r);

#endif
