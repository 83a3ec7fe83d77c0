#ifndef RD_NET_PORTMAP_H
#define RD_NET_PORTMAP_H

#include "base/loop.h"
#include "net/addr.h"

/*
 * Asks the router to let a UDP port of ours in: PCP (RFC 6887, our own), NAT-PMP
 * (RFC 6886, libnatpmp), UPnP IGD (miniupnpc), all three at once, the first that
 * answers counts. For two hours, renewed at half of that, and taken back at the
 * end. The libraries block, so they run in a process of their own, which is
 * confined (RD_CONFINE_NETWORK) and holds no key; it is started before the one
 * that asks is confined.
 */
struct rd_portmap;
struct rd_portmap_ops {
	/* family 0: there is none any more. `by`: "PCP", "NAT-PMP", "UPnP". */
	void (*mapped)(void *ctx, const struct rd_addr *outside, const char *by);
};
/* Starts the process; does nothing until rd_portmap_want. 0 or negative errno. */
int rd_portmap_open(struct rd_portmap **out, struct rd_loop *loop,
	const struct rd_portmap_ops *ops, void *ctx);
void rd_portmap_want(struct rd_portmap *p, uint16_t port);
void rd_portmap_close(struct rd_portmap *p);

#endif
