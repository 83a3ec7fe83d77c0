#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/endpoint_priv.h"

/* Connections taken in one turn: then others have theirs. */
#define ACCEPTS 32
/* When descriptors or memory are out nothing is accepted for so long. */
#define ACCEPT_PAUSE_NS (RD_NS_PER_S)

static unsigned
count_from(const struct rd_endpoint *e, const struct rd_addr *peer)
{
	uint8_t mine[RD_ADDR_SOURCE_MAX], other[RD_ADDR_SOURCE_MAX];
	unsigned n = rd_addr_source(peer, mine), count = 0;
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++) {
		const struct stream *s = e->streams[i];
		if (!s || !s->incoming || s->state == STREAM_DEAD)
			continue;
		if (rd_addr_source(&s->peer, other) == n && memcmp(mine, other, n) == 0)
			count++;
	}
	return count;
}

/*
 * Makes room for one more: the connection that has been unproven, or ending,
 * longest goes. False: there is none to be had.
 */
static bool
make_room(struct rd_endpoint *e)
{
	struct stream *oldest = NULL;
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++) {
		struct stream *s = e->streams[i];
		if (!s)
			return true;
		if (!s->incoming || (s->proven && s->state == STREAM_OPEN) || s->state == STREAM_DEAD)
			continue;
		if (!oldest || s->deadline_ns < oldest->deadline_ns)
			oldest = s;
	}
	if (!oldest)
		return false;
	endpoint_stream_end(oldest, -ECONNABORTED);
	endpoint_stream_reap(e);
	return !e->closed;
}

static void
take(struct rd_endpoint *e, int fd, const struct sockaddr_storage *sa, socklen_t len)
{
	struct rd_addr peer;
	struct stream *s = NULL;
	if (rd_addr_from_sockaddr(&peer, (const struct sockaddr *)sa, len) == 0 &&
			count_from(e, &peer) < RD_ENDPOINT_STREAMS_EACH && make_room(e))
		s = endpoint_stream_new(e, fd, &peer, true);
	if (!s) {
		close(fd);
		return;
	}
	s->deadline_ns = rd_clock_ns() + RD_ENDPOINT_STREAM_PROOF_NS;
	if (endpoint_stream_start(s, STREAM_OPEN) != 0)
		endpoint_stream_kill(s);
}

/* The connection still waits, and would be told again at once, for ever. */
static void
pause_accepting(struct rd_endpoint *e, int err)
{
	rd_warn("no more connections for the moment: %s", strerror(err));
	e->accept_ns = rd_clock_ns() + ACCEPT_PAUSE_NS;
	for (unsigned i = 0; i < e->listener_count; i++)
		rd_fd_want(&e->listeners[i].watch, 0);
}

void
endpoint_accept_again(struct rd_endpoint *e)
{
	e->accept_ns = 0;
	for (unsigned i = 0; i < e->listener_count; i++)
		rd_fd_want(&e->listeners[i].watch, RD_READ);
}

static void
on_ready(void *ctx, unsigned events)
{
	(void)events;
	struct listener *l = ctx;
	struct rd_endpoint *e = l->e;
	endpoint_enter(e);
	for (int i = 0; i < ACCEPTS && !e->closed; i++) {
		struct sockaddr_storage sa;
		socklen_t len = sizeof(sa);
		int fd = accept4(l->fd, (struct sockaddr *)&sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0) {
			take(e, fd, &sa, len);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			pause_accepting(e, errno);
		/* What else it says is of one connection that has gone (accept(2)), or EAGAIN. */
		break;
	}
	endpoint_schedule(e);
	endpoint_leave(e);
}

int
endpoint_accept_add(struct rd_endpoint *e, int fd)
{
	if (e->listener_count == ENDPOINT_SOCKETS) {
		close(fd);
		return -EMFILE;
	}
	struct listener *l = &e->listeners[e->listener_count];
	*l = (struct listener){.e = e, .fd = fd};
	int err = rd_fd_open(&l->watch, e->loop, fd, on_ready, l);
	if (err) {
		close(fd);
		return err;
	}
	e->listener_count++;
	rd_fd_want(&l->watch, RD_READ);
	return 0;
}

void
endpoint_accept_close(struct rd_endpoint *e)
{
	for (unsigned i = 0; i < e->listener_count; i++) {
		rd_fd_close(&e->listeners[i].watch);
		close(e->listeners[i].fd);
	}
	e->listener_count = 0;
}
