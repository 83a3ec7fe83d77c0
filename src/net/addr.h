#ifndef RD_NET_ADDR_H
#define RD_NET_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/bytes.h"

/*
 * Where a datagram came from or goes to: an address and what carries it. The
 * session's state machine only compares these; an IPv4 address mapped into
 * IPv6 is kept as IPv4. Zeroed memory is "nowhere".
 */
struct rd_addr {
	uint8_t family;		/* 0 nowhere, 4, 6 */
	bool stream;		/* a TCP connection: ordered, lossless, of any size */
	uint16_t port;		/* host order */
	uint32_t scope;		/* IPv6 link-local: the interface */
	uint32_t carrier;	/* which socket of the endpoint; 0 its UDP socket; relayed: which leg */
	uint8_t ip[16];		/* the first 4 for IPv4; the rest zero */
	bool relayed;		/* through a relay, whose address this is (net/agent.h) */
	/* For sending only, and not compared: */
	uint8_t hops;		/* how many routers it may pass; 0: as many as usual */
	uint8_t traffic;	/* enum rd_traffic of the most urgent thing in it, for a relay */
};

bool rd_addr_equal(const struct rd_addr *a, const struct rd_addr *b);
/* The same machine, whatever its port. */
bool rd_addr_same_ip(const struct rd_addr *a, const struct rd_addr *b);
/* 127.0.0.0/8, or ::1. */
bool rd_addr_is_loopback(const struct rd_addr *a);
/* 0, or -EAFNOSUPPORT. `stream` and `carrier` are left 0. */
int rd_addr_from_sockaddr(struct rd_addr *a, const struct sockaddr *sa, socklen_t len);
/* For a socket of family `domain` (AF_INET, or AF_INET6 that also takes IPv4). */
socklen_t rd_addr_to_sockaddr(const struct rd_addr *a, int domain, struct sockaddr_storage *out);
/* "192.0.2.1:21118", "[2001:db8::1]:21118"; "tcp " before it for a stream, "relay " for a relayed one. */
#define RD_ADDR_TEXT 72
const char *rd_addr_text(const struct rd_addr *a, char out[static RD_ADDR_TEXT]);

/*
 * Bytes that a limit counts a source by: an IPv4 address, or the /64 of an
 * IPv6 one; ports and carriers are left out. Through a relay all have its
 * address, and each leg is a source of its own. Returns how many were written.
 */
#define RD_ADDR_SOURCE_MAX 9
unsigned rd_addr_source(const struct rd_addr *a, uint8_t out[static RD_ADDR_SOURCE_MAX]);

/*
 * "HOST", "HOST:PORT", "[V6]:PORT", ":PORT", "V6": the parts of a name as
 * people write it. The host is copied (may be "" for ":PORT"); 0 or -EINVAL.
 */
#define RD_PORT 21118
struct rd_host_port { char host[256]; uint16_t port; };
int rd_host_port_parse(struct rd_host_port *out, const char *text, uint16_t default_port);
/*
 * The one way to write it: small letters, no port where it is the default one,
 * "[v6]:port". NULL: it is none, or of no host or port 0. Caller frees.
 */
char *rd_host_port_name(const char *text, uint16_t default_port);

#endif
