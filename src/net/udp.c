#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <string.h>

#include "net/udp.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

static void
set(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

bool
rd_udp_configure(int fd, int domain, bool told)
{
	int off = 0;
	if (domain == AF_INET) {
		set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
		set(fd, IPPROTO_IP, IP_PKTINFO, told);
	} else {
		set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
		set(fd, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
		set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, told);
	}
	set(fd, SOL_UDP, UDP_GRO, 1);
	return setsockopt(fd, SOL_UDP, UDP_SEGMENT, &off, sizeof(off)) == 0;
}

size_t
rd_udp_arrived(struct msghdr *m, struct rd_addr *to)
{
	int segment = 0;
	*to = (struct rd_addr){0};
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		const void *p = CMSG_DATA(c);
		if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO) {
			memcpy(&segment, p, sizeof(segment));
		} else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;
			memcpy(&info, p, sizeof(info));
			/* Not ipi_addr: that may be a broadcast address. */
			to->family = 4;
			memcpy(to->ip, &info.ipi_spec_dst, 4);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;
			memcpy(&info, p, sizeof(info));
			to->family = 6;
			memcpy(to->ip, &info.ipi6_addr, 16);
			if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
				to->scope = info.ipi6_ifindex;
		}
	}
	return segment > 0 ? (size_t)segment : 0;
}

void
rd_udp_put(struct msghdr *m, int level, int type, const void *data, size_t len)
{
	struct cmsghdr *c = (struct cmsghdr *)((char *)m->msg_control + m->msg_controllen);
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), data, len);
	m->msg_controllen += CMSG_SPACE(len);
}

void
rd_udp_put_source(struct msghdr *m, const struct rd_addr *ip)
{
	if (ip->family == 4) {
		struct in_pktinfo info = {0};
		memcpy(&info.ipi_spec_dst, ip->ip, 4);
		rd_udp_put(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	} else {
		struct in6_pktinfo info = {.ipi6_ifindex = ip->scope};
		memcpy(&info.ipi6_addr, ip->ip, 16);
		rd_udp_put(m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
	}
}

void
rd_udp_put_segment(struct msghdr *m, size_t segment)
{
	uint16_t size = (uint16_t)segment;
	rd_udp_put(m, SOL_UDP, UDP_SEGMENT, &size, sizeof(size));
}
