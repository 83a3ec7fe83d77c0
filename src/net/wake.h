#ifndef RD_NET_WAKE_H
#define RD_NET_WAKE_H

#include "net/mac.h"

/*
 * Waking a machine of our own network that sleeps, or is off: its card still
 * listens for a frame that has, anywhere in it, six bytes FF and then its own
 * address sixteen times (AMD, Magic Packet Technology, 1995). It has to be
 * allowed to: ethtool -s eth0 wol g, and something like it in the firmware.
 *
 * Who hears the packet learns the card's address, which everybody on that network
 * knows anyway; nothing is proven by it, and nothing secret in it.
 */
#define RD_WAKE_PACKET (6 + 16 * 6)
#define RD_WAKE_PORT 9	/* discard (RFC 863): nobody answers */

void rd_wake_packet(uint8_t out[static RD_WAKE_PACKET], const struct rd_mac *m);
/*
 * Sends it to all stations of every network we are in, by IPv4 and IPv6. How
 * many took it; or a negative errno where none did (-ENETDOWN: there is none).
 */
int rd_wake_send(const struct rd_mac *m);

#endif
