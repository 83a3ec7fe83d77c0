#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/lan_priv.h"

/*
 * Where a service was seen, it is asked where that is. So many at a time, since
 * each is an object of Avahi's, which has a bound for all programs; and one host
 * is seen by each interface and family.
 */
#define ASKED_MAX 32
#define SEEN_MAX (8 * RD_LAN_HOSTS)
/* Who has not answered for so long is not waited for. */
#define QUIET_NS (1500 * RD_NS_PER_MS)

struct seen {
	AvahiIfIndex interface;
	AvahiProtocol protocol;
	char name[RD_LAN_NAME_MAX + 1];
	char *domain;
};

struct browse {
	struct rd_lan *lan;
	const struct lan_lib *lib;
	struct rd_lan_found *out;
	struct seen *seen;
	size_t count, next;	/* how many were seen; the first that was not asked */
	unsigned asked;		/* … and not answered yet */
	bool all, failed;
	uint64_t news_ns;
};

static void
put_host(struct browse *b, const struct rd_lan_host *h)
{
	rd_lan_found_add(b->out, h);
	b->news_ns = rd_clock_ns();
}

static void
on_answer(AvahiServiceResolver *r, AvahiIfIndex interface, AvahiProtocol protocol,
	AvahiResolverEvent event, const char *name, const char *type, const char *domain,
	const char *target, const AvahiAddress *a, uint16_t port, AvahiStringList *txt,
	AvahiLookupResultFlags flags, void *ctx)
{
	struct browse *b = ctx;
	struct rd_lan_host h = {0};
	(void)protocol, (void)type, (void)domain, (void)flags;
	if (event == AVAHI_RESOLVER_FOUND && a && target && port && strlen(target) < sizeof(h.target)) {
		snprintf(h.name, sizeof(h.name), "%s", name);
		snprintf(h.target, sizeof(h.target), "%s", target);
		h.addr = lan_addr(a, interface);
		h.addr.port = port;
		for (; txt; txt = b->lib->avahi_string_list_get_next(txt))
			rd_lan_txt_take(&h.txt, b->lib->avahi_string_list_get_text(txt),
				b->lib->avahi_string_list_get_size(txt));
		if (h.addr.family)
			put_host(b, &h);
	}
	b->asked--;
	b->lib->avahi_service_resolver_free(r);
}

static void
ask_more(struct browse *b)
{
	while (b->asked < ASKED_MAX && b->next < b->count && !b->lan->gone) {
		const struct seen *s = &b->seen[b->next++];
		/* What cannot be asked, for instance by its name, is nobody. */
		if (b->lib->avahi_service_resolver_new(b->lan->client, s->interface, s->protocol, s->name,
				RD_LAN_TYPE, s->domain, AVAHI_PROTO_UNSPEC, 0, on_answer, b))
			b->asked++;
	}
}

static void
note(struct browse *b, const struct seen *s)
{
	if (b->count == SEEN_MAX) {
		b->out->more = true;
		return;
	}
	if ((b->count & (b->count + 1)) == 0)
		b->seen = xreallocarray(b->seen, 2 * b->count + 1, sizeof(*b->seen));
	b->seen[b->count] = *s;
	b->seen[b->count++].domain = xstrdup(s->domain);
	b->news_ns = rd_clock_ns();
}

static void
on_service(AvahiServiceBrowser *browser, AvahiIfIndex interface, AvahiProtocol protocol,
	AvahiBrowserEvent event, const char *name, const char *type, const char *domain,
	AvahiLookupResultFlags flags, void *ctx)
{
	struct browse *b = ctx;
	(void)browser, (void)type, (void)flags;
	if (event == AVAHI_BROWSER_ALL_FOR_NOW) {
		b->all = true;
	} else if (event == AVAHI_BROWSER_FAILURE) {
		b->failed = true;
	} else if (event == AVAHI_BROWSER_NEW && strlen(name) <= RD_LAN_NAME_MAX) {
		struct seen s = {.interface = interface, .protocol = protocol, .domain = (char *)domain};
		snprintf(s.name, sizeof(s.name), "%s", name);
		note(b, &s);
	}
}

static bool
is_done(const struct browse *b)
{
	bool idle = b->asked == 0 && b->next == b->count;
	return b->failed || (b->all && (idle || rd_clock_ns() - b->news_ns >= QUIET_NS));
}

int
rd_lan_browse(struct rd_lan *l, uint64_t limit_ns, struct rd_lan_found *out)
{
	struct browse b = {.lan = l, .lib = &l->lib, .out = out, .news_ns = rd_clock_ns()};
	uint64_t now = rd_clock_ns(), end = now + limit_ns;
	AvahiServiceBrowser *browser = l->lib.avahi_service_browser_new(l->client, AVAHI_IF_UNSPEC,
		AVAHI_PROTO_UNSPEC, RD_LAN_TYPE, NULL, 0, on_service, &b);
	bool alive = browser != NULL;
	while (alive && !is_done(&b) && (now = rd_clock_ns()) < end) {
		uint64_t turn = end - now < QUIET_NS / 4 ? end - now : QUIET_NS / 4;
		ask_more(&b);
		alive = lan_turn(l, (int64_t)turn);
	}
	/* Resolvers that are left are the client's, and go with it. */
	if (browser)
		l->lib.avahi_service_browser_free(browser);
	for (size_t i = 0; i < b.count; i++)
		free(b.seen[i].domain);
	free(b.seen);
	rd_lan_found_sort(out);
	return alive && !b.failed ? 0 : -ENOTCONN;
}
