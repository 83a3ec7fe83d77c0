#ifndef RD_RELAY_FORWARD_H
#define RD_RELAY_FORWARD_H

#include <sys/types.h>

#include "rd-relay/core.h"
#include "rd-relay/outbox.h"

/*
 * What a thread does with datagrams that have come: RELAYED ones go on, all of
 * a train that are for one leg at once and in the memory they came in; others are
 * the core's. One of these a thread.
 */
struct forward {
	struct core *core;
	struct core_out core_out;	/* where the core's answers go */
	struct outbox *out;
	struct counters *counters;
	/* A datagram to a TLS leg; copied. False: its queue is full. */
	bool (*to_stream)(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len,
		uint64_t now_ns);
	void *ctx;
	uint64_t relayed_ns;	/* when a datagram was last forwarded */
};

#define FORWARD_MAX 2048	/* bytes of a datagram that is forwarded */
#define RECORD_HEADER 2		/* its length, through TLS */

/*
 * `len` bytes that came from there, in datagrams of `segment`; valid, and not
 * read again, until the outbox is flushed.
 */
void forward_train(struct forward *f, const struct rd_addr *from, uint8_t *data, size_t len,
	size_t segment, uint64_t now_ns);
/*
 * What a TLS connection has brought, of whose owner that is the address: datagrams,
 * each behind its length. How many of the bytes were dealt with (what is left is the
 * beginning of one), or -EPROTO. The outbox is flushed either way.
 */
ssize_t forward_records(struct forward *f, const struct rd_addr *from, uint8_t *data, size_t len,
	uint64_t now_ns);

#endif
