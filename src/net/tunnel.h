#ifndef RD_NET_TUNNEL_H
#define RD_NET_TUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"

/*
 * A way to a relay where UDP does not get through: TLS 1.3 or 1.2 on TCP (443,
 * and the relay's own port), inside it "GET /rd HTTP/1.1 … Upgrade: rd/1", and
 * after 101 datagrams as {u16 length, bytes}. Through a proxy first where the
 * network has one: HTTP CONNECT (RFC 9110 section 9.3.6) or SOCKS5 (RFC 1928,
 * 1929). To whoever uses it, it is a stream of the endpoint (net/endpoint.h).
 *
 * TLS is transport only: the relay proves itself by its Noise key. So the
 * certificate is checked (name and chain) only where that key is not known yet.
 */
enum rd_proxy_kind { RD_PROXY_NONE, RD_PROXY_HTTP, RD_PROXY_SOCKS5 };
struct rd_proxy {
	enum rd_proxy_kind kind;
	struct rd_addr addr;
	char host[256];			/* to be looked up by whoever may */
	uint16_t port;
	char user[128], password[128];	/* wiped by whoever holds it */
};
/*
 * "http://[user[:password]@]host[:port]", "socks5://…", "host:port" (HTTP).
 * 0 or -EINVAL. From the environment: HTTPS_PROXY, https_proxy, ALL_PROXY,
 * all_proxy in this order, unless NO_PROXY or no_proxy names the host (RD_PROXY_NONE then).
 */
int rd_proxy_parse(struct rd_proxy *p, const char *text);
int rd_proxy_from_environment(struct rd_proxy *p, const char *host);

/* Then it has failed. */
#define RD_TUNNEL_NS (UINT64_C(10) * 1000000000)

struct rd_tunnel {
	char name[256];			/* of the relay: SNI, Host, and what the certificate must say */
	struct rd_addr to;		/* the relay: unused (family 0) where the proxy looks it up */
	uint16_t port;
	struct rd_proxy proxy;
	bool check;			/* the certificate */
	const char *ca_file;		/* instead of the system's, for tests and own CAs; or NULL */
};

/*
 * Reads that file of certificates, or the system's: before a process is confined.
 * 0 or negative errno; then tunnels whose certificate is not checked still work.
 */
int rd_tunnel_prepare(const char *ca_file);
/* What is wrong with the file, by that error. */
const char *rd_tunnel_why(int err);

#endif
