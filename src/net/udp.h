#ifndef RD_NET_UDP_H
#define RD_NET_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "net/addr.h"

/*
 * What udp(7), ip(7) and ipv6(7) ask of whoever moves datagrams in trains: the
 * socket's options, and the control messages that come and go with a train.
 */

/*
 * Don't-fragment is set and the kernel's own idea of the path is not asked
 * (IP_PMTUDISC_PROBE): the two ends look for the size that fits, RFC 8899. Trains
 * arrive as such; says whether they may leave as such, too. `told`: with each
 * comes which address of ours it was sent to.
 */
bool rd_udp_configure(int fd, int domain, bool told);

/*
 * Of a train that was received: the size of its datagrams but the last (0: it is
 * one), and in `to` which address of ours it came to (family 0: not known).
 */
size_t rd_udp_arrived(struct msghdr *m, struct rd_addr *to);

/*
 * For one that is sent: these append to m's control, which has room and whose
 * length so far is msg_controllen. From this address of ours; as datagrams of
 * this size.
 */
void rd_udp_put(struct msghdr *m, int level, int type, const void *data, size_t len);
void rd_udp_put_source(struct msghdr *m, const struct rd_addr *ip);
void rd_udp_put_segment(struct msghdr *m, size_t segment);

#endif
