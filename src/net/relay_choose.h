#ifndef RD_NET_RELAY_CHOOSE_H
#define RD_NET_RELAY_CHOOSE_H

#include "net/agent.h"

/*
 * Which relay a tool uses, and what this person knows of it: for whoever may
 * read files, the environment and names; net/agent.h works with the result.
 */

/*
 * The one that was `given`; NULL: $RD_RELAY, else the own one of the file
 * `relays`. Fills name, key, join key and the proxy on the way; both ways are
 * open. 0; -ENOENT: there is none; -EINVAL: no relay's name, or no proxy's, and
 * *why says which; -EPERM, -EBADMSG: of the file. Wiped by whoever holds it.
 */
int rd_relay_choose(struct rd_agent_relay *r, const char *file, const char *given,
	const char **why);
/*
 * Looks up its addresses, and the proxy's; takes as long as that takes. NULL, or
 * why there are none. Where there is a proxy, that may find the relay.
 */
const char *rd_relay_look_up(struct rd_agent_relay *r);
void rd_agent_relay_wipe(struct rd_agent_relay *r);
/* --relay-way: "auto", "udp", "tls". */
extern const char *const rd_relay_ways[];
void rd_relay_set_way(struct rd_agent_relay *r, int way);
/* --path: "auto", "direct", "relay", numbered as enum rd_path_policy. */
extern const char *const rd_path_policies[];

#endif
