#ifndef RD_NET_MAC_H
#define RD_NET_MAC_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"

/* The address of a network card, as Ethernet and Wi-Fi have it. */
struct rd_mac { uint8_t bytes[6]; };

/* "52:54:00:12:ab:cd", also with dashes and capitals: 0, or -EINVAL: no card has it. */
int rd_mac_parse(struct rd_mac *m, const char *text);
#define RD_MAC_TEXT 18
const char *rd_mac_text(const struct rd_mac *m, char out[static RD_MAC_TEXT]);
/* Whether one card may have it: it is not 0 and names no group. */
bool rd_mac_ok(const struct rd_mac *m);

/*
 * Which card a machine of our own network has at that address: what the kernel
 * has learnt by talking to it. 0; -ENOENT: it is not beside us, or not known; or
 * another negative errno. Does not wait.
 */
int rd_mac_of(struct rd_mac *m, const struct rd_addr *a);

#endif
