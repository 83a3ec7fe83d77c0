#ifndef RD_NET_PORTMAP_H
#define RD_NET_PORTMAP_H

#include "base/loop.h"
#include "net/addr.h"

/*
 * Asks the router to let a UDP port of ours in: PCP (RFC 6887, our own), NAT-PMP
 * (RFC 6886, libnatpmp) where it knows no PCP, UPnP IGD (miniupnpc) beside them;
 * the first that answers counts. For two hours, renewed at half of that, and
 * taken back at the end, whoever ends first. UPnP's library blocks and reads
 * XML from the network, so all of it runs in a process of its own, which is
 * confined (RD_CONFINE_NETWORK).
 */
struct rd_portmap;
struct rd_portmap_ops {
	/* family 0: there is none any more. `by`: "PCP", "NAT-PMP", "UPnP". */
	void (*mapped)(void *ctx, const struct rd_addr *outside, const char *by);
};

/*
 * Starts the process. To be called before a key is read, since it has a copy of
 * all that this one knows, and before other threads are; whoever asks may be
 * another process, a child of this one. It needs no waiting for. *sock is for
 * rd_portmap_open; when it is closed the mapping is taken back and the process
 * ends, as it does on SIGTERM. 0 or negative errno.
 */
int rd_portmap_start(int *sock);
/* Takes the socket, also on failure; does nothing until rd_portmap_want. 0 or negative errno. */
int rd_portmap_open(struct rd_portmap **out, struct rd_loop *loop, int sock,
	const struct rd_portmap_ops *ops, void *ctx);
/* From now on that port; 0: none. Said again: looks anew, if the way out is another. */
void rd_portmap_want(struct rd_portmap *p, uint16_t port);
void rd_portmap_close(struct rd_portmap *p);

#endif
