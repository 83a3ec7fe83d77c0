#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/wake.h"

void
rd_wake_packet(uint8_t out[static RD_WAKE_PACKET], const struct rd_mac *m)
{
	memset(out, 0xff, 6);
	for (int i = 1; i <= 16; i++)
		memcpy(out + 6 * i, m->bytes, 6);
}

struct sending {
	const uint8_t *packet;
	int v4, v6;		/* sockets */
	int sent, error;
};

static void
count(struct sending *s, ssize_t n)
{
	if (n == RD_WAKE_PACKET)
		s->sent++;
	else
		s->error = n < 0 ? -errno : -EIO;
}

static struct in_addr
in_of(const struct sockaddr *sa)
{
	return ((const struct sockaddr_in *)(const void *)sa)->sin_addr;
}

/* All ones behind the mask: not every interface has been told it. 0: a network of two. */
static struct in_addr
broadcast_of(const struct ifaddrs *i)
{
	struct in_addr out = {0};
	uint32_t mask = i->ifa_netmask ? ntohl(in_of(i->ifa_netmask).s_addr) : 0xffffffff;
	if (mask < 0xfffffffe)
		out.s_addr = in_of(i->ifa_addr).s_addr | htonl(~mask);
	return out;
}

/*
 * To 255.255.255.255 by that interface, whatever the routes say, and to the
 * network's own broadcast address: some switches and drivers pass only one of them.
 */
static void
send_v4(struct sending *s, const struct ifaddrs *i, unsigned index)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = {.bytes = {0}};
	struct in_pktinfo by = {.ipi_ifindex = (int)index};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(RD_WAKE_PORT),
		.sin_addr.s_addr = htonl(INADDR_BROADCAST)};
	struct iovec data = {.iov_base = (void *)s->packet, .iov_len = RD_WAKE_PACKET};
	struct msghdr m = {.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &data,
		.msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	by.ipi_spec_dst = in_of(i->ifa_addr);
	control.head = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO,
		.cmsg_len = CMSG_LEN(sizeof(by))};
	memcpy(CMSG_DATA(&control.head), &by, sizeof(by));
	count(s, sendmsg(s->v4, &m, MSG_DONTWAIT));
	to.sin_addr = broadcast_of(i);
	if (to.sin_addr.s_addr)
		count(s, sendmsg(s->v4, &m, MSG_DONTWAIT));
}

/* IPv6 has no broadcast; all nodes of the link are a group (RFC 4291, section 2.7.1). */
static void
send_v6(struct sending *s, unsigned index)
{
	struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(RD_WAKE_PORT),
		.sin6_scope_id = index, .sin6_addr.s6_addr = {0xff, 0x02, [15] = 1}};
	count(s, sendto(s->v6, s->packet, RD_WAKE_PACKET, MSG_DONTWAIT, (struct sockaddr *)&to,
		sizeof(to)));
}

static bool
has_stations(const struct ifaddrs *i)
{
	return i->ifa_addr && (i->ifa_flags & IFF_UP) && (i->ifa_flags & IFF_BROADCAST) &&
		!(i->ifa_flags & IFF_LOOPBACK);
}

static void
send_all(struct sending *s)
{
	struct ifaddrs *all, *i;
	if (getifaddrs(&all) < 0) {
		s->error = -errno;
		return;
	}
	for (i = all; i; i = i->ifa_next) {
		if (!has_stations(i))
			continue;
		if (i->ifa_addr->sa_family == AF_INET && s->v4 >= 0)
			send_v4(s, i, if_nametoindex(i->ifa_name));
		/* An interface has a packet of its own, whatever number of addresses. */
		else if (i->ifa_addr->sa_family == AF_PACKET && s->v6 >= 0)
			send_v6(s, if_nametoindex(i->ifa_name));
	}
	freeifaddrs(all);
}

int
rd_wake_send(const struct rd_mac *m)
{
	uint8_t packet[RD_WAKE_PACKET];
	int on = 1;
	struct sending s = {
		.packet = packet, .error = -ENETDOWN,
		.v4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
		.v6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0),
	};
	rd_wake_packet(packet, m);
	if (s.v4 >= 0 && setsockopt(s.v4, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0)
		s.error = -errno;
	send_all(&s);
	if (s.v4 >= 0)
		close(s.v4);
	if (s.v6 >= 0)
		close(s.v6);
	return s.sent ? s.sent : s.error;
}
