#ifndef RD_NET_CC_H
#define RD_NET_CC_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Congestion control: how much may be in flight, and how fast it goes out. It
 * sees what was sent, acknowledged and lost, with times, and nothing else.
 * Pure: time is handed in.
 *
 *	scream	SCReAM v2 (draft-ietf-ccwg-rfc8298bis-screamv2), delay target 30 ms,
 *		with the amendments of ARCHITECTURE.md
 *	fixed	a rate that never changes: for tests, and links whose rate is known
 *	none	a stream carries it: TCP sees to congestion, we only keep little in
 *		flight before the socket
 */
struct rd_cc;

struct rd_cc_sent {
	uint32_t bytes;
	uint64_t in_flight;	/* this packet included */
	uint64_t now_ns;
};

/* What one ACK frame newly acknowledged. */
struct rd_cc_acked {
	uint32_t bytes;		/* of eliciting packets */
	uint64_t in_flight;	/* after it */
	uint64_t rtt_ns;	/* this sample; 0 if the ACK gives none */
	uint64_t smoothed_rtt_ns;
	uint64_t min_rtt_ns;
	/* largest: when we sent it, and when it came by the peer's clock (offset unknown) */
	uint64_t sent_ns, received_ns;
	uint64_t largest_sent_at_in_flight; /* bytes in flight when it was sent; 0 unknown */
	uint64_t now_ns;
};

struct rd_cc_lost {
	uint32_t bytes;
	uint64_t in_flight;	/* after it */
	uint64_t sent_ns;	/* of the newest one lost */
	uint64_t smoothed_rtt_ns;
	uint64_t now_ns;
};

struct rd_cc_ops {
	const char *name;
	struct rd_cc *(*open)(uint64_t bps);	/* fixed: its rate; scream: where it starts, 0 default */
	void (*close)(struct rd_cc *cc);
	void (*sent)(struct rd_cc *cc, const struct rd_cc_sent *s);
	void (*acked)(struct rd_cc *cc, const struct rd_cc_acked *a);
	void (*lost)(struct rd_cc *cc, const struct rd_cc_lost *l);
	/* Another path: forget what was learnt of the old one. */
	void (*new_path)(struct rd_cc *cc);
	uint64_t (*window)(const struct rd_cc *cc);	/* bytes in flight at most */
	uint64_t (*pacing_bps)(const struct rd_cc *cc);	/* how fast packets may follow each other */
	uint64_t (*target_bps)(const struct rd_cc *cc);	/* what a source should produce; 0 unknown */
};

/* Every implementation starts with this. */
struct rd_cc { const struct rd_cc_ops *ops; };

/* By name, or NULL. */
struct rd_cc *rd_cc_open(const char *name, uint64_t bps);
void rd_cc_close(struct rd_cc *cc);
#define RD_CC_MSS 1200
#define RD_CC_INITIAL_WINDOW (10 * RD_CC_MSS)
#define RD_CC_MIN_WINDOW 3000

extern const struct rd_cc_ops rd_cc_scream, rd_cc_fixed, rd_cc_none;

/*
 * The pacer: a bucket that fills at pacing_bps and holds what goes in 1 ms, but
 * at least RD_PACER_BURST bytes: small routers drop longer bursts. The very
 * first one may be of RD_PACER_FIRST (RFC 9002 section 7.7).
 */
#define RD_PACER_BURST (4 * RD_CC_MSS)
#define RD_PACER_FIRST RD_CC_INITIAL_WINDOW
struct rd_pacer { uint64_t at_ns; int64_t credit, used; bool started; }; /* zeroed: new */
/* When `bytes` may go; `now_ns` or earlier: now. */
uint64_t rd_pacer_when(struct rd_pacer *p, uint64_t bps, uint32_t bytes, uint64_t now_ns);
void rd_pacer_sent(struct rd_pacer *p, uint32_t bytes);

#endif
