#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/endpoint_priv.h"
#include "net/netlink.h"

/* A dump is asked for anew so often when the addresses change meanwhile. */
#define ASKS 4

/* --- one address --- */

static bool
take_ip(struct rd_addr *ip, const uint8_t *data, size_t len)
{
	if (len != (ip->family == 4 ? 4u : 16u))
		return false;
	memcpy(ip->ip, data, len);
	return true;
}

/* Those that nobody could answer from: not ours yet, or soon no more. */
static bool
usable(uint32_t flags)
{
	if (flags & (IFA_F_DADFAILED | IFA_F_DEPRECATED))
		return false;
	return !(flags & IFA_F_TENTATIVE) || (flags & IFA_F_OPTIMISTIC);
}

static bool
link_local(const struct rd_addr *a)
{
	if (a->family == 4)
		return a->ip[0] == 169 && a->ip[1] == 254;
	return a->ip[0] == 0xfe && (a->ip[1] & 0xc0) == 0x80;
}

bool
endpoint_own_parse(const uint8_t *data, size_t len, struct own_addr *out)
{
	struct ifaddrmsg head;
	struct rd_netlink_attribute a;
	bool local = false, any = false;
	*out = (struct own_addr){0};
	if (len < sizeof(head))
		return false;
	memcpy(&head, data, sizeof(head));
	if (head.ifa_family != AF_INET && head.ifa_family != AF_INET6)
		return false;
	uint32_t flags = head.ifa_flags;
	out->ip.family = head.ifa_family == AF_INET ? 4 : 6;
	data += sizeof(head);
	len -= sizeof(head);
	while (rd_netlink_attribute(&a, &data, &len)) {
		/* Of a point-to-point link IFA_ADDRESS is the other end's. */
		if (a.type == IFA_LOCAL || (a.type == IFA_ADDRESS && !local))
			any |= take_ip(&out->ip, a.data, a.len);
		local |= a.type == IFA_LOCAL;
		if (a.type == IFA_FLAGS && a.len == sizeof(flags))
			memcpy(&flags, a.data, sizeof(flags));
	}
	/* IPv4 has the same bit for a second address of one network. */
	out->temporary = out->ip.family == 6 && (flags & IFA_F_TEMPORARY);
	if (link_local(&out->ip) && out->ip.family == 6)
		out->ip.scope = head.ifa_index;
	return any && usable(flags);
}

/* --- all of them --- */

enum news { NEWS_CHANGED = 1, NEWS_ROUTE = 2, NEWS_DONE = 4 };

static bool
default_route(const uint8_t *data, size_t len)
{
	struct rtmsg route;
	if (len < sizeof(route))
		return false;
	memcpy(&route, data, sizeof(route));
	return route.rtm_dst_len == 0 && route.rtm_type == RTN_UNICAST;
}

static void
take_message(void *ctx, const struct rd_netlink_message *m)
{
	struct own *o = ctx;
	struct own_addr a;
	bool ours = m->seq == o->seq;
	switch (m->type) {
	case NLMSG_DONE:
	case NLMSG_ERROR:
		o->news |= ours ? NEWS_DONE : 0;
		break;
	case RTM_NEWADDR:
		if (!(m->flags & NLM_F_MULTI))
			o->news |= NEWS_CHANGED;
		else if (ours && o->count < ENDPOINT_OWN && endpoint_own_parse(m->data, m->len, &a))
			o->addrs[o->count++] = a;
		break;
	case RTM_DELADDR:
		o->news |= NEWS_CHANGED;
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		o->news |= default_route(m->data, m->len) ? NEWS_ROUTE : 0;
		break;
	default:
		break;
	}
}

/* One datagram. False: there is none. */
static bool
read_one(struct own *o)
{
	int err = rd_netlink_read(o->fd, take_message, o);
	if (err == -ENOBUFS)
		o->news |= NEWS_CHANGED;
	return err == 0 || err == -ENOBUFS;
}

/* What else has happened meanwhile stays in `news`. */
static void
refresh(struct own *o)
{
	for (int i = 0; i < ASKS; i++) {
		unsigned before = o->news & NEWS_ROUTE;
		o->news = 0;
		o->count = 0;
		if (rd_netlink_ask(o->fd, ++o->seq, RTM_GETADDR, AF_UNSPEC) != 0)
			break;
		while (!(o->news & NEWS_DONE) && read_one(o))
			;
		o->news |= before;
		if (!(o->news & NEWS_CHANGED))
			break;
	}
}

/* --- choosing --- */

/* Somewhere in its /64 there is an address that says less about us. */
static bool
hidden(const struct own_addr *a, const struct own_addr *all, unsigned count)
{
	if (a->ip.family != 6 || a->temporary)
		return false;
	for (unsigned i = 0; i < count; i++)
		if (all[i].temporary && memcmp(all[i].ip.ip, a->ip.ip, 8) == 0)
			return true;
	return false;
}

enum rank { RANK_TEMPORARY, RANK_V4, RANK_V6, RANK_UNIQUE_LOCAL, RANK_LINK, RANK_LOOPBACK, RANKS };

static enum rank
rank_of(const struct own_addr *a)
{
	if (rd_addr_is_loopback(&a->ip))
		return RANK_LOOPBACK;
	if (link_local(&a->ip))
		return RANK_LINK;
	if (a->ip.family == 4)
		return RANK_V4;
	if (a->temporary)
		return RANK_TEMPORARY;
	return (a->ip.ip[0] & 0xfe) == 0xfc ? RANK_UNIQUE_LOCAL : RANK_V6;
}

unsigned
endpoint_own_choose(const struct own_addr *all, unsigned count, struct rd_addr *out, unsigned most)
{
	unsigned n = 0;
	for (enum rank rank = 0; rank < RANKS; rank++) {
		if (rank >= RANK_LINK && n > 0)
			break;
		for (unsigned i = 0; i < count && n < most; i++)
			if (rank_of(&all[i]) == rank && !hidden(&all[i], all, count))
				out[n++] = all[i].ip;
	}
	return n;
}

/* Of the sockets that take datagrams to any address, that of its family; or one bound to it. */
static uint16_t
port_for(const struct rd_endpoint *e, const struct rd_addr *ip)
{
	static const uint8_t any[16];
	for (unsigned i = 0; i < e->udp_count; i++) {
		const struct rd_addr *b = &e->udp[i].bound;
		if (b->family == ip->family &&
				(memcmp(b->ip, any, 16) == 0 || memcmp(b->ip, ip->ip, 16) == 0))
			return b->port;
	}
	return 0;
}

unsigned
rd_endpoint_own(struct rd_endpoint *e, struct rd_addr *out, unsigned most)
{
	struct own *o = &e->own;
	struct own_addr reachable[ENDPOINT_OWN];
	unsigned n = 0;
	/* While news come, they are known. */
	if (o->fd >= 0 && !o->listens)
		refresh(o);
	for (unsigned i = 0; i < o->count; i++)
		if (port_for(e, &o->addrs[i].ip))
			reachable[n++] = o->addrs[i];
	n = endpoint_own_choose(reachable, n, out, most);
	for (unsigned i = 0; i < n; i++)
		out[i].port = port_for(e, &out[i]);
	return n;
}

/* --- the socket --- */

/*
 * A confined process opens no netlink socket: the one that was opened before,
 * for whichever endpoint has need of it; -1 while there is none.
 */
static _Atomic int spare = -1;

void
rd_endpoint_prepare(void)
{
	int fd = rd_netlink_open(), before = atomic_exchange(&spare, fd >= 0 ? fd : -1);
	if (before >= 0)
		close(before);
}

void
endpoint_own_open(struct rd_endpoint *e)
{
	struct own *o = &e->own;
	o->fd = rd_netlink_open();
	if (o->fd >= 0)
		return;
	o->fd = atomic_exchange(&spare, -1);
	o->spare = o->fd >= 0;
	while (o->spare && read_one(o))
		;
}

static void
member(const struct own *o, int option)
{
	static const int groups[] = {
		RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
	};
	for (unsigned i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		setsockopt(o->fd, SOL_NETLINK, option, &groups[i], sizeof(groups[i]));
}

void
endpoint_own_close(struct rd_endpoint *e)
{
	struct own *o = &e->own;
	rd_fd_close(&o->watch);
	if (o->fd < 0)
		return;
	if (o->spare) {
		if (o->listens)
			member(o, NETLINK_DROP_MEMBERSHIP);
		int before = atomic_exchange(&spare, o->fd);
		if (before >= 0)
			close(before);
	} else {
		close(o->fd);
	}
	o->fd = -1;
}

/* --- news --- */

static bool
same(const struct own_addr *a, unsigned a_count, const struct own_addr *b, unsigned b_count)
{
	for (unsigned i = 0; i < a_count && a_count == b_count; i++)
		if (a[i].temporary != b[i].temporary || !rd_addr_equal(&a[i].ip, &b[i].ip))
			return false;
	return a_count == b_count;
}

/* Routers repeat themselves, and each time the kernel says that an address is new. */
static void
on_news(void *ctx, unsigned events)
{
	(void)events;
	struct rd_endpoint *e = ctx;
	struct own *o = &e->own;
	struct own_addr before[ENDPOINT_OWN];
	unsigned count = o->count;
	memcpy(before, o->addrs, sizeof(before));
	o->news = 0;
	while (read_one(o))
		;
	if (o->news & NEWS_CHANGED)
		refresh(o);
	if (!(o->news & NEWS_ROUTE) && same(before, count, o->addrs, o->count))
		return;
	endpoint_enter(e);
	if (o->changed)
		o->changed(o->ctx);
	endpoint_leave(e);
}

void
rd_endpoint_on_change(struct rd_endpoint *e, void (*changed)(void *ctx), void *ctx)
{
	struct own *o = &e->own;
	o->changed = changed;
	o->ctx = ctx;
	if (o->fd < 0 || o->listens || rd_fd_open(&o->watch, e->loop, o->fd, on_news, e) != 0)
		return;
	o->listens = true;
	member(o, NETLINK_ADD_MEMBERSHIP);
	refresh(o);
	rd_fd_want(&o->watch, RD_READ);
}
