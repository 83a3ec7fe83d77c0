#ifndef RD_NET_EXTRA_H
#define RD_NET_EXTRA_H

#include "net/conn.h"
#include "net/endpoint.h"

/*
 * The extra sockets of one session: opened when it asks for them (probing with
 * many ports at once), closed when it does not need them any more, or after
 * RD_EXTRA_NS; but the one stays that the session then lives on. Zeroed memory
 * has none.
 */
#define RD_EXTRA_NS (UINT64_C(10) * 1000000000)

struct rd_extra {
	uint32_t carriers[RD_PUNCH_SOCKETS];
	unsigned count;
	uint64_t close_ns;	/* then; UINT64_MAX or, without any, whatever: not */
};

/* As rd_conn_ops.sockets asks. */
void rd_extra_want(struct rd_extra *x, struct rd_endpoint *e, struct rd_conn *c, unsigned count,
	uint64_t now_ns);
void rd_extra_tick(struct rd_extra *x, struct rd_endpoint *e, const struct rd_conn *c,
	uint64_t now_ns);
/* All of them: the session is over. */
void rd_extra_close(struct rd_extra *x, struct rd_endpoint *e);

#endif
