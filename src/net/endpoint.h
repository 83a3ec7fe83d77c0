#ifndef RD_NET_ENDPOINT_H
#define RD_NET_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"
#include "net/addr.h"
#include "net/server.h"
#include "net/tunnel.h"

/*
 * The only place with sockets. One UDP socket for each family, TCP connections
 * beside it: there each datagram is {u16 length, bytes} (rd-session(5)). When
 * the kernel's buffer (kept small, TCP_NOTSENT_LOWAT) is full, whoever asks
 * rd_endpoint_can_send waits, so that what is late is dropped before the socket.
 * Many datagrams of one size to one place leave in one call (UDP_SEGMENT) and
 * arrive in one (UDP_GRO) where the kernel can.
 */
struct rd_endpoint;

struct rd_endpoint_ops {
	void (*datagram)(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len);
	/* All datagrams that had come were given: now look what is to be sent. */
	void (*turn)(void *ctx);
	/* Another datagram to send: its length, at most RD_PACKET_MAX; 0 when there is none. */
	size_t (*next)(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap);
	/* A TCP connection of ours stands (error 0), or does not; or one has ended. */
	void (*carrier)(void *ctx, const struct rd_addr *peer, int error);
};

#define RD_ENDPOINT_STREAMS 320		/* TCP connections at once */
#define RD_ENDPOINT_STREAMS_EACH 16	/* of one source */
#define RD_ENDPOINT_STREAM_PROOF_NS (UINT64_C(10) * 1000000000) /* then it must be proven */

int rd_endpoint_open(struct rd_endpoint **out, struct rd_loop *loop,
	const struct rd_endpoint_ops *ops, void *ctx);
void rd_endpoint_close(struct rd_endpoint *e);
/*
 * Listens: UDP, and TCP on the same port. Family 0 is every address of both
 * families; port 0 any free one (see rd_endpoint_port). 0 or negative errno.
 * May be called several times. What answers a datagram leaves from the address
 * it came to, on machines that have several; `carrier` of its sender says which.
 */
int rd_endpoint_listen(struct rd_endpoint *e, const struct rd_addr *where, bool udp, bool tcp);
/* Opens UDP sockets on ports of the system's choice, for a side that dials. */
int rd_endpoint_udp(struct rd_endpoint *e);
/* Starts connecting; ops->carrier tells how it went. `to->carrier` is filled. 0 or negative. */
int rd_endpoint_connect(struct rd_endpoint *e, struct rd_addr *to);
/*
 * Starts a tunnel to a relay (net/tunnel.h): from then on a stream as any other;
 * ops->carrier tells how it went, rd_endpoint_why in words when it did not.
 */
int rd_endpoint_tunnel(struct rd_endpoint *e, const struct rd_tunnel *t, struct rd_addr *to);
const char *rd_endpoint_why(const struct rd_endpoint *e);
/*
 * Opens so many UDP sockets more, on ports of the system's choice, and says
 * their carriers; datagrams to an address with one of these leave from there,
 * and what comes to one has its carrier. RD_ENDPOINT_EXTRAS at most; how many
 * could be had. Closing one that is gone does nothing, and what is sent there
 * is lost.
 */
#define RD_ENDPOINT_EXTRAS 320
unsigned rd_endpoint_extra(struct rd_endpoint *e, uint8_t family, uint32_t *carriers,
	unsigned count);
void rd_endpoint_extra_close(struct rd_endpoint *e, uint32_t carrier);
/*
 * Addresses of this machine with the port of the UDP socket that datagrams come
 * to there; how many. Temporary IPv6 addresses first, and for them the lasting
 * ones of their network are left out; loopback and link-local only where there
 * is nothing else.
 */
unsigned rd_endpoint_own(struct rd_endpoint *e, struct rd_addr *out, unsigned most);
/* Told when these, or the way out, have changed (netlink). NULL: no more. */
void rd_endpoint_on_change(struct rd_endpoint *e, void (*changed)(void *ctx), void *ctx);
/*
 * A process that opens an endpoint only after it was confined, and wants the two
 * above, calls this before: there is then a netlink socket for one endpoint at a time.
 */
void rd_endpoint_prepare(void);
/* A session lives on that connection: it may stay. */
void rd_endpoint_proven(struct rd_endpoint *e, uint32_t carrier);
void rd_endpoint_hang_up(struct rd_endpoint *e, uint32_t carrier);
uint16_t rd_endpoint_port(const struct rd_endpoint *e);
/*
 * Sends what ops->next gives until there is no more or UDP's buffer is full;
 * then goes on by itself. What it gives for a TCP connection that is full is
 * queued; a connection that takes nothing while a session's whole window
 * (rd_cc_none) has been queued several times over is ended.
 */
void rd_endpoint_flush(struct rd_endpoint *e);
bool rd_endpoint_can_send(const struct rd_endpoint *e, const struct rd_addr *to);

#endif
