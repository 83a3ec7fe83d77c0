#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/stun.h"
#include "net/udp.h"
#include "rd-relay/worker.h"

/*
 * Trains that one system call reads: many where they are short, since what goes
 * to one address then leaves together; few where they are long and soon fill the
 * processor's cache.
 */
#define TRAINS 256
#define TRAINS_LONG 32
#define LONG 2500		/* bytes of a long one, on average */
#define TURN_NS (500 * RD_NS_PER_MS / 1000)	/* then other places have theirs */
/*
 * Falling asleep and being woken costs about as much as this. Where something
 * comes more often than that, we look again instead: sooner, for the same price.
 */
#define SPIN_NS 15000
#define SAMPLE 1024		/* one batch of so many is timed */
/*
 * A train is up to 64 KiB. The odd rest keeps the beginnings of all buffers,
 * which is all that short trains use, out of the same lines of the cache.
 */
#define TRAIN_SIZE (65536 + 21 * 64)

/*
 * And where nothing is forwarded, and only peers say that they are still there,
 * several of them are heard at once: nobody waits for that answer.
 */
#define NAP_NS (5 * RD_NS_PER_MS)
#define QUIET_NS RD_NS_PER_S	/* so long after the last datagram that was forwarded */

union in_control {
	struct cmsghdr head;
	char space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
};

struct inbox {
	struct mmsghdr m[TRAINS];
	struct iovec piece[TRAINS];
	struct sockaddr_storage name[TRAINS];
	union in_control control[TRAINS];
	uint8_t data[TRAINS][TRAIN_SIZE];
};

static void
prepare(struct inbox *in, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		in->piece[i] = (struct iovec){in->data[i], TRAIN_SIZE};
		in->m[i].msg_hdr = (struct msghdr){
			.msg_name = &in->name[i], .msg_namelen = sizeof(in->name[i]),
			.msg_iov = &in->piece[i], .msg_iovlen = 1,
			.msg_control = &in->control[i], .msg_controllen = sizeof(in->control[i]),
		};
	}
}

/* --- one train --- */

static void
take(struct worker *w, unsigned place, unsigned i)
{
	struct msghdr *m = &w->in->m[i].msg_hdr;
	uint8_t *data = w->in->data[i];
	size_t len = w->in->m[i].msg_len;
	struct rd_addr from, to;
	if (len == 0 || (m->msg_flags & MSG_TRUNC) ||
			rd_addr_from_sockaddr(&from, m->msg_name, m->msg_namelen) != 0)
		return;
	size_t segment = rd_udp_arrived(m, &to);
	if (segment == 0 || segment > len)
		segment = len;
	from.carrier = udp_local(w->udp, place, &to);
	observe(&w->counters.segments, steps_of_number, (len + segment - 1) / segment);
	if (w->udp->place[place].stun_only && !rd_stun_is(data, segment))
		return;
	forward_train(&w->forward, &from, data, len, segment, w->now_ns);
}

/* --- batches --- */

static void
finish(struct worker *w, unsigned n)
{
	size_t bytes = 0;
	for (unsigned i = 0; i < n; i++)
		bytes += w->in->m[i].msg_len;
	w->want = bytes > n * (size_t)LONG ? TRAINS_LONG : TRAINS;
	outbox_flush(&w->out);
	handoff_poke(&w->to_tls);
	uint64_t took = rd_clock_ns() - w->now_ns;
	count(&w->counters.busy_ns, took);
	observe(&w->counters.batch, steps_of_number, n);
	if (w->batches++ % SAMPLE == 0)
		observe(&w->counters.forward_ns, steps_of_time_ns, took);
}

/* One batch; how many trains. What recvmmsg says is about earlier sends, and no end. */
static unsigned
receive(struct port *p)
{
	struct worker *w = p->worker;
	int n = recvmmsg(p->watch.fd, w->in->m, w->want, MSG_DONTWAIT, NULL);
	if (n <= 0)
		return 0;
	uint64_t now = rd_clock_ns(), gap = now - w->now_ns;
	w->gap_ns = (7 * w->gap_ns + (gap < RD_NS_PER_MS ? gap : RD_NS_PER_MS)) / 8;
	w->now_ns = now;
	for (int i = 0; i < n; i++)
		take(w, p->place, (unsigned)i);
	finish(w, (unsigned)n);
	prepare(w->in, (unsigned)n);
	return (unsigned)n;
}

static void
receive_all(struct port *p)
{
	struct worker *w = p->worker;
	uint64_t begun = rd_clock_ns();
	for (;;) {
		unsigned want = w->want, n = receive(p);
		uint64_t now = rd_clock_ns();
		if (now - begun > TURN_NS)
			return;
		if (n < want && (w->gap_ns > SPIN_NS || now - w->now_ns > SPIN_NS))
			return;
	}
}

static void
on_ready(void *ctx, unsigned events)
{
	struct port *p = ctx;
	struct worker *w = p->worker;
	(void)events;
	receive_all(p);
	if (w->now_ns - w->forward.relayed_ns < QUIET_NS)
		return;
	rd_fd_want(&p->watch, 0);
	if (!w->nap.set)
		rd_timer_set(&w->nap, NAP_NS);
}

static void
on_nap_over(void *ctx)
{
	struct worker *w = ctx;
	for (unsigned i = 0; i < w->udp->count; i++) {
		if (w->port[i].watch.want)
			continue;
		receive_all(&w->port[i]);
		rd_fd_want(&w->port[i].watch, RD_READ);
	}
}

/* --- what the core says --- */

static bool
to_stream(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct worker *w = ctx;
	return handoff_put(&w->to_tls, to->carrier, data, len, now_ns);
}

static void
on_core_send(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct worker *w = ctx;
	if (!to->stream)
		outbox_copy(&w->out, to, data, len);
	else if (!to_stream(w, to, data, len, w->now_ns))
		count(&w->counters.drops[DROP_QUEUE], 1);
}

/* --- the thread --- */

static void
on_stop(void *ctx, unsigned events)
{
	struct worker *w = ctx;
	(void)events;
	rd_loop_stop(w->loop, 0);
}

int
worker_open(struct worker *w, unsigned number, struct udp *udp, struct core *core, int wake)
{
	*w = (struct worker){.number = number, .udp = udp, .loop = rd_loop_new()};
	w->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->stop < 0)
		return -errno;
	/* 17 MB, touched as far as trains are many and long. */
	w->in = malloc(sizeof(*w->in));
	int err = w->in ? handoff_open(&w->to_tls, wake) : -ENOMEM;
	if (err)
		return err;
	prepare(w->in, TRAINS);
	w->want = TRAINS_LONG;
	w->out.udp = udp;
	w->out.thread = number;
	w->out.counters = &w->counters;
	w->forward = (struct forward){
		.core = core, .core_out = {on_core_send, w}, .out = &w->out,
		.counters = &w->counters, .to_stream = to_stream, .ctx = w,
	};
	rd_timer_open(&w->nap, w->loop, on_nap_over, w);
	rd_fd_open(&w->stopping, w->loop, w->stop, on_stop, w);
	rd_fd_want(&w->stopping, RD_READ);
	for (unsigned i = 0; i < udp->count && !err; i++) {
		w->port[i] = (struct port){.worker = w, .place = i};
		err = rd_fd_open(&w->port[i].watch, w->loop, udp->place[i].fd[number], on_ready,
			&w->port[i]);
		if (!err)
			rd_fd_want(&w->port[i].watch, RD_READ);
	}
	return err;
}

static void *
run(void *ctx)
{
	struct worker *w = ctx;
	rd_loop_run(w->loop);
	return NULL;
}

int
worker_start(struct worker *w)
{
	count(&w->counters.since_ns, rd_clock_ns());
	int err = pthread_create(&w->thread, NULL, run, w);
	w->runs = err == 0;
	return -err;
}

void
worker_close(struct worker *w)
{
	uint64_t one = 1;
	if (w->runs && write(w->stop, &one, sizeof(one)) == sizeof(one))
		pthread_join(w->thread, NULL);
	for (unsigned i = 0; w->udp && i < w->udp->count; i++)
		rd_fd_close(&w->port[i].watch);
	rd_fd_close(&w->stopping);
	rd_timer_close(&w->nap);
	if (w->stop > 0)
		close(w->stop);
	rd_loop_free(w->loop);
	handoff_close(&w->to_tls);
	free(w->in);
	*w = (struct worker){0};
}
