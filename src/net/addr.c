#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "net/addr.h"

bool
rd_addr_same_ip(const struct rd_addr *a, const struct rd_addr *b)
{
	return a->family == b->family && a->scope == b->scope &&
		memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

bool
rd_addr_is_loopback(const struct rd_addr *a)
{
	static const uint8_t one[16] = {[15] = 1};

	if (a->family == 4)
		return a->ip[0] == 127;
	return a->family == 6 && memcmp(a->ip, one, sizeof(one)) == 0;
}

bool
rd_addr_equal(const struct rd_addr *a, const struct rd_addr *b)
{
	return a->port == b->port && a->stream == b->stream && a->carrier == b->carrier &&
		a->relayed == b->relayed && rd_addr_same_ip(a, b);
}

static void
from_v6(struct rd_addr *a, const struct sockaddr_in6 *in6)
{
	a->port = ntohs(in6->sin6_port);
	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		a->family = 4;
		memcpy(a->ip, in6->sin6_addr.s6_addr + 12, 4);
		return;
	}
	a->family = 6;
	memcpy(a->ip, in6->sin6_addr.s6_addr, 16);
	if (IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr))
		a->scope = in6->sin6_scope_id;
}

int
rd_addr_from_sockaddr(struct rd_addr *a, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	*a = (struct rd_addr){0};
	if (len >= sizeof(in) && sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		a->family = 4;
		a->port = ntohs(in.sin_port);
		memcpy(a->ip, &in.sin_addr, 4);
		return 0;
	}
	if (len >= sizeof(in6) && sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		from_v6(a, &in6);
		return 0;
	}
	return -EAFNOSUPPORT;
}

socklen_t
rd_addr_to_sockaddr(const struct rd_addr *a, int domain, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (domain == AF_INET && a->family == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)out;
		in->sin_family = AF_INET;
		in->sin_port = htons(a->port);
		memcpy(&in->sin_addr, a->ip, 4);
		return sizeof(*in);
	}
	if (domain != AF_INET6 || (a->family != 4 && a->family != 6))
		return 0;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(a->port);
	in6->sin6_scope_id = a->scope;
	if (a->family == 4) {
		memset(in6->sin6_addr.s6_addr + 10, 0xff, 2);
		memcpy(in6->sin6_addr.s6_addr + 12, a->ip, 4);
	} else {
		memcpy(in6->sin6_addr.s6_addr, a->ip, 16);
	}
	return sizeof(*in6);
}

const char *
rd_addr_text(const struct rd_addr *a, char out[static RD_ADDR_TEXT])
{
	char ip[INET6_ADDRSTRLEN] = "", scope[12] = "";
	const char *by = a->relayed ? "relay " : a->stream ? "tcp " : "";

	if (a->family == 4)
		inet_ntop(AF_INET, a->ip, ip, sizeof(ip));
	else if (a->family == 6)
		inet_ntop(AF_INET6, a->ip, ip, sizeof(ip));
	if (a->scope)
		snprintf(scope, sizeof(scope), "%%%u", (unsigned)a->scope);
	if (a->family == 6)
		snprintf(out, RD_ADDR_TEXT, "%s[%s%s]:%u", by, ip, scope, (unsigned)a->port);
	else if (a->family == 4)
		snprintf(out, RD_ADDR_TEXT, "%s%s:%u", by, ip, (unsigned)a->port);
	else
		snprintf(out, RD_ADDR_TEXT, "nowhere");
	return out;
}

#define SOURCE_LEG 0xff	/* no family */

unsigned
rd_addr_source(const struct rd_addr *a, uint8_t out[static RD_ADDR_SOURCE_MAX])
{
	unsigned n = a->family == 4 ? 4 : 8;

	if (a->relayed) {
		out[0] = SOURCE_LEG;
		for (unsigned i = 0; i < 4; i++)
			out[1 + i] = (uint8_t)(a->carrier >> 8 * i);
		return 5;
	}
	out[0] = a->family;
	memcpy(out + 1, a->ip, n);
	return 1 + n;
}

/* ---- names as people write them ---- */

static int
parse_port(uint16_t *out, const char *text)
{
	unsigned long port = 0;

	if (!*text || strlen(text) > 5)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		port = 10 * port + (unsigned long)(*text - '0');
	}
	if (port > UINT16_MAX)
		return -EINVAL;
	*out = (uint16_t)port;
	return 0;
}

/* An IPv6 address, with or without "%interface". */
static bool
is_v6(const char *host)
{
	char ip[INET6_ADDRSTRLEN];
	struct in6_addr addr;
	size_t n = strcspn(host, "%");

	if (n >= sizeof(ip) || (host[n] && !host[n + 1]))
		return false;
	memcpy(ip, host, n);
	ip[n] = 0;
	return inet_pton(AF_INET6, ip, &addr) == 1;
}

/* Nothing in it that would change what a line of words or a command means. */
static bool
is_name(const char *host)
{
	for (; *host; host++)
		if ((unsigned char)*host <= ' ' || *host == 0x7f || strchr("[]/\\\"'", *host))
			return false;
	return true;
}

static int
take_host(struct rd_host_port *out, const char *from, size_t n)
{
	if (n >= sizeof(out->host))
		return -EINVAL;
	memcpy(out->host, from, n);
	out->host[n] = 0;
	return is_name(out->host) ? 0 : -EINVAL;
}

int
rd_host_port_parse(struct rd_host_port *out, const char *text, uint16_t default_port)
{
	const char *colon = strchr(text, ':'), *port = NULL;
	int err;

	*out = (struct rd_host_port){ .port = default_port };
	if (text[0] == '[') {
		const char *end = strchr(text, ']');
		if (!end || (end[1] && end[1] != ':'))
			return -EINVAL;
		err = take_host(out, text + 1, (size_t)(end - text - 1));
		if (err || !is_v6(out->host))
			return -EINVAL;
		port = end[1] ? end + 2 : NULL;
	} else if (colon && strchr(colon + 1, ':')) {
		err = take_host(out, text, strlen(text));
		return err || !is_v6(out->host) ? -EINVAL : 0;
	} else {
		err = take_host(out, text, colon ? (size_t)(colon - text) : strlen(text));
		if (err || !*text)
			return -EINVAL;
		port = colon ? colon + 1 : NULL;
	}
	return port ? parse_port(&out->port, port) : 0;
}

char *
rd_host_port_name(const char *text, uint16_t default_port)
{
	struct rd_host_port hp;
	struct in6_addr v6;
	char ip[INET6_ADDRSTRLEN];
	if (rd_host_port_parse(&hp, text, default_port) != 0 || !hp.host[0] || hp.port == 0)
		return NULL;
	for (char *c = hp.host; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c |= 32;
	bool is_v6 = strchr(hp.host, ':') != NULL;
	if (is_v6 && inet_pton(AF_INET6, hp.host, &v6) == 1 && inet_ntop(AF_INET6, &v6, ip, sizeof(ip)))
		memcpy(hp.host, ip, strlen(ip) + 1);
	if (hp.port == default_port)
		return xstrdup(hp.host);
	return xasprintf(is_v6 ? "[%s]:%u" : "%s:%u", hp.host, (unsigned)hp.port);
}
