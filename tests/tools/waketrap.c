/*
 * waketrap INTERFACE MAC: a network card that listens while its machine sleeps. Waits for a
 * frame with the magic packet for that card anywhere in it, says how it came, "ipv4
 * 10.77.0.255" or "ipv6 ff02::1", a line each, and ends as soon as there was one by each of
 * the ways that are to be used: 255.255.255.255, the network's broadcast address, ff02::1.
 * With `first` behind it: after the first.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/mac.h"

#define WAYS 3

/* Six bytes FF, and the address sixteen times. */
static bool
has_magic(const uint8_t *p, size_t len, const struct rd_mac *m)
{
	uint8_t magic[6 + 16 * 6];
	memset(magic, 0xff, 6);
	for (int i = 1; i <= 16; i++)
		memcpy(magic + 6 * i, m->bytes, 6);
	return memmem(p, len, magic, sizeof(magic)) != NULL;
}

/* Where it went; false: it is no packet of UDP to port 9. */
static bool
way_of(const uint8_t *p, size_t len, char *out, size_t cap)
{
	char ip[INET6_ADDRSTRLEN];
	struct iphdr v4;
	struct ip6_hdr v6;
	struct udphdr udp;
	if (len < sizeof(v6) + sizeof(udp))
		return false;
	memcpy(&v4, p, sizeof(v4));
	memcpy(&v6, p, sizeof(v6));
	bool four = v4.version == 4;
	memcpy(&udp, p + (four ? sizeof(v4) : sizeof(v6)), sizeof(udp));
	inet_ntop(four ? AF_INET : AF_INET6, four ? (void *)&v4.daddr : (void *)&v6.ip6_dst, ip,
		sizeof(ip));
	snprintf(out, cap, "%s %s", four ? "ipv4" : "ipv6", ip);
	return ntohs(udp.dest) == 9 && (four ? v4.protocol : v6.ip6_nxt) == IPPROTO_UDP;
}

int
main(int argc, char **argv)
{
	struct rd_mac mac;
	char seen[WAYS][64] = {""}, way[64];
	uint8_t frame[2048];
	if (argc < 3 || rd_mac_parse(&mac, argv[2]) != 0)
		return 2;
	int want = argc > 3 ? 1 : WAYS;
	struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(argv[1])};
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		perror("waketrap");
		return 1;
	}
	printf("asleep\n");
	fflush(stdout);
	for (int n = 0; n < want;) {
		ssize_t len = recv(fd, frame, sizeof(frame), 0);
		if (len < 0 && errno != EINTR && errno != ENETDOWN)
			return 1;
		if (len <= 0 || !has_magic(frame, (size_t)len, &mac) ||
				!way_of(frame, (size_t)len, way, sizeof(way)))
			continue;
		bool known = false;
		for (int i = 0; i < n; i++)
			known |= strcmp(seen[i], way) == 0;
		if (known)
			continue;
		memcpy(seen[n++], way, sizeof(way));
		puts(way);
		fflush(stdout);
	}
	return 0;
}
