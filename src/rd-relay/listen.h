#ifndef RD_RELAY_LISTEN_H
#define RD_RELAY_LISTEN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "rd-relay/options.h"

/*
 * The relay's sockets. A *place* is an address and port that datagrams come to;
 * every thread has a socket of its own there (SO_REUSEPORT), and the kernel
 * spreads peers over them. Whichever thread answers, it does so from the place,
 * and on a place that stands for all addresses from the address, that the peer
 * has asked: the peer's NAT lets through nothing else. Address and place
 * together are a *local*, and rd_addr.carrier of a peer's address is its number.
 */
#define PLACES_MAX 64
#define LOCALS_MAX 256	/* more addresses than that are answered as the kernel likes */

struct place {
	struct rd_addr at;	/* with the port it got */
	int domain;
	bool any;		/* all addresses of that family */
	bool stun_only;
	int fd[THREADS_MAX];
};

struct local { unsigned place; struct rd_addr ip; };

struct udp {
	struct place place[PLACES_MAX];
	unsigned count, threads;
	pthread_mutex_t lock;		/* of adding locals; reading takes none */
	_Atomic unsigned local_count;
	struct local local[LOCALS_MAX];
};

/* 0 or an exit status, after a line that says why. */
int udp_listen(struct udp *u, const struct options *o, unsigned threads);
void udp_close(struct udp *u);
/* The number of a local: 1 … LOCALS_MAX, or 0. */
uint32_t udp_local(struct udp *u, unsigned place, const struct rd_addr *ip);
/* By which place a datagram goes there, and from which address (NULL: any); NULL: by none. */
const struct place *udp_way(const struct udp *u, const struct rd_addr *to, const struct rd_addr **ip);

/* A listening TCP socket, and in *at its port; -1 or a negative errno. */
int tcp_listen(struct rd_addr *at, int domain);
/* One word for an address to listen on: "port 21120", "192.0.2.1:21120". */
const char *place_text(const struct rd_addr *at, char out[static RD_ADDR_TEXT]);

#endif
