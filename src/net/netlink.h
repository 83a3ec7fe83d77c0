#ifndef RD_NET_NETLINK_H
#define RD_NET_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * rtnetlink(7), as much as it takes to read addresses and routes. The kernel
 * answers a question while it is read: nothing here waits.
 */
struct rd_netlink_message {
	uint16_t type, flags;
	uint32_t seq;
	const uint8_t *data;	/* behind the header; borrowed */
	size_t len;
};

/* A descriptor, or a negative errno: a confined process opens none. */
int rd_netlink_open(void);
/* Asks for all of `type` (RTM_GETADDR, RTM_GETROUTE) of a family. 0 or negative errno. */
int rd_netlink_ask(int fd, uint32_t seq, uint16_t type, uint8_t family);
/*
 * Gives `take` the messages of one datagram of the kernel's (other processes can
 * send here, too). 0; -EAGAIN: there is none; -ENOBUFS: more has happened than
 * fits; or another negative errno.
 */
int rd_netlink_read(int fd, void (*take)(void *ctx, const struct rd_netlink_message *m), void *ctx);
/* The next attribute of data[0 … len), and moves both behind it. False: there is none. */
struct rd_netlink_attribute {
	uint16_t type;
	const uint8_t *data;
	size_t len;
};
bool rd_netlink_attribute(struct rd_netlink_attribute *a, const uint8_t **data, size_t *len);

#endif
