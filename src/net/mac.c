#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/mac.h"
#include "net/netlink.h"

/* --- as text --- */

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
rd_mac_parse(struct rd_mac *m, const char *text)
{
	struct rd_mac got;
	char between = text[0] && text[1] ? text[2] : 0;
	if (strlen(text) != RD_MAC_TEXT - 1 || (between != ':' && between != '-'))
		return -EINVAL;
	for (int i = 0; i < 6; i++) {
		const char *at = text + 3 * i;
		int high = digit(at[0]), low = digit(at[1]);
		if (high < 0 || low < 0 || at[2] != (i < 5 ? between : 0))
			return -EINVAL;
		got.bytes[i] = (uint8_t)(high << 4 | low);
	}
	if (!rd_mac_ok(&got))
		return -EINVAL;
	*m = got;
	return 0;
}

const char *
rd_mac_text(const struct rd_mac *m, char out[static RD_MAC_TEXT])
{
	const uint8_t *b = m->bytes;
	snprintf(out, RD_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
	return out;
}

bool
rd_mac_ok(const struct rd_mac *m)
{
	static const struct rd_mac none;
	return memcmp(m, &none, sizeof(none)) != 0 && !(m->bytes[0] & 1);
}

/* --- of a neighbour --- */

#define SEQ 1

struct search {
	const struct rd_addr *addr;
	struct rd_mac mac;
	bool found, done;
};

/* Nothing was heard of those, or they have no card. */
#define UNKNOWN (NUD_INCOMPLETE | NUD_FAILED | NUD_NOARP)

static void
take_neighbour(struct search *s, const uint8_t *data, size_t len)
{
	struct ndmsg head;
	struct rd_netlink_attribute a;
	struct rd_mac mac = {{0}};
	bool here = false;
	size_t size = s->addr->family == 4 ? 4 : 16;
	if (len < sizeof(head))
		return;
	memcpy(&head, data, sizeof(head));
	data += sizeof(head);
	len -= sizeof(head);
	if (head.ndm_family != (s->addr->family == 4 ? AF_INET : AF_INET6) ||
			(head.ndm_state & UNKNOWN) || !head.ndm_state)
		return;
	if (s->addr->scope && s->addr->scope != (uint32_t)head.ndm_ifindex)
		return;
	while (rd_netlink_attribute(&a, &data, &len)) {
		if (a.type == NDA_DST && a.len == size)
			here = memcmp(a.data, s->addr->ip, size) == 0;
		else if (a.type == NDA_LLADDR && a.len == sizeof(mac.bytes))
			memcpy(mac.bytes, a.data, sizeof(mac.bytes));
	}
	if (!here || !rd_mac_ok(&mac))
		return;
	s->found = true;
	s->mac = mac;
}

static void
take_message(void *ctx, const struct rd_netlink_message *m)
{
	struct search *s = ctx;
	if (m->seq != SEQ)
		return;
	if (m->type == NLMSG_DONE || m->type == NLMSG_ERROR)
		s->done = true;
	else if (m->type == RTM_NEWNEIGH)
		take_neighbour(s, m->data, m->len);
}

int
rd_mac_of(struct rd_mac *m, const struct rd_addr *a)
{
	struct search s = {.addr = a};
	if (a->relayed || (a->family != 4 && a->family != 6))
		return -ENOENT;
	int fd = rd_netlink_open();
	if (fd < 0)
		return fd;
	int err = rd_netlink_ask(fd, SEQ, RTM_GETNEIGH, a->family == 4 ? AF_INET : AF_INET6);
	while (!err && !s.done)
		err = rd_netlink_read(fd, take_message, &s);
	close(fd);
	if (err && err != -EAGAIN)
		return err;
	*m = s.mac;
	return s.found ? 0 : -ENOENT;
}
