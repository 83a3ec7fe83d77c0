#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "net/endpoint_priv.h"

/* In a connection a datagram is {u16 length, bytes}, little endian. */
#define RECORD_HEADER 2
#define STREAM_READS 8

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
	endpoint_stream_heard(s);
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
endpoint_stream_read(struct stream *s)
{
	for (int i = 0; i < STREAM_READS && receive(s); i++)
		;
}

void
endpoint_stream_stands(struct stream *s, const uint8_t *data, size_t len)
{
	struct rd_endpoint *e = s->e;
	s->state = STREAM_OPEN;
	s->deadline_ns = UINT64_MAX;
	rd_buf_bytes(&s->in, data, len);
	endpoint_stream_want(s);
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
