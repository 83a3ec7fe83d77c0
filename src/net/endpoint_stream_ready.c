#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/endpoint_priv.h"

/* What the kernel keeps unsent beyond this waits with us, where it can still be dropped. */
#define STREAM_UNSENT (32 << 10)

static void
on_connected(struct stream *s)
{
	int err = 0;
	socklen_t len = sizeof(err);
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	if (err) {
		endpoint_stream_end(s, -err);
		return;
	}
	s->connected = true;
	if (!s->tunnel)
		endpoint_stream_stands(s, NULL, 0);
}

/* A connection of ours that does not stand yet. */
static void
go_on(struct stream *s)
{
	if (!s->connected)
		on_connected(s);
	if (s->tunnel && s->state == STREAM_CONNECTING)
		endpoint_tunnel_go(s);
	if (s->state == STREAM_CONNECTING)
		endpoint_stream_want(s);
}

static void
write_on(struct stream *s)
{
	s->full = false;
	endpoint_stream_want(s);
	endpoint_stream_write(s);
	rd_endpoint_flush(s->e);
}

static void
on_ready(void *ctx, unsigned events)
{
	struct stream *s = ctx;
	struct rd_endpoint *e = s->e;
	bool connecting = s->state == STREAM_CONNECTING;
	endpoint_enter(e);
	if (connecting)
		go_on(s);
	else if (events & RD_WRITE)
		write_on(s);
	bool reads = !connecting && (events & RD_READ) && s->state != STREAM_DEAD;
	if (reads)
		endpoint_stream_read(s);
	if ((connecting || reads) && !e->closed)
		e->ops.turn(e->ctx);
	endpoint_leave(e);
}

int
endpoint_stream_start(struct stream *s, enum stream_state state)
{
	int one = 1, unsent = STREAM_UNSENT;
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(s->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
	int err = rd_fd_open(&s->watch, s->e->loop, s->fd, on_ready, s);
	if (err)
		return err;
	s->state = state;
	rd_fd_want(&s->watch, state == STREAM_CONNECTING ? RD_WRITE : RD_READ);
	return 0;
}
