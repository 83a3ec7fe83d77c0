#ifndef RD_NET_ENDPOINT_PRIV_H
#define RD_NET_ENDPOINT_PRIV_H

#include <sys/types.h>

#include "base/bytes.h"
#include "net/endpoint.h"
#include "net/packet.h"

/*
 * Inside an endpoint, for endpoint*.c only:
 *
 *	endpoint.c		the object, listening, and sending's order
 *	endpoint_udp.c		UDP sockets: many datagrams a call, both ways
 *	endpoint_accept.c	TCP connections that come in, and their limits
 *	endpoint_connect.c	TCP connections of ours
 *	endpoint_stream_ready.c	TCP connections whose socket is ready for something
 *	endpoint_stream_in.c	datagrams out of a byte stream
 *	endpoint_stream_out.c	datagrams into a byte stream
 *	endpoint_stream.c	the table of TCP connections, and their end
 *	endpoint_tunnel.c	TCP connections that go on as TLS, through a proxy perhaps
 *	endpoint_extra.c	further UDP sockets, for hole punching
 *	endpoint_own.c		which addresses this machine has
 */

#define ENDPOINT_SOCKETS 16		/* UDP; and listening TCP sockets */
#define ENDPOINT_LOCALS 64
#define ENDPOINT_OWN 64			/* addresses of this machine that we look at */
#define ENDPOINT_IN (64 << 10)		/* the most one read gives; a UDP_GRO train fits */
#define ENDPOINT_BATCH 65000		/* bytes of one UDP_SEGMENT call: below UDP's 65507 */
#define ENDPOINT_GATHER ((size_t)64 << 10)	/* bytes of a stream written in one call */
#define ENDPOINT_QUEUE ((size_t)1 << 20)
#define ENDPOINT_SEGMENTS 64		/* the kernel's UDP_MAX_SEGMENTS before 6.9 */

struct udp_socket {
	struct rd_endpoint *e;
	int fd;
	int domain;		/* AF_INET, AF_INET6 */
	bool gso;		/* takes UDP_SEGMENT */
	bool local;		/* tells to which of our addresses a datagram came */
	struct rd_addr bound;	/* to this address and port */
	uint32_t carrier;	/* of an extra socket; 0: one of udp[] */
	unsigned carried;	/* by an extra one, trains both ways, while its buffers are small */
	struct rd_fd watch;
};

/*
 * One of our own addresses, to which a datagram came: the reply leaves from
 * there. Its place in the table, plus one, is the `carrier` of those datagrams;
 * 0 leaves the choice to the kernel. The table holds addresses of this machine
 * only, so that no stranger can fill it.
 */
struct local {
	unsigned socket;
	struct rd_addr ip;	/* port 0 */
};

/* An address of this machine as rtnetlink(7) tells it. */
struct own_addr {
	struct rd_addr ip;	/* port 0 */
	bool temporary;		/* IPv6: made up for a day (RFC 8981) */
};

/* What is known of this machine's addresses. */
struct own {
	int fd;			/* NETLINK_ROUTE, or -1 */
	bool spare;		/* the process's one, to be given back */
	bool listens;		/* news of addresses and default routes come to it */
	uint32_t seq;		/* of the last question */
	unsigned news;		/* what messages said, but for addresses */
	struct rd_fd watch;
	struct own_addr addrs[ENDPOINT_OWN];
	unsigned count;
	void (*changed)(void *ctx);
	void *ctx;
};

/*
 * Datagrams of one size (the last may be shorter) to one place, and, when it
 * could not join them, the next one.
 */
struct batch {
	uint8_t *data;		/* ENDPOINT_BATCH + RD_PACKET_MAX */
	size_t len, segment;
	unsigned count;
	bool ended;		/* by one that is shorter than the others */
	bool held;		/* the socket is full */
	struct rd_addr to;
	size_t next_len;	/* bytes at data + len; 0: there is none */
	struct rd_addr next_to;
};

enum stream_state {
	STREAM_CONNECTING,
	STREAM_OPEN,
	STREAM_ENDING,	/* given up by us: what is queued goes out, what comes in is thrown away */
	STREAM_DEAD,	/* closed; freed when no callback is under way */
};

struct tunnel;			/* endpoint_tunnel.c */

struct stream {
	struct rd_endpoint *e;
	struct tunnel *tunnel;	/* or NULL: plain TCP */
	enum stream_state state;
	struct rd_addr peer;
	int fd;
	struct rd_fd watch;
	bool incoming, proven;
	bool connected;		/* ours: TCP is */
	bool full;		/* the kernel took less than there was */
	bool shut;		/* ENDING, and all is written */
	uint64_t deadline_ns;	/* of proof, of silence or of ending; UINT64_MAX: none */
	struct rd_buf in;	/* the beginning of a datagram whose rest has not come */
	struct rd_buf out;	/* [sent, len) waits for the kernel */
	size_t sent;
};

struct listener {
	struct rd_endpoint *e;
	int fd;
	struct rd_fd watch;
};

struct rd_endpoint {
	struct rd_loop *loop;
	struct rd_endpoint_ops ops;
	void *ctx;
	struct udp_socket udp[ENDPOINT_SOCKETS];
	unsigned udp_count;
	struct local locals[ENDPOINT_LOCALS];
	unsigned local_count;
	struct udp_socket *extras[RD_ENDPOINT_EXTRAS]; /* fd -1: closed, freed when no callback is under way */
	uint32_t extra_generation;
	struct own own;
	struct listener listeners[ENDPOINT_SOCKETS];
	unsigned listener_count;
	uint64_t accept_ns;	/* no connection is taken before; 0: they are */
	struct stream *streams[RD_ENDPOINT_STREAMS];
	uint32_t generation;	/* of carriers: a slot's next user has another number */
	struct rd_timer timer;	/* the earliest of accept_ns and the streams' deadlines */
	uint16_t port;
	char why[192];		/* the last connection that failed */
	uint8_t *in;		/* ENDPOINT_IN, for whoever reads */
	struct batch batch;
	bool flushing;
	unsigned depth;		/* of callbacks we are in */
	bool closed;		/* by its owner: say nothing more, free at depth 0 */
};

/* Around everything that calls the owner: the endpoint outlives its own callbacks. */
void endpoint_enter(struct rd_endpoint *e);
void endpoint_leave(struct rd_endpoint *e);
/* The timer, for the earliest deadline there now is. */
void endpoint_schedule(struct rd_endpoint *e);

/* A socket for a family, bound to *where; its port is filled in. 0 or negative errno. */
int endpoint_bind(struct rd_addr *where, int domain, int type, int *out);

/* Takes fd, also when it fails. `local`: datagrams come to several of our addresses. */
int endpoint_udp_add(struct rd_endpoint *e, int fd, const struct rd_addr *bound, bool local);
/* Options and watch of a socket whose fields are filled in; its fd stays the caller's on failure. */
int endpoint_udp_start(struct udp_socket *u, int receive_buffer);
/* The kernel's buffers for a session's datagrams. */
void endpoint_udp_buffers(const struct udp_socket *u);
void endpoint_udp_close(struct rd_endpoint *e);
/*
 * Sends the datagrams of the batch. False: the socket is full, they are kept,
 * and sending goes on by itself. What fails for another reason is lost.
 */
bool endpoint_udp_send(struct rd_endpoint *e);

/* NULL: none has that carrier any more. */
struct udp_socket *endpoint_extra(const struct rd_endpoint *e, uint32_t carrier);
bool endpoint_extra_is(uint32_t carrier);
/* It has sent or received something: one that goes on to is given larger buffers. */
void endpoint_extra_carried(struct udp_socket *u);
void endpoint_extra_close_all(struct rd_endpoint *e);
void endpoint_extra_reap(struct rd_endpoint *e);

void endpoint_own_open(struct rd_endpoint *e);
void endpoint_own_close(struct rd_endpoint *e);
/* Puts the address of an RTM_NEWADDR's bytes (behind its header) into *out. False: of no use to us. */
bool endpoint_own_parse(const uint8_t *data, size_t len, struct own_addr *out);
/*
 * Of all addresses those that are good for reaching us, the best first: see
 * rd_endpoint_own. Port 0. How many.
 */
unsigned endpoint_own_choose(const struct own_addr *all, unsigned count, struct rd_addr *out,
	unsigned most);

/* NULL: none has that carrier any more. */
struct stream *endpoint_stream(const struct rd_endpoint *e, uint32_t carrier);
/* A free place, or NULL: there are as many as may be. */
struct stream *endpoint_stream_new(struct rd_endpoint *e, int fd, const struct rd_addr *peer,
	bool incoming);
/* Something came: one that was proven is not silent. */
void endpoint_stream_heard(struct stream *s);
/* Over: says so (unless we gave it up ourselves). */
void endpoint_stream_end(struct stream *s, int error);
void endpoint_stream_kill(struct stream *s);
void endpoint_stream_reap(struct rd_endpoint *e);

/* Watches for what it waits for now. */
void endpoint_stream_want(struct stream *s);
/* Queues a datagram. More than ENDPOINT_QUEUE bytes that the peer does not take end it. */
void endpoint_stream_put(struct stream *s, const uint8_t *data, size_t len);
/* Gives the kernel what is queued, as far as it takes it. */
void endpoint_stream_write(struct stream *s);
/* What is queued still goes out. */
void endpoint_stream_give_up(struct stream *s);

/* Takes what has come, up to a few reads of it. */
void endpoint_stream_read(struct stream *s);
/* It is what the owner asked for: says so. data[0 … len): datagrams that came already. */
void endpoint_stream_stands(struct stream *s, const uint8_t *data, size_t len);
/* What may be read and written is, from now on. 0 or negative errno. */
int endpoint_stream_start(struct stream *s, enum stream_state state);
/* Begins a connection of ours. Takes the tunnel, or NULL, also on failure. 0 or negative errno. */
int endpoint_stream_connect(struct rd_endpoint *e, const struct rd_addr *to, struct tunnel *tunnel,
	struct stream **out);

/* Goes on with making it, as far as it gets. */
void endpoint_tunnel_go(struct stream *s);
unsigned endpoint_tunnel_wants(const struct tunnel *t);
/* As recv and send, inside TLS: how many bytes, or a negative errno; -EPIPE: the end. */
ssize_t endpoint_tunnel_read(struct tunnel *t, uint8_t *data, size_t len);
ssize_t endpoint_tunnel_write(struct tunnel *t, const uint8_t *data, size_t len);
/* Nothing more will be written. */
void endpoint_tunnel_shut(struct tunnel *t);
/* Puts into words why it ends. */
void endpoint_tunnel_failed(struct stream *s, int error);
void endpoint_tunnel_free(struct tunnel *t);

int endpoint_accept_add(struct rd_endpoint *e, int fd);
void endpoint_accept_again(struct rd_endpoint *e);
void endpoint_accept_close(struct rd_endpoint *e);

#endif
