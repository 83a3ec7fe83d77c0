#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/conn.h"
#include "net/endpoint_priv.h"

/*
 * In a connection a datagram is {u16 length, bytes}, little endian.
 *
 * A carrier's number says its place in the table, so that it is found at once,
 * and which use of that place it is, so that a late word about an old
 * connection finds none.
 */
#define RECORD_HEADER 2
#define CARRIER_SLOTS 512
_Static_assert(RD_ENDPOINT_STREAMS <= CARRIER_SLOTS, "a place has its number");

/* What the kernel keeps unsent beyond this waits with us, where it can still be dropped. */
#define STREAM_UNSENT (32 << 10)
#define STREAM_READS 8
/* After a hang-up, for the last words of both. */
#define STREAM_ENDING_NS (2 * RD_NS_PER_S)
/* Sessions say something every RD_CONN_KEEPALIVE_NS, or move away. */
#define STREAM_SILENT_NS (2 * RD_CONN_DEAD_NS)

static void on_ready(void *ctx, unsigned events);

struct stream *
endpoint_stream(const struct rd_endpoint *e, uint32_t carrier)
{
	unsigned slot = carrier % CARRIER_SLOTS;
	struct stream *s = slot < RD_ENDPOINT_STREAMS ? e->streams[slot] : NULL;
	return s && s->peer.carrier == carrier && s->state != STREAM_DEAD ? s : NULL;
}

struct stream *
endpoint_stream_new(struct rd_endpoint *e, int fd, const struct rd_addr *peer, bool incoming)
{
	unsigned slot = 0;
	while (slot < RD_ENDPOINT_STREAMS && e->streams[slot])
		slot++;
	if (slot == RD_ENDPOINT_STREAMS)
		return NULL;
	/* Never 0, which is no carrier. */
	e->generation = e->generation % (UINT32_MAX / CARRIER_SLOTS - 1) + 1;
	struct stream *s = xcalloc(1, sizeof(*s));
	s->e = e;
	s->fd = fd;
	s->peer = *peer;
	s->peer.stream = true;
	s->peer.carrier = e->generation * CARRIER_SLOTS + slot;
	s->incoming = incoming;
	s->deadline_ns = UINT64_MAX;
	e->streams[slot] = s;
	return s;
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

void
endpoint_stream_kill(struct stream *s)
{
	if (s->state == STREAM_DEAD)
		return;
	s->state = STREAM_DEAD;
	s->deadline_ns = UINT64_MAX;
	rd_fd_close(&s->watch);
	close(s->fd);
	s->fd = -1;
	if (s->e->accept_ns && !s->e->closed)
		endpoint_accept_again(s->e);
}

void
endpoint_stream_reap(struct rd_endpoint *e)
{
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++) {
		struct stream *s = e->streams[i];
		if (!s || s->state != STREAM_DEAD)
			continue;
		rd_buf_finish(&s->in);
		rd_buf_finish(&s->out);
		endpoint_tunnel_free(s->tunnel);
		free(s);
		e->streams[i] = NULL;
	}
}

void
endpoint_stream_end(struct stream *s, int error)
{
	struct rd_endpoint *e = s->e;
	bool tell = s->state != STREAM_ENDING && s->state != STREAM_DEAD;
	struct rd_addr peer = s->peer;
	endpoint_enter(e);
	if (tell && s->tunnel)
		endpoint_tunnel_failed(s, error);
	else if (tell)
		snprintf(e->why, sizeof(e->why), "%s", strerror(-error));
	endpoint_stream_kill(s);
	endpoint_schedule(e);
	if (tell && !e->closed)
		e->ops.carrier(e->ctx, &peer, error);
	endpoint_leave(e);
}

/* --- writing --- */

static void
want(struct stream *s)
{
	unsigned io = RD_READ;
	if (s->state == STREAM_CONNECTING)
		io = s->tunnel ? endpoint_tunnel_wants(s->tunnel) : RD_WRITE;
	else if (s->full)
		io |= RD_WRITE;
	rd_fd_want(&s->watch, io);
}

static ssize_t
write_bytes(struct stream *s, const uint8_t *data, size_t len)
{
	if (s->tunnel)
		return endpoint_tunnel_write(s->tunnel, data, len);
	ssize_t n;
	do
		n = send(s->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n > 0 ? n : n < 0 ? -errno : -EPIPE;
}

void
endpoint_stream_write(struct stream *s)
{
	if (s->state != STREAM_OPEN && s->state != STREAM_ENDING)
		return;
	bool full = false;
	while (s->sent < s->out.len && !full) {
		ssize_t n = write_bytes(s, s->out.data + s->sent, s->out.len - s->sent);
		if (n > 0) {
			s->sent += (size_t)n;
		} else if (n == -EAGAIN) {
			full = true;
		} else {
			endpoint_stream_end(s, (int)n);
			return;
		}
	}
	if (s->sent == s->out.len) {
		rd_buf_reset(&s->out);
		s->sent = 0;
	}
	if (full != s->full) {
		s->full = full;
		want(s);
	}
	if (s->state == STREAM_ENDING && !full && !s->shut) {
		s->shut = true;
		if (s->tunnel)
			endpoint_tunnel_shut(s->tunnel);
		shutdown(s->fd, SHUT_WR);
	}
}

void
endpoint_stream_put(struct stream *s, const uint8_t *data, size_t len)
{
	if ((s->state != STREAM_OPEN && s->state != STREAM_CONNECTING) || len > RD_PACKET_MAX)
		return;
	if (s->out.len - s->sent + len > ENDPOINT_QUEUE) {
		endpoint_stream_end(s, -ENOBUFS);
		return;
	}
	if (s->sent > ENDPOINT_GATHER) {
		memmove(s->out.data, s->out.data + s->sent, s->out.len - s->sent);
		s->out.len -= s->sent;
		s->sent = 0;
	}
	rd_buf_u16(&s->out, (uint16_t)len);
	rd_buf_bytes(&s->out, data, len);
	if (!s->full && s->out.len >= ENDPOINT_GATHER)
		endpoint_stream_write(s);
}

/* --- reading --- */

/*
 * The datagrams of data[0 … len): returns how many bytes were dealt with, or
 * -EPROTO. Before its peer is proven a connection has nothing to say that is
 * longer than a handshake, but for a first DATA that proves it. Through a relay
 * others speak.
 */
static ssize_t
take_records(struct stream *s, uint8_t *data, size_t len)
{
	size_t at = 0;
	while (len - at > RECORD_HEADER && s->state == STREAM_OPEN) {
		size_t n = (size_t)data[at] | (size_t)data[at + 1] << 8;
		uint8_t type = data[at + RECORD_HEADER];
		if (n == 0 || n > RD_PACKET_MAX)
			return -EPROTO;
		if (n > RD_PACKET_HANDSHAKE_MAX && type != RD_PACKET_DATA && !s->tunnel)
			return -EPROTO;
		if (len - at - RECORD_HEADER < n)
			break;
		at += RECORD_HEADER;
		s->e->ops.datagram(s->e->ctx, &s->peer, data + at, n);
		at += n;
	}
	return (ssize_t)at;
}

static void
drop(struct rd_buf *b, size_t n)
{
	b->len -= n;
	memmove(b->data, b->data + n, b->len);
}

static int
take_bytes(struct stream *s, size_t n)
{
	struct rd_endpoint *e = s->e;
	if (s->proven && s->incoming)
		s->deadline_ns = rd_clock_ns() + STREAM_SILENT_NS;
	if (s->in.len == 0) {
		ssize_t done = take_records(s, e->in, n);
		if (done >= 0 && s->state == STREAM_OPEN)
			rd_buf_bytes(&s->in, e->in + done, n - (size_t)done);
		return done < 0 ? (int)done : 0;
	}
	rd_buf_bytes(&s->in, e->in, n);
	ssize_t done = take_records(s, s->in.data, s->in.len);
	if (done < 0)
		return (int)done;
	drop(&s->in, (size_t)done);
	return 0;
}

static ssize_t
read_bytes(struct stream *s)
{
	if (s->tunnel)
		return endpoint_tunnel_read(s->tunnel, s->e->in, ENDPOINT_IN);
	ssize_t n = recv(s->fd, s->e->in, ENDPOINT_IN, MSG_DONTWAIT);
	if (n > 0)
		return n;
	return n == 0 ? -EPIPE : errno == EINTR ? -EAGAIN : -errno;
}

/* False: nothing more is there, or the stream has ended. */
static bool
receive(struct stream *s)
{
	ssize_t n = read_bytes(s);
	if (n < 0) {
		if (n != -EAGAIN)
			endpoint_stream_end(s, (int)n);
		return false;
	}
	if (s->state != STREAM_OPEN)
		return true;
	int err = take_bytes(s, (size_t)n);
	if (err && s->state == STREAM_OPEN)
		endpoint_stream_end(s, err);
	return s->state == STREAM_OPEN;
}

void
endpoint_stream_stands(struct stream *s, const uint8_t *data, size_t len)
{
	struct rd_endpoint *e = s->e;
	s->state = STREAM_OPEN;
	s->deadline_ns = UINT64_MAX;
	rd_buf_bytes(&s->in, data, len);
	want(s);
	endpoint_schedule(e);
	e->ops.carrier(e->ctx, &s->peer, 0);
	if (s->state != STREAM_OPEN || s->in.len == 0)
		return;
	ssize_t done = take_records(s, s->in.data, s->in.len);
	if (done >= 0)
		drop(&s->in, (size_t)done);
	else if (s->state == STREAM_OPEN)
		endpoint_stream_end(s, (int)done);
}

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
		want(s);
}

static void
on_ready(void *ctx, unsigned events)
{
	struct stream *s = ctx;
	struct rd_endpoint *e = s->e;
	endpoint_enter(e);
	if (s->state == STREAM_CONNECTING) {
		go_on(s);
		if (!e->closed)
			e->ops.turn(e->ctx);
	} else {
		if (events & RD_WRITE) {
			s->full = false;
			want(s);
			endpoint_stream_write(s);
			rd_endpoint_flush(e);
		}
		if ((events & RD_READ) && s->state != STREAM_DEAD) {
			for (int i = 0; i < STREAM_READS && receive(s); i++)
				;
			if (!e->closed)
				e->ops.turn(e->ctx);
		}
	}
	endpoint_leave(e);
}

/* --- for the owner --- */

static int
start_connecting(const struct rd_addr *to)
{
	struct sockaddr_storage sa;
	int domain = to->family == 4 ? AF_INET : AF_INET6;
	socklen_t len = rd_addr_to_sockaddr(to, domain, &sa);
	int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&sa, len) < 0 && errno != EINPROGRESS) {
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int
endpoint_stream_connect(struct rd_endpoint *e, const struct rd_addr *to, struct tunnel *tunnel,
	struct stream **out)
{
	int fd = start_connecting(to);
	struct stream *s = fd >= 0 ? endpoint_stream_new(e, fd, to, false) : NULL;
	if (!s) {
		endpoint_tunnel_free(tunnel);
		if (fd >= 0)
			close(fd);
		return fd < 0 ? fd : -EMFILE;
	}
	endpoint_enter(e);
	s->tunnel = tunnel;
	int err = endpoint_stream_start(s, STREAM_CONNECTING);
	if (err)
		endpoint_stream_kill(s);
	else
		*out = s;
	endpoint_leave(e);
	return err;
}

int
rd_endpoint_connect(struct rd_endpoint *e, struct rd_addr *to)
{
	struct stream *s = NULL;
	int err = endpoint_stream_connect(e, to, NULL, &s);
	if (!err)
		*to = s->peer;
	return err;
}

void
rd_endpoint_proven(struct rd_endpoint *e, uint32_t carrier)
{
	struct stream *s = endpoint_stream(e, carrier);
	if (!s || s->proven || s->state != STREAM_OPEN)
		return;
	s->proven = true;
	if (s->incoming)
		s->deadline_ns = rd_clock_ns() + STREAM_SILENT_NS;
	endpoint_schedule(e);
}

/* A connection closed with bytes unread takes with it what was written last. */
void
endpoint_stream_give_up(struct stream *s)
{
	if (s->state == STREAM_CONNECTING)
		endpoint_stream_kill(s);
	if (s->state != STREAM_OPEN)
		return;
	s->state = STREAM_ENDING;
	s->deadline_ns = rd_clock_ns() + STREAM_ENDING_NS;
	endpoint_stream_write(s);
	endpoint_schedule(s->e);
}

void
rd_endpoint_hang_up(struct rd_endpoint *e, uint32_t carrier)
{
	endpoint_enter(e);
	struct stream *s = endpoint_stream(e, carrier);
	if (s)
		endpoint_stream_give_up(s);
	endpoint_leave(e);
}
