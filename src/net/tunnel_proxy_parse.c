#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "net/tunnel.h"

#define PORT_HTTP 80
#define PORT_SOCKS 1080

static const struct {
	const char *scheme;
	enum rd_proxy_kind kind;
	uint16_t port;
} schemes[] = {
	{"http://", RD_PROXY_HTTP, PORT_HTTP},
	{"socks5://", RD_PROXY_SOCKS5, PORT_SOCKS},
	{"socks5h://", RD_PROXY_SOCKS5, PORT_SOCKS}, /* "look names up there", as always with us */
};

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Text of a URL, %XX decoded; nothing that would end a line or a text may come out of it. */
static int
decode(char *out, size_t cap, const char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)text[i];
		if (c == '%') {
			if (len - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
				return -EINVAL;
			c = hex(text[i + 1]) << 4 | hex(text[i + 2]);
			i += 2;
		}
		if (c < ' ' || c == 0x7f || n + 1 >= cap)
			return -EINVAL;
		out[n++] = (char)c;
	}
	out[n] = 0;
	return 0;
}

/* "user:password", "user". A user's name has no colon in it. */
static int
take_login(struct rd_proxy *p, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	size_t n = colon ? (size_t)(colon - text) : len;
	int err = decode(p->user, sizeof(p->user), text, n);
	if (!err && strchr(p->user, ':'))
		err = -EINVAL;
	if (!err && colon)
		err = decode(p->password, sizeof(p->password), colon + 1, len - n - 1);
	return err;
}

/* One that is an address needs no looking up. */
static void
take_address(struct rd_proxy *p)
{
	uint8_t ip[16] = {0};
	if (inet_pton(AF_INET, p->host, ip) == 1)
		p->addr.family = 4;
	else if (inet_pton(AF_INET6, p->host, ip) == 1)
		p->addr.family = 6;
	else
		return;
	memcpy(p->addr.ip, ip, sizeof(ip));
	p->addr.port = p->port;
}

static int
take_host(struct rd_proxy *p, const char *text, size_t len, uint16_t port)
{
	struct rd_host_port hp;
	char host[300];
	if (len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = 0;
	if (rd_host_port_parse(&hp, host, port) != 0 || !hp.host[0] || hp.port == 0)
		return -EINVAL;
	memcpy(p->host, hp.host, sizeof(p->host));
	p->port = hp.port;
	take_address(p);
	return 0;
}

static int
parse(struct rd_proxy *p, const char *text)
{
	uint16_t port = PORT_HTTP;
	p->kind = RD_PROXY_HTTP;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		size_t n = strlen(schemes[i].scheme);
		if (strncasecmp(text, schemes[i].scheme, n) != 0)
			continue;
		p->kind = schemes[i].kind;
		port = schemes[i].port;
		text += n;
		break;
	}
	size_t len = strlen(text);
	if (len > 0 && text[len - 1] == '/')
		len--;
	/* The last one: a password may hold such a sign. */
	const char *at = memrchr(text, '@', len);
	int err = at ? take_login(p, text, (size_t)(at - text)) : 0;
	if (err)
		return err;
	size_t before = at ? (size_t)(at + 1 - text) : 0;
	return take_host(p, text + before, len - before, port);
}

int
rd_proxy_parse(struct rd_proxy *p, const char *text)
{
	*p = (struct rd_proxy){0};
	int err = parse(p, text);
	if (err)
		sodium_memzero(p, sizeof(*p));
	return err;
}

/* --- from the environment --- */

/* An entry of NO_PROXY: "*", a name and all that ends in it, an address; a port is passed over. */
static bool
names(const char *entry, size_t len, const char *host)
{
	size_t n = strlen(host);
	const char *colon = memchr(entry, ':', len);
	if (colon && !memchr(colon + 1, ':', len - (size_t)(colon + 1 - entry)))
		len = (size_t)(colon - entry);
	if (len == 1 && *entry == '*')
		return true;
	if (len > 0 && *entry == '.')
		entry++, len--;
	if (len == 0 || len > n || strncasecmp(host + n - len, entry, len) != 0)
		return false;
	return len == n || host[n - len - 1] == '.';
}

static bool
excepted(const char *list, const char *host)
{
	while (list && *list) {
		list += strspn(list, ", \t");
		size_t n = strcspn(list, ", \t");
		if (names(list, n, host))
			return true;
		list += n;
	}
	return false;
}

static const char *
first_of(const char *const *variables)
{
	for (; *variables; variables++) {
		const char *value = getenv(*variables);
		if (value && *value)
			return value;
	}
	return NULL;
}

int
rd_proxy_from_environment(struct rd_proxy *p, const char *host)
{
	static const char *const proxies[] = {
		"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", NULL,
	};
	static const char *const exceptions[] = {"NO_PROXY", "no_proxy", NULL};
	const char *text = first_of(proxies);
	*p = (struct rd_proxy){0};
	if (!text || excepted(first_of(exceptions), host))
		return 0;
	return rd_proxy_parse(p, text);
}
