#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/netlink.h"
#include "net/portmap_pcp.h"
#include "net/portmap_priv.h"

struct search {
	uint32_t seq;
	bool done, found;
	uint32_t metric;	/* of the best so far: the least */
	struct rd_addr gateway;
};

static void
take_attribute(const struct rd_netlink_attribute *a, struct rd_addr *gateway, uint32_t *metric,
	uint32_t *table)
{
	if (a->type == RTA_GATEWAY && a->len == 4) {
		gateway->family = 4;
		memcpy(gateway->ip, a->data, 4);
	} else if (a->type == RTA_PRIORITY && a->len == sizeof(*metric)) {
		memcpy(metric, a->data, sizeof(*metric));
	} else if (a->type == RTA_TABLE && a->len == sizeof(*table)) {
		memcpy(table, a->data, sizeof(*table));
	}
}

static void
take_route(struct search *s, const uint8_t *data, size_t len)
{
	struct rtmsg route;
	struct rd_netlink_attribute a;
	struct rd_addr gateway = {0};
	uint32_t metric = 0;
	if (len < sizeof(route))
		return;
	memcpy(&route, data, sizeof(route));
	uint32_t table = route.rtm_table;
	data += sizeof(route);
	len -= sizeof(route);
	while (rd_netlink_attribute(&a, &data, &len))
		take_attribute(&a, &gateway, &metric, &table);
	if (route.rtm_family != AF_INET || route.rtm_dst_len != 0 || route.rtm_type != RTN_UNICAST ||
			table != RT_TABLE_MAIN || gateway.family == 0 || (s->found && metric >= s->metric))
		return;
	s->found = true;
	s->metric = metric;
	s->gateway = gateway;
}

static void
take_message(void *ctx, const struct rd_netlink_message *m)
{
	struct search *s = ctx;
	if (m->seq != s->seq)
		return;
	if (m->type == NLMSG_DONE || m->type == NLMSG_ERROR)
		s->done = true;
	else if (m->type == RTM_NEWROUTE)
		take_route(s, m->data, m->len);
}

/* Connecting a UDP socket sends nothing; it says which address the kernel would take. */
static int
own_towards(const struct rd_addr *gateway, struct rd_addr *own)
{
	struct sockaddr_storage sa;
	struct rd_addr to = *gateway;
	to.port = RD_PCP_PORT;
	socklen_t len = rd_addr_to_sockaddr(&to, AF_INET, &sa), size = sizeof(sa);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int err = 0;
	if (connect(fd, (struct sockaddr *)&sa, len) < 0 ||
			getsockname(fd, (struct sockaddr *)&sa, &size) < 0)
		err = -errno;
	close(fd);
	if (!err)
		err = rd_addr_from_sockaddr(own, (struct sockaddr *)&sa, size);
	own->port = 0;
	return err;
}

int
portmap_gateway(int netlink, struct rd_addr *gateway, struct rd_addr *own)
{
	static uint32_t seq;
	struct search s = {.seq = ++seq};
	int err = rd_netlink_ask(netlink, s.seq, RTM_GETROUTE, AF_INET);
	if (err)
		return err;
	while (!s.done && rd_netlink_read(netlink, take_message, &s) == 0)
		;
	if (!s.found)
		return -ENETUNREACH;
	*gateway = s.gateway;
	return own_towards(gateway, own);
}
