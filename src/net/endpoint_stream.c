#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/conn.h"
#include "net/endpoint_priv.h"

/*
 * A carrier's number says its place in the table, so that it is found at once,
 * and which use of that place it is, so that a late word about an old
 * connection finds none.
 */
#define CARRIER_SLOTS 512
_Static_assert(RD_ENDPOINT_STREAMS <= CARRIER_SLOTS, "a place has its number");

/* Sessions say something every RD_CONN_KEEPALIVE_NS, or move away. */
#define STREAM_SILENT_NS (2 * RD_CONN_DEAD_NS)

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

void
endpoint_stream_heard(struct stream *s)
{
	if (s->proven && s->incoming)
		s->deadline_ns = rd_clock_ns() + STREAM_SILENT_NS;
}

void
rd_endpoint_proven(struct rd_endpoint *e, uint32_t carrier)
{
	struct stream *s = endpoint_stream(e, carrier);
	if (!s || s->proven || s->state != STREAM_OPEN)
		return;
	s->proven = true;
	endpoint_stream_heard(s);
	endpoint_schedule(e);
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
