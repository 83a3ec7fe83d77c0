#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/mem.h"
#include "base/private.h"
#include "bench/bench.h"
#include "bench/relay.h"
#include "net/udp.h"

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

uint32_t
relay_address(unsigned i)
{
	unsigned net = i / 2;
	return 10u << 24 | (3 + net / 256) << 16 | net % 256 << 8 | (1 + i % 2);
}

static unsigned
end_of(uint32_t address)
{
	unsigned net = ((address >> 16 & 255) - 3) * 256 + (address >> 8 & 255);
	return 2 * net + (address & 255) - 1;
}

void
relay_at(struct sockaddr_in *at, const char *text)
{
	char ip[INET_ADDRSTRLEN];
	unsigned port;
	*at = (struct sockaddr_in){.sin_family = AF_INET};
	if (sscanf(text, "%15[0-9.]:%u", ip, &port) == 2 && inet_pton(AF_INET, ip, &at->sin_addr) == 1)
		at->sin_port = htons((uint16_t)port);
}

void
relay_socket_open(struct relay_socket *s, uint16_t port, const struct sockaddr_in *to)
{
	int one = 1, buffer = 64 << 20;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	s->port = port;
	s->to = *to;
	s->data = xmalloc(RELAY_BATCH * (RELAY_TRAIN + 1344));
	setsockopt(s->fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one));
	setsockopt(s->fd, SOL_UDP, UDP_GRO, &one, sizeof(one));
	setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer));
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		bench_die("port %u: %s", port, strerror(errno));
}

static void
read_control(struct msghdr *m, struct relay_got *g)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO) {
			int segment;
			memcpy(&segment, CMSG_DATA(c), sizeof(segment));
			g->segment = (size_t)segment;
		} else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			g->end = end_of(ntohl(info.ipi_addr.s_addr));
		}
	}
}

unsigned
relay_socket_receive(struct relay_socket *s, struct relay_got *got)
{
	for (unsigned i = 0; i < RELAY_BATCH; i++) {
		s->piece[i] = (struct iovec){s->data + i * (RELAY_TRAIN + 1344), RELAY_TRAIN};
		s->m[i].msg_hdr = (struct msghdr){.msg_name = &s->name[i],
			.msg_namelen = sizeof(s->name[i]), .msg_iov = &s->piece[i], .msg_iovlen = 1,
			.msg_control = &s->control[i], .msg_controllen = sizeof(s->control[i])};
	}
	int n = recvmmsg(s->fd, s->m, RELAY_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		got[i] = (struct relay_got){s->piece[i].iov_base, s->m[i].msg_len, s->m[i].msg_len,
			s->name[i], 0};
		read_control(&s->m[i].msg_hdr, &got[i]);
	}
	return n < 0 ? 0 : (unsigned)n;
}

void
relay_socket_put(struct relay_socket *s, unsigned i, unsigned from, void *data, size_t len,
	size_t segment)
{
	struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(relay_address(from))};
	struct msghdr *m = &s->m[i].msg_hdr;
	s->piece[i] = (struct iovec){data, len};
	*m = (struct msghdr){.msg_name = &s->to, .msg_namelen = sizeof(s->to),
		.msg_iov = &s->piece[i], .msg_iovlen = 1, .msg_control = &s->control[i]};
	rd_udp_put(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	if (segment < len)
		rd_udp_put_segment(m, segment);
}

unsigned
relay_socket_send(struct relay_socket *s, unsigned n)
{
	int sent = sendmmsg(s->fd, s->m, n, MSG_DONTWAIT);
	if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
		bench_die("sending: %s", strerror(errno));
	return sent < 0 ? 0 : (unsigned)sent;
}

void
relay_socket_say(struct relay_socket *s, unsigned from, const void *data, size_t len)
{
	relay_socket_put(s, 0, from, (void *)data, len, len);
	relay_socket_send(s, 1);
}

/* --- files and processes --- */

bool
relay_join_read(const char *path, uint8_t join[static RD_JOIN_KEY])
{
	char *text;
	size_t len, n;
	if (rd_private_read(path, RD_PRIVATE_SECRET, &text, &len))
		return false;
	int err = sodium_base642bin(join, RD_JOIN_KEY, text, len, "\n", &n, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	rd_private_free(text, len);
	return err == 0 && n == RD_JOIN_KEY;
}

static double
sum_of(const char *pids, double (*one)(const char *pid))
{
	char copy[256], *rest = copy, *pid;
	double n = 0;
	snprintf(copy, sizeof(copy), "%s", pids);
	while ((pid = strsep(&rest, ",")))
		n += one(pid);
	return n;
}

static double
cpu_of(const char *pid)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;
	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	FILE *f = fopen(path, "r");
	if (!f || !fgets(text, sizeof(text), f))
		bench_die("no process %s", pid);
	fclose(f);
	char *after = strrchr(text, ')');
	if (!after || sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			&system) != 2)
		bench_die("/proc is of another kind");
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double
rss_of(const char *pid)
{
	char path[64];
	unsigned long pages = 0;
	snprintf(path, sizeof(path), "/proc/%s/statm", pid);
	FILE *f = fopen(path, "r");
	if (!f || fscanf(f, "%*u %lu", &pages) != 1)
		bench_die("no process %s", pid);
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

double
relay_cpu_s(const char *pids)
{
	return sum_of(pids, cpu_of);
}

double
relay_rss_bytes(const char *pids)
{
	return sum_of(pids, rss_of);
}
