#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "net/udp.h"
#include "rd-relay/listen.h"

/* Datagrams wait here while a thread is busy; the kernel may allow less. */
#define UDP_BUFFER (8 << 20)
#define TCP_BACKLOG 512

const char *
place_text(const struct rd_addr *at, char out[static RD_ADDR_TEXT])
{
	static const uint8_t any[16];
	if (at->family && memcmp(at->ip, any, sizeof(any)) != 0)
		return rd_addr_text(at, out);
	snprintf(out, RD_ADDR_TEXT, "%s %u", at->stream ? "TCP port" : "port", (unsigned)at->port);
	return out;
}

static void
set(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

static int
open_socket(struct rd_addr *at, int domain, int type, bool shared)
{
	struct sockaddr_storage sa;
	socklen_t len = rd_addr_to_sockaddr(at, domain, &sa);
	int fd = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (domain == AF_INET6)
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (type == SOCK_STREAM)
		set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (shared)
		set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (bind(fd, (struct sockaddr *)&sa, len) == 0 &&
			getsockname(fd, (struct sockaddr *)&sa, &len) == 0) {
		struct rd_addr got;
		if (rd_addr_from_sockaddr(&got, (struct sockaddr *)&sa, len) == 0)
			at->port = got.port;
		return fd;
	}
	int err = -errno;
	close(fd);
	return err;
}

/*
 * With SO_REUSEPORT a second relay would get its share of our datagrams instead
 * of an error: so the port is taken without it first.
 */
static int
is_free(struct rd_addr *at, int domain)
{
	int fd = open_socket(at, domain, SOCK_DGRAM, false);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int
open_udp(struct rd_addr *at, int domain, bool any, bool shared)
{
	int fd = open_socket(at, domain, SOCK_DGRAM, shared);
	if (fd < 0)
		return fd;
	rd_udp_configure(fd, domain, any);
	set(fd, SOL_SOCKET, SO_RCVBUF, UDP_BUFFER);
	set(fd, SOL_SOCKET, SO_SNDBUF, UDP_BUFFER);
	return fd;
}

static int
open_place(struct udp *u, struct place *p)
{
	int err = is_free(&p->at, p->domain);
	for (unsigned i = 0; i < u->threads; i++)
		p->fd[i] = -1;
	for (unsigned i = 0; i < u->threads && !err; i++) {
		p->fd[i] = open_udp(&p->at, p->domain, p->any, u->threads > 1);
		if (p->fd[i] < 0)
			err = p->fd[i];
	}
	return err;
}

static bool
have(const struct udp *u, const struct rd_addr *at, int domain)
{
	for (unsigned i = 0; i < u->count; i++)
		if (u->place[i].domain == domain && rd_addr_equal(&u->place[i].at, at))
			return true;
	return false;
}

/* A machine without IPv6 is none without an address: quietly. */
static int
add_place(struct udp *u, struct rd_addr *at, int domain, bool any, bool stun_only)
{
	char text[RD_ADDR_TEXT];
	struct rd_addr full = *at;
	full.family = domain == AF_INET ? 4 : 6;
	if (have(u, &full, domain) || u->count == PLACES_MAX)
		return 0;
	struct place *p = &u->place[u->count++];
	*p = (struct place){.at = full, .domain = domain, .any = any, .stun_only = stun_only};
	int err = open_place(u, p);
	at->port = p->at.port;
	if (!err)
		return 0;
	u->count--;
	if (any && domain == AF_INET6 && (err == -EAFNOSUPPORT || err == -EADDRNOTAVAIL))
		return 0;
	rd_error("cannot listen on %s: %s%s", place_text(&full, text), strerror(-err),
		err == -EADDRINUSE ? "; another rd-relay may be running" : "");
	return err == -EADDRNOTAVAIL ? RD_EXIT_USAGE : RD_EXIT_FAILURE;
}

static int
add_places(struct udp *u, struct rd_addr at, bool stun_only)
{
	if (at.family)
		return add_place(u, &at, at.family == 4 ? AF_INET : AF_INET6, false, stun_only);
	int code = add_place(u, &at, AF_INET, true, stun_only);
	return code ? code : add_place(u, &at, AF_INET6, true, stun_only);
}

int
udp_listen(struct udp *u, const struct options *o, unsigned threads)
{
	int code = 0;
	u->threads = threads;
	pthread_mutex_init(&u->lock, NULL);
	for (unsigned i = 0; i < o->udp.count && !code; i++)
		code = add_places(u, o->udp.at[i], false);
	for (unsigned i = 0; i < o->udp.count && !code && o->stun_port; i++) {
		struct rd_addr at = o->udp.at[i];
		at.port = (uint16_t)o->stun_port;
		code = add_places(u, at, true);
	}
	return code;
}

void
udp_close(struct udp *u)
{
	for (unsigned i = 0; i < u->count; i++)
		for (unsigned k = 0; k < u->threads; k++)
			if (u->place[i].fd[k] >= 0)
				close(u->place[i].fd[k]);
	u->count = 0;
}

/* --- locals --- */

static uint32_t
find_local(const struct udp *u, unsigned from, unsigned count, unsigned place,
	const struct rd_addr *ip)
{
	for (unsigned i = from; i < count; i++)
		if (u->local[i].place == place && rd_addr_same_ip(&u->local[i].ip, ip))
			return i + 1;
	return 0;
}

uint32_t
udp_local(struct udp *u, unsigned place, const struct rd_addr *ip)
{
	unsigned count = atomic_load_explicit(&u->local_count, memory_order_acquire);
	uint32_t n = find_local(u, 0, count, place, ip);
	if (n)
		return n;
	pthread_mutex_lock(&u->lock);
	unsigned now = atomic_load_explicit(&u->local_count, memory_order_relaxed);
	n = find_local(u, count, now, place, ip);
	if (!n && now < LOCALS_MAX) {
		u->local[now] = (struct local){place, *ip};
		atomic_store_explicit(&u->local_count, now + 1, memory_order_release);
		n = now + 1;
	}
	pthread_mutex_unlock(&u->lock);
	return n;
}

const struct place *
udp_way(const struct udp *u, const struct rd_addr *to, const struct rd_addr **ip)
{
	int domain = to->family == 4 ? AF_INET : AF_INET6;
	unsigned count = atomic_load_explicit(&u->local_count, memory_order_acquire);
	*ip = NULL;
	if (to->carrier > 0 && to->carrier <= count) {
		const struct local *l = &u->local[to->carrier - 1];
		*ip = l->ip.family ? &l->ip : NULL;
		return &u->place[l->place];
	}
	for (unsigned i = 0; i < u->count; i++)
		if (u->place[i].domain == domain && !u->place[i].stun_only)
			return &u->place[i];
	return NULL;
}

/* --- TCP --- */

int
tcp_listen(struct rd_addr *at, int domain)
{
	int fd = open_socket(at, domain, SOCK_STREAM, false);
	if (fd >= 0 && listen(fd, TCP_BACKLOG) < 0) {
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}
