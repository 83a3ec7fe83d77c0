#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/relay_choose.h"
#include "net/relayfile.h"

#define ADDRS (sizeof(((struct rd_agent_relay *)0)->addrs) / sizeof(struct rd_addr))

const char *const rd_relay_ways[] = {"auto", "udp", "tls", NULL};
const char *const rd_path_policies[] = {"auto", "direct", "relay", NULL};

void
rd_relay_set_way(struct rd_agent_relay *r, int way)
{
	r->udp = way != 2;
	r->tls = way != 1;
}

void
rd_agent_relay_wipe(struct rd_agent_relay *r)
{
	sodium_memzero(r, sizeof(*r));
}

static int
set_name(struct rd_agent_relay *r, const char *text)
{
	char *name = rd_relay_name(text);
	int err = name && strlen(name) < sizeof(r->name) ? 0 : -EINVAL;
	if (!err)
		memcpy(r->name, name, strlen(name) + 1);
	free(name);
	return err;
}

/* What the file says of a relay that was named; nothing is no mistake. */
static int
find(struct rd_agent_relay *r, const char *file, struct rd_relay_entry *e)
{
	int err = rd_relayfile_find(file, r->name, e);
	if (err)
		return err == -ENOENT ? 0 : err;
	r->has_key = true;
	r->key = e->key;
	r->has_join = e->has_join;
	memcpy(r->join, e->join, sizeof(r->join));
	return 0;
}

static int
find_own(struct rd_agent_relay *r, const char *file, struct rd_relay_entry *e)
{
	int err = rd_relayfile_own(file, e);
	return err ? err : set_name(r, e->name);
}

int
rd_relay_choose(struct rd_agent_relay *r, const char *file, const char *given, const char **why)
{
	struct rd_relay_entry e = {0};
	struct rd_host_port at;
	const char *name = given ? given : getenv("RD_RELAY");
	*r = (struct rd_agent_relay){.udp = true, .tls = true};
	*why = "--relay, or $RD_RELAY: that is no relay's name";
	int err = name && *name ? set_name(r, name) : find_own(r, file, &e);
	if (!err)
		err = find(r, file, &e);
	if (!err)
		err = rd_host_port_parse(&at, r->name, RD_RELAY_PORT);
	if (!err && rd_proxy_from_environment(&r->proxy, at.host) != 0) {
		*why = "$HTTPS_PROXY, or $ALL_PROXY, is no proxy of ours: http://HOST:PORT or "
			"socks5://HOST:PORT";
		err = -EINVAL;
	}
	rd_relay_entry_wipe(&e);
	return err;
}

/* The addresses of a host; how many. */
static unsigned
look_up(struct rd_addr *out, unsigned most, const char *host, uint16_t port, const char **why)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV}, *found;
	char service[8];
	unsigned n = 0;
	snprintf(service, sizeof(service), "%u", (unsigned)port);
	int err = getaddrinfo(host, service, &hints, &found);
	if (err) {
		*why = err == EAI_SYSTEM ? strerror(errno) : gai_strerror(err);
		return 0;
	}
	for (struct addrinfo *i = found; i && n < most; i = i->ai_next)
		n += rd_addr_from_sockaddr(&out[n], i->ai_addr, i->ai_addrlen) == 0;
	freeaddrinfo(found);
	if (n == 0)
		*why = "it has no address";
	return n;
}

const char *
rd_relay_look_up(struct rd_agent_relay *r)
{
	struct rd_host_port at;
	const char *why = NULL, *why_proxy = NULL;
	r->count = 0;
	if (rd_host_port_parse(&at, r->name, RD_RELAY_PORT) != 0)
		return "that is no relay's name";
	r->count = look_up(r->addrs, ADDRS, at.host, at.port, &why);
	if (r->proxy.kind == RD_PROXY_NONE)
		return r->count ? NULL : why;
	if (look_up(&r->proxy.addr, 1, r->proxy.host, r->proxy.port, &why_proxy) == 0)
		return r->count ? NULL : why_proxy;
	return NULL;
}
