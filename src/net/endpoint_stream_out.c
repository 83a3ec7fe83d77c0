#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "net/endpoint_priv.h"

/* After a hang-up, for the last words of both. */
#define STREAM_ENDING_NS (2 * RD_NS_PER_S)

void
endpoint_stream_want(struct stream *s)
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

/* Writes what the kernel takes: how many bytes it did not, or a negative errno. */
static ssize_t
write_out(struct stream *s)
{
	while (s->sent < s->out.len) {
		ssize_t n = write_bytes(s, s->out.data + s->sent, s->out.len - s->sent);
		if (n == -EAGAIN)
			return (ssize_t)(s->out.len - s->sent);
		if (n <= 0)
			return n < 0 ? n : -EPIPE;
		s->sent += (size_t)n;
	}
	rd_buf_reset(&s->out);
	s->sent = 0;
	return 0;
}

static void
shut(struct stream *s)
{
	s->shut = true;
	if (s->tunnel)
		endpoint_tunnel_shut(s->tunnel);
	shutdown(s->fd, SHUT_WR);
}

void
endpoint_stream_write(struct stream *s)
{
	if (s->state != STREAM_OPEN && s->state != STREAM_ENDING)
		return;
	ssize_t left = write_out(s);
	if (left < 0) {
		endpoint_stream_end(s, (int)left);
		return;
	}
	if (s->full != (left > 0)) {
		s->full = left > 0;
		endpoint_stream_want(s);
	}
	if (s->state == STREAM_ENDING && !s->full && !s->shut)
		shut(s);
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
