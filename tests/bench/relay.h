#ifndef BENCH_RELAY_H
#define BENCH_RELAY_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/relay_client.h"

/*
 * Ends of a relay by the thousand in one process: all of 10.0.0.0/8 is this
 * machine's (ip route add local), each end has an address of its own there, and
 * all viewers share one socket, all hosts another, which name the address that a
 * datagram leaves from (IP_PKTINFO).
 */
#define RELAY_BATCH 32
#define RELAY_TRAIN 65536

struct relay_socket {
	int fd;
	uint16_t port;
	struct sockaddr_in to;		/* the relay */
	struct mmsghdr m[RELAY_BATCH];
	struct iovec piece[RELAY_BATCH];
	struct sockaddr_in name[RELAY_BATCH];
	union { struct cmsghdr head; char space[128]; } control[RELAY_BATCH];
	uint8_t *data;			/* RELAY_BATCH trains */
};

/* What came: from and to which address, in datagrams of `segment`. */
struct relay_got {
	uint8_t *data;
	size_t len, segment;
	struct sockaddr_in from;
	unsigned end;			/* whose address it came to */
};

/* Address of end i: two of them share a /24, since relays count by that. */
uint32_t relay_address(unsigned i);
/* "a.b.c.d:port", where the relay is; port 0: that was none. */
void relay_at(struct sockaddr_in *at, const char *text);
void relay_socket_open(struct relay_socket *s, uint16_t port, const struct sockaddr_in *to);
/* One batch, or nothing; how many. */
unsigned relay_socket_receive(struct relay_socket *s, struct relay_got *got);
/* Gathers one more from end `from`; RELAY_BATCH at most, then relay_socket_send. */
void relay_socket_put(struct relay_socket *s, unsigned i, unsigned from, void *data, size_t len,
	size_t segment);
unsigned relay_socket_send(struct relay_socket *s, unsigned n);
void relay_socket_say(struct relay_socket *s, unsigned from, const void *data, size_t len);

/* Flows: 2i is the viewer of flow i, 2i + 1 its host. What is put in front of a payload. */
struct relay_flow { uint8_t head[8]; size_t head_len; };

/* Sessions through rd-relay. `join`: a file. */
void relay_meet(struct relay_flow *f, unsigned n, struct relay_socket *viewers,
	struct relay_socket *hosts, const char *key, const char *join);
/* Allocations and channels of a TURN server, RFC 8656. */
void relay_turn(struct relay_flow *f, unsigned n, struct relay_socket *clients,
	struct relay_socket *peers);
bool relay_join_read(const char *path, uint8_t join[static RD_JOIN_KEY]);

/* Processor time of processes (comma list), in seconds; their resident memory. */
double relay_cpu_s(const char *pids);
double relay_rss_bytes(const char *pids);

#endif
