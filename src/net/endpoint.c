#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/endpoint_priv.h"

/* With port 0, how often another is tried when the other socket cannot have it. */
#define PORT_TRIES 32

void
endpoint_enter(struct rd_endpoint *e)
{
	e->depth++;
}

static void
destroy(struct rd_endpoint *e)
{
	free(e->batch.data);
	free(e->in);
	free(e);
}

void
endpoint_leave(struct rd_endpoint *e)
{
	if (--e->depth > 0)
		return;
	endpoint_stream_reap(e);
	endpoint_extra_reap(e);
	if (e->closed)
		destroy(e);
}

static uint64_t
earliest(const struct rd_endpoint *e)
{
	uint64_t at = e->accept_ns ? e->accept_ns : UINT64_MAX;
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++)
		if (e->streams[i] && e->streams[i]->deadline_ns < at)
			at = e->streams[i]->deadline_ns;
	return at;
}

void
endpoint_schedule(struct rd_endpoint *e)
{
	if (e->closed)
		return;
	uint64_t at = earliest(e), now = rd_clock_ns();
	if (at == UINT64_MAX)
		rd_timer_clear(&e->timer);
	else
		rd_timer_set(&e->timer, at > now ? at - now : 0);
}

static void
on_timer(void *ctx)
{
	struct rd_endpoint *e = ctx;
	uint64_t now = rd_clock_ns();
	endpoint_enter(e);
	if (e->accept_ns && now >= e->accept_ns)
		endpoint_accept_again(e);
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS && !e->closed; i++) {
		struct stream *s = e->streams[i];
		if (s && s->state != STREAM_DEAD && now >= s->deadline_ns)
			endpoint_stream_end(s, -ETIMEDOUT);
	}
	endpoint_schedule(e);
	endpoint_leave(e);
}

int
rd_endpoint_open(struct rd_endpoint **out, struct rd_loop *loop,
	const struct rd_endpoint_ops *ops, void *ctx)
{
	struct rd_endpoint *e = xcalloc(1, sizeof(*e));
	e->loop = loop;
	e->ops = *ops;
	e->ctx = ctx;
	e->in = xmalloc(ENDPOINT_IN);
	e->batch.data = xmalloc(ENDPOINT_BATCH + RD_PACKET_MAX);
	rd_timer_open(&e->timer, loop, on_timer, e);
	endpoint_own_open(e);
	*out = e;
	return 0;
}

void
rd_endpoint_close(struct rd_endpoint *e)
{
	if (!e)
		return;
	endpoint_enter(e);
	e->closed = true;
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS; i++)
		if (e->streams[i])
			endpoint_stream_kill(e->streams[i]);
	endpoint_accept_close(e);
	endpoint_udp_close(e);
	endpoint_extra_close_all(e);
	endpoint_own_close(e);
	rd_timer_close(&e->timer);
	endpoint_leave(e);
}

int
endpoint_bind(struct rd_addr *where, int domain, int type, int *out)
{
	struct sockaddr_storage sa;
	socklen_t len = rd_addr_to_sockaddr(where, domain, &sa);
	int one = 1;
	int fd = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* IPv4 has a socket of its own. */
	if (domain == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	/* A host that was just ended can be started anew on its port. */
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	int err = bind(fd, (struct sockaddr *)&sa, len) < 0 ? -errno : 0;
	len = sizeof(sa);
	struct rd_addr bound;
	if (!err && getsockname(fd, (struct sockaddr *)&sa, &len) < 0)
		err = -errno;
	if (!err)
		err = rd_addr_from_sockaddr(&bound, (struct sockaddr *)&sa, len);
	if (err) {
		close(fd);
		return err;
	}
	where->port = bound.port;
	*out = fd;
	return 0;
}

/* The sockets that one listening address needs; -1 where there is none. */
struct sockets {
	int udp[2], tcp[2];	/* IPv4, IPv6 */
};

static const int domains[2] = {AF_INET, AF_INET6};

static void
sockets_close(struct sockets *s)
{
	for (int i = 0; i < 2; i++) {
		if (s->udp[i] >= 0)
			close(s->udp[i]);
		if (s->tcp[i] >= 0)
			close(s->tcp[i]);
		s->udp[i] = s->tcp[i] = -1;
	}
}

/* A machine without one of the families listens with the other. */
static bool
family_missing(int err)
{
	return err == -EAFNOSUPPORT || err == -EADDRNOTAVAIL;
}

static int
bind_family(struct sockets *s, struct rd_addr *at, int i, bool udp, bool tcp)
{
	int err = 0;
	if (udp)
		err = endpoint_bind(at, domains[i], SOCK_DGRAM, &s->udp[i]);
	if (!err && tcp)
		err = endpoint_bind(at, domains[i], SOCK_STREAM, &s->tcp[i]);
	if (!err && s->tcp[i] >= 0 && listen(s->tcp[i], 128) < 0)
		err = -errno;
	return err;
}

/* All sockets on one port: where->port, or the first that the system gave. */
static int
bind_all(struct sockets *s, struct rd_addr *where, bool udp, bool tcp)
{
	int last = -EADDRNOTAVAIL;
	bool any = false;
	*s = (struct sockets){{-1, -1}, {-1, -1}};
	for (int i = 0; i < 2; i++) {
		if (where->family != 0 && where->family != (i == 0 ? 4 : 6))
			continue;
		struct rd_addr at = *where;
		at.family = i == 0 ? 4 : 6;
		int err = bind_family(s, &at, i, udp, tcp);
		if (err && !(where->family == 0 && family_missing(err))) {
			sockets_close(s);
			return err;
		}
		if (err) {
			last = err;
			continue;
		}
		any = true;
		where->port = at.port;
	}
	return any ? 0 : last;
}

static bool
is_any(const struct rd_addr *a)
{
	static const uint8_t zero[16];
	return memcmp(a->ip, zero, sizeof(zero)) == 0;
}

int
rd_endpoint_listen(struct rd_endpoint *e, const struct rd_addr *where, bool udp, bool tcp)
{
	struct sockets s;
	struct rd_addr at;
	int err = -EADDRINUSE;
	for (int i = 0; i < PORT_TRIES && err == -EADDRINUSE; i++) {
		at = *where;
		err = bind_all(&s, &at, udp, tcp);
		if (where->port != 0)
			break;
	}
	if (err)
		return err;
	for (int i = 0; i < 2 && !err; i++) {
		at.family = i == 0 ? 4 : 6;
		if (s.udp[i] >= 0)
			err = endpoint_udp_add(e, s.udp[i], &at, is_any(&at));
		s.udp[i] = -1;
		if (!err && s.tcp[i] >= 0) {
			err = endpoint_accept_add(e, s.tcp[i]);
			s.tcp[i] = -1;
		}
	}
	sockets_close(&s);
	if (!err && e->port == 0)
		e->port = at.port;
	return err;
}

int
rd_endpoint_udp(struct rd_endpoint *e)
{
	int err, last = -EADDRNOTAVAIL;
	bool any = false;
	for (int i = 0; i < 2; i++) {
		struct rd_addr at = {.family = i == 0 ? 4 : 6};
		int fd = -1;
		err = endpoint_bind(&at, domains[i], SOCK_DGRAM, &fd);
		if (!err)
			err = endpoint_udp_add(e, fd, &at, false);
		if (err)
			last = err;
		else
			any = true;
	}
	return any ? 0 : last;
}

uint16_t
rd_endpoint_port(const struct rd_endpoint *e)
{
	return e->port;
}

/* Whether that datagram, just put behind the batch, can leave with it. */
static bool
batch_takes(const struct batch *b, const struct rd_addr *to, size_t n)
{
	if (b->count == 0)
		return true;
	return !b->ended && n <= b->segment && b->count < ENDPOINT_SEGMENTS &&
		b->len + n <= ENDPOINT_BATCH && b->to.hops == to->hops && rd_addr_equal(&b->to, to);
}

static void
batch_add(struct batch *b, const struct rd_addr *to, size_t n)
{
	if (b->count == 0) {
		b->to = *to;
		b->segment = n;
	}
	b->ended = n < b->segment;
	b->len += n;
	b->count++;
}

/* Sends the batch; the datagram that lies behind it begins another. */
static bool
batch_send(struct rd_endpoint *e)
{
	struct batch *b = &e->batch;
	if (!endpoint_udp_send(e))
		return false;
	size_t behind = b->len, n = b->next_len;
	b->len = b->count = b->next_len = 0;
	b->ended = false;
	if (n > 0) {
		memmove(b->data, b->data + behind, n);
		batch_add(b, &b->next_to, n);
	}
	return true;
}

static void
write_streams(struct rd_endpoint *e)
{
	for (unsigned i = 0; i < RD_ENDPOINT_STREAMS && !e->closed; i++)
		if (e->streams[i])
			endpoint_stream_write(e->streams[i]);
}

static void
gather(struct rd_endpoint *e)
{
	struct batch *b = &e->batch;
	struct rd_addr to;
	size_t n;
	if (b->held && !batch_send(e))
		return;
	while (!e->closed && (n = e->ops.next(e->ctx, &to, b->data + b->len, RD_PACKET_MAX)) > 0) {
		/* Who has a relay wraps what goes through it (net/agent.h). */
		assert(!to.relayed);
		if (to.stream) {
			struct stream *s = endpoint_stream(e, to.carrier);
			if (s)
				endpoint_stream_put(s, b->data + b->len, n);
			continue;
		}
		if (batch_takes(b, &to, n)) {
			batch_add(b, &to, n);
			continue;
		}
		b->next_len = n;
		b->next_to = to;
		if (!batch_send(e))
			return;
	}
	while (!e->closed && b->count > 0 && batch_send(e))
		;
}

void
rd_endpoint_flush(struct rd_endpoint *e)
{
	if (e->closed || e->flushing)
		return;
	endpoint_enter(e);
	e->flushing = true;
	gather(e);
	write_streams(e);
	e->flushing = false;
	endpoint_leave(e);
}

bool
rd_endpoint_can_send(const struct rd_endpoint *e, const struct rd_addr *to)
{
	if (!to->stream)
		return !e->batch.held;
	const struct stream *s = endpoint_stream(e, to->carrier);
	return s && s->state == STREAM_OPEN && !s->full && s->out.len < ENDPOINT_GATHER;
}
