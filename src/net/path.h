#ifndef RD_NET_PATH_H
#define RD_NET_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"

/*
 * Where a session's packets go. A genuine packet, newer than any before, from
 * another address makes that address a candidate; it is challenged (RFC 9000
 * section 8.2, 8 random bytes), and until it answers gets at most three times
 * the bytes that came from it. Then the session moves there. The old path is
 * kept while the new one is unproven, and stays when something newer comes
 * from it. Also finds out how large a datagram the path carries (RFC 8899); on
 * a stream that is RD_PACKET_MAX and nothing is probed. Pure.
 */
#define RD_PATH_BASE_SIZE 1200
extern const uint16_t rd_path_sizes[];	/* 1200, 1280, 1350, 1400, 1452, 8900; ended by 0 */

struct rd_path {
	struct rd_addr current;		/* proven; nowhere: none is, or its carrier is gone */
	struct rd_addr candidate;	/* family 0: none */
	uint64_t candidate_received, candidate_sent;
	uint8_t challenge[8];
	uint64_t challenge_due_ns;	/* UINT64_MAX: none to send */
	unsigned challenges;		/* sent so far */
	struct rd_addr left;		/* moved away from by ourselves: no candidate until the */
	uint64_t left_until_ns;		/* peer has followed, or until then */
	/* datagram size */
	unsigned size;			/* index into rd_path_sizes: proven */
	unsigned probing;		/* index being probed; == size: none */
	unsigned failed;		/* probes of it lost */
	unsigned ceiling;		/* this index and above are not probed on this path */
	uint64_t probe_number;		/* packet that carries the probe; UINT64_MAX: none is out */
	uint64_t probe_due_ns;
};

/* `first`: the handshake showed that the peer gets what is sent there; NULL: nowhere. */
void rd_path_init(struct rd_path *p, const struct rd_addr *first, uint64_t now_ns);
/*
 * A genuine packet came. `newest`: its number is above all before, and it says
 * more than CHALLENGE and ANSWER; these alone never move a session, or two ends
 * that ask each other would chase one another for ever.
 */
void rd_path_received(struct rd_path *p, const struct rd_addr *from, size_t bytes, bool newest,
	uint64_t now_ns);
/* ANSWER came. True: the session has moved to the candidate (p->current is new). */
bool rd_path_answered(struct rd_path *p, const uint8_t data[static 8], uint64_t now_ns);
/*
 * The session is moved by its own end: a dialler has another connection to the
 * host it knows, or another interface. `to` counts as proven; for a moment the
 * peer, which has not heard of it, goes on as before.
 */
void rd_path_move(struct rd_path *p, const struct rd_addr *to, uint64_t now_ns);
/* The peer has gone to an address that we have proven ourselves: so do we. */
void rd_path_follow(struct rd_path *p, const struct rd_addr *to, uint64_t now_ns);
/* A TCP connection has ended: what lived on it is nowhere. True: current was. */
bool rd_path_carrier_gone(struct rd_path *p, uint32_t carrier);
/* How many bytes may be sent to the candidate. */
size_t rd_path_candidate_budget(const struct rd_path *p);
void rd_path_sent(struct rd_path *p, const struct rd_addr *to, size_t bytes);
/* A CHALLENGE is due now: copies its bytes; it goes to the candidate, in a packet of 1200. */
bool rd_path_challenge(struct rd_path *p, uint64_t now_ns, uint8_t out[static 8]);
/* The largest datagram now known to pass to `current`; 0: that is nowhere. */
size_t rd_path_size(const struct rd_path *p);
/* A probe of this size is due now; 0: none. Then say in which packet it went. */
size_t rd_path_probe(const struct rd_path *p, uint64_t now_ns);
void rd_path_probe_sent(struct rd_path *p, uint64_t number);
void rd_path_probe_acked(struct rd_path *p, uint64_t number, uint64_t now_ns);
void rd_path_probe_lost(struct rd_path *p, uint64_t number, uint64_t now_ns);
/* Several probe timeouts in a row: larger packets may vanish; back to 1200 and search anew later. */
void rd_path_black_hole(struct rd_path *p, uint64_t now_ns);
uint64_t rd_path_deadline(const struct rd_path *p);

#endif
