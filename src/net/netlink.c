#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "net/netlink.h"

int
rd_netlink_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	return fd < 0 ? -errno : fd;
}

int
rd_netlink_ask(int fd, uint32_t seq, uint16_t type, uint8_t family)
{
	struct {
		struct nlmsghdr head;
		struct rtgenmsg body;
	} question = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)), .nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP, .nlmsg_seq = seq,
		},
		.body = {.rtgen_family = family},
	};
	return send(fd, &question, question.head.nlmsg_len, MSG_DONTWAIT) < 0 ? -errno : 0;
}

int
rd_netlink_read(int fd, void (*take)(void *ctx, const struct rd_netlink_message *m), void *ctx)
{
	_Alignas(struct nlmsghdr) uint8_t bytes[16 << 10];
	struct sockaddr_nl from = {.nl_pid = UINT32_MAX};
	socklen_t size = sizeof(from);
	struct nlmsghdr head;
	ssize_t n;
	do
		n = recvfrom(fd, bytes, sizeof(bytes), MSG_DONTWAIT, (struct sockaddr *)&from, &size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (size != sizeof(from) || from.nl_pid != 0)
		return 0;
	for (size_t at = 0, len = (size_t)n; at <= len && len - at >= sizeof(head);) {
		memcpy(&head, bytes + at, sizeof(head));
		if (head.nlmsg_len < NLMSG_HDRLEN || head.nlmsg_len > len - at)
			break;
		take(ctx, &(struct rd_netlink_message){
			.type = head.nlmsg_type, .flags = head.nlmsg_flags, .seq = head.nlmsg_seq,
			.data = bytes + at + NLMSG_HDRLEN, .len = head.nlmsg_len - NLMSG_HDRLEN,
		});
		at += NLMSG_ALIGN(head.nlmsg_len);
	}
	return 0;
}

bool
rd_netlink_attribute(struct rd_netlink_attribute *a, const uint8_t **data, size_t *len)
{
	struct rtattr head;
	if (*len < sizeof(head))
		return false;
	memcpy(&head, *data, sizeof(head));
	if (head.rta_len < sizeof(head) || head.rta_len > *len)
		return false;
	*a = (struct rd_netlink_attribute){
		.type = head.rta_type & NLA_TYPE_MASK, .data = *data + sizeof(head),
		.len = head.rta_len - sizeof(head),
	};
	size_t whole = RTA_ALIGN(head.rta_len) < *len ? RTA_ALIGN(head.rta_len) : *len;
	*data += whole;
	*len -= whole;
	return true;
}
