#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "net/endpoint_priv.h"
#include "net/udp.h"

/* Datagrams that come while we are busy wait here; the kernel may allow less. */
#define UDP_RECEIVE_BUFFER (4 << 20)
#define UDP_SEND_BUFFER (1 << 20)
/* Reads of one turn: then others have theirs. */
#define UDP_READS 32

union control {
	struct cmsghdr head;
	char space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 2 * CMSG_SPACE(sizeof(int))];
};

static void on_ready(void *ctx, unsigned events);

static void
set(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

static void
configure(struct udp_socket *u, int receive_buffer)
{
	u->gso = rd_udp_configure(u->fd, u->domain, u->local);
	if (receive_buffer)
		set(u->fd, SOL_SOCKET, SO_RCVBUF, receive_buffer);
	else
		endpoint_udp_buffers(u);
}

void
endpoint_udp_buffers(const struct udp_socket *u)
{
	set(u->fd, SOL_SOCKET, SO_RCVBUF, UDP_RECEIVE_BUFFER);
	set(u->fd, SOL_SOCKET, SO_SNDBUF, UDP_SEND_BUFFER);
}

int
endpoint_udp_start(struct udp_socket *u, int receive_buffer)
{
	configure(u, receive_buffer);
	int err = rd_fd_open(&u->watch, u->e->loop, u->fd, on_ready, u);
	if (!err)
		rd_fd_want(&u->watch, RD_READ);
	return err;
}

int
endpoint_udp_add(struct rd_endpoint *e, int fd, const struct rd_addr *bound, bool local)
{
	int err = -EMFILE;
	if (e->udp_count < ENDPOINT_SOCKETS) {
		struct udp_socket *u = &e->udp[e->udp_count];
		*u = (struct udp_socket){
			.e = e, .fd = fd, .domain = bound->family == 4 ? AF_INET : AF_INET6,
			.local = local, .bound = *bound,
		};
		err = endpoint_udp_start(u, 0);
	}
	if (err)
		close(fd);
	else
		e->udp_count++;
	return err;
}

void
endpoint_udp_close(struct rd_endpoint *e)
{
	for (unsigned i = 0; i < e->udp_count; i++) {
		rd_fd_close(&e->udp[i].watch);
		close(e->udp[i].fd);
	}
	e->udp_count = 0;
}

/* --- receiving --- */

/* The number by which datagrams to this address of ours are known. */
static uint32_t
carrier_of(struct rd_endpoint *e, unsigned socket, const struct rd_addr *ip)
{
	if (ip->family == 0 || (ip->family == 6 && ip->ip[0] == 0xff))
		return 0;
	for (unsigned i = 0; i < e->local_count; i++)
		if (e->locals[i].socket == socket && rd_addr_equal(&e->locals[i].ip, ip))
			return i + 1;
	if (e->local_count == ENDPOINT_LOCALS)
		return 0;
	e->locals[e->local_count] = (struct local){socket, *ip};
	return ++e->local_count;
}

static void
deliver(struct udp_socket *u, const struct rd_addr *from, size_t len, size_t segment)
{
	struct rd_endpoint *e = u->e;
	if (segment == 0)
		segment = len;
	for (size_t at = 0; at < len && !e->closed; at += segment) {
		size_t n = len - at < segment ? len - at : segment;
		e->ops.datagram(e->ctx, from, e->in + at, n);
	}
}

/* One train. False: nothing is there. Errors are those of earlier sends, and no end. */
static bool
receive(struct udp_socket *u)
{
	struct rd_endpoint *e = u->e;
	struct sockaddr_storage sa;
	union control control;
	struct iovec iov = {.iov_base = e->in, .iov_len = ENDPOINT_IN};
	struct msghdr m = {
		.msg_name = &sa, .msg_namelen = sizeof(sa),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(u->fd, &m, MSG_DONTWAIT);
	if (n < 0)
		return errno != EAGAIN;
	struct rd_addr from, to;
	size_t segment = rd_udp_arrived(&m, &to);
	if (n == 0 || (m.msg_flags & MSG_TRUNC) ||
			rd_addr_from_sockaddr(&from, (struct sockaddr *)&sa, m.msg_namelen) != 0)
		return true;
	if (u->carrier)
		endpoint_extra_carried(u);
	from.carrier = u->carrier ? u->carrier : carrier_of(e, (unsigned)(u - e->udp), &to);
	deliver(u, &from, (size_t)n, segment);
	return true;
}

static void
on_ready(void *ctx, unsigned events)
{
	struct udp_socket *u = ctx;
	struct rd_endpoint *e = u->e;
	endpoint_enter(e);
	if (events & RD_WRITE) {
		rd_fd_want(&u->watch, RD_READ);
		rd_endpoint_flush(e);
	}
	if (events & RD_READ) {
		for (int i = 0; i < UDP_READS && !e->closed && u->fd >= 0 && receive(u); i++)
			;
		if (!e->closed)
			e->ops.turn(e->ctx);
	}
	endpoint_leave(e);
}

/* --- sending --- */

/* Of ours, the address that the peer sends to; NULL: any. */
static const struct local *
local_for(const struct rd_endpoint *e, const struct rd_addr *to)
{
	return to->carrier > 0 && to->carrier <= e->local_count ? &e->locals[to->carrier - 1] : NULL;
}

static struct udp_socket *
socket_for(struct rd_endpoint *e, const struct rd_addr *to)
{
	int domain = to->family == 4 ? AF_INET : AF_INET6;
	const struct local *local = local_for(e, to);
	if (endpoint_extra_is(to->carrier)) {
		struct udp_socket *u = endpoint_extra(e, to->carrier);
		return u && u->domain == domain ? u : NULL;
	}
	if (local && e->udp[local->socket].domain == domain)
		return &e->udp[local->socket];
	for (unsigned i = 0; i < e->udp_count; i++)
		if (e->udp[i].domain == domain)
			return &e->udp[i];
	return NULL;
}

/* For this datagram only; the socket's others go as far as usual. */
static void
put_hops(struct msghdr *m, int domain, uint8_t hops)
{
	int n = hops;
	if (domain == AF_INET)
		rd_udp_put(m, IPPROTO_IP, IP_TTL, &n, sizeof(n));
	else
		rd_udp_put(m, IPPROTO_IPV6, IPV6_HOPLIMIT, &n, sizeof(n));
}

/* One system call: 0 or a negative errno. */
static int
send_bytes(struct udp_socket *u, const uint8_t *data, size_t len, size_t segment,
	const struct local *source)
{
	const struct batch *b = &u->e->batch;
	struct sockaddr_storage sa;
	union control control;
	struct iovec iov = {.iov_base = (void *)data, .iov_len = len};
	struct msghdr m = {
		.msg_name = &sa, .msg_namelen = rd_addr_to_sockaddr(&b->to, u->domain, &sa),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control,
	};
	memset(&control, 0, sizeof(control));
	if (source)
		rd_udp_put_source(&m, &source->ip);
	if (b->to.hops)
		put_hops(&m, u->domain, b->to.hops);
	if (len > segment)
		rd_udp_put_segment(&m, segment);
	if (m.msg_controllen == 0)
		m.msg_control = NULL;
	ssize_t n;
	do
		n = sendmsg(u->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/*
 * The address that datagrams came to may have left this machine since: then
 * the kernel chooses another, and the session will have moved.
 */
static int
send_from(struct udp_socket *u, const uint8_t *data, size_t len, size_t segment)
{
	const struct local *source = local_for(u->e, &u->e->batch.to);
	int err = send_bytes(u, data, len, segment, source);
	if (source && (err == -EADDRNOTAVAIL || err == -ENETUNREACH || err == -EINVAL ||
			err == -ENODEV))
		err = send_bytes(u, data, len, segment, NULL);
	return err;
}

/* Drops from the batch what has been sent. */
static void
batch_advance(struct batch *b, size_t n, unsigned datagrams)
{
	b->len -= n;
	b->count -= datagrams;
	memmove(b->data, b->data + n, b->len + b->next_len);
}

/*
 * A datagram at a time. EMSGSIZE is an answer to a probe of the path's size;
 * refused and unreachable are news that others give better: all is "lost".
 */
static bool
send_singly(struct udp_socket *u)
{
	struct batch *b = &u->e->batch;
	size_t done = 0;
	unsigned datagrams = 0;
	while (done < b->len) {
		size_t n = b->len - done < b->segment ? b->len - done : b->segment;
		int err = send_from(u, b->data + done, n, n);
		if (err == -EAGAIN) {
			batch_advance(b, done, datagrams);
			return false;
		}
		done += n;
		datagrams++;
	}
	return true;
}

bool
endpoint_udp_send(struct rd_endpoint *e)
{
	struct batch *b = &e->batch;
	struct udp_socket *u = socket_for(e, &b->to);
	b->held = false;
	if (!u)
		return true;
	if (u->carrier)
		endpoint_extra_carried(u);
	int err = -EOPNOTSUPP;
	if (u->gso && b->count > 1)
		err = send_from(u, b->data, b->len, b->segment);
	/* No checksums by this device: so no segments (udp(7)); not again on this socket. */
	if (err == -EIO)
		u->gso = false;
	if (err == 0 || (err != -EAGAIN && send_singly(u)))
		return true;
	b->held = true;
	rd_fd_want(&u->watch, RD_READ | RD_WRITE);
	return false;
}
