#ifndef RD_VIEW_PEER_CLOCK_H
#define RD_VIEW_PEER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/msg_control.h"
#include "wire/msg_link.h"

/*
 * How old a frame is when it is shown: the peer's clock seen from ours. Only of
 * what was drawn while we watched: a picture that had stood there before is as old
 * as it is, and says nothing of the way; nor does one that comes once more. In one
 * boot of one machine they are the same; else PINGs measure how far apart they
 * are, as in RFC 5905's on-wire protocol, and the quickest answer counts.
 * Pure: time is handed in.
 */
struct peer_clock {
	bool live;		/* the peer's times are those of a clock */
	bool same;		/* and it is ours */
	uint64_t zero_ns;	/* same: our clock at the peer's time zero */
	uint64_t asked_ns;	/* our clock at the last PING; 0: none */
	uint64_t offset_ns;	/* the peer's stream time less our clock; wraps */
	uint64_t error_ns;	/* give or take; UINT64_MAX: not known */
	uint64_t since_ns;	/* our clock when we began to watch */
	uint64_t next_ns;	/* of the peer's times: none before this one is new */
};

void peer_clock_init(struct peer_clock *c, const struct rd_hello *mine,
	const struct rd_hello *peer, bool live);
/* Whether to PING now; if so it is taken as done. Call it when frames flow. */
bool peer_clock_ask(struct peer_clock *c, uint64_t now_ns);
void peer_clock_answer(struct peer_clock *c, const struct rd_pong *pong, uint64_t now_ns);
/*
 * A frame of that stream time is shown now: how old it is, ns, and in *error_ns
 * how wrong that may be. UINT64_MAX: not known, or it was drawn before we watched.
 */
uint64_t peer_clock_age(struct peer_clock *c, uint64_t time_ns, uint64_t now_ns,
	uint64_t *error_ns);

#endif
