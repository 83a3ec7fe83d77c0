#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "net/lan_priv.h"

#define LIMIT_NS (2 * RD_NS_PER_S)
/* After an address of one family, that of the other is waited for so long. */
#define OTHER_NS (250 * RD_NS_PER_MS)

struct look {
	const struct lan_lib *lib;
	struct rd_addr *addrs;
	unsigned count, cap;
	unsigned waiting;
	uint64_t end_ns;
};

bool
rd_lan_is_name(const char *host)
{
	size_t len = strlen(host);
	if (len > 1 && host[len - 1] == '.')
		len--;
	return len > 6 && strncasecmp(host + len - 6, ".local", 6) == 0;
}

static void
on_address(AvahiHostNameResolver *r, AvahiIfIndex interface, AvahiProtocol protocol,
	AvahiResolverEvent event, const char *name, const AvahiAddress *a,
	AvahiLookupResultFlags flags, void *ctx)
{
	struct look *k = ctx;
	(void)protocol, (void)name, (void)flags;
	if (event == AVAHI_RESOLVER_FOUND && a && k->count < k->cap) {
		k->addrs[k->count] = lan_addr(a, interface);
		if (k->addrs[k->count].family)
			k->count++;
		k->end_ns = rd_clock_ns() + OTHER_NS;
	}
	k->waiting--;
	k->lib->avahi_host_name_resolver_free(r);
}

static void
ask(struct rd_lan *l, const char *host, AvahiProtocol family, struct look *k)
{
	if (l->lib.avahi_host_name_resolver_new(l->client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, host,
			family, 0, on_address, k))
		k->waiting++;
}

unsigned
rd_lan_look_up(const char *host, struct rd_addr *addrs, unsigned cap)
{
	const char *why;
	uint64_t now = rd_clock_ns();
	struct look k = {.addrs = addrs, .cap = cap, .end_ns = now + LIMIT_NS};
	struct rd_lan *l = rd_lan_open(false, &why);
	if (!l)
		return 0;
	k.lib = &l->lib;
	ask(l, host, AVAHI_PROTO_INET, &k);
	ask(l, host, AVAHI_PROTO_INET6, &k);
	while (k.waiting && (now = rd_clock_ns()) < k.end_ns && lan_turn(l, (int64_t)(k.end_ns - now)))
		;
	rd_lan_close(l);
	return k.count;
}
