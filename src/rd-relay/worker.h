#ifndef RD_RELAY_WORKER_H
#define RD_RELAY_WORKER_H

#include <pthread.h>

#include "base/loop.h"
#include "rd-relay/forward.h"
#include "rd-relay/handoff.h"

/*
 * One thread of UDP: there are as many as processors, since forwarding is bound
 * by them, and none of them waits for another. Each has its own socket of every
 * place, its own loop, and its own numbers.
 */
struct port {
	struct worker *worker;
	unsigned place;
	struct rd_fd watch;
};

struct worker {
	unsigned number;
	struct udp *udp;
	struct rd_loop *loop;
	struct port port[PLACES_MAX];
	struct rd_fd stopping;
	struct rd_timer nap;
	int stop;			/* eventfd */
	struct handoff to_tls;
	struct forward forward;
	struct outbox out;
	struct counters counters;
	struct inbox *in;
	unsigned batches, want;		/* how many trains to read at once */
	uint64_t now_ns;		/* of this batch */
	uint64_t gap_ns;		/* between batches, lately */
	pthread_t thread;
	bool runs;
};

/* All but starting it; wake: the eventfd of the thread of TLS. 0 or a negative errno. */
int worker_open(struct worker *w, unsigned number, struct udp *udp, struct core *core, int wake);
int worker_start(struct worker *w);
/* Ends the thread, waits for it, and gives back what it had. */
void worker_close(struct worker *w);

#endif
