#ifndef RD_RELAY_NETWORK_PRIV_H
#define RD_RELAY_NETWORK_PRIV_H

#include "control/web.h"
#include "rd-relay/network.h"
#include "rd-relay/tell.h"
#include "rd-relay/tls.h"
#include "rd-relay/worker.h"

/*
 * Inside the process at the network, for network*.c only:
 *
 *	network.c	its life, and the main thread
 *	network_open.c	its sockets and threads, and the lines that say so
 */
struct network {
	const struct options *opt;
	struct settings *settings;
	int sock;
	struct rd_loop *loop;
	struct rd_fd heard, woken;
	struct rd_timer tick;
	int wake;		/* eventfd: workers have something for TLS */
	struct core *core;
	struct udp udp;
	struct worker *worker;
	unsigned workers;
	struct tls tls;
	unsigned tls_most;	/* as many as there are descriptors for */
	struct rd_web *web;	/* NULL: none */
	int web_fd;
	struct tell tell;
	/* The main thread's own road, by the first worker's sockets. */
	struct forward forward;
	struct outbox out;
	struct counters counters;
	bool draining;
	uint64_t drain_ns, end_ns;
};

/* network.c: the core and the main thread's own road, which needs sockets. */
void network_core(struct network *n);
/* What TLS proves itself by; NULL: nothing, or nothing that is right, which was said. */
SSL_CTX *network_certificate(const struct settings *s);
/* As control/web.h asks for a page. */
int network_page(void *ctx, const char *path, struct rd_buf *body);

/* network_open.c: everything that needs more than a confined process may. An exit status. */
int network_open(struct network *n);
/* Of so many TLS connections, those that there are descriptors for. */
unsigned network_tls_places(const struct network *n, unsigned wanted);

#endif
